"""Any day's capture: what a placed student sends outside every form becomes a moment, and the moments the log."""

from __future__ import annotations

import asyncio
import base64

import pytest

from domain.logs import Section
from domain.moments import WEEK_FILES_LIMIT
from storage import logs
from tests.handlers.reminded import FRIDAY
from tests.people import make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


@pytest.fixture
async def ann(school):
    return await school.placed("Ann Miller", "20230115")


async def kept(world) -> list[tuple]:
    """Every moment with its state and how many files it has."""
    rows = await world.database.read(
        lambda tx: tx.all(
            """SELECT mo.text, mo.state, (SELECT count(*) FROM moment_files mf WHERE mf.moment_id = mo.id) AS files
            FROM moments mo ORDER BY mo.id"""
        )
    )
    return [(row["text"], row["state"], row["files"]) for row in rows]


async def log_of(world, student):
    """The student's earliest log, whole; None where none was begun."""
    mine = await world.database.read(lambda tx: logs.of_person(tx, student.id))
    return await world.database.read(lambda tx: logs.for_student(tx, mine[-1].id, student.id)) if mine else None


async def keeps_three_days(world, student) -> None:
    """Keep something on Monday, twice on Tuesday with an album and a voice note, and on Wednesday."""
    await student.sends("Took blood pressure.")
    await student.presses("don't ask again" if student.person.language == "en" else "以后都不用问")
    await world.move(days=1)
    await student.sends("Changed a dressing.")
    await student.sends("Watched an infusion.")
    await student.acts("photo", count=3, caption="The cuff")
    await student.acts("voice", duration=20, caption="What Ms Li said")
    await world.move(days=1)
    await student.sends("Made beds.")


# --- coming in --------------------------------------------------------------------------------------------------


async def test_a_text_is_kept_after_one_tap(world, ann):
    """It is asked about, and nothing is in the log, which is not even begun."""
    await ann.sends("Saw my first operation today!")
    assert "Keep this for the log of Week 1 · 16–22 Nov?" in await ann.reads()
    assert "Saw my first operation today!" in await ann.reads()
    assert [("Saw my first operation today!", "offered", 0)] == await kept(world)
    await ann.presses("Keep it for the log")
    assert "Kept for the log of Week 1" in await ann.reads()
    assert [("Saw my first operation today!", "saved", 0)] == await kept(world)
    assert await log_of(world, ann) is None


@pytest.mark.parametrize(
    ("what", "body", "says"),
    [
        ("photo", {"caption": "Our ward"}, "📷 1 photo\n“Our ward”"),
        ("document", {"file_name": "plan.pdf", "mime_type": "application/pdf"}, "📎 1 file"),
        ("voice", {"duration": 3600, "size": 14_400_000, "caption": "A long day"}, "🎤 1 voice note\n“A long day”"),
    ],
)
async def test_every_kind_is_kept_in_the_same_way(world, ann, what, body, says):
    """Photos, files and a voice note of an hour are asked about, kept, and the limits are said."""
    await ann.acts(what, **body)
    assert says in await ann.reads()
    assert "so far; a log takes 10, each up to 20 MB." in await ann.reads()
    assert ("No patients" in await ann.reads()) is (what == "photo")
    await ann.presses("Keep it for the log")
    assert [("", "saved", 1)] == await kept(world)
    await ann.presses("Put it into the log now")
    assert "Saved in Week 1" in await ann.reads()
    (entry,) = (await log_of(world, ann)).files
    assert (what, body.get("caption", "")) == (entry.file.kind, entry.caption)


async def test_a_tap_leaves_it_out_and_another_brings_it_back(world, ann):
    """Nothing is lost by a slip of the finger."""
    await ann.sends("Not for the log.")
    await ann.presses("Leave it out")
    assert "Left out of Week 1" in await ann.reads()
    assert "dropped" == (await kept(world))[0][1]
    await ann.presses("Keep it for the log")
    assert "saved" == (await kept(world))[0][1]


async def test_the_same_tap_again_changes_nothing(world, ann):
    """It is answered with how it is now."""
    await ann.sends("Once.")
    asked = await ann.card()
    await ann.presses("Keep it for the log")
    await ann.presses("Keep it for the log", asked)
    assert "out of date" in await ann.toast()
    await ann.presses("Leave it out", asked)
    assert [("Once.", "dropped", 0)] == await kept(world)


@pytest.mark.parametrize(
    ("language", "on", "off", "button", "asks"),
    [
        ("en", "kept for the week's log", "I ask each time", "Keep everything", "Keep this"),
        ("zh", "都留着写周志", "每次先问你", "发的都留着", "留着写"),
    ],
)
async def test_everything_can_be_kept_unasked(world, school, language, on, off, button, asks):
    """On and off in the settings; unasked, the message gets its receipt and one card counts."""
    bob = await school.placed("Bob", "2", language)
    await bob.sends("/settings")
    assert off in await bob.reads()
    await bob.presses(button)
    assert on in await bob.reads()
    before = len(await bob.from_bot())
    for words in ("one", "two", "three"):
        await bob.sends(words)
    mine = [m for m in await bob.messages() if not m["from"]["is_bot"]][-3:]
    assert all(m["reactions"] for m in mine)
    assert before + 1 == len(await bob.from_bot())
    assert "3" in (await bob.reads()).splitlines()[0]
    await bob.sends("/settings")
    await bob.presses("Ask me each time" if language == "en" else "每次都问我")
    await bob.sends("four")
    assert asks in await bob.reads()


async def test_only_students_have_the_setting(world, school):
    """A mentor's settings have no such line."""
    await school.mentor.sends("/settings")
    assert "What you send" not in await school.mentor.reads()


async def test_an_album_is_one_moment_and_one_card(world, ann):
    """However many photos; also if a restart comes between them, or an answer."""
    await ann.acts("photo", count=4, media_group_id="7001", caption="Our ward")
    await world.restart()
    await ann.acts("photo", media_group_id="7001")
    assert 1 == sum("Keep this for the log" in (m.get("text") or "") for m in await ann.from_bot())
    assert "📷 5 photos\n“Our ward”" in await ann.reads()
    await ann.presses("Keep it for the log")
    await ann.acts("photo", media_group_id="7001")
    assert [("", "saved", 6)] == await kept(world)
    assert "📷 6 photos" in await ann.reads()


async def test_what_is_left_of_an_album_in_the_log_is_a_moment_of_its_own(world, ann):
    """A photo that comes after the others were put in is asked about, not lost."""
    await ann.acts("photo", count=2, media_group_id="7002")
    await ann.presses("Keep it for the log")
    await ann.presses("Put it into the log now")
    await ann.acts("photo", media_group_id="7002")
    assert "Keep this for the log" in await ann.reads()
    assert [("", "kept", 2), ("", "offered", 1)] == await kept(world)


async def test_two_hundred_photos_in_a_minute(world, ann):
    """As many as a week keeps are kept, the others are refused once an album, and the log begins as before."""
    await ann.sends("/settings")
    await ann.presses("Keep everything")
    before = len(await ann.from_bot())
    for _album in range(20):
        await ann.acts("photo", count=10)
    assert WEEK_FILES_LIMIT == sum(files for _text, _state, files in await kept(world))
    refused = [m for m in await ann.from_bot() if "that is reached" in (m.get("text") or "")]
    assert 15 == len(refused)
    assert before + 1 + 15 == len(await ann.from_bot())
    await ann.sends("/log")
    await ann.presses("5 moments this week: put them in")
    assert 10 == len((await log_of(world, ann)).files)
    assert "What did not fit" in await ann.toast()
    assert "4 moments this week" in str(await ann.buttons())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("\u200b\u200d\ufe0f", "empty"),
        ("x" * 1901, "1901 characters; at most 1900"),
    ],
)
async def test_what_is_no_moment_is_refused_whole(world, ann, words, says):
    """What cannot be seen or does not fit is not kept, and why is said."""
    await ann.sends(words)
    assert says in await ann.reads()
    assert [] == await kept(world)


async def test_twenty_thousand_characters_are_refused_part_by_part(world, ann):
    """Telegram cuts them into messages of 4,096; none is kept in half, and each is answered."""
    for length in (4096, 4096, 4096, 4096, 3616):
        await ann.sends("字" * length)
        assert f"{length} characters; at most 1900" in await ann.reads()
    assert [] == await kept(world)


async def test_a_voice_note_over_the_limit_is_never_kept(world, ann):
    """It is said at once."""
    await ann.acts("voice", duration=9000, size=20_000_001)
    assert "over 20 MB" in await ann.reads()
    assert [] == await kept(world)


async def test_an_album_of_a_class_without_photos_gets_one_answer(world, ann):
    """Photos are refused with the reason, a voice note is kept."""
    await world.database.transaction(lambda tx: tx.run("UPDATE classes SET photos_allowed = FALSE"))
    before = len(await ann.from_bot())
    await ann.acts("photo", count=6)
    assert "Photos are switched off" in await ann.reads()
    assert before + 1 == len(await ann.from_bot())
    await ann.acts("voice")
    assert [("", "offered", 1)] == await kept(world)


async def test_photos_that_are_switched_off_later_stay_out(world, ann):
    """Neither one by one nor with the others; the text goes in."""
    await ann.sends_photo()
    await ann.presses("don't ask again")
    await ann.sends("Took blood pressure.")
    await world.database.transaction(lambda tx: tx.run("UPDATE classes SET photos_allowed = FALSE"))
    await ann.sends("/moments")
    await ann.presses("1 photo")
    await ann.presses("Put it into the log now")
    assert "Photos are switched off" in await ann.toast()
    await ann.sends("/log")
    await ann.presses("2 moments this week")
    log = await log_of(world, ann)
    assert ("Monday: Took blood pressure.", ()) == (log.sections[Section.DONE], log.files)


# --- into the log -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "put", "done", "undo"),
    [
        (
            "en",
            "6 moments this week: put them in",
            (
                "Monday: Took blood pressure.\nTuesday:\n– Changed a dressing.\n– Watched an infusion.\n"
                "Wednesday: Made beds."
            ),
            "Take the moments out again",
        ),
        (
            "zh",
            "这周有6条随手记，放进周志",
            "周一：Took blood pressure.\n周二：\n– Changed a dressing.\n– Watched an infusion.\n周三：Made beds.",
            "把随手记再拿出来",
        ),
    ],
)
async def test_three_days_become_the_draft_of_the_log(world, school, language, put, done, undo):
    """One press puts everything in by its day; one more takes it out, until something is edited."""
    bob = await school.placed("Bob", "2", language)
    await keeps_three_days(world, bob)
    await bob.sends("/log")
    assert put == (await bob.buttons())[0].removeprefix("📥 ")
    await bob.presses(put)
    log = await log_of(world, bob)
    assert done == log.sections[Section.DONE]
    assert [("photo", "The cuff"), ("photo", ""), ("photo", ""), ("voice", "What Ms Li said")] == [
        (entry.file.kind, entry.caption) for entry in log.files
    ]
    assert {"kept"} == {state for _text, state, _files in await kept(world)}
    assert put not in str(await bob.buttons())
    await bob.presses(undo)
    log = await log_of(world, bob)
    assert ("", ()) == (log.sections.get(Section.DONE, ""), log.files)
    assert {"saved"} == {state for _text, state, _files in await kept(world)}
    await bob.presses(put)
    assert done == (await log_of(world, bob)).sections[Section.DONE]


async def test_what_was_edited_is_not_undone(world, ann):
    """After an answer, the hours or a photo the button is gone, and an old one does nothing."""
    await ann.sends("/log")
    await ann.sends("There before.")
    await ann.sends("/menu")
    await ann.sends("Took blood pressure.")
    await ann.presses("Keep it for the log")
    await ann.presses("To the log")
    await ann.presses("1 moment this week")
    old = await ann.card()
    assert "Take the moments out again" in str(await ann.buttons())
    await ann.sends("The cuff's place matters.")
    assert "Take the moments out again" not in str(await ann.buttons())
    await ann.presses("Take the moments out again", old)
    assert "out of date" in await ann.toast()
    log = await log_of(world, ann)
    assert "There before.\nMonday: Took blood pressure." == log.sections[Section.DONE]
    assert "The cuff's place matters." == log.sections[Section.LEARNED]


async def test_what_does_not_fit_stays_among_the_moments(world, ann):
    """The section's limit holds; a press with nothing that fits says so."""
    await ann.sends("x" * 1900)
    await ann.presses("don't ask again")
    await ann.sends("y" * 1900)
    await ann.sends("/log")
    await ann.presses("2 moments this week")
    assert "What did not fit" in await ann.toast()
    await ann.presses("1 moment this week")
    assert "None of them fits" in await ann.toast()
    assert [("x" * 1900, "kept", 0), ("y" * 1900, "saved", 0)] == await kept(world)


async def test_two_presses_at_once_put_in_once(world, ann):
    """The second is shown how it is."""
    await ann.sends("Took blood pressure.")
    await ann.presses("Keep it for the log")
    await ann.presses("To the log")
    card = await ann.card()
    data = card["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    for _press in range(2):
        await world.telegram.post(f"chats/{ann.phone.id}/press", message_id=card["message_id"], data=data, force=True)
    await world.settle()
    assert "Monday: Took blood pressure." == (await log_of(world, ann)).sections[Section.DONE]


async def test_a_moment_has_a_section_of_its_own_choice(world, ann):
    """One moment goes behind what is there, where its student says."""
    await ann.sends("/log")
    await ann.sends("I measured blood pressure.")
    await ann.sends("The cuff.")
    await ann.sends("/menu")
    await ann.sends("And the arm.")
    await ann.presses("Keep it for the log")
    await ann.presses("What I learned")
    assert "The cuff.\nAnd the arm." == (await log_of(world, ann)).sections[Section.LEARNED]


async def test_what_is_typed_into_a_ready_log_is_kept_and_asked_where(world, ann):
    """A text that answers no question is a moment of the log's week, one press away from its section."""
    await ann.sends("/log")
    await ann.sends("I measured blood pressure.")
    for button in ("Next: problems", "Next: plan", "Next: hours", "38 h"):
        await ann.presses(button)
    await ann.sends("One more thing.")
    assert "Where does it belong?" in await ann.reads()
    assert [("One more thing.", "saved", 0)] == await kept(world)
    await ann.presses("Problems and questions")
    assert "One more thing." == (await log_of(world, ann)).sections[Section.PROBLEMS]


async def test_a_log_that_is_handed_in_takes_nothing_until_it_is_taken_back(world, ann):
    """The moment is kept all the same, and goes in afterwards."""
    await ann.sends("/log")
    await ann.sends("I measured blood pressure.")
    await ann.presses("Hand it in")
    await ann.sends("And one more.")
    await ann.presses("Keep it for the log")
    await ann.presses("What I learned")
    assert "takes nothing now" in await ann.toast()
    await ann.sends("/log")
    await ann.presses("Take it back")
    await ann.presses("1 moment this week")
    assert "I measured blood pressure.\nMonday: And one more." == (await log_of(world, ann)).sections[Section.DONE]


async def test_fridays_reminder_names_the_moments(world, ann):
    """So does the log that it opens."""
    await ann.sends("Took blood pressure.")
    await ann.presses("Keep it for the log")
    await world.move(FRIDAY)
    assert "📥 1 moment of the week waits: one press puts it in." in await ann.reads()
    await ann.presses("Write it")
    assert "1 moment this week: put it in" in str(await ann.buttons())


async def test_moments_not_used_stay_visible(world, ann):
    """In pages of five, the newest first, with their day; each can be opened, and there is a way back."""
    await ann.sends("/moments")
    assert "Nothing waits for the log" in await ann.reads()
    await ann.sends("moment 0")
    await ann.presses("don't ask again")
    for number in range(1, 7):
        await ann.sends(f"moment {number}")
    await world.move(days=7)
    await ann.sends("/moments")
    assert "7 moments are not used yet" in await ann.reads()
    assert [f"16 Nov · moment {number}" for number in (6, 5, 4, 3, 2)] == (await ann.buttons())[:5]
    await ann.presses("Next page")
    assert ["16 Nov · moment 1", "16 Nov · moment 0", "◀ Back a page"] == (await ann.buttons())[:3]
    await ann.presses("moment 0")
    assert "Kept for the log of Week 1" in await ann.reads()
    await ann.presses("Leave it out")
    await ann.presses("All moments")
    assert "6 moments are not used yet" in await ann.reads()


async def test_another_students_moment_is_out_of_reach(world, school, ann):
    """Forged buttons change nothing and show nothing."""
    await ann.sends("Saw a birth")
    await ann.presses("Keep it for the log")
    bob = await school.placed("Bob", "2")
    await bob.sends("/menu")
    card = (await bob.card())["message_id"]
    for verb in ("show", "keep", "always", "drop", "put"):
        await bob.acts("press", message_id=card, data=f"moment.{verb}:1:0:done", force=True)
    assert "birth" not in await bob.transcript()
    assert [("Saw a birth", "saved", 0)] == await kept(world)


async def test_a_made_up_section_is_answered(world, ann):
    """Whatever a button carries."""
    await ann.sends("Saw a birth")
    await ann.presses("Keep it for the log")
    card = (await ann.card())["message_id"]
    for rest in ("answer", "", "files", "0"):
        await ann.acts("press", message_id=card, data=f"moment.put:1:0:{rest}", force=True)
        assert "out of date" in await ann.toast()
    assert [("Saw a birth", "saved", 0)] == await kept(world)


# --- voice ------------------------------------------------------------------------------------------------------


async def test_the_mentor_plays_a_voice_note_of_the_log(world, school, ann):
    """It is a file of the log like any other, sent to the mentor as a voice note, and its copy is kept."""
    await ann.sends("/log")
    await ann.sends("I measured blood pressure.")
    await ann.acts("voice", duration=20, caption="How it sounded")
    await ann.presses("Photos")
    assert "9 more photos, files or voice notes fit, each up to 20 MB" in await ann.reads()
    await ann.presses("Hand it in")
    await school.mentor.presses("Photos")
    voices = [m for m in await school.mentor.from_bot() if "voice" in m]
    assert [20] == [m["voice"]["duration"] for m in voices]
    assert "How it sounded" in await school.mentor.reads()
    for _ in range(500):
        (row,) = await world.database.read(lambda tx: tx.all("SELECT sha256 FROM files"))
        if row["sha256"]:
            break
        await asyncio.sleep(0.01)
    assert (world.settings.files / row["sha256"][:2] / row["sha256"]).exists()


async def test_a_voice_note_comes_as_a_file_where_none_is_let_through(world, school, ann):
    """A mentor whose Telegram takes no voice messages gets the files all the same, with the buttons under them."""
    await ann.sends("/log")
    await ann.sends("I measured blood pressure.")
    await ann.sends_photo()
    await ann.acts("voice", duration=20, content_base64=base64.b64encode(b"OggS and more").decode())
    await ann.presses("Hand it in")
    await school.mentor.acts("forbid_voice")
    await school.mentor.presses("Photos")
    photo, document, card = (await school.mentor.from_bot())[-3:]
    assert "photo" in photo
    assert ("voice.ogg", 13) == (document["document"]["file_name"], document["document"]["file_size"])
    assert "2 photos and files" in card["text"]
    await school.mentor.presses("Approve", card)
    await world.move(seconds=61)
    assert "Ms Li approved your log" in await ann.reads()


async def test_a_full_log_says_so_before_it_is_tried(world, ann):
    """At ten files the question says that there is no room."""
    await ann.sends("/log")
    await ann.sends("I measured blood pressure.")
    await ann.presses("Photos")
    assert "10 more photos" in await ann.reads()
    await ann.acts("photo", count=9)
    assert "1 more photo, file or voice note fits" in await ann.reads()
    await ann.acts("voice")
    assert "All 10 places" in await ann.reads()


async def test_what_of_an_album_does_not_fit_is_said_once(world, ann):
    """The photos that fit are in the log; the others make no card each."""
    await ann.sends("/log")
    await ann.sends("I measured blood pressure.")
    await ann.acts("photo", count=8)
    before = len(await ann.from_bot())
    await ann.acts("photo", count=5)
    assert 10 == len((await log_of(world, ann)).files)
    assert "10 photos, files and voice notes already" in await ann.reads()
    assert before == len(await ann.from_bot())


async def test_a_moment_of_last_week_has_no_wrong_day(world, ann):
    """What is added to last week's log afterwards goes in without a day."""
    await world.move(days=8)
    await ann.sends("/log")
    await ann.presses("Other weeks")
    await ann.presses("Week 1 ")
    await ann.sends("I measured blood pressure.")
    for button in ("Next: problems", "Next: plan", "Next: hours", "38 h"):
        await ann.presses(button)
    await ann.sends("Afterwards.")
    await ann.presses("To the log")
    await ann.presses("1 moment this week")
    assert "I measured blood pressure.\nAfterwards." == (await log_of(world, ann)).sections[Section.DONE]
