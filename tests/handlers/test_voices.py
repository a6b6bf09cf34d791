"""Voice notes of a reviewer: on one section or the whole log, heard before the decision and with the answer."""

from __future__ import annotations

import asyncio
import base64

import pytest

from tests.handed_in import hand_in, settle, state_of, take_back
from tests.handlers.test_mydata import parcel, rows_in
from tests.people import make_school

OGG = base64.b64encode(b"OggS and more").decode()


@pytest.fixture
async def school(world):
    return await make_school(world)


async def heard(person) -> list[tuple[int, str]]:
    """The voice notes that the bot sent somebody, by their seconds and what stands under each."""
    return [(m["voice"]["duration"], m.get("caption", "")) for m in await person.from_bot() if "voice" in m]


async def kept(world) -> list[tuple[str, int]]:
    rows = await world.database.read(lambda tx: tx.all("SELECT section, seconds FROM voices ORDER BY section"))
    return [(row["section"], row["seconds"]) for row in rows]


@pytest.mark.parametrize(
    ("language", "remarks", "limit", "part", "give_back", "reason", "says", "under", "change", "listen"),
    [
        (
            "en",
            "Remarks",
            "up to 5 minutes",
            "What I learned",
            "Return",
            "see the remarks",
            ["“Please see the remarks.”", "🏷 Safety first", "🎤 What I learned: voice note, 0:42"],
            "🎤 Ms Li · week 1 · What I learned",
            "✓ 6 characters\n🎤 Voice note, 0:42",
            "Listen (1)",
        ),
        (
            "zh",
            "批注",
            "最长5分钟",
            "学到什么",
            "退回",
            "请看批注",
            ["“请看批注”", "🏷 安全第一", "🎤 学到什么：语音（0:42）"],
            "🎤 Ms Li · 第1周 · 学到什么",
            "6字\n🎤 语音（0:42）",
            "听语音（1条）",
        ),
    ],
)
async def test_one_section_is_answered_by_voice(
    world, language, remarks, limit, part, give_back, reason, says, under, change, listen
):
    """The student hears it with the answer and finds it at its section; one press plays it again."""
    school = await make_school(world, language=language)
    ming, mentor = await school.placed("Ming", "1", language), school.mentor
    log_id = await hand_in(world, ming, learned="Cuffs.")
    await mentor.presses(remarks)
    assert limit in await mentor.reads()
    await mentor.presses("Safety first" if language == "en" else "安全第一")
    await mentor.presses(part)
    assert limit in await mentor.reads()
    await mentor.acts("voice", duration=42)
    assert says[-1] in await mentor.reads()
    await mentor.presses(listen)
    assert [(42, under)] == await heard(mentor)
    await mentor.presses("Back to the log" if language == "en" else "看周志")
    await mentor.presses(give_back)
    await mentor.presses(reason)
    assert ("returned", 1) == await state_of(world, log_id)
    assert [] == [words for words in says if words not in await ming.reads()]
    assert [(42, under)] == await heard(ming)
    await ming.presses("✏️")
    assert change in await ming.reads()
    await ming.presses(listen)
    assert [(42, under)] * 2 == await heard(ming)


async def test_a_voice_note_alone_still_leaves_words(world, school):
    """Said while a reason is asked for, it is kept; one press gives the words that the student reads beside it."""
    ming, mentor = await school.placed("Ming", "1"), school.mentor
    log_id = await hand_in(world, ming)
    await mentor.presses("Return")
    assert "say it (up to 5 minutes)" in await mentor.reads()
    await mentor.acts("voice", duration=65)
    assert ("submitted", 0) == await state_of(world, log_id)
    assert "Your voice note goes with it. Now press the words that Ming reads" in await mentor.reads()
    assert "Please listen to the voice note." == (await mentor.buttons())[0]
    assert "Please see the remarks." not in await mentor.buttons()
    await mentor.presses("Please listen to the voice note.")
    assert ("returned", 1) == await state_of(world, log_id)
    assert "“Please listen to the voice note.”\n\n🎤 Voice note, 1:05" in await ming.reads()
    assert [(65, "🎤 Ms Li · week 1")] == await heard(ming)


async def test_what_was_said_is_there_after_back(world, school):
    """The question left, and another decision made: the voice note goes with that one."""
    ming, mentor = await school.placed("小明", "1", "zh"), school.mentor
    await hand_in(world, ming)
    await mentor.presses("Return")
    await mentor.acts("voice", duration=8)
    await mentor.presses("Back")
    assert "Goes with your answer:\n🎤 Voice note, 0:08" in await mentor.reads()
    await world.restart()
    await mentor.presses("Needs info")
    await mentor.presses("Please listen")
    assert "“请听语音（Please listen to the voice note.）”" in await ming.reads()
    assert [(8, "🎤 Ms Li · 第1周")] == await heard(ming)


async def test_no_voice_note_no_such_reason(world, school):
    """A button that somebody kept from before does nothing once the voice note was taken out."""
    ming, mentor = await school.placed("Ming", "1"), school.mentor
    log_id = await hand_in(world, ming)
    await mentor.presses("Return")
    await mentor.acts("voice", duration=8)
    card = await mentor.card()
    await mentor.presses("Listen")
    await mentor.presses("🗑 🧾 The whole log · 0:08")
    assert "Please listen to the voice note." not in await mentor.buttons()
    await mentor.presses("Please listen", card)
    assert "out of date" in await mentor.toast()
    assert ("submitted", 0) == await state_of(world, log_id)


async def test_a_reply_by_voice_is_a_remark(world, school):
    """The bot asks which part it is about; the whole log is one of them."""
    ming, hong, mentor = await school.placed("Ming", "1"), await school.placed("Hong", "2"), school.mentor
    await hand_in(world, ming, learned="Cuffs.")
    mings = (await mentor.card())["message_id"]
    await hand_in(world, hong)
    await mentor.acts("voice", duration=30, reply_to_message_id=mings)
    assert "🎤 Voice note, 0:30\nWhich part is this about?" in await mentor.reads()
    card = await mentor.card()
    assert ["💬 What I did", "💬 What I learned", "🧾 The whole log", "✖ Not a remark"] == await mentor.buttons()
    await mentor.presses("What I learned")
    assert "🎤 What I learned: voice note, 0:30" in await mentor.reads()
    await mentor.presses("The whole log", card)
    assert "out of date" in await mentor.toast()
    again = (await mentor.card())["message_id"]
    await mentor.acts("voice", duration=31, reply_to_message_id=again, caption="And <b>this</b>")
    await mentor.presses("The whole log")
    assert "🎤 Voice note, 0:31 “And <b>this</b>”" in await mentor.reads()
    await mentor.presses("Approve")
    await world.move(seconds=61)
    assert [(31, "🎤 Ms Li · week 1"), (30, "🎤 Ms Li · week 1 · What I learned")] == await heard(ming)
    assert "🎤 Voice note, 0:31 “And <b>this</b>”" in await ming.reads()
    assert [] == await heard(hong)


async def test_somebody_just_talks(world, school):
    """A voice note after the pushed card is taken to be about it; what about is asked, and no is an answer."""
    ming, mentor = await school.placed("Ming", "1"), school.mentor
    await hand_in(world, ming)
    await mentor.acts("voice", duration=30)
    assert "Ming" in await mentor.reads()
    assert "Which part is this about?" in await mentor.reads()
    await mentor.presses("Not a remark")
    await mentor.presses("Back")
    assert "Goes with" not in await mentor.reads()
    await mentor.presses("Approve")
    await mentor.presses("Done")
    await mentor.acts("voice", duration=30)
    assert "To answer a log by voice, reply to its card" in await mentor.reads()
    assert [] == await kept(world)


async def test_a_second_voice_note_replaces_the_first(world, school):
    """It says so; words beside it stay; the remark is taken out as a whole."""
    ming, mentor = await school.placed("Ming", "1"), school.mentor
    await hand_in(world, ming)
    await mentor.presses("Remarks")
    await mentor.presses("💬 What I did")
    await mentor.sends("All six?")
    await mentor.presses("✏️ What I did")
    await mentor.acts("voice", duration=10)
    assert "takes the place" not in await mentor.reads()
    assert "💬 What I did: “All six?”\n🎤 What I did: voice note, 0:10" in await mentor.reads()
    await mentor.presses("✏️ What I did")
    await mentor.acts("voice", duration=11)
    assert "takes the place of the earlier one" in await mentor.reads()
    assert [("done", 11)] == await kept(world)
    await mentor.presses("Listen")
    await mentor.presses("🗑 What I did · 0:11")
    assert "💬 What I did: “All six?”" in await mentor.reads()
    assert "🎤" not in await mentor.reads()
    await mentor.presses("✏️ What I did")
    await mentor.acts("voice", duration=12)
    await mentor.presses("✏️ What I did")
    await mentor.presses("Take this remark out")
    assert [] == await kept(world)
    assert "Goes with your answer" not in await mentor.reads()


@pytest.mark.parametrize(
    ("language", "press", "says"),
    [("en", "Remarks", "lasts 60:00. An answer may last 5 minutes"), ("zh", "批注", "长60:00，批阅用的语音最长5分钟")],
)
async def test_a_voice_note_of_an_hour_is_refused(world, language, press, says):
    """Clearly, wherever one can talk; nothing is kept and the question stands."""
    school = await make_school(world, language=language)
    ming, mentor = await school.placed("Ming", "1", language), school.mentor
    await hand_in(world, ming)
    card = await mentor.card()
    await mentor.presses(press)
    for more in ({}, {"reply_to_message_id": card["message_id"]}):
        await mentor.acts("voice", duration=3600, size=14_400_000, **more)
        assert says in await mentor.reads()
    await mentor.acts("voice", duration=300, size=20_000_001)
    assert "20 MB" in await mentor.reads()
    assert [] == await kept(world)
    (row,) = await world.database.read(lambda tx: tx.all("SELECT count(*) AS n FROM files"))
    assert 0 == row["n"]
    await mentor.acts("voice", duration=300)
    assert "5:00" in await mentor.reads()


async def test_only_words_open_a_log_again(world, school):
    """A voice note is refused there with what to do instead."""
    ming, boss = await school.placed("Ming", "1"), school.coordinator
    log_id = await hand_in(world, ming)
    await school.mentor.presses("Approve")
    await school.mentor.presses("Done")
    await boss.acts("press", message_id=(await boss.card())["message_id"], data=f"review.open:{log_id}:0:", force=True)
    await boss.presses("Open it again")
    await boss.acts("voice", duration=5)
    assert "has to be readable. Press a reason, or type one." in await boss.reads()
    assert ("approved", 1) == await state_of(world, log_id)


# --- with an approval -------------------------------------------------------------------------------------------


async def test_a_word_by_voice_goes_with_the_approval(world, school):
    """Within the minute it makes one message of both, and a written word can still follow."""
    ming, mentor = await school.placed("Ming", "1"), school.mentor
    await hand_in(world, ming)
    await mentor.presses("Approve")
    assert "Just write it, or say it (up to 5 minutes)" in await mentor.reads()
    await mentor.acts("voice", duration=9)
    assert "✅ Ms Li approved your log.\nWeek 1 · 16–22 Nov\n\n🎤 Voice note, 0:09" == await ming.reads()
    assert [(9, "🎤 Ms Li · week 1")] == await heard(ming)
    await mentor.presses("Add a word")
    await mentor.sends("Go on like this.")
    assert "“Go on like this.”" in await ming.reads()
    assert [(9, "🎤 Ms Li · week 1")] == await heard(ming)
    await ming.presses("Listen (1)")
    assert [(9, "🎤 Ms Li · week 1")] * 2 == await heard(ming)


async def test_a_word_by_voice_follows_the_answer(world, school):
    """After the minute it comes as a message of its own; after a quarter of an hour the mentor is asked first."""
    ming, mentor = await school.placed("Ming", "1"), school.mentor
    await hand_in(world, ming)
    await mentor.presses("Approve")
    await world.move(seconds=61)
    assert [] == await heard(ming)
    await mentor.acts("voice", duration=9)
    assert [9] == [seconds for seconds, _ in await heard(ming)]
    await mentor.presses("Add a word")
    await world.move(minutes=20)
    await mentor.acts("voice", duration=10)
    assert "Is this voice note (0:10) for Ming?" in await mentor.reads()
    await mentor.presses("No")
    assert [9] == [seconds for seconds, _ in await heard(ming)]
    assert [("", 9)] == await kept(world)


async def test_a_late_word_by_voice_is_sent_after_a_question(world, school):
    """Yes sends it."""
    ming, mentor = await school.placed("Ming", "1"), school.mentor
    await hand_in(world, ming)
    await mentor.presses("Approve")
    await world.move(minutes=20)
    await mentor.acts("voice", duration=10)
    await mentor.presses("Yes, send it")
    assert [10] == [seconds for seconds, _ in await heard(ming)]
    assert "🎤 Voice note, 0:10" in await ming.reads()


async def test_a_section_by_voice_after_the_answer_makes_no_sound(world, school):
    """It is edited into the message that the student has, with a button that plays it."""
    ming, mentor = await school.placed("Ming", "1"), school.mentor
    await hand_in(world, ming)
    await mentor.presses("Approve")
    await world.move(minutes=2)
    before = len(await ming.from_bot())
    await mentor.presses("Remarks")
    await mentor.presses("💬 What I did")
    await mentor.acts("voice", duration=9)
    await settle(world)
    assert before == len(await ming.from_bot())
    assert "🎤 What I did: voice note, 0:09" in await ming.reads()
    await ming.presses("Listen (1)")
    assert [(9, "🎤 Ms Li · week 1 · What I did")] == await heard(ming)


async def test_undo_keeps_what_was_said(world, school):
    """And the student hears nothing of it before the next decision."""
    ming, mentor = await school.placed("Ming", "1"), school.mentor
    await hand_in(world, ming)
    await mentor.presses("Remarks")
    await mentor.presses("💬 What I did")
    await mentor.acts("voice", duration=9)
    await mentor.presses("Approve")
    await mentor.presses("Undo")
    assert "Goes with your answer:\n🎤 What I did: voice note, 0:09" in await mentor.reads()
    await world.move(minutes=2)
    assert [] == await heard(ming)


# --- meanwhile --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["section", "reason", "reply"])
async def test_the_student_takes_the_log_back_while_the_mentor_talks(world, school, step):
    """Nobody hears it, the mentor is told so, and nothing is kept of it."""
    ming, mentor = await school.placed("Ming", "1"), school.mentor
    log_id = await hand_in(world, ming)
    card = (await mentor.card())["message_id"]
    if step == "section":
        await mentor.presses("Remarks")
        await mentor.presses("What I did")
    elif step == "reason":
        await mentor.presses("Return")
    await take_back(world, ming, log_id, tell=False)
    await mentor.acts("voice", duration=9, **({"reply_to_message_id": card} if step == "reply" else {}))
    assert "not sent to anyone" in await mentor.reads()
    assert [] == await kept(world)


async def test_what_was_said_waits_for_the_log_to_come_again(world, school):
    """As written remarks do."""
    ming, mentor = await school.placed("Ming", "1"), school.mentor
    log_id = await hand_in(world, ming)
    await mentor.presses("Remarks")
    await mentor.presses("💬 What I did")
    await mentor.acts("voice", duration=9)
    await take_back(world, ming, log_id)
    await hand_in(world, ming, "More of it.")
    assert "Goes with your answer:\n🎤 What I did: voice note, 0:09" in await mentor.reads()


async def test_a_log_that_comes_again_has_what_was_said_beside_it(world, school):
    """The mentor hears it again, with whose it is; the student still has it in the history."""
    ming, mentor = await school.placed("Ming", "1"), school.mentor
    log_id = await hand_in(world, ming)
    await mentor.presses("Return")
    await mentor.acts("voice", duration=9)
    await mentor.presses("Please listen")
    await hand_in(world, ming, "More of it.")
    assert "🎤 Voice note, 0:09" in await mentor.reads()
    await mentor.presses("Listen (1)")
    assert [(9, "🎤 Ms Li · week 1")] == await heard(mentor)
    assert [] == [label for label in await mentor.buttons() if "🗑" in label]
    await ming.acts("press", message_id=(await ming.card())["message_id"], data=f"log.hear:{log_id}:0:", force=True)
    assert [9, 9] == [seconds for seconds, _ in await heard(ming)]


async def test_nobody_else_hears_it(world, school):
    """Neither another reviewer before the decision, nor the student, nor anybody by the button of another."""
    ming, hong, mentor = await school.placed("Ming", "1"), await school.placed("Hong", "2"), school.mentor
    other = await school.add_mentor("Ms Xu")
    log_id = await hand_in(world, ming)
    await mentor.presses("Remarks")
    await mentor.presses("💬 What I did")
    await mentor.acts("voice", duration=9)
    for person, data in (
        (school.coordinator, f"review.hear:{log_id}:0:"),
        (other, f"review.hear:{log_id}:0:"),
        (ming, f"log.hear:{log_id}:0:"),
        (hong, f"log.hear:{log_id}:0:"),
    ):
        await person.acts("press", message_id=(await person.card())["message_id"], data=data, force=True)
        assert [] == await heard(person)
    await mentor.presses("Approve")
    await world.move(seconds=61)
    for person, number in ((school.coordinator, 1), (other, 0), (hong, 0)):
        verb = "log" if person is hong else "review"
        data = f"{verb}.hear:{log_id}:0:"
        await person.acts("press", message_id=(await person.card())["message_id"], data=data, force=True)
        assert number == len(await heard(person))


async def test_whoever_lets_no_voice_through_gets_files(world, school):
    """The answer comes all the same, each recording as a file that plays, with what it is about under it."""
    ming, mentor = await school.placed("Ming", "1"), school.mentor
    await hand_in(world, ming)
    await ming.acts("forbid_voice")
    await mentor.presses("Return")
    await mentor.acts("voice", duration=9, content_base64=OGG)
    await mentor.presses("Please listen")
    document, card = (await ming.from_bot())[-2:]
    assert ("voice.ogg", 13) == (document["document"]["file_name"], document["document"]["file_size"])
    assert "🎤 Ms Li · week 1" == document["caption"]
    assert "sent your log back" in card["text"]


async def copied(world):
    """The one file that there is, when its copy is in the folder."""
    for _ in range(500):
        (row,) = await world.database.read(lambda tx: tx.all("SELECT sha256, kind FROM files"))
        if row["sha256"]:
            return row
        await asyncio.sleep(0.01)
    raise AssertionError("no copy was made")


async def test_the_copy_is_kept(world, school):
    """By its SHA-256 like every file, since Telegram's own dies with the bot."""
    ming, mentor = await school.placed("Ming", "1"), school.mentor
    await hand_in(world, ming)
    await mentor.acts("voice", duration=9, content_base64=OGG)
    row = await copied(world)
    assert b"OggS and more" == (world.settings.files / row["sha256"][:2] / row["sha256"]).read_bytes()
    assert "voice" == row["kind"]


async def test_a_student_gets_what_was_said_to_them(world, school):
    """With everything else that is kept about them, and nobody else's student does."""
    ming, hong, mentor = await school.placed("Ming", "1"), await school.placed("Hong", "2"), school.mentor
    await hand_in(world, ming)
    await mentor.acts("voice", duration=9, content_base64=OGG)
    await mentor.presses("What I did")
    await copied(world)
    await mentor.presses("Approve")
    await world.move(seconds=61)
    for person, record in ((ming, "voices"), (mentor, "voices_given"), (hong, "")):
        await person.sends("/mydata")
        archive = await parcel(person)
        rows = rows_in(archive)
        said = [(row["reviewer_id"], row["section"], row["seconds"]) for row in rows[record]] if record else []
        assert ([("Ms Li", "done", 9)] if record else []) == said
        assert (["files/000001.ogg"] if record else []) == [name for name in archive.namelist() if "ogg" in name]
        if record:
            assert b"OggS and more" == archive.read("files/000001.ogg")
        assert (person is ming) is ('href="files/000001.ogg"' in archive.read("page.html").decode()) or person is mentor
