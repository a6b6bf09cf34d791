"""Applications: sent by a student, answered by the mentor, confirmed by the school, each step told at once."""

from __future__ import annotations

from datetime import date

import pytest

from domain.posts import PostDetails, PostState
from storage import placements, posts, schools
from tests.people import add_mentor, make_school, member

START, END = date(2026, 12, 7), date(2027, 2, 28)


@pytest.fixture
async def school(world):
    return await make_school(world)


async def publish(school, title="Nurse", *, mentor=True, **more):
    """A post of the school's enterprise, made through the storage."""
    mentor_id = school.mentor.id if mentor else None
    return await school.world.database.transaction(
        lambda tx: posts.publish(
            tx,
            school.enterprise_id,
            PostDetails(title, **more),
            mentor_id=mentor_id,
            created_by=school.coordinator.id,
            now=school.world.clock(),
        )
    )


async def does(phone, *steps: str) -> None:
    """Press what begins with "[", send everything else."""
    for step in steps:
        if step.startswith("["):
            await phone.presses(step[1:])
        else:
            await phone.sends(step)


async def applies(student, title="Nurse", words="I like people") -> None:
    await does(student, f"/posts {title}", f"[{title}", "[Apply", words or "[Leave out", "[Send")


async def acts(world):
    rows = await world.database.read(
        lambda tx: tx.all("SELECT act FROM acts WHERE subject_kind IN ('application', 'placement') ORDER BY id")
    )
    return [row["act"] for row in rows]


async def count(world, table):
    return (await world.database.read(lambda tx: tx.one(f"SELECT count(*) AS n FROM {table}")))["n"]


async def test_five_presses_and_a_message_find_a_post_and_apply(school):
    """From the overview: open the list, search, open the post, apply, leave the words out, send."""
    await publish(school, "Cook")
    await publish(school, "Nurse")
    ann = await school.add_student("Ann", "1")
    await ann.sends("/menu")
    await does(ann, "[Internship posts", "nurse", "[Nurse", "[Apply", "[Leave out", "[Send")
    assert "Sent" in await ann.toast()
    assert "You applied on 16 Nov" in await ann.reads()
    assert "Ann (Nursing 2301) applies for Nurse at City Hospital" in await school.mentor.reads()


async def test_the_whole_way_to_a_placement(world, school):
    """Applied, accepted, confirmed with the post's period and mentor: everyone hears of each step once."""
    await publish(school, starts_on=START, ends_on=END, places=2)
    ann = await school.add_student("Ann", "1")
    await applies(ann)
    mentor, boss = school.mentor, school.coordinator
    card = await mentor.reads()
    assert "“I like people”" in card
    assert "2 places, 0 given" in card
    before = len(await boss.from_bot())
    await does(mentor, "[Accept")
    assert "The school confirms next" in await mentor.reads()
    assert "City Hospital would like you to come" in await ann.reads()
    assert before + 1 == len(await boss.from_bot())
    assert "Ms Li would like Ann to come" in await boss.reads()
    await does(boss, "[Confirm the placement")
    check = await boss.reads()
    for words in ("Ann (Nursing 2301)", "7 Dec 2026", "28 Feb 2027", "Ms Li", "Is everything right?"):
        assert words in check
    await does(boss, "[Confirm the placement")
    news = await ann.reads()
    assert "Your internship is confirmed: Nurse at City Hospital" in news
    assert "7 Dec 2026 to 28 Feb 2027, with Ms Li as your mentor" in news
    assert "Ann" in await mentor.reads()
    assert "7 Dec 2026" in await mentor.reads()
    placed = await world.database.read(lambda tx: placements.of_student(tx, ann.student_id))
    assert [(START, END, mentor.id, school.enterprise_id)] == [
        (one.starts_on, one.ends_on, one.mentor_id, one.enterprise_id) for one in placed
    ]
    assert ["application_accepted", "placement_made", "application_confirmed"] == await acts(world)


async def test_the_whole_way_in_chinese(world):
    """The same in Chinese, with words that name person, enterprise and what comes next."""
    school = await make_school(
        world, "市卫校", language="zh-hans", class_name="护理2301", enterprise="市第一医院", mentor="李护士长"
    )
    await publish(school, "护理实习生", starts_on=START, ends_on=END)
    ming = await school.add_student("张小明", "1", "zh-hans")
    await does(ming, "/posts", "护理", "[护理实习生", "[申请", "想学护理", "[发送申请")
    assert "你11月16日申请了这个岗位" in await ming.reads()
    assert "张小明（护理2301）申请市第一医院的护理实习生" in await school.mentor.reads()
    await does(school.mentor, "[接收")
    assert "市第一医院愿意接收你" in await ming.reads()
    await does(school.coordinator, "[确认实习安排", "[确认实习安排")
    assert "实习已确认：市第一医院的护理实习生" in await ming.reads()
    assert "2026年12月7日至2027年2月28日，企业导师：李护士长" in await ming.reads()


@pytest.mark.parametrize(
    ("language", "answer", "says"),
    [
        ("en", "[All places are taken", "All places are taken"),
        ("zh-hans", "[All places are taken", "名额已满"),
        ("en", "Please <b>call</b> me 🙂", "Please <b>call</b> me 🙂"),
        ("zh-hans", "下次再来", "下次再来"),
    ],
)
async def test_a_no_comes_with_its_reason(world, school, language, answer, says):
    """A ready reason is read in the student's language, typed words as they are; both are there at once."""
    await publish(school)
    ann = await school.add_student("Ann", "1", language)
    await ann.sends("/posts")
    await does(ann, "[Nurse", "[✋", "[Leave out" if language == "en" else "[跳过", "[📨")
    await does(school.mentor, "[Decline")
    assert "Press a reason or type your own" in await school.mentor.reads()
    await does(school.mentor, answer)
    assert "Declined by Ms Li; Ann has been told" in await school.mentor.reads()
    assert f"“{says}”" in await ann.reads()
    assert ["application_declined"] == await acts(world)
    assert 1 == sum(
        bool(m.get("reply_markup", {}).get("inline_keyboard")) for m in (await school.mentor.from_bot())[1:]
    )


async def test_the_question_for_a_reason_can_be_left(school):
    """Going back decides nothing; a sticker, an empty and a long text are asked for again."""
    await publish(school)
    ann = await school.add_student("Ann", "1")
    await applies(ann)
    await does(school.mentor, "[Decline", "[Back")
    assert "Would you like Ann to come?" in await school.mentor.reads()
    await does(school.mentor, "hello")
    assert "I was not waiting" in await school.mentor.reads()
    await does(school.mentor, "/applications", "[Ann", "[Decline", "x" * 501)
    assert "501 characters" in await school.mentor.reads()
    await school.mentor.acts("sticker")
    assert "need text" in await school.mentor.reads()
    assert "Press a reason" in await school.mentor.reads()


async def test_nobody_applies_twice(world, school):
    """A second application is refused where it is begun and where it is sent, and exists once."""
    await publish(school)
    ann = await school.add_student("Ann", "1")
    await does(ann, "/posts", "[Nurse", "[Apply")
    asked = await ann.card()
    await does(ann, "[Leave out")
    check = await ann.card()
    await does(ann, "[Send")
    send = next(b for row in check["reply_markup"]["inline_keyboard"] for b in row if "Send" in b["text"])
    await ann.acts("press", message_id=asked["message_id"], data=send["callback_data"], force=True)
    await ann.acts("press", message_id=asked["message_id"], data="apply:1:0:p0", force=True)
    assert "applied for this post already" in await ann.toast()
    assert 1 == await count(world, "applications")
    assert 1 == (await school.mentor.transcript()).count("applies for")


async def test_withdrawing_and_applying_again(school):
    """A withdrawn application closes the mentor's card silently; the student may apply once more."""
    await publish(school)
    ann = await school.add_student("Ann", "1")
    await applies(ann)
    messages = len(await school.mentor.from_bot())
    await does(ann, "[Withdraw")
    assert "is withdrawn" in await ann.toast()
    assert "Ann's application is withdrawn; nothing to do" in await school.mentor.reads()
    assert messages == len(await school.mentor.from_bot())
    assert "✅ Accept" not in await school.mentor.buttons()
    await does(ann, "[Apply", "[Leave out", "[Send")
    assert "Would you like Ann to come?" in await school.mentor.reads()


async def test_who_withdraws_after_a_yes_is_missed_by_mentor_and_school(school):
    """Those who count on the student hear of it: the mentor by a message, the coordinator on the card."""
    await publish(school)
    ann = await school.add_student("Ann", "1")
    await applies(ann)
    await does(school.mentor, "[Accept")
    messages = len(await school.mentor.from_bot())
    await does(ann, "/applications", "[Nurse", "[Withdraw")
    assert "is withdrawn" in await ann.reads()
    assert messages + 1 == len(await school.mentor.from_bot())
    assert "nothing to do" in await school.mentor.reads()
    assert "nothing to do" in await school.coordinator.reads()


async def test_an_old_button_shows_how_it_is_now(world, school):
    """A decision that comes after another one changes nothing and gets the fresh card."""
    await publish(school)
    ann = await school.add_student("Ann", "1")
    await applies(ann)
    card = await school.mentor.card()
    await does(ann, "[Withdraw")
    for data in ("application.accept:1:0:", "application.no:1:0:declined", "application.reason:1:0:full"):
        await school.mentor.acts("press", message_id=card["message_id"], data=data, force=True)
        assert "out of date" in await school.mentor.toast()
        assert "nothing to do" in await school.mentor.reads()
    assert [] == await acts(world)


async def test_a_reason_typed_too_late_is_not_used(world, school):
    """The student withdraws while the mentor types a reason: the card says so, and no form stays open."""
    await publish(school)
    ann = await school.add_student("Ann", "1")
    await applies(ann)
    await does(school.mentor, "[Decline")
    await does(ann, "[Withdraw")
    await does(school.mentor, "Sorry, we are full")
    assert "nothing to do" in await school.mentor.reads()
    await does(school.mentor, "hello")
    assert "I was not waiting" in await school.mentor.reads()


async def test_without_a_mentor_the_coordinators_answer(world, school):
    """The class's coordinators get the card, one accepts and confirms; the colleague's card follows."""
    await publish(school, mentor=False)
    colleague = await member(world, "Mr Sun")

    async def join(tx):
        await schools.add_coordinator(tx, school.id, colleague.id)
        await schools.cover_class(tx, school.class_id, colleague.id)

    await world.database.transaction(join)
    ann = await school.add_student("Ann", "1")
    await applies(ann)
    boss = school.coordinator
    assert "Would you like Ann to come?" in await boss.reads()
    assert "Would you like Ann to come?" in await colleague.reads()
    await does(boss, "[Accept")
    assert "Confirm it to make the placement" in await boss.reads()
    assert "Ms Wang would like Ann to come" in await colleague.reads()
    await does(boss, "[Confirm the placement", "7 December", "12 weeks")
    assert "Without one, the weekly logs come to you" in await boss.reads()
    await does(boss, "[Ms Li", "[Confirm the placement")
    assert "Confirmed by Ms Wang" in await boss.reads()
    assert "Confirmed by Ms Wang" in await colleague.reads()
    assert "7 Dec 2026 to 28 Feb 2027" in await ann.reads()
    assert "Ann" in await school.mentor.reads()


async def test_the_school_refuses_with_a_reason(world, school):
    """Student and mentor hear of it, with the reason, and the student is shown other posts."""
    await publish(school)
    ann = await school.add_student("Ann", "1")
    await applies(ann)
    await does(school.mentor, "[Accept")
    await does(school.coordinator, "[Refuse", "[The school plans another placement")
    assert "could not confirm" in await ann.reads()
    assert "The school plans another placement" in await ann.reads()
    assert "💼 Internship posts" == (await ann.buttons())[0]
    assert "The school could not confirm it (Ms Wang)" in await school.mentor.reads()
    assert ["application_accepted", "application_refused"] == await acts(world)
    await does(ann, "[See the post")
    assert "✋ Apply" not in await ann.buttons()


async def test_a_placed_student_is_told_so(school):
    """Who has an internship that runs cannot apply now, and reads until when."""
    await publish(school)
    ann = await school.placed("Ann", "1")
    await does(ann, "/posts", "[Nurse", "[Apply")
    assert "You have an internship at City Hospital until 7 Feb 2027" in await ann.toast()


async def test_a_post_after_the_internship_can_be_applied_for(school):
    """A post that begins after the running internship ends is open to the student."""
    await publish(school, starts_on=date(2027, 3, 1))
    ann = await school.placed("Ann", "1")
    await applies(ann)
    assert "You applied on 16 Nov" in await ann.reads()


async def test_a_post_that_closes_meanwhile_takes_nothing(world, school):
    """Closed between opening the form and sending, the application is refused and not kept."""
    post_id = await publish(school)
    ann = await school.add_student("Ann", "1")
    await does(ann, "/posts", "[Nurse", "[Apply", "[Leave out")

    async def close(tx):
        await posts.set_state(tx, await posts.for_manager(tx, post_id, school.mentor.id), PostState.CLOSED)

    await world.database.transaction(close)
    await does(ann, "[Send")
    assert "takes no more applications" in await ann.toast()
    assert 0 == await count(world, "applications")


async def test_overlapping_days_are_refused_at_confirmation(world, school):
    """A placement made meanwhile stands in the way; the coordinator is told and the application stays."""
    await publish(school, starts_on=START, ends_on=END)
    ann = await school.add_student("Ann", "1")
    await applies(ann)
    await does(school.mentor, "[Accept")
    await does(school.coordinator, "[Confirm the placement")
    await school.place(ann)
    await does(school.coordinator, "[Confirm the placement")
    assert "City Hospital" in await school.coordinator.toast()
    assert 1 == await count(world, "placements")
    await does(school.coordinator, "[Cancel")
    assert "Confirm it to make the placement" in await school.coordinator.reads()


async def test_a_placement_withdraws_the_other_applications(world, school):
    """When one is confirmed, the others are withdrawn, and their mentors' cards say so."""
    await publish(school, "Cook")
    await publish(school, "Nurse", starts_on=START, ends_on=END)
    ann = await school.add_student("Ann", "1")
    await applies(ann, "Cook")
    cook = (await school.mentor.card())["message_id"]
    await applies(ann, "Nurse")
    await does(school.mentor, "[Accept")
    await does(school.coordinator, "[Confirm the placement", "[Confirm the placement")
    card = next(m for m in await school.mentor.messages() if m["message_id"] == cook)
    assert "withdrawn; nothing to do" in card["text"]
    assert "An internship elsewhere is confirmed" in card["text"]
    await does(ann, "/applications")
    listed = await ann.reads()
    assert "Nurse: confirmed" in listed
    assert "Cook: withdrawn" in listed


async def test_applications_are_listed_in_pages_with_their_states(school):
    """/applications shows the newest five with how they stand, and the way back keeps the page."""
    for number in range(7):
        await publish(school, f"Post {number}")
    ann = await school.add_student("Ann", "1")
    await ann.sends("/applications")
    assert "You have not applied for a post yet" in await ann.reads()
    for number in range(7):
        await applies(ann, f"Post {number}", words="")
    await ann.sends("/applications")
    assert "Post 6: waiting for an answer" in await ann.reads()
    await does(ann, "[Next page", "[Post 0", "[See the post", "[◀ My applications")
    assert ["⏳ Post 1", "⏳ Post 0"] == (await ann.buttons())[:2]


async def test_mentors_and_coordinators_list_what_waits(school):
    """Each finds what they have to do: the mentor to answer, the coordinator to confirm."""
    await publish(school)
    ann = await school.add_student("Ann", "1")
    bob = await school.add_student("Bob", "2")
    await school.mentor.sends("/applications")
    assert "No application waits for you" in await school.mentor.reads()
    await applies(ann)
    await applies(bob)
    await does(school.mentor, "/menu", "[My posts")
    assert "🙋 2 · Nurse" == (await school.mentor.buttons())[0]
    await does(school.mentor, "[🙋 2 · Nurse", "[2 applications waiting")
    assert ["⏳ Ann · Nurse", "⏳ Bob · Nurse"] == (await school.mentor.buttons())[:2]
    await does(school.mentor, "[⏳ Ann", "[See the post", "[◀ The application", "[Accept", "[Other applications")
    assert ["⏳ Bob · Nurse"] == (await school.mentor.buttons())[:1]
    await does(school.coordinator, "/applications")
    assert ["👍 Ann · Nurse"] == (await school.coordinator.buttons())[:1]


async def test_an_application_is_for_its_mentor_and_coordinators_only(world, school):
    """Other mentors, other schools and other students neither read nor decide."""
    await publish(school)
    ann = await school.add_student("Annabel", "1")
    bob = await school.add_student("Bob", "2")
    colleague = await add_mentor(world, school.id, school.enterprise_id, "Mr Zhao")
    other = await make_school(
        world, "Hillside", enterprise="Hill Clinic", coordinator="Mr Hu", mentor="Dr He", class_name="A"
    )
    await applies(ann, words="secret")
    for reader in (bob, colleague, other.mentor, other.coordinator):
        await reader.sends("/applications")
        message_id = (await reader.card())["message_id"]
        for data in (
            "application.open:1:0:",
            "application.accept:1:0:",
            "application.no:1:0:declined",
            "application.reason:1:0:full",
            "application.confirm:1:0:",
            "application.mine:1:0:a0",
            "application.withdraw:1:0:card",
        ):
            await reader.acts("press", message_id=message_id, data=data, force=True)
        assert "secret" not in await reader.transcript()
        assert "Annabel" not in await reader.transcript()
    await school.coordinator.sends("/applications")
    message_id = (await school.coordinator.card())["message_id"]
    await school.coordinator.acts("press", message_id=message_id, data="application.accept:1:0:", force=True)
    await school.coordinator.acts("press", message_id=message_id, data="application.open:1:0:", force=True)
    assert "Ms Li has not answered yet" in await school.coordinator.reads()
    assert [] == await acts(world)


async def test_a_restart_in_the_middle_loses_nothing(world, school):
    """The words typed before a restart are still there after it, and the application is sent once."""
    await publish(school)
    ann = await school.add_student("Ann", "1")
    await does(ann, "/posts", "[Nurse", "[Apply", "I like <people> & 护理 🙂")
    await world.restart()
    await does(ann, "/menu", "[Continue: your application")
    assert "I like <people> & 护理 🙂" in await ann.reads()
    await does(ann, "[Send")
    assert "“I like <people> & 护理 🙂”" in await school.mentor.reads()
    assert 1 == await count(world, "applications")
