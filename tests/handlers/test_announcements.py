"""Announcements from the coordinator's phone to the readers' phones and back, through the simulated Telegram."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from storage import schools
from tests.people import Member, SchoolOf, make_school, member

TRAINING = "Safety training starts on 1 December."


@dataclass
class House:
    """A coordinator with two classes, their students and mentor, and another school beside it."""

    world: object
    school: SchoolOf
    wang: Member
    mentor: Member
    ann: Member
    bob: Member
    other_student: Member
    other_mentor: Member

    async def texts_of(self, member: Member) -> list[str]:
        """What the bot has told somebody, without the answer to the first word."""
        return [m.get("text") or m.get("caption") or "" for m in (await member.from_bot())[1:]]

    async def got(self, words: str = TRAINING) -> set[str]:
        """Who has been told something."""
        members = {
            "ann": self.ann,
            "bob": self.bob,
            "mentor": self.mentor,
            "other student": self.other_student,
            "other mentor": self.other_mentor,
        }
        return {name for name, one in members.items() if any(words in text for text in await self.texts_of(one))}

    async def add_class(self, name: str) -> int:
        async def work(tx):
            return await schools.create_class(
                tx,
                school_id=self.school.id,
                name=name,
                specialty="",
                time_zone="Asia/Shanghai",
                coordinator_id=self.wang.id,
                now=self.world.clock(),
            )

        return await self.world.database.transaction(work)


async def make_house(world, language: str = "en") -> House:
    school = await make_school(world, language=language, class_name="Nursing 2301")
    house = House(world, school, school.coordinator, school.mentor, *[None] * 4)
    second = await house.add_class("Nursing 2302")
    house.ann = await school.placed("Ann", "1", language)
    house.bob = await school.add_student("Bob", "2", language, class_id=second)
    other = await make_school(
        world, "Hillside College", enterprise="Town Hospital", coordinator="Mr Sun", mentor="Mr Wu"
    )
    house.other_student, house.other_mentor = await other.placed("Xu", "9"), other.mentor
    return house


@pytest.fixture
async def house(world) -> House:
    return await make_house(world)


def data_of(message: dict, label: str) -> str:
    """What a button of a message carries."""
    buttons = [one for row in message["reply_markup"]["inline_keyboard"] for one in row]
    return next(one["callback_data"] for one in buttons if label in one["text"])


async def write(house: House, text: str = TRAINING) -> None:
    await house.wang.sends("/announce")
    await house.wang.sends(text)


async def send(house: House, text: str = TRAINING) -> None:
    await write(house, text)
    await house.wang.presses("Send to")


async def count_up(house: House) -> str:
    """Let the author's card catch up."""
    await house.world.move(seconds=5)
    return await house.wang.reads()


# --- writing and choosing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "door", "send_label", "received", "prompt", "shown", "counted"),
    [
        (
            "en",
            "Announce",
            "Send to 2 people",
            "Got it",
            "Nothing goes out yet",
            "To: students of Nursing 2301, Nursing 2302\n2 people · asked to press “Got it”",
            "Sent 2/2 · acknowledged 1 · failed 0 · 0 stopped the bot",
        ),
        (
            "zh-hans",
            "发通知",
            "发送给2人",
            "收到",
            "现在不会发出",
            "发给：Nursing 2301、Nursing 2302的学生\n共2人 · 需回复“收到”",
            "已发送2/2 · 收到1 · 失败0 · 0人已停用机器人",
        ),
    ],
)
async def test_two_classes_with_acknowledgement_take_four_presses_and_one_message(
    world, language, door, send_label, received, prompt, shown, counted
):
    """Announce, tick, tick, send; a reader acknowledges; the one card counts up by itself."""
    house = await make_house(world, language)
    await house.add_class("Nursing 2303")
    wang = house.wang
    await wang.sends("/menu")
    await wang.presses(door)
    assert prompt in await wang.reads()
    await wang.sends(TRAINING)
    await wang.presses("Nursing 2301")
    await wang.presses("Nursing 2302")
    assert shown in await wang.reads()
    await wang.presses(send_label)
    assert {"ann", "bob"} == await house.got()
    await house.ann.presses(received)
    assert counted in await count_up(house)
    assert "☑ Nursing 2303" not in await wang.transcript()


async def test_the_preview_shows_the_text_as_it_will_look(house):
    """Signs of HTML, emoji and Chinese stand there as they were typed, before and after sending."""
    text = "<b>Be</b> there & on time 😀\n\n培训 <script>"
    await write(house, text)
    assert "📣 Ms Wang · Riverside College\n\n" + text in await house.wang.reads()
    await house.wang.presses("Send to")
    assert "📣 Ms Wang · Riverside College\n\n" + text in await house.ann.reads()


@pytest.mark.parametrize(
    ("choice", "readers"),
    [
        ("Students and their mentors", {"ann", "bob", "mentor"}),
        ("Mentors of these", {"mentor"}),
        ("Who has not handed in", {"ann"}),
        ("☑ Students", {"ann", "bob"}),
    ],
)
async def test_each_kind_of_people_gets_what_is_meant_for_them(house, choice, readers):
    """Nobody of another school is among them; a student without a placement owes no log."""
    await write(house)
    await house.wang.presses("To whom")
    await house.wang.presses(choice)
    await house.wang.presses("Send to")
    assert readers == await house.got()


async def test_an_enterprise_can_be_chosen(house):
    """Its mentors and the coordinator's students there get it; a partner that does not exist cannot be chosen."""
    await write(house)
    await house.wang.presses("To whom")
    await house.wang.presses("An enterprise")
    assert ["City Hospital", "◀ Back"] == await house.wang.buttons()
    await house.wang.presses("City Hospital")
    assert "mentors and your students at City Hospital" in await house.wang.reads()
    await house.wang.presses("Send to 2")
    assert {"ann", "mentor"} == await house.got()


async def test_more_classes_than_fit_have_a_list_of_their_own(house):
    """With ten classes the preview stays short; ticking goes on page after page, and back shows the audience."""
    for number in range(2303, 2311):
        await house.add_class(f"Nursing {number}")
    await write(house)
    assert not any("☐ Nursing" in label for label in await house.wang.buttons())
    await house.wang.presses("To whom")
    await house.wang.presses("Only some classes")
    await house.wang.presses("Nursing 2302")
    await house.wang.presses("Next page")
    await house.wang.presses("Nursing 2310")
    assert "☑ Nursing 2310" in await house.wang.buttons()
    await house.wang.presses("Done")
    assert "To: students of Nursing 2302, Nursing 2310\n1 person" in await house.wang.reads()
    await house.wang.presses("Send to 1")
    assert {"bob"} == await house.got()


async def test_without_acknowledgement_there_is_no_button(house):
    """The author switches it off with one press; readers get the bare text and the count leaves it out."""
    await write(house)
    await house.wang.presses("☑ Ask for")
    assert "no acknowledgement" in await house.wang.reads()
    await house.wang.presses("Send to")
    assert [] == await house.ann.buttons()
    assert TRAINING == (await house.ann.reads()).rpartition("\n")[2]
    assert "Sent 2/2 · failed 0 · 0 stopped the bot" in await count_up(house)


@pytest.mark.parametrize(("language", "says"), [("en", "no one to send it to"), ("zh-hans", "现在没有人，发不出去")])
async def test_an_empty_audience_is_refused(world, language, says):
    """With nobody to reach nothing is sent, and the text stays."""
    school = await make_school(world, language=language)
    await school.coordinator.sends("/announce")
    await school.coordinator.sends(TRAINING)
    assert "⚠️" in await school.coordinator.reads()
    await school.coordinator.presses("📣")
    assert says in await school.coordinator.toast()
    assert TRAINING in await school.coordinator.reads()


async def test_another_text_replaces_the_first(house):
    """By the button, by simply sending one, and by editing the message in the chat."""
    await write(house, "One")
    await house.wang.presses("Edit text")
    assert "“One”" in await house.wang.reads()
    await house.wang.sends("Two")
    assert "\n\nTwo\n\n" in await house.wang.reads()
    third = await house.wang.sends("Three")
    await house.wang.acts("edit", message_id=third, text="Four")
    await house.wang.presses("Send to")
    assert "Four" in await house.ann.reads()


async def test_keeping_the_text_goes_back_to_the_preview(house):
    """Who only looked at the text loses nothing."""
    await write(house)
    await house.wang.presses("Edit text")
    await house.wang.presses("Keep it")
    assert "Preview" in await house.wang.reads()


async def test_a_draft_waits_and_is_continued(house):
    """The overview offers it, /announce opens it again, and after a restart it is still there."""
    await write(house)
    await house.wang.sends("/menu")
    await house.wang.presses("Continue: your announcement")
    assert TRAINING in await house.wang.reads()
    await house.world.restart()
    await house.wang.sends("/announce")
    assert TRAINING in await house.wang.reads()
    await house.wang.presses("Cancel")
    assert "Nothing was sent" in await house.wang.toast()
    await house.wang.sends("/announce")
    assert "New announcement" in await house.wang.reads()


@pytest.mark.parametrize(
    ("language", "says"), [("en", "text, a photo or a file"), ("zh-hans", "可以是文字、图片或文件")]
)
async def test_what_is_no_announcement_is_refused_with_what_is(world, language, says):
    """A sticker or a voice message changes nothing."""
    school = await make_school(world, language=language)
    await school.coordinator.sends("/announce")
    await school.coordinator.acts("sticker")
    assert says in await school.coordinator.reads()
    await school.coordinator.acts("voice")
    assert says in await school.coordinator.reads()


async def test_the_longest_text_goes_through_whole(house):
    """4,000 characters are taken, previewed in short, and arrive complete; one more is refused."""
    long = ("字" * 99 + "\n") * 39 + "字" * 99 + "尾"
    await write(house, long + "!")
    assert "That is 4001 characters; at most 4000 fit here" in await house.wang.reads()
    await house.wang.sends(long)
    assert "All 4,000 characters will be sent" in await house.wang.reads()
    await house.wang.presses("As they will see it")
    assert long in await house.wang.transcript()
    await house.wang.presses("Back")
    await house.wang.presses("Send to")
    await house.ann.presses("Got it")
    transcript = await house.ann.transcript()
    assert long.count("字") == transcript.count("字")
    assert transcript.endswith("✅ You acknowledged this.")


async def test_a_long_text_with_emoji_survives_being_acknowledged(house):
    """Telegram counts emoji twice, so such a text comes in parts; acknowledging loses none of them."""
    text = "\n".join(f"{line:03} {'😀' * 30}" for line in range(60))
    await send(house, text)
    await house.ann.presses("Got it")
    assert 60 * 30 == (await house.ann.transcript()).count("😀")


# --- photos and files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["photo", "document"])
async def test_a_photo_or_file_arrives_with_its_text(house, kind):
    """It is one message, the text its caption, and acknowledging changes that message."""
    await house.wang.sends("/announce")
    more = {"file_name": "plan.pdf"} if kind == "document" else {}
    await house.wang.acts(kind, caption=TRAINING, **more)
    assert ("📎 plan.pdf" if more else "🖼 with your photo") in await house.wang.reads()
    await house.wang.presses("Send to")
    card = await house.ann.card()
    assert kind in card
    assert TRAINING in card["caption"]
    await house.ann.presses("Got it")
    assert "✅ You acknowledged this." in await house.ann.reads()
    assert 1 == sum(kind in message for message in await house.ann.from_bot())


async def test_a_photo_with_a_long_text_comes_before_it(house):
    """What does not fit into a caption follows the photo, and acknowledging does not bring the photo again."""
    await house.wang.sends("/announce")
    await house.wang.acts("photo")
    assert "🖼 with your photo" in await house.wang.reads()
    await house.wang.sends("Long. " * 200)
    await house.wang.presses("Send to")
    await house.ann.presses("Got it")
    photos = ["photo" in message for message in (await house.ann.from_bot())[1:]]
    assert [True, False] == photos
    assert (await house.ann.reads()).endswith("✅ You acknowledged this.")


async def test_of_an_album_the_first_is_kept(house):
    """The author is told once that one photo or file fits."""
    await house.wang.sends("/announce")
    before = len(await house.wang.from_bot())
    await house.wang.acts("photo", count=3, caption=TRAINING)
    assert "so I kept the first" in await house.wang.reads()
    assert before + 1 == len(await house.wang.from_bot())
    await house.wang.presses("Send to")
    assert 1 == sum("photo" in message for message in await house.ann.from_bot())


async def test_a_file_can_be_taken_out_again(house):
    """Without it only the text goes."""
    await house.wang.sends("/announce")
    await house.wang.acts("photo", caption=TRAINING)
    await house.wang.presses("Edit text")
    await house.wang.presses("Take the file out")
    await house.wang.presses("Keep it")
    await house.wang.presses("Send to")
    assert "photo" not in await house.ann.card()


async def test_a_file_that_cannot_be_kept_is_refused(house):
    """Over 20 MB a bot cannot fetch it, so a smaller one is asked for."""
    await house.wang.sends("/announce")
    await house.wang.acts("document", file_name="film.zip", size=21_000_000)
    assert "over 20 MB" in await house.wang.reads()


# --- once, and only by whom -------------------------------------------------------------------------------------


async def test_two_presses_on_send_send_once(house):
    """The second press finds it sent, and shows how far it has come."""
    await write(house)
    card = await house.wang.card()
    press = {"message_id": card["message_id"], "data": data_of(card, "Send to"), "force": True}
    await house.world.telegram.post(f"chats/{house.wang.phone.id}/press", **press)
    await house.world.telegram.post(f"chats/{house.wang.phone.id}/press", **press)
    await house.world.settle()
    assert 1 == sum(TRAINING in text for text in await house.texts_of(house.ann))
    assert "Sent 2/2" in await count_up(house)


async def test_after_sending_nothing_can_be_changed(house):
    """Old buttons show the card as it is; an edit in the chat is answered and reaches nobody."""
    await house.wang.sends("/announce")
    message = await house.wang.sends(TRAINING)
    draft = await house.wang.card()
    await house.wang.presses("Send to")
    for label in ("Ask for", "Edit text", "Cancel", "Nursing 2301"):
        data = data_of(draft, label)
        await house.wang.acts("press", message_id=draft["message_id"], data=data, force=True)
        assert "out of date" in await house.wang.toast()
        assert "Sent 2/2" in await house.wang.reads()
    await house.wang.acts("edit", message_id=message, text="Something else")
    assert "does not reach what is saved" in await house.wang.reads()
    assert {"ann", "bob"} == await house.got(TRAINING)
    assert set() == await house.got("Something else")


async def test_a_reader_acknowledges_once(house):
    """A second press says so and counts nothing."""
    await send(house)
    card = await house.ann.card()
    await house.ann.presses("Got it")
    assert "Thank you" in await house.ann.toast()
    data = data_of(card, "Got it")
    await house.ann.acts("press", message_id=card["message_id"], data=data, force=True)
    assert "already" in await house.ann.toast()
    assert "acknowledged 1 ·" in await count_up(house)


async def test_nobody_else_can_see_or_acknowledge_it(house):
    """A forged press from another school, and a student's own try at the author's buttons, find nothing."""
    await send(house)
    ack = data_of(await house.ann.card(), "Got it")
    there = (await house.other_student.card())["message_id"]
    await house.other_student.acts("press", message_id=there, data=ack, force=True)
    assert "no longer open to you" in await house.other_student.toast()
    own = data_of(await house.wang.card(), "Refresh")
    there = (await house.ann.card())["message_id"]
    await house.ann.acts("press", message_id=there, data=own, force=True)
    assert "coordinators" in await house.ann.toast()


@pytest.mark.parametrize("who", ["ann", "mentor"])
async def test_only_coordinators_announce(house, who):
    """Students and mentors are told for whom it is."""
    await getattr(house, who).sends("/announce")
    assert "for the school's coordinators" in await getattr(house, who).reads()


@pytest.mark.parametrize(
    ("language", "to", "people", "send_label", "said"),
    [
        ("en", "To whom", "Coordinators of the school", "Send to 1", "To: all coordinators of the school\n1 person"),
        ("zh-hans", "改对象", "学校的指导老师", "发送给1人", "发给：学校的全部指导老师\n共1人"),
    ],
)
async def test_colleagues_are_an_audience(world, language, to, people, send_label, said):
    """The other coordinators of the school can be written to, without classes to tick."""
    house = await make_house(world, language)
    colleague = await member(world, "Mr Zhou", language)
    await world.database.transaction(lambda tx: schools.add_coordinator(tx, house.school.id, colleague.id))
    await write(house)
    await house.wang.presses(to)
    await house.wang.presses(people)
    assert said in await house.wang.reads()
    assert not [label for label in await house.wang.buttons() if "Nursing" in label]
    await house.wang.presses(send_label)
    assert TRAINING in await colleague.reads()
    assert set() == await house.got()


async def test_an_author_of_two_schools_signs_with_the_school_of_the_classes(house, world):
    """The school is chosen; only its classes and people are offered and reached, and its name stands on the letter."""
    hill = await second_school(house, world)
    await write(house)
    assert "Ms Wang · Riverside College" in await house.wang.reads()
    assert "To: students of all your classes\n2 people" in await house.wang.reads()
    assert not [label for label in await house.wang.buttons() if "Farming" in label]
    await house.wang.presses("Nursing 2302")
    await house.wang.presses("To whom")
    await house.wang.presses("Another school")
    assert ["☑ Riverside College", "☐ Hillside College", "◀ Back"] == await house.wang.buttons()
    await house.wang.presses("Hillside College")
    assert "Ms Wang · Hillside College" in await house.wang.reads()
    assert "To: students of all your classes\n1 person" in await house.wang.reads()
    await house.wang.presses("Send to 1 person")
    assert "Ms Wang · Hillside College" in await hill.reads()
    assert set() == await house.got()


async def test_a_class_of_another_school_is_not_ticked(house, world):
    """A forged press with a class that the author covers elsewhere changes nothing."""
    await second_school(house, world)
    await write(house)
    card = await house.wang.card()
    forged = data_of(card, "Nursing 2302").rsplit(":", 1)[0] + f":{world.farming}"
    await house.wang.acts("press", message_id=card["message_id"], data=forged, force=True)
    assert "no longer open to you" in await house.wang.toast()
    assert "students of all your classes" in await house.wang.reads()


async def second_school(house: House, world) -> Member:
    """Let the author coordinate Hillside College too, with a class of her own and a student in it."""

    async def work(tx):
        hill = await tx.one("SELECT id FROM schools WHERE name = 'Hillside College'")
        await schools.add_coordinator(tx, hill["id"], house.wang.id)
        world.farming = await schools.create_class(
            tx,
            school_id=hill["id"],
            name="Farming 1",
            specialty="",
            time_zone="Asia/Shanghai",
            coordinator_id=house.wang.id,
            now=world.clock(),
        )
        return hill["id"]

    school_id = await world.database.transaction(work)
    other = replace(house.school, id=school_id, class_id=world.farming)
    return await other.add_student("Yu", "7", class_id=world.farming)


# --- on its way -------------------------------------------------------------------------------------------------


async def test_who_stopped_the_bot_is_counted_and_named(house):
    """A blocked chat is no failure: it has its own number, and a list of names."""
    await house.bob.acts("block")
    await send(house)
    assert "Sent 1/2 · acknowledged 0 · failed 0 · 1 stopped the bot" in await count_up(house)
    await house.wang.presses("Not reached: 1")
    assert "1. Bob · stopped the bot" in await house.wang.reads()
    await house.wang.presses("Back")
    assert "Sent 1/2" in await house.wang.reads()


async def test_a_deleted_account_is_counted(house):
    """Somebody who is not on Telegram any more is among those it did not reach."""
    await house.bob.acts("delete_account")
    await send(house)
    await count_up(house)
    assert "⚠️ Not reached: 1" in await house.wang.buttons()


@pytest.mark.parametrize("error", ["429", "500", "502", "disconnect"])
async def test_trouble_on_the_way_delays_and_repeats_nothing(house, error):
    """What Telegram did not take is counted as waiting, tried again, and arrives once."""
    chat = house.bob.phone.id
    await house.world.telegram.post("faults", method="sendMessage", error=error, times=2, chat_id=chat, execute=False)
    await send(house)
    assert {"ann"} == await house.got()
    assert "Sent 1/2" in await count_up(house)
    for _ in range(3):
        await house.world.move(seconds=10)
    assert "Sent 2/2 · acknowledged 0 · failed 0" in await house.wang.reads()
    assert 1 == sum(TRAINING in text for text in await house.texts_of(house.bob))


async def test_a_refusal_for_good_is_counted_as_failed(house, world):
    """A copy that is given up stands among the failed, with a name."""
    await world.telegram.post("faults", method="sendMessage", error="500", times=None, chat_id=house.bob.phone.id)
    await send(house)
    for _ in range(12):
        await world.move(hours=6)
    assert "Sent 1/2 · acknowledged 0 · failed 1" in await house.wang.reads()
    await house.wang.presses("Not reached: 1")
    assert "1. Bob · Telegram refused it" in await house.wang.reads()


async def test_a_restart_in_the_middle_loses_and_repeats_nothing(house):
    """Copies that waited when the process ended go afterwards, and the card counts on."""
    await write(house)
    await house.world.telegram.post("faults", method="sendMessage", error="500", times=2)
    await house.wang.presses("Send to")
    assert set() == await house.got()
    await house.world.restart()
    await house.world.move(seconds=30)
    await house.world.move(seconds=5)
    assert {"ann", "bob"} == await house.got()
    assert [1, 1] == [
        sum(TRAINING in text for text in await house.texts_of(reader)) for reader in (house.ann, house.bob)
    ]
    assert "Sent 2/2" in await house.wang.reads()


async def test_stopping_keeps_the_rest_from_going(house):
    """Who waited gets nothing any more, and the card says how many that were."""
    chat = house.bob.phone.id
    await house.world.telegram.post("faults", method="sendMessage", error="429", retry_after=60, chat_id=chat)
    await send(house)
    assert "1 is on its way" in await count_up(house)
    await house.wang.presses("Stop sending")
    assert "You stopped it; 1 person did not get it." in await house.wang.reads()
    await house.world.move(minutes=5)
    assert {"ann"} == await house.got()
    assert "⏹ Stop sending" not in await house.wang.buttons()


async def test_the_card_counts_by_itself_without_flooding(house):
    """Thirty acknowledgements within three seconds change the author's card once."""
    readers = [await house.school.placed(f"S{number}", f"1{number:02}") for number in range(10)]
    await send(house)
    await count_up(house)
    before = len(await house.world.telegram.calls("editMessageText"))
    for reader in readers:
        await reader.presses("Got it")
    await count_up(house)
    edits = await house.world.telegram.calls("editMessageText")
    mine = [call for call in edits[before:] if call["chat_id"] == house.wang.phone.id]
    assert 1 == len(mine)
    assert "Sent 12/12 · acknowledged 10" in await house.wang.reads()


async def test_refreshing_is_always_answered(house):
    """Where nothing has changed, the press still gets a word."""
    await send(house)
    await count_up(house)
    await house.wang.presses("Refresh")
    assert "Up to date." == await house.wang.toast()


# --- afterwards -------------------------------------------------------------------------------------------------


async def test_who_is_silent_is_listed_and_reminded_once_a_day(house):
    """The reminder is a new message to those only; a second press on the same day says so."""
    await send(house)
    await house.ann.presses("Got it")
    await count_up(house)
    await house.wang.presses("Not acknowledged: 1")
    assert "1. Bob · Nursing 2302" in await house.wang.reads()
    await house.wang.presses("Remind 1 person")
    assert "Reminded: 1" == await house.wang.toast()
    assert "Ms Wang would like to know that you have seen this" in await house.bob.reads()
    await house.wang.presses("Remind 1 person")
    assert "reminded today" in await house.wang.toast()
    assert set() == {"ann"} & await house.got("would like to know")
    await house.bob.presses("Got it")
    await house.wang.presses("Back")
    await count_up(house)
    assert "acknowledged 2" in await house.wang.reads()
    assert not any("Not acknowledged" in label for label in await house.wang.buttons())


async def test_long_lists_have_pages(house):
    """Twenty names fill a page; the numbers go on over the next one."""
    for number in range(20):
        await house.school.placed(f"S{number:02}", f"1{number:02}")
    await send(house)
    await count_up(house)
    await house.wang.presses("Not acknowledged: 22")
    assert "20. " in await house.wang.reads()
    await house.wang.presses("Next page")
    assert ["21. ", "22. "] == [line[:4] for line in (await house.wang.reads()).splitlines()[-2:]]


async def test_earlier_announcements_can_be_opened_again(house):
    """The history holds only one's own, the newest first, and leads back to each card."""
    for number in range(6):
        await send(house, f"News {number}")
    await house.wang.presses("Earlier announcements")
    assert "You have sent 6 announcements." in await house.wang.reads()
    assert "16 Nov · 2 👥 · News 5" == (await house.wang.buttons())[0]
    await house.wang.presses("Next page")
    await house.wang.presses("News 0")
    assert "“News 0”" in await house.wang.reads()
