"""The weekly log from its student's side, through the phone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.logs import LogState, Section
from storage import logs, outbox
from tests.people import make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


@pytest.fixture
async def ann(school):
    return await school.placed("Ann Miller", "20230115")


async def log_of(world, student):
    """The student's only log, whole."""
    mine = await world.database.read(lambda tx: logs.of_person(tx, student.id))
    assert 1 == len(mine)
    return await world.database.read(lambda tx: logs.for_student(tx, mine[0].id, student.id))


async def letters(world, card):
    """How many outbox rows there are of a card."""
    rows = await world.database.read(lambda tx: tx.all("SELECT id FROM outbox WHERE card = :card", card=card))
    return len(rows)


async def write_week(student, done="I measured blood pressure."):
    await student.sends("/log")
    await student.sends(done)


async def test_a_week_is_written_and_handed_in_within_the_steps_promised(world, ann):
    """Five messages, a photo album and three presses make a whole log; every answer is kept and confirmed."""
    await ann.sends("/log")
    assert "Week 1 · 16–22 Nov" in await ann.reads()
    assert "due Sunday 20:00 (in 6 days)" in await ann.reads()
    await ann.sends("I measured blood pressure.")
    await ann.sends("The cuff's place matters.")
    await ann.acts("photo", count=3)
    await ann.sends("Why is my reading low?")
    await ann.sends("Practise infusions.")
    await ann.presses("38 h")
    await ann.presses("as your mentor")
    for words in ("I measured blood pressure.", "The cuff's place matters.", "38 h", "3 photos"):
        assert words in await ann.reads()
    await ann.presses("Hand it in")
    assert "is with Ms Li since Monday 09:00" in await ann.reads()
    log = await log_of(world, ann)
    assert LogState.SUBMITTED is log.state
    assert "Practise infusions." == log.sections[Section.PLAN]
    assert (38.0, 3) == (log.hours, len(log.files))


async def test_every_answer_gets_a_receipt(ann):
    """The bot reacts to each message that it took as an answer."""
    await write_week(ann)
    mine = [m for m in await ann.messages() if not m["from"]["is_bot"]][-1]
    assert mine["reactions"]


async def test_the_log_speaks_chinese(school):
    """A student whose Telegram is Chinese gets the week in Chinese."""
    xiaoming = await school.placed("张小明", "20230116", "zh-hans")
    await write_week(xiaoming, "跟着带教老师量血压")
    assert "第1周（11月16日至22日）" in await xiaoming.reads()
    assert "周日20:00截止，还有6天" in await xiaoming.reads()
    assert "做了什么 ✓ 9字" in await xiaoming.reads()


async def test_a_restart_in_the_middle_loses_nothing(world, ann):
    """After a restart the next message is still the answer to the question that was asked."""
    await write_week(ann)
    await world.restart()
    await ann.sends("The cuff's place matters.")
    log = await log_of(world, ann)
    assert "I measured blood pressure." == log.sections[Section.DONE]
    assert "The cuff's place matters." == log.sections[Section.LEARNED]


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (("sticker", {}), "I need text here"),
        (("location", {}), "I need text here"),
        (("text", {"text": "\u200b\u200b"}), "empty"),
        (("text", {"text": "x" * 2001}), "2001 characters; at most 2000"),
    ],
)
async def test_what_is_no_answer_is_refused_and_the_question_stays(world, ann, act, says):
    """A wrong kind of message, an empty and a long one change nothing and say what to do."""
    await ann.sends("/log")
    await ann.acts(act[0], **act[1])
    assert says in await ann.reads()
    assert "What did you do this week?" in await ann.reads()
    assert {} == (await log_of(world, ann)).sections


@pytest.mark.parametrize(
    "words", ["<b>bold</b> & <script>", "👩‍⚕️ 💉", "שלום עולם", "a\n\n\n\nb", "&amp; &lt;", "{name} %s"]
)
async def test_any_text_is_kept_as_it_is_read(world, ann, words):
    """HTML, emoji, right-to-left text and braces come back as they were written."""
    await write_week(ann, words)
    await ann.presses("as your mentor")
    kept = (await log_of(world, ann)).sections[Section.DONE]
    assert words.replace("\n\n\n\n", "\n\n") == kept
    assert kept in await ann.reads()


async def test_direction_tricks_are_taken_out(world, ann):
    """Characters that turn the text of a reader's screen around are not kept."""
    await write_week(ann, "safe \u202eevil\u202c text")
    assert "safe evil text" == (await log_of(world, ann)).sections[Section.DONE]


async def test_one_section_is_changed_and_the_others_stay(world, ann):
    """Changing a section shows what is there; the new text takes its place, or goes behind it."""
    await write_week(ann)
    await ann.presses("Change")
    await ann.presses("What I did")
    assert "“I measured blood pressure.”" in await ann.reads()
    await ann.sends("I measured the pulse.")
    assert "I measured the pulse." == (await log_of(world, ann)).sections[Section.DONE]
    await ann.presses("Change")
    await ann.presses("What I did")
    await ann.presses("Add to it")
    await ann.sends("And the temperature.")
    assert "I measured the pulse.\nAnd the temperature." == (await log_of(world, ann)).sections[Section.DONE]


async def test_an_edited_message_changes_its_section(world, ann):
    """Correcting the message in the chat corrects the section that came from it."""
    await ann.sends("/log")
    message = await ann.sends("I mesured blood pressure.")
    await ann.acts("edit", message_id=message, text="I measured blood pressure.")
    assert "I measured blood pressure." == (await log_of(world, ann)).sections[Section.DONE]


async def test_an_edit_of_anything_else_says_that_it_is_not_followed(ann):
    """An edited message that is no answer gets a clear word."""
    message = await ann.sends("/log")
    await ann.acts("edit", message_id=message, text="something")
    assert "does not reach what is saved here" in await ann.reads()


@pytest.mark.parametrize(("typed", "hours"), [("38", 38.0), ("37,5", 37.5), ("40小时", 40.0), ("0", 0.0)])
async def test_hours_are_typed_as_people_write_them(world, ann, typed, hours):
    """Hours come with or without a unit."""
    await write_week(ann)
    await ann.presses("Hours")
    await ann.sends(typed)
    assert hours == (await log_of(world, ann)).hours


@pytest.mark.parametrize("typed", ["101", "-1", "many", "1e3"])
async def test_hours_out_of_range_are_refused(world, ann, typed):
    """A number that no week has is not kept."""
    await write_week(ann)
    await ann.presses("Hours")
    await ann.sends(typed)
    assert "from 0 to 100" in await ann.reads()
    assert (await log_of(world, ann)).hours is None


async def test_a_log_without_its_main_part_cannot_be_handed_in(world, ann):
    """There is no way to hand in an empty log; what a class asks for besides is in test_templates."""
    await ann.sends("/log")
    assert "📨 Hand it in" not in await ann.buttons()
    await ann.presses("Next: what did you learn?")
    await ann.sends("The cuff's place matters.")
    assert "Before you can hand it in: What I did" in await ann.reads()
    assert "📨 First: What I did" in await ann.buttons()
    await ann.presses("First: What I did")
    await ann.sends("I measured blood pressure.")
    assert "📨 Hand it in" in await ann.buttons()


async def test_handing_in_twice_hands_in_once(world, ann):
    """A second press on the same button finds the log handed in."""
    await write_week(ann)
    card = await ann.card()
    await ann.presses("Hand it in")
    rows = card["reply_markup"]["inline_keyboard"]
    submit = next(row[0] for row in rows if "Hand" in row[0]["text"])
    await ann.acts("press", message_id=card["message_id"], data=submit["callback_data"], force=True)
    assert "out of date" in await ann.toast()
    assert 1 == await letters(world, "review")
    log = await log_of(world, ann)
    assert 1 == len(await world.database.read(lambda tx: logs.revisions(tx, log.id)))


async def test_a_log_is_taken_back_until_it_is_decided(world, ann):
    """Taking it back makes it a draft again, handing it in makes a second revision; lateness counts from the second."""
    await write_week(ann)
    await ann.presses("Hand it in")
    await ann.presses("Take it back")
    assert LogState.DRAFT is (await log_of(world, ann)).state
    await world.move(to=datetime(2026, 11, 23, 1, tzinfo=UTC))
    await ann.presses("Hand it in")
    log = await log_of(world, ann)
    assert (LogState.SUBMITTED, True) == (log.state, log.is_late)
    assert [1, 2] == [r.number for r in await world.database.read(lambda tx: logs.revisions(tx, log.id))]


async def test_earlier_weeks_are_caught_up(world, ann):
    """The list of weeks opens each week that is still open."""
    await world.move(days=15)
    await ann.sends("/log")
    assert "Week 3" in await ann.reads()
    await ann.presses("Other weeks")
    assert "3 weeks are still open" in await ann.reads()
    await ann.presses("Week 1 ")
    assert "was due" in await ann.reads()
    await ann.sends("Late, but here.")
    await ann.presses("Hand it in")
    assert "Marked as late" in await ann.reads()


async def test_until_monday_four_the_last_week_opens_first(world, ann):
    """In the night after the deadline `/log` still means the week that has just ended."""
    await world.move(to=datetime(2026, 11, 22, 19, 30, tzinfo=UTC))  # Monday 03:30 in Shanghai
    await ann.sends("/log")
    assert "Week 1 " in await ann.reads()
    await world.move(to=datetime(2026, 11, 22, 20, 30, tzinfo=UTC))
    await ann.sends("/log")
    assert "Week 2 " in await ann.reads()


async def test_two_weeks_after_the_end_logs_are_no_longer_taken(world, school):
    """The last log is taken, late, for two weeks; then the answer says so."""
    bob = await school.add_student("Bob", "20230117")
    start = world.clock().date()
    await school.place(bob, starts_on=start, ends_on=start + timedelta(days=6))
    await world.move(days=19)
    await bob.sends("/log")
    assert "Week 1 " in await bob.reads()
    await world.move(days=3)
    await bob.sends("/log")
    assert "no placement" in await bob.reads()


async def test_without_a_placement_log_says_what_to_do(school):
    """A student who is not placed yet is shown the posts."""
    bob = await school.add_student("Bob", "20230117")
    await bob.sends("/log")
    assert "/posts" in await bob.reads()


async def test_ten_photos_fit_and_the_eleventh_is_refused(world, ann):
    """The limit is said and nothing that is there is lost."""
    await write_week(ann)
    await ann.acts("photo", count=10)
    await ann.sends_photo()
    assert "10 photos, files and voice notes already" in await ann.reads()
    assert 10 == len((await log_of(world, ann)).files)


async def test_a_class_may_switch_photos_off(world, ann):
    """Then a photo is refused with the reason, and a document is still taken."""
    await world.database.transaction(lambda tx: tx.run("UPDATE classes SET photos_allowed = FALSE"))
    await write_week(ann)
    await ann.sends_photo()
    assert "switched off for your class" in await ann.reads()
    await ann.acts("document", file_name="plan.pdf", mime_type="application/pdf")
    assert ["document"] == [entry.file.kind for entry in (await log_of(world, ann)).files]


async def test_a_photo_is_copied_into_the_folder(world, ann):
    """What a student sends is kept by its hash, readable by its owner only."""
    await write_week(ann)
    await ann.sends_photo()
    await world.program.files.look()
    log = await log_of(world, ann)
    digest = log.files[0].file.sha256
    path = world.settings.files / digest[:2] / digest
    assert path.exists()
    assert 0o600 == path.stat().st_mode & 0o777


async def test_a_command_in_the_middle_does_not_take_the_next_answer(world, ann):
    """After another command the form waits; the text that follows is asked about, not put anywhere."""
    await ann.sends("/log")
    await ann.sends("/menu")
    await ann.sends("I measured blood pressure.")
    assert "Keep this for the log of Week 1" in await ann.reads()
    assert {} == (await log_of(world, ann)).sections


async def test_the_log_is_opened_again_in_its_middle(world, ann):
    """`/log` while the log is being written asks the same question again, and the next text is its answer."""
    await ann.sends("/log")
    await ann.sends("I measured blood pressure.")
    asked = await ann.reads()
    await ann.sends("/log")
    assert asked == await ann.reads()
    await ann.sends("How to find a vein.")
    assert "How to find a vein." == (await log_of(world, ann)).sections[Section.LEARNED]


async def test_a_withdrawn_log_is_not_pushed_twice(world, ann, school):
    """The mentor's card follows what the student does; a second submission is a second push."""
    await write_week(ann)
    await ann.presses("Hand it in")
    await ann.presses("Take it back")
    await ann.presses("Hand it in")
    pushes = await world.database.read(
        lambda tx: tx.all("SELECT unique_key FROM outbox WHERE card = 'review' AND manner = 'push' ORDER BY id")
    )
    log = await log_of(world, ann)
    expected = [f"review:{log.id}:{number}:{school.mentor.id}" for number in (1, 2)]
    assert expected == [row["unique_key"] for row in pushes]


async def test_another_students_log_cannot_be_opened(world, ann, school):
    """A forged button with somebody else's log opens nothing."""
    await write_week(ann)
    log = await log_of(world, ann)
    bob = await school.placed("Bob", "20230117")
    await bob.sends("/log")
    for verb in ("show", "preview", "edit", "submit", "withdraw", "ask", "files", "sections", "drop", "hours"):
        card = await bob.card()
        await bob.acts("press", message_id=card["message_id"], data=f"log.{verb}:{log.id}:1:8", force=True)
        assert "blood pressure" not in await bob.transcript(), verb
    assert await outbox_is_empty(world)


async def outbox_is_empty(world):
    return not await world.database.read(lambda tx: outbox.due(tx, now=world.clock(), limit=1))


async def test_an_unknown_command_in_a_form_shows_the_form(world, ann):
    """The form goes on listening, so it is what is shown."""
    await ann.sends("/log")
    await ann.sends("/tpyo")
    assert "I don't know that command. I am still waiting for this" in await ann.reads()
    assert "What did you do this week?" in await ann.reads()


async def test_every_open_week_of_a_long_placement_can_be_reached(world, school):
    """The list of weeks has pages, and a placement that has just ended is in it."""
    bob = await school.add_student("Bob", "20230117")
    today = world.clock().date()
    await school.place(bob, starts_on=today - timedelta(days=140), ends_on=today - timedelta(days=1))
    await school.place(bob, starts_on=today, ends_on=today + timedelta(days=20))
    await bob.sends("/log")
    await bob.presses("Other weeks")
    assert "21 weeks are still open" in await bob.reads()
    await bob.presses("Next page")
    await bob.presses("Next page")
    await bob.presses("Week 1 ")
    assert "What did you do this week?" in await bob.reads()


async def test_a_second_message_to_the_mentors_question_is_added(world, ann, school):
    """An answer may come in two messages; both reach the mentor."""
    await write_week(ann)
    await ann.presses("Hand it in")
    await school.mentor.presses("Needs info")
    await school.mentor.sends("How many patients?")
    await ann.presses("Answer")
    await ann.sends("Six.")
    await ann.sends("And two more on Friday.")
    assert "Six.\nAnd two more on Friday." == (await log_of(world, ann)).sections[Section.ANSWER]


async def test_the_question_is_opened_again_before_it_is_answered(world, ann, school):
    """`/log`, twice, and the answer to the mentor still finds its place."""
    await write_week(ann)
    await ann.presses("Hand it in")
    await school.mentor.presses("Needs info")
    await school.mentor.sends("Which ward?")
    await ann.sends("/log")
    await ann.sends("/log")
    await ann.sends("Ward 3.")
    assert "Ward 3." == (await log_of(world, ann)).sections[Section.ANSWER]


async def test_a_returned_log_is_taken_however_late(world, school):
    """What was handed in once may be corrected after the weeks in which a first log is taken."""
    bob = await school.add_student("Bob", "20230117")
    today = world.clock().date()
    await school.place(bob, starts_on=today, ends_on=today + timedelta(days=6))
    await write_week(bob)
    await bob.presses("Hand it in")
    await world.move(days=19)
    await school.mentor.sends("/queue")
    await school.mentor.presses("Bob")
    await school.mentor.presses("Return")
    await school.mentor.sends("Please add the ward.")
    await world.move(days=5)
    await bob.presses("Change it")
    await bob.sends("Surgical ward, blood pressure.")
    await bob.presses("Hand it in")
    assert LogState.SUBMITTED is (await log_of(world, bob)).state


async def test_the_weeks_say_what_is_due_and_who_has_which(world, ann, school):
    """Open weeks have their deadline, handed in ones who has them and whether late, those given back since when."""
    await write_week(ann)
    await ann.presses("Hand it in")
    await world.move(days=8)  # Tuesday of the second week
    await ann.sends("/log")
    await ann.presses("Other weeks")
    assert [
        "📅 City Hospital · 1 week is still open",
        "",
        "📝 Week 2 · 23–29 Nov: due Sunday 20:00 (in 5 days)",
        "📨 Week 1 · 16–22 Nov: with Ms Li since Monday 16 Nov, 09:00",
    ] == (await ann.reads()).splitlines()
    await school.mentor.sends("/queue")
    await school.mentor.presses("Ann Miller")
    await school.mentor.presses("Return")
    await school.mentor.presses("Please write more")
    await world.move(days=7)
    await ann.sends("/log")
    await ann.sends("Took temperatures.")
    await ann.presses("Other weeks")
    await ann.presses("Week 2 ")
    await ann.sends("Late, but here.")
    await ann.presses("Hand it in")
    await ann.sends("/log")
    await ann.presses("Other weeks")
    assert [
        "📝 Week 3 · 30 Nov\u2009–\u20096 Dec: due Sunday 20:00 (in 5 days)",
        "📨 Week 2 · 23–29 Nov: with Ms Li since Tuesday 09:00 · late",
        "↩️ Week 1 · 16–22 Nov: returned, back with you since Tuesday 24 Nov, 09:00",
    ] == (await ann.reads()).splitlines()[2:]


async def test_the_weeks_in_chinese(world, school):
    """The same in Chinese."""
    student = await school.placed("小明", "9", "zh")
    await student.sends("/log")
    await student.sends("给病人量血压")
    await student.presses("提交")
    await world.move(days=8)
    await student.sends("/log")
    await student.presses("其他周")
    assert [
        "📝 第2周（11月23日至29日）：周日20:00截止，还有5天",
        "📨 第1周（11月16日至22日）：11月16日（周一）09:00已交给Ms Li",
    ] == (await student.reads()).splitlines()[2:]
