"""Browsing posts: pages, cities, words in either language, and a post's own card."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.posts import PostDetails, PostState
from storage import posts, schools
from tests.people import make_school, member

TODAY = date(2026, 11, 16)


@pytest.fixture
async def school(world):
    return await make_school(world)


async def publish(school, title, *, mentor=True, **more):
    """A post of the school's enterprise, made through the storage."""
    mentor_id = school.mentor.id if mentor else None
    return await school.world.database.transaction(
        lambda tx: posts.publish(
            tx,
            school.enterprise_id,
            PostDetails(title, **more),
            mentor_id=mentor_id,
            created_by=school.mentor.id,
            now=school.world.clock(),
        )
    )


async def import_post(world, enterprise, title, **more):
    """A public post from a file."""

    async def work(tx):
        place = await schools.enterprise_named(tx, enterprise, now=world.clock())
        row = {"is_public": True, "now": world.clock(), **more}
        await posts.add_imported(tx, enterprise_id=place.id, title=title, **row)

    await world.database.transaction(work)


async def close(school, post_id):
    async def work(tx):
        await posts.set_state(tx, await posts.for_manager(tx, post_id, school.mentor.id), PostState.CLOSED)

    await school.world.database.transaction(work)


async def rows(phone) -> list[str]:
    """The buttons of the list that open a post."""
    view = await phone.card()
    keyboard = view.get("reply_markup", {}).get("inline_keyboard", [])
    return [
        button["text"] for row in keyboard for button in row if button.get("callback_data", "").startswith("post.open")
    ]


async def test_a_stranger_is_shown_the_way_in(world, school):
    """Without a role there is nothing to browse, by command or by an old button."""
    await publish(school, "Nurse")
    stranger = await member(world, "Eve")
    await stranger.sends("/posts")
    assert "Open the link" in await stranger.reads()
    await stranger.acts("press", message_id=(await stranger.card())["message_id"], data="posts.page:0:0:0", force=True)
    assert "Open the link" in await stranger.toast()
    assert "Nurse" not in await stranger.transcript()


async def test_the_list_turns_pages_of_five_on_one_card(school):
    """The newest come first, five at a time, and the same message shows every page."""
    for number in range(1, 13):
        await publish(school, f"Post {number}")
    ann = await school.add_student("Ann", "1")
    await ann.sends("/posts")
    first = (await ann.card())["message_id"]
    assert [f"Post {number}" for number in (12, 11, 10, 9, 8)] == await rows(ann)
    await ann.presses("Next page")
    await ann.presses("Next page")
    assert ["Post 2", "Post 1"] == await rows(ann)
    assert "page 3" in await ann.reads()
    assert "Next page" not in " ".join(await ann.buttons())
    await ann.presses("Back a page")
    assert [f"Post {number}" for number in (7, 6, 5, 4, 3)] == await rows(ann)
    assert first == (await ann.card())["message_id"]


@pytest.mark.parametrize(
    ("language", "word", "title", "says"),
    [("en", "nurs", "Ward nursing intern", "Words: “nurs”"), ("zh-hans", "护理", "病房护理实习生", "搜索：“护理”")],
)
async def test_typing_searches_while_the_list_is_open(school, language, word, title, says):
    """What is typed is looked for, two-character Chinese words and beginnings of words too."""
    await publish(school, title, city="Beijing", pay="¥3000")
    await publish(school, "Cook 厨师")
    ann = await school.add_student("Ann", "1", language)
    await ann.sends("/posts")
    await ann.sends(word)
    assert [f"{title} · Beijing · ¥3000"] == await rows(ann)
    assert says in await ann.reads()


async def test_nothing_found_says_what_to_do(school):
    """An empty result offers to clear the search, and other words replace the first ones."""
    await publish(school, "Nurse", city="Beijing")
    ann = await school.add_student("Ann", "1")
    await ann.sends("/posts")
    for words in ("astronaut", '"AND (', "🚀", "x" * 60):
        await ann.sends(words)
        assert "No open post fits that" in await ann.reads()
        assert [] == await rows(ann)
    await ann.presses("Clear the search")
    assert ["Nurse · Beijing"] == await rows(ann)
    await ann.sends("x" * 61)
    assert "61 characters" in await ann.reads()
    await ann.acts("sticker")
    assert "To search the posts, type words" in await ann.reads()
    await ann.sends("nurse")
    assert ["Nurse · Beijing"] == await rows(ann)


async def test_the_command_takes_words_at_once(school):
    """/posts with words searches, and alone begins anew."""
    await publish(school, "Nurse")
    await publish(school, "Cook")
    ann = await school.add_student("Ann", "1")
    await ann.sends("/posts cook")
    assert ["Cook"] == await rows(ann)
    await ann.sends("/posts")
    assert ["Cook", "Nurse"] == await rows(ann)


async def test_city_and_words_stay_while_browsing(school):
    """City and words combine, and are still there after turning a page and reading a post."""
    for number in range(7):
        await publish(school, f"Nurse {number}", city="Beijing")
    await publish(school, "Nurse S", city="Shanghai")
    await publish(school, "Cook", city="Beijing")
    ann = await school.add_student("Ann", "1")
    await ann.sends("/posts")
    await ann.presses("By city")
    assert ["Beijing · 8", "Shanghai · 1", "All cities"] == (await ann.buttons())[:3]
    await ann.presses("Beijing · 8")
    await ann.sends("nurse")
    await ann.presses("Next page")
    page = await ann.reads()
    assert "City: Beijing" in page
    assert "Words: “nurse”" in page
    assert ["Nurse 1 · Beijing", "Nurse 0 · Beijing"] == await rows(ann)
    await ann.presses("Nurse 0")
    assert "City Hospital" in await ann.reads()
    await ann.presses("◀ Posts")
    assert page == await ann.reads()
    await ann.presses("📍 Beijing")
    assert ["Beijing · 7", "Shanghai · 1"] == (await ann.buttons())[:2]
    await ann.presses("All cities")
    await ann.presses("Clear the search")
    assert "Cook · Beijing" == (await rows(ann))[0]


async def test_many_and_long_cities_have_pages(school):
    """A city's name may be longer than a button carries, and there may be more than a page of them."""
    for number in range(10):
        await publish(school, f"Post {number}", city=f"{'城' * 60}{number}")
    ann = await school.add_student("Ann", "1", "zh-hans")
    await ann.sends("/posts")
    await ann.presses("按城市看")
    await ann.presses("下一页")
    city = (await ann.buttons())[0]
    assert city.endswith("… · 1")
    await ann.presses(city)
    assert 1 == len(await rows(ann))


async def test_a_city_that_ran_empty_is_said(school):
    """A button for a city without posts shows the cities that there are."""
    post_id = await publish(school, "Nurse", city="Beijing")
    await publish(school, "Cook", city="Shanghai")
    ann = await school.add_student("Ann", "1")
    await ann.sends("/posts")
    await ann.presses("By city")
    await close(school, post_id)
    await ann.presses("Beijing")
    assert "Nothing is left in that city" in await ann.toast()
    assert "Shanghai · 1" == (await ann.buttons())[0]


async def test_the_search_survives_a_restart_and_waits_behind_another_form(world, school):
    """After a restart typing still searches; from home it does not, and turning a page lets it search again."""
    for number in range(6):
        await publish(school, f"Nurse {number}")
    await publish(school, "Cook")
    ann = await school.add_student("Ann", "1")
    await ann.sends("/posts")
    await world.restart()
    await ann.sends("nurse")
    assert 5 == len(await rows(ann))
    listed = await ann.card()
    await ann.sends("/menu")
    await ann.sends("cook")
    assert "I was not waiting" in await ann.reads()
    await ann.presses("Next page", listed)
    await ann.sends("cook")
    assert ["Cook"] == await rows(ann)
    await ann.presses("Overview")
    await ann.sends("nurse")
    assert "I was not waiting" in await ann.reads()


@pytest.mark.parametrize("title", ["<b>Nurse</b> & co", "🩺 Nurse 👩‍⚕️", "مساعد تمريض", "x" * 120])
async def test_any_title_is_shown_as_it_is(school, title):
    """HTML, emoji, right-to-left and long titles neither break a card nor a button."""
    await import_post(school.world, "Acme <Ltd>", title, tasks="<i>Do</i> & “this”", city="<Köln>", pay="5 > 3")
    ann = await school.add_student("Ann", "1")
    await ann.sends("/posts")
    await ann.presses((await rows(ann))[0])
    card = await ann.reads()
    assert title in card
    assert "Acme <Ltd>" in card
    assert "<i>Do</i> & “this”" in card


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "en",
            [
                "Nurse",
                "City Hospital",
                "Beijing",
                "¥3000",
                "3 places",
                "1 Dec 2026 to 28 Feb 2027",
                "Friday 20 Nov, 4 days left",
            ],
        ),
        ("zh-hans", ["招3人", "2026年12月1日至2027年2月28日", "11月20日（周五）截止申请，还有4天", "做什么\nHelp"]),
    ],
)
async def test_a_card_says_all_that_is_known(school, language, says):
    """Enterprise, place, pay, period and the last day are on the card, in the reader's words."""
    await publish(
        school,
        "Nurse",
        tasks="Help",
        city="Beijing",
        pay="¥3000",
        places=3,
        starts_on=date(2026, 12, 1),
        ends_on=date(2027, 2, 28),
        apply_by=date(2026, 11, 20),
    )
    ann = await school.add_student("Ann", "1", language)
    await ann.sends("/posts")
    await ann.presses("Nurse")
    card = await ann.reads()
    assert [] == [words for words in says if words not in card]


async def test_the_address_of_a_post_is_a_button(school):
    """An apply_url opens from a button; one that Telegram would refuse is shown as text."""
    await import_post(school.world, "Acme", "Good", apply_url="https://acme.example/jobs/1")
    await import_post(school.world, "Acme", "Odd", apply_url="http://intranet/jobs 1")
    ann = await school.add_student("Ann", "1")
    await ann.sends("/posts")
    await ann.presses("Good")
    keyboard = (await ann.card())["reply_markup"]["inline_keyboard"]
    assert ["https://acme.example/jobs/1"] == [b["url"] for row in keyboard for b in row if "url" in b]
    await ann.presses("◀ Posts")
    await ann.presses("Odd")
    assert "http://intranet/jobs 1" in await ann.reads()


async def test_a_post_closed_or_past_is_not_listed_and_says_so(world, school):
    """A card that is opened from an old list tells that the post is closed, and offers no application."""
    closed = await publish(school, "Closed")
    await publish(school, "Past", apply_by=TODAY)
    ann = await school.add_student("Ann", "1")
    await ann.sends("/posts")
    listed = await ann.card()
    assert ["Past", "Closed"] == await rows(ann)
    await close(school, closed)
    await world.move(days=1)
    await ann.presses("Closed", listed)
    assert "Closed: no more applications" in await ann.reads()
    assert "✋ Apply" not in await ann.buttons()
    await ann.presses("◀ Posts")
    assert [] == await rows(ann)
    assert "There is no open post" in await ann.reads()


async def test_the_classes_day_decides(world):
    """At the same moment a post is still open in a class where it is yet the last day."""
    school = await make_school(world, zone="America/Los_Angeles")
    await publish(school, "Nurse", apply_by=date(2026, 11, 15))
    ann = await school.add_student("Ann", "1")  # 09:00 on Monday in Shanghai is 17:00 on Sunday there
    await ann.sends("/posts")
    assert ["Nurse"] == await rows(ann)
    await ann.presses("Nurse")
    assert "Apply by today" in await ann.reads()


async def test_posts_of_another_school_are_invisible(world, school):
    """Another school's students neither list nor open what is not meant for them."""
    post_id = await publish(school, "Nurse")
    await import_post(world, "TikTok", "Public")
    other = await make_school(
        world, "Hillside", enterprise="Hill Clinic", coordinator="Mr Hu", mentor="Dr He", class_name="A"
    )
    bob = await other.add_student("Bob", "1")
    await bob.sends("/posts")
    assert ["Public"] == await rows(bob)
    await bob.acts("press", message_id=(await bob.card())["message_id"], data=f"post.open:{post_id}:0:p0", force=True)
    assert "no longer open to you" in await bob.toast()
    assert "Nurse" not in await bob.transcript()
    await other.mentor.sends("/posts")
    assert [] == await rows(other.mentor)
    await other.coordinator.sends("/posts")
    assert ["Public"] == await rows(other.coordinator)


async def test_odd_buttons_are_answered(school):
    """Numbers and origins that no button of ours carries lead to the beginning, never to an error."""
    post_id = await publish(school, "Nurse", city="Beijing")
    ann = await school.add_student("Ann", "1")
    await ann.sends("/posts")
    message_id = (await ann.card())["message_id"]
    for data in (
        "posts.page:0:0:x",
        "posts.page:0:0:99999",
        "posts.cities:0:0:-1",
        "posts.city:0:0:zzz",
        "posts.clear:0:0:",
    ):
        await ann.acts("press", message_id=message_id, data=data, force=True)
        assert "Internship posts" in await ann.reads() or "Which city" in await ann.reads()
    await ann.acts("press", message_id=message_id, data=f"post.open:{post_id}:0:zz", force=True)
    await ann.presses("◀ Posts")
    assert ["Nurse · Beijing"] == await rows(ann)


async def test_a_page_that_ran_empty_gives_way_to_the_first(school):
    """Turning to a page that is no longer there shows the beginning."""
    made = [await publish(school, f"Post {number}") for number in range(6)]
    ann = await school.add_student("Ann", "1")
    await ann.sends("/posts")
    await close(school, made[0])
    await ann.presses("Next page")
    assert "page" not in await ann.reads()
    assert 5 == len(await rows(ann))


async def test_what_was_imported_long_ago_is_found_by_everybody(world, school):
    """A public post without mentor or school is there for students and coordinators, not for mentors elsewhere."""
    await import_post(world, "TikTok", "Engineer", city="San Jose", starts_on=TODAY + timedelta(days=30))
    ann = await school.add_student("Ann", "1")
    for reader in (ann, school.coordinator):
        await reader.sends("/posts san jose")
        assert ["Engineer · San Jose"] == await rows(reader)
        await reader.presses("Engineer")
        assert "From 16 Dec 2026" in await reader.reads()
    await school.mentor.sends("/posts")
    assert [] == await rows(school.mentor)
