"""The queue: what waits, oldest first, cleared with a press each; and the ways to a student's weeks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import placements
from tests.handed_in import hand_in, state_of
from tests.people import make_school

NAMES = ("Ada", "Bo", "Cai", "Dan", "Eva", "Fay")


@pytest.fixture
async def school(world):
    return await make_school(world)


async def some_logs(world, school, count: int) -> list[int]:
    """Logs of so many students, an hour apart, of which nobody was told."""
    made = []
    for number, name in enumerate(NAMES[:count]):
        student = await school.placed(name, str(number))
        made.append(await hand_in(world, student, push=False))
        world.clock.now += timedelta(hours=1)
    return made


async def presses_of(world, phone) -> int:
    return len((await phone.view())["callback_answers"])


async def test_five_good_logs_take_six_presses(world, school):
    """From the overview to thanks: one press opens the oldest, one each approves and turns to the next."""
    made = await some_logs(world, school, 5)
    mentor = school.mentor
    await mentor.sends("/menu")
    before, seen = await presses_of(world, mentor), []
    messages = len(await mentor.from_bot())
    await mentor.presses("Waiting for you")
    for _ in range(5):
        seen.append((await mentor.reads()).split(" · ")[0])
        await mentor.presses("Approve")
    assert [f"🧾 {name}" for name in NAMES[:5]] == seen
    assert 6 == await presses_of(world, mentor) - before
    assert "✅ Approved: Eva, week 1" == await mentor.toast()
    assert "Nothing waits for you" in await mentor.reads()
    assert messages == len(await mentor.from_bot())
    assert [("approved", 1)] * 5 == [await state_of(world, log_id) for log_id in made]


async def test_the_log_just_approved_can_be_undone_or_get_a_word(world, school):
    """In the queue the way back is under the next log."""
    made = await some_logs(world, school, 2)
    mentor = school.mentor
    await mentor.sends("/menu")
    await mentor.presses("Waiting for you")
    await mentor.presses("Approve")
    await mentor.presses("Ada: undo, or a word")
    assert ["✍️ Add a word", "↶ Undo"] == (await mentor.buttons())[:2]
    assert "▶️ Next waiting (1)" == (await mentor.buttons())[-1]
    await mentor.presses("Add a word")
    await mentor.sends("Well done.")
    assert "“Well done.”" in await mentor.reads()
    await mentor.presses("Next waiting (1)")
    await mentor.presses("Approve")
    await mentor.presses("Bo: undo")
    await mentor.presses("Undo")
    assert [("approved", 1), ("submitted", 0)] == [await state_of(world, log_id) for log_id in made]


async def test_returning_in_the_queue_goes_on_too(world, school):
    """A ready reason takes two presses and the same message turns into the next log; a typed one offers it."""
    made = await some_logs(world, school, 3)
    mentor = school.mentor
    await mentor.sends("/queue")
    await mentor.presses("Ada · week 1")
    await mentor.presses("Return")
    await mentor.presses("check the hours")
    assert "↩️ Returned: Ada, week 1" == await mentor.toast()
    assert "Bo" in await mentor.reads()
    await mentor.presses("Needs info")
    await mentor.sends("Which arm?")
    assert "▶️ Next waiting (1)" in await mentor.buttons()
    await mentor.presses("Next waiting")
    assert "Cai" in await mentor.reads()
    states = [await state_of(world, log_id) for log_id in made]
    assert [("returned", 1), ("needs_info", 1), ("submitted", 0)] == states


async def test_later_goes_on_to_the_next(world, school):
    """What is put off stays in the queue; after the last one the queue shows it again."""
    await some_logs(world, school, 2)
    mentor = school.mentor
    await mentor.sends("/queue")
    await mentor.presses("Ada · week 1")
    await mentor.presses("Later")
    assert "Bo" in await mentor.reads()
    await mentor.presses("Approve")
    assert "1 log waits for you" in await mentor.reads()
    assert "Ada · week 1" in await mentor.buttons()


@pytest.mark.parametrize(
    ("language", "says", "slow"),
    [
        ("en", "🧾 6 logs wait for you, the oldest first", "⏰ Ada · week 1 · handed in Monday 09:00, waiting 3 days"),
        ("zh", "🧾 6篇周志待批阅，先交的在前", "⏰ Ada · 第1周 · 周一09:00提交，已等3天"),
    ],
)
async def test_the_list_marks_what_waits_long(world, language, says, slow):
    """Pages of five, oldest first, a sign at what has waited for three days."""
    school = await make_school(world, language=language)
    await some_logs(world, school, 6)
    world.clock.now += timedelta(days=2, hours=20)
    await school.mentor.sends("/queue")
    card = await school.mentor.reads()
    assert card.startswith(says)
    assert slow in card
    assert 5 == card.count("·") // 2
    await school.mentor.presses("Next page" if language == "en" else "下一页")
    assert "Fay" in await school.mentor.reads()


@pytest.mark.parametrize(("language", "says"), [("en", "Nothing waits for you"), ("zh", "没有待批阅的周志了，谢谢你")])
async def test_an_empty_queue_thanks(world, language, says):
    """Nobody is left with an empty list."""
    school = await make_school(world, language=language)
    await school.mentor.sends("/queue")
    assert says in await school.mentor.reads()


async def test_students_have_no_queue(world, school):
    """A student is told whose it is."""
    ming = await school.placed("Ming", "1")
    await ming.sends("/queue")
    assert "mentors" in await ming.reads()


async def test_a_coordinator_has_what_no_mentor_reads_and_on_request_all(world, school):
    """The coordinator's queue is empty while mentors read; all that wait in the classes take another press."""
    ming = await school.placed("Ming", "1")
    log_id = await hand_in(world, ming)
    boss = school.coordinator
    await boss.sends("/queue")
    assert "Nothing waits for you" in await boss.reads()
    await boss.presses("All that wait in my classes (1)")
    assert "for you or a mentor" in await boss.reads()
    await boss.presses("Ming · week 1")
    await boss.presses("Approve")
    assert ("approved", 1) == await state_of(world, log_id)
    assert "✅ Approved by Ms Wang" in await school.mentor.reads()
    await world.move(seconds=61)
    assert "Ms Wang approved your log" in await ming.reads()


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_mentor_sees_each_students_weeks(world, language):
    """The list shows the states of the last weeks; a press lists the logs, another opens one to read."""
    school = await make_school(world, language=language)
    today = world.clock().date()
    ming = await school.add_student("Ming", "1", language)
    await school.place(ming, starts_on=today - timedelta(days=14))
    await hand_in(world, ming, push=False)
    hong = await school.add_student("Hong", "2", language)
    await school.place(hong, starts_on=today + timedelta(days=14))
    mentor = school.mentor
    await mentor.sends("/menu")
    await mentor.presses("My students" if language == "en" else "我的学生")
    assert "Ming 📨▫️▫️" in await mentor.reads()
    assert ("Hong · starts 30 Nov" if language == "en" else "Hong · 11月30日开始") in await mentor.reads()
    await mentor.presses("Ming")
    assert ["📨 Week 1 · 2–8 Nov" if language == "en" else "📨 第1周（11月2日至8日）"] == (await mentor.buttons())[:1]
    await mentor.presses("📨")
    assert "Ming" in await mentor.reads()
    await mentor.presses("All weeks" if language == "en" else "全部周志")
    assert "Ming" in await mentor.reads()
    await mentor.presses("Back" if language == "en" else "返回")
    await mentor.presses("Hong")
    assert ("has not handed in" if language == "en" else "还没有交过周志") in await mentor.reads()


async def test_a_mentor_without_students_is_told_what_happens_next(world, school):
    """Nothing to list says who places students."""
    await school.mentor.sends("/menu")
    await school.mentor.presses("My students")
    assert "No students are placed with you yet" in await school.mentor.reads()


async def test_a_students_logs_are_not_for_others(world, school):
    """Another school's coordinator and another mentor do not learn that there is such a student."""
    ming = await school.placed("Ming", "1")
    other = await make_school(world, "Hill College", enterprise="Hill Clinic", mentor="Mr Zhao", coordinator="Mr Xu")
    for stranger in (other.mentor, other.coordinator):
        await stranger.sends("/menu")
        card = await stranger.card()
        data = f"student.logs:{ming.student_id}:0:"
        await stranger.acts("press", message_id=card["message_id"], data=data, force=True)
        assert "no longer open to you" in await stranger.toast()


async def test_a_new_mentor_reads_the_earlier_weeks(world, school):
    """What was handed in before the change is there for whoever answers now, with the answers that were given."""
    ming = await school.placed("Ming", "1")
    await hand_in(world, ming)
    await school.mentor.presses("Return")
    await school.mentor.sends("Please add the hours.")
    other = await school.add_mentor("Mr Zhao")

    async def replace(tx):
        placement = (await placements.of_person(tx, ming.id))[0]
        await placements.set_mentor(tx, placement, other.id)

    await world.database.transaction(replace)
    await other.sends("/menu")
    await other.presses("My students")
    await other.presses("Ming")
    await other.presses("↩️ Week 1")
    assert "↩️ Returned to Ming by Ms Li" in await other.reads()
    assert "“Please add the hours.”" in await other.reads()
