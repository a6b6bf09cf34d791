"""The log template of a class: chosen by its coordinators in the chat, and what becomes of it in the students' logs."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from zipfile import ZipFile

import pytest

from domain.logs import LogState, Section
from domain.templates import USUAL, Asked, Question
from storage import logs, moments
from tests.links import add_coordinator, rows
from tests.people import make_school
from tests.templates import ASKS_RULE, RULE, set_template

ENGLISH, CHINESE = "en", "zh-hans"
BOTH = pytest.mark.parametrize("language", [ENGLISH, CHINESE])
SAYS = {
    ENGLISH: {
        "door": "What the log asks",
        "usual": "1. What I did – required\n2. What I learned – optional",
        "add": "Ask a question of your own",
        "how": "Must it be answered",
        "required": "Required",
        "save": "Ask it",
        "line": f"5. {RULE} – required",
        "holds": "Holds from 23 Nov 2026 on.",
        "toast": "Saved. It holds from 23 Nov on.",
        "learned": "What I learned",
        "out": "Leave it out",
        "not_asked": "Not asked: What I learned",
        "done": "What I did",
        "least": "200 characters",
        "at_least": "1. What I did – at least 200 characters",
        "photos": "Photos",
        "two": "at least 2",
        "two_photos": "At least 2 photos",
        "preview": "As students see it",
        "empty": "1. What I did – at least 200 characters",
        "asks": "What did you do this week?",
        "no_photos_yet": "0 of at least 2 photos",
        "undo": "Take the change back",
        "as_before": "It stays as it is asked now",
        "stale": "out of date",
        "back": "◀ Back",
    },
    CHINESE: {
        "door": "周志模板",
        "usual": "1. 做了什么 – 必填\n2. 学到什么 – 选填",
        "add": "加一个自己的问题",
        "how": "必须回答才能提交吗",
        "required": "必填",
        "save": "保存问题",
        "line": f"5. {RULE} – 必填",
        "holds": "从2026年11月23日那一周起生效。",
        "toast": "已保存，从11月23日那一周起生效。",
        "learned": "学到什么",
        "out": "不要这一项",
        "not_asked": "不要求：学到什么",
        "done": "做了什么",
        "least": "200字",
        "at_least": "1. 做了什么 – 至少200字",
        "photos": "照片",
        "two": "至少2张",
        "two_photos": "至少2张照片",
        "preview": "学生看到的样子",
        "empty": "1. 做了什么 – 至少200字",
        "asks": "这周做了什么？",
        "no_photos_yet": "照片已有0张，至少2张",
        "undo": "撤回这次修改",
        "as_before": "和现在一样",
        "stale": "",
        "back": "◀ 返回",
    },
}


@pytest.fixture
async def school(world):
    return await make_school(world)


async def open_template(boss, said=SAYS[ENGLISH]):
    await boss.sends("/classes")
    await boss.presses("Nursing 2301")
    await boss.presses(said["door"])


async def ask_own(boss, words=RULE, said=SAYS[ENGLISH]):
    await open_template(boss, said)
    await boss.presses(said["add"])
    await boss.sends(words)
    await boss.presses(said["required"])
    await boss.presses(said["save"])


async def newest(world, school):
    (row,) = await rows(world, "SELECT max(number) AS n FROM templates WHERE class_id = :id", id=school.class_id)
    return row["n"] or 0


async def log_of(world, student):
    mine = await world.database.read(lambda tx: logs.of_person(tx, student.id))
    return await world.database.read(lambda tx: logs.for_student(tx, mine[0].id, student.id))


# --- by the coordinator -----------------------------------------------------------------------------------------


@BOTH
async def test_a_coordinator_asks_a_question_of_the_classs_own(world, language):
    """Three presses and a message; the card says what is asked, and from when on."""
    school, said = await make_school(world, language=language), SAYS[language]
    boss = school.coordinator
    await open_template(boss, said)
    assert said["usual"] in await boss.reads()
    assert said["undo"] not in "".join(await boss.buttons())
    await boss.presses(said["add"])
    await boss.sends(RULE)
    assert said["how"] in await boss.reads()
    await boss.presses(said["required"])
    await boss.presses(said["save"])
    assert said["toast"] == await boss.toast()
    assert said["line"] in await boss.reads()
    assert said["holds"] in await boss.reads()
    assert [{"act": "template_changed", "subject_id": school.class_id}] == await rows(
        world, "SELECT act, subject_id FROM acts"
    )


@BOTH
async def test_parts_lengths_and_photos_are_chosen_and_seen_as_students_will(world, language):
    """A part is left out, what was done gets a least length, photos are asked for; the preview shows all of it."""
    school, said = await make_school(world, language=language), SAYS[language]
    boss = school.coordinator
    await open_template(boss, said)
    for part, way in (("learned", "out"), ("done", "least"), ("photos", "two")):
        await boss.presses(said[part])
        await boss.presses(said[way])
    for line in ("not_asked", "at_least", "two_photos"):
        assert said[line] in await boss.reads()
    await boss.presses(said["preview"])
    for line in ("empty", "asks", "no_photos_yet"):
        assert said[line] in await boss.reads()
    assert said["learned"] not in await boss.reads()
    await boss.presses(said["back"])
    await boss.presses(said["done"])
    assert f"✓ {said['least']}" in await boss.buttons()


@BOTH
async def test_a_change_is_taken_back(world, language):
    """One press, and a second one on the old card changes nothing; so does changing it back by hand."""
    school, said = await make_school(world, language=language), SAYS[language]
    boss = school.coordinator
    await open_template(boss, said)
    await boss.presses(said["learned"])
    await boss.presses(said["out"])
    old = await boss.card()
    await boss.presses(said["undo"])
    assert said["as_before"] in await boss.toast()
    assert said["usual"] in await boss.reads()
    assert said["undo"] not in "".join(await boss.buttons())
    await boss.presses(said["undo"], old)
    assert said["stale"] in await boss.toast()
    assert 2 == await newest(world, school)


async def test_what_is_pressed_twice_is_changed_once(world, school):
    """The second press finds a newer version and shows it; choosing what is chosen writes none."""
    boss = school.coordinator
    await open_template(boss)
    await boss.presses("What I learned")
    old = await boss.card()
    await boss.presses("Required")
    await boss.presses("Required", old)
    assert "out of date" in await boss.toast()
    assert "2. What I learned – required" in await boss.reads()
    await boss.presses("What I learned")
    await boss.presses("✓ Required")
    assert 1 == await newest(world, school)


async def test_two_coordinators_do_not_undo_each_other(world, school):
    """Whose card is older is shown how it is; a question is put beside whatever a colleague asked meanwhile."""
    boss, colleague = school.coordinator, await add_coordinator(world, school, "Mr Chen")
    await open_template(boss)
    await boss.presses("What I learned")
    await open_template(colleague)
    await colleague.presses("Ask a question of your own")
    await colleague.sends("What did you laugh about?")
    await colleague.presses("Optional")
    await boss.presses("Leave it out")
    await boss.presses("Problems")
    await colleague.presses("Ask it")
    assert "Not asked: What I learned" in await colleague.reads()
    assert "What did you laugh about? – optional" in await colleague.reads()
    await boss.presses("Required")
    assert "out of date" in await boss.toast()
    assert "What did you laugh about?" in await boss.reads()
    assert "2. Problems and questions – optional" in await boss.reads()


async def test_words_of_a_question_are_changed_unless_a_colleague_did(world, school):
    """The new words take the place of the old ones; of two who change them at once the second is told."""
    boss, colleague = school.coordinator, await add_coordinator(world, school, "Mr Chen")
    await ask_own(boss)
    for phone, words in ((boss, "Which rule did you need?"), (colleague, "Which rule was new?")):
        await open_template(phone)
        await phone.presses("❓")
        assert f"“{RULE}”" in await phone.reads()
        await phone.presses("Change the words")
        await phone.sends(words)
    await boss.presses("Ask it")
    assert "5. Which rule did you need? – required" in await boss.reads()
    await colleague.presses("Ask it")
    assert "A colleague has changed or taken out this question" in await colleague.toast()
    assert "Which rule was new?" in await colleague.reads()
    await colleague.presses("Cancel")
    assert "Which rule did you need?" in await colleague.reads()


async def test_a_question_is_optional_or_taken_out(world, school):
    """One press each; a part that is gone shows the whole."""
    boss = school.coordinator
    await ask_own(boss)
    await boss.presses("❓")
    old = await boss.card()
    await boss.presses("Optional")
    assert f"5. {RULE} – optional" in await boss.reads()
    await boss.presses("❓")
    await boss.presses("Take it out")
    assert RULE not in await boss.reads()
    await boss.presses("Change the words", old)
    assert "out of date" in await boss.toast()


async def test_three_questions_fit(world, school):
    """Then no further one is offered, and one that was begun meanwhile is kept in its form."""
    boss, colleague = school.coordinator, await add_coordinator(world, school, "Mr Chen")
    for number in (1, 2):
        await ask_own(boss, f"Question {number}?")
    await open_template(colleague)
    await colleague.presses("Ask a question of your own")
    await colleague.sends("One more?")
    await colleague.presses("Required")
    await ask_own(boss, "Question 3?")
    assert "➕ Ask a question of your own" not in await boss.buttons()
    await colleague.presses("Ask it")
    assert "takes 3 questions of your own" in await colleague.toast()
    assert "One more?" in await colleague.reads()


@pytest.mark.parametrize(("words", "says"), [("x" * 121, "at most 120"), ("?", "at least 2"), ("\u200b", "empty")])
async def test_what_is_no_question_is_refused(world, school, words, says):
    """The form stays, and so does it after a restart."""
    boss = school.coordinator
    await open_template(boss)
    await boss.presses("Ask a question of your own")
    await boss.sends(words)
    assert says in await boss.reads()
    await world.restart()
    await boss.sends("Which <b>rule</b> & why?")
    await boss.presses("Required")
    await boss.presses("Ask it")
    assert "5. Which <b>rule</b> & why? – required" in await boss.reads()
    await boss.presses("As students see it")
    assert "Which <b>rule</b> & why?" in await boss.reads()


async def test_a_question_that_was_begun_is_gone_on_with(world, school):
    """What was typed is not lost by looking at something else."""
    boss = school.coordinator
    await open_template(boss)
    await boss.presses("Ask a question of your own")
    await boss.sends(RULE)
    await open_template(boss)
    await boss.presses("Ask a question of your own")
    assert RULE in await boss.reads()
    await boss.presses("Optional")
    await boss.presses("Ask it")
    assert f"5. {RULE} – optional" in await boss.reads()


async def test_no_photos_are_asked_for_where_none_are_taken(world, school):
    """The card says so, and there is nothing to choose."""
    boss = school.coordinator
    await set_template(world, school, replace(USUAL, photos=1))
    await world.database.transaction(lambda tx: tx.run("UPDATE classes SET photos_allowed = FALSE"))
    await open_template(boss)
    assert "switched off for this class" in await boss.reads()
    await boss.presses("📷 Photos")
    assert ["◀ Back"] == await boss.buttons()


async def test_the_class_says_what_its_log_asks(world, school):
    """On its card, as it holds this week."""
    await set_template(world, school, replace(ASKS_RULE, least=120))
    await school.coordinator.sends("/classes")
    await school.coordinator.presses("Nursing 2301")
    assert "Weekly log: at least 120 characters of “what I did”" in await school.coordinator.reads()
    assert "1 question of your own" in await school.coordinator.reads()


# --- in the students' logs --------------------------------------------------------------------------------------


async def test_a_change_never_reaches_a_log_that_was_begun(world, school):
    """It holds from the next week on: neither this week's log, begun or opened later, nor anything in it changes."""
    ann, bob = await school.placed("Ann", "1"), await school.placed("Bob", "2")
    await ann.sends("/log")
    await ask_own(school.coordinator)
    await ann.sends("I measured blood pressure.")
    assert "📨 Hand it in" in await ann.buttons()
    await world.move(days=7)
    await ann.presses("Hand it in")
    assert LogState.SUBMITTED is (await log_of(world, ann)).state
    await bob.sends("/log")
    assert f"5. {RULE} –" in await bob.reads()
    await bob.presses("Other weeks")
    await bob.presses("Week 1")
    assert RULE not in await bob.reads()


@pytest.mark.parametrize(
    ("language", "reads", "first", "submit", "next_one"),
    [
        (
            ENGLISH,
            "Before you can hand it in: Which safety rule did you n…",
            "📨 First: Which safety",
            "📨 Hand it in",
            "▶️ Next: Which safety",
        ),
        (
            CHINESE,
            "提交前还要补上：Which safety rule did you n…",
            "📨 先补：Which safety",
            "📨 提交",
            "▶️ 下一项：Which safety",
        ),
    ],
)
async def test_an_own_question_is_a_part_like_others(world, language, reads, first, submit, next_one):
    """It is asked in its turn, said to lack, written, edited by editing the message, changed, handed in."""
    school = await make_school(world, language=language)
    await set_template(world, school, ASKS_RULE)
    ming = await school.placed("Ming", "1", language)
    await ming.sends("/log")
    await ming.sends("I measured blood pressure.")
    assert reads in await ming.reads()
    assert submit not in await ming.buttons()
    assert any(label.startswith(first) for label in await ming.buttons())
    for _part in ("learned", "problems"):
        await ming.sends("Much.")
    assert any(label.startswith(next_one) for label in await ming.buttons())
    assert not any(label.startswith(first) for label in await ming.buttons())
    await ming.sends("A plan.")
    assert RULE in await ming.reads()
    message = await ming.sends("Lock out, then wrok.")
    await ming.acts("edit", message_id=message, text="Lock out, then work.")
    assert "Lock out, then work." == (await log_of(world, ming)).sections[Section.EXTRA1]
    await ming.presses(submit)
    assert LogState.SUBMITTED is (await log_of(world, ming)).state


async def test_a_remark_on_an_own_answer_and_its_difference(world, school):
    """The mentor remarks on it, the student reads that at the question, and only what changed comes back."""
    await set_template(world, school, ASKS_RULE)
    ann, mentor = await school.placed("Ann", "1"), school.mentor
    await ann.sends("/log")
    for text in ("I measured blood pressure.", "The cuff.", "Why?", "More."):
        await ann.sends(text)
    await ann.sends("Wash your hands.")
    await ann.presses("Hand it in")
    assert f"{RULE}\nWash your hands." in await mentor.reads()
    await mentor.presses("Remarks")
    await mentor.presses("💬 Which safety")
    assert f"“{RULE}”" in await mentor.reads()
    await mentor.sends("When?")
    await mentor.presses("Return")
    await mentor.presses("see the remarks")
    assert f"{RULE}: “When?”" in await ann.reads()
    await ann.presses("Change it")
    await ann.presses("Change")
    await ann.presses("Which safety")
    assert "“Wash your hands.”" in await ann.reads()
    await ann.sends("Wash your hands before each patient.")
    await ann.presses("Hand it in")
    assert f"{RULE}\nWash your hands" in await mentor.reads()
    assert "before each patient" in await mentor.reads()
    assert "Unchanged: What I did" in await mentor.reads()
    await mentor.presses("Approve")
    await world.move(minutes=2)
    await ann.sends("/feedback")
    assert f"{RULE}: “When?”" in await ann.reads()
    await ann.sends("/mydata")
    await world.settle()
    page = await page_of(ann)
    assert 3 <= page.count(RULE)
    assert "Wash your hands before each patient." in page


async def page_of(phone) -> str:
    """The page of the newest ZIP in a chat."""
    document = next(m["document"] for m in reversed(await phone.from_bot()) if "document" in m)
    url = f"{phone.telegram.url}/sim/files/{document['file_id']}"
    async with phone.telegram.session.get(url) as answer:
        return ZipFile(io.BytesIO(await answer.read())).read("page.html").decode()


@pytest.mark.parametrize(
    ("language", "short", "needed", "first", "submit"),
    [
        (
            ENGLISH,
            "✎ 10 of at least 20 characters",
            "What I did (10 more characters)",
            "📨 First: What I did",
            "📨 Hand it in",
        ),
        (CHINESE, "✎ 已写10字，至少20字", "做了什么（还差10字）", "📨 先补：做了什么", "📨 提交"),
    ],
)
async def test_a_text_that_is_too_short_says_by_how_much(world, language, short, needed, first, submit):
    """In its line and at the button, which leads to adding what is missing."""
    school = await make_school(world, language=language)
    await set_template(world, school, replace(USUAL, least=20))
    ming = await school.placed("Ming", "1", language)
    await ming.sends("/log")
    await ming.sends("Too short.")
    assert short in await ming.reads()
    assert needed in await ming.reads()
    assert submit not in await ming.buttons()
    await ming.presses(first)
    await ming.sends("But now it is enough.")
    assert "Too short.\nBut now it is enough." == (await log_of(world, ming)).sections[Section.DONE]
    assert submit in await ming.buttons()


async def test_what_lacks_is_also_said_to_whoever_presses_an_old_button(world, school):
    """A button of the version that is shown, made up or from a restart's middle, refuses with what comes first."""
    await set_template(world, school, replace(USUAL, least=20))
    ann = await school.placed("Ann", "1")
    await ann.sends("/log")
    await ann.sends("Too short.")
    log = await log_of(world, ann)
    card = await ann.card()
    await ann.acts("press", message_id=card["message_id"], data=f"log.submit:{log.id}:{log.version}:", force=True)
    assert "Before you can hand it in: What I did (10 more characters)." == await ann.toast()
    assert LogState.DRAFT is (await log_of(world, ann)).state


@pytest.mark.parametrize(
    ("language", "line", "first", "hours", "submit", "next_one"),
    [
        (ENGLISH, "📷 0 of at least 2 photos", "📨 First: 2 more photos", "38 h", "📨 Hand it in", "▶️ Next: photos"),
        (CHINESE, "照片已有0张，至少2张", "📨 先补：照片（还差2张）", "38小时", "📨 提交", "▶️ 下一项：照片"),
    ],
)
async def test_photos_that_must_be_are_asked_for(world, language, line, first, hours, submit, next_one):
    """Said in the form and at the button; asked for behind the hours; a document is none."""
    school = await make_school(world, language=language)
    await set_template(world, school, replace(USUAL, photos=2))
    ming = await school.placed("Ming", "1", language)
    await ming.sends("/log")
    assert line in await ming.reads()
    await ming.sends("I measured blood pressure.")
    assert first in await ming.buttons()
    for _part in ("learned", "problems", "plan"):
        await ming.sends("Much.")
    assert next_one in await ming.buttons()
    await ming.presses(hours)
    await ming.acts("document", file_name="plan.pdf", mime_type="application/pdf")
    assert line in await ming.reads()
    await ming.acts("photo", count=2)
    assert line not in await ming.reads()
    await ming.presses(submit)
    assert LogState.SUBMITTED is (await log_of(world, ming)).state


async def test_photos_that_are_switched_off_are_not_wanted(world, school):
    """A log that was begun before can still be handed in."""
    await set_template(world, school, replace(USUAL, photos=2))
    ann = await school.placed("Ann", "1")
    await ann.sends("/log")
    await world.database.transaction(lambda tx: tx.run("UPDATE classes SET photos_allowed = FALSE"))
    await ann.sends("I measured blood pressure.")
    assert "📨 Hand it in" in await ann.buttons()
    assert "at least 2 photos" not in await ann.reads()


async def test_a_part_that_is_left_out_is_not_asked(world, school):
    """Neither in the form nor in its turn, and no moment can be put there; a required one has to be written."""
    left_out = USUAL.asking(Section.LEARNED, Asked.OUT).asking(Section.PLAN, Asked.REQUIRED)
    await set_template(world, school, left_out.with_question(Section.EXTRA1, Question(RULE, required=False)))
    ann = await school.placed("Ann", "1")
    await ann.sends("Wear gloves.")
    await ann.presses("Keep it for the log")
    assert "What I learned" not in await ann.buttons()
    kept = await ann.card()
    await ann.presses("Which safety")
    assert "Wear gloves." == (await log_of(world, ann)).sections[Section.EXTRA1]
    (moment,) = await rows(world, "SELECT id FROM moments")
    await world.database.transaction(lambda tx: tx.run("UPDATE moments SET state = 'saved'"))
    data = f"moment.put:{moment['id']}:0:learned"
    await ann.acts("press", message_id=kept["message_id"], data=data, force=True)
    assert "out of date" in await ann.toast()
    await ann.sends("/log")
    assert "learned" not in await ann.reads()
    await ann.sends("I measured blood pressure.")
    assert "Where did you get stuck?" in await ann.reads()
    assert "Before you can hand it in: Next week" in await ann.reads()
    assert "▶️ Next: plan for next week" in await ann.buttons()
    await ann.sends("Nowhere.")
    await ann.sends("Infusions.")
    assert "📨 Hand it in" in await ann.buttons()
    assert 1 == await world.database.read(lambda tx: moments.count_waiting(tx, ann.id))


async def test_a_log_takes_eight_thousand_characters(world, school):
    """With a fifth part it could become longer; what does not fit is refused whole, and an edit too."""
    await set_template(world, school, ASKS_RULE)
    ann = await school.placed("Ann", "1")
    await ann.sends("/log")
    for _part in ("done", "learned", "problems"):
        await ann.sends("x" * 2000)
    message = await ann.sends("x" * 1900)
    await ann.sends("y" * 101)
    assert "A log takes 8000 characters in all" in await ann.reads()
    assert Section.EXTRA1 not in (await log_of(world, ann)).sections
    await ann.sends("y" * 100)
    await ann.acts("edit", message_id=message, text="x" * 1901)
    assert 1900 == len((await log_of(world, ann)).sections[Section.PLAN])


async def test_a_withdrawn_log_keeps_its_template(world, school):
    """Also after the class has changed what it asks: a returned log is completed as it was begun."""
    await set_template(world, school, ASKS_RULE)
    ann = await school.placed("Ann", "1")
    await ann.sends("/log")
    for text in ("I measured blood pressure.", "The cuff.", "Why?", "More.", "Wash your hands."):
        await ann.sends(text)
    await ann.presses("Hand it in")
    await set_template(world, school, USUAL, valid_from=world.clock().date() + timedelta(days=7))
    await world.move(days=8)
    await ann.presses("Take it back")
    assert f"5. {RULE} ✓ 16 characters" in await ann.reads()
