"""How long what was handed in is kept: the class's term, a month's warning with numbers, and then it goes by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage import erasing, placements
from storage.invariants import violations
from tests.handed_in import hand_in
from tests.handlers.test_removal import copies, keep_file, lived
from tests.links import add_class, add_coordinator, rows
from tests.people import make_school

# Kept until 7 Feb 2030; looked at on the first of each month, warned of on 1 Jan 2030.
LOOKED = datetime(2030, 1, 1, 1, 0, tzinfo=UTC)
WARNED = LOOKED
GOES = datetime(2030, 2, 7, 1, 0, tzinfo=UTC)
SAYS = {
    "en": {
        "class": "Kept how long",
        "three": "3 years after a placement's last day",
        "warning": "On 7 Feb 2030 what students of Nursing 2301 handed in is deleted",
        "amount": "2 students · 3 weekly logs · 2 files",
        "own": "On 7 Feb 2030 what you handed in at City Hospital is deleted",
        "open": "The term",
        "five": "5 years",
        "off": "Only on request",
        "request": "until somebody asks",
    },
    "zh-hans": {
        "class": "保存期限",
        "three": "实习结束后保存3年",
        "warning": "2030年2月7日将删除Nursing 2301学生提交的内容",
        "amount": "2名学生 · 3篇周志 · 2个文件",
        "own": "2030年2月7日将删除你在City Hospital实习时提交的内容",
        "open": "修改期限",
        "five": "5年",
        "off": "改为有人申请才删除",
        "request": "有人申请才删除",
    },
}
BOTH = pytest.mark.parametrize("language", SAYS)


async def two_students(world, language: str = "en"):
    """A school with two students, three logs and files among them, years before their time is over."""
    school, ming = await lived(world, language)
    hong = await school.placed("Hong", "2", language)
    log_id = await hand_in(world, hong, push=False)
    await keep_file(world, hong, b"Hong's", log=log_id)
    await world.database.transaction(
        lambda tx: tx.run("DELETE FROM log_files WHERE log_id IN (SELECT id FROM logs WHERE state = 'draft')")
    )
    return school, ming, hong


async def pass_the_years(world) -> None:
    """Bring the clock to where nothing is due any more but the term: reminders and pulses are over."""
    await world.move(datetime(2027, 6, 1, 1, 0, tzinfo=UTC))
    await world.move(LOOKED - timedelta(days=31))


async def count(table: str, world) -> int:
    return len(await rows(world, f"SELECT 1 AS found FROM {table}"))


@BOTH
async def test_it_goes_by_itself_a_month_after_a_warning(world, language):
    """Coordinators read how much, students how to get a copy; then logs, answers, moments and files are gone."""
    says = SAYS[language]
    school, ming, hong = await two_students(world, language)
    await pass_the_years(world)
    assert 3 == await count("logs", world)
    assert says["warning"] not in await school.coordinator.transcript()
    await world.move(WARNED)
    assert says["warning"] in await school.coordinator.reads()
    assert says["amount"] in await school.coordinator.reads()
    for student in (ming, hong):
        assert says["own"] in await student.reads()
    await world.move(GOES - timedelta(minutes=1))
    assert 3 == await count("logs", world)
    await world.move(GOES)
    for table in ("logs", "revisions", "moments", "pulses", "excused_weeks", "log_files"):
        assert 0 == await count(table, world)
    assert (2, 2) == (await count("placements", world), await count("students WHERE person_id IS NOT NULL", world))
    assert 2 == await count("acts WHERE act = 'placement_emptied' AND actor_id IS NULL", world)
    assert [] == await world.database.read(lambda tx: violations(tx, now=world.clock()))
    await ming.sends("/feedback")
    await school.coordinator.sends("/students")
    await school.coordinator.presses("Ming")
    assert "City Hospital" in await school.coordinator.reads()
    await world.move(GOES + timedelta(days=60))
    assert 1 == (await school.coordinator.transcript()).count(says["warning"])


async def test_files_of_an_emptied_placement_leave_the_folder(world):
    """Those that a log had or an earlier submission names; one that nothing of the placement named stays."""
    school, ming, _ = await two_students(world)
    (row,) = await rows(world, "SELECT id FROM logs WHERE state = 'submitted' AND placement_id = 1")
    named = await keep_file(world, ming, b"only in an earlier submission", log=row["id"])

    async def hand_in_again(tx):
        content = f'{{"sections": {{}}, "hours": null, "files": [[{named}, ""]]}}'
        await tx.run("UPDATE revisions SET content = :content WHERE log_id = :log", content=content, log=row["id"])
        await tx.run("DELETE FROM log_files WHERE file_id = :file", file=named)

    await world.database.transaction(hand_in_again)
    await keep_file(world, school.coordinator, b"of nobody's log")
    assert 6 == await copies(world)
    await pass_the_years(world)
    await world.move(WARNED)
    await world.move(GOES)
    left = await rows(world, "SELECT owner_id FROM files ORDER BY id")
    assert [ming.id, school.coordinator.id] == [one["owner_id"] for one in left]  # one was taken out of a draft
    assert 2 == await copies(world)


@BOTH
async def test_a_longer_term_calls_it_off(world, language):
    """The warning leads to the term; two years later it is warned of anew."""
    says = SAYS[language]
    school, *_ = await two_students(world, language)
    await pass_the_years(world)
    await world.move(WARNED)
    await school.coordinator.presses(says["open"])
    assert says["three"] in await school.coordinator.reads()
    assert says["amount"] in await school.coordinator.reads()
    await school.coordinator.presses(says["five"])
    assert says["amount"] not in await school.coordinator.reads()
    await world.move(GOES)
    assert 3 == await count("logs", world)
    await world.move(GOES.replace(year=2032) - timedelta(days=35))
    await world.move(GOES.replace(year=2032))
    await world.move(GOES.replace(year=2032) + timedelta(days=31))
    assert 0 == await count("logs", world)


@BOTH
async def test_a_school_can_keep_it_until_somebody_asks(world, language):
    """Switched off nothing goes by itself; switched on again there is a month's warning first."""
    says = SAYS[language]
    school, *_ = await two_students(world, language)
    await school.coordinator.sends("/classes")
    await school.coordinator.presses("Nursing 2301")
    await school.coordinator.presses(says["class"])
    await school.coordinator.presses(says["off"])
    assert says["request"] in await school.coordinator.reads()
    await pass_the_years(world)
    for moment in (WARNED, GOES, GOES + timedelta(days=365)):
        await world.move(moment)
    assert 3 == await count("logs", world)
    await school.coordinator.sends("/classes")
    await school.coordinator.presses("Nursing 2301")
    await school.coordinator.presses(says["class"])
    await school.coordinator.presses({"en": "By itself", "zh-hans": "到期自动删除"}[language])
    await world.tick()
    assert says["amount"] in await school.coordinator.reads()
    assert 3 == await count("logs", world)
    await world.move(days=30)
    assert 0 == await count("logs", world)


async def test_a_shorter_term_gives_a_month_too(world):
    """What was over by the new term is warned of, and not deleted at once; nobody is told twice."""
    school, *_ = await two_students(world)
    await world.move(datetime(2028, 6, 20, 1, 0, tzinfo=UTC))
    await school.coordinator.sends("/classes")
    await school.coordinator.presses("Nursing 2301")
    await school.coordinator.presses("Kept how long")
    await school.coordinator.presses("1 year")
    await world.tick()
    assert "On 20 Jul 2028 what students" in await school.coordinator.reads()
    await world.move(days=29, hours=23)
    assert 3 == await count("logs", world)
    await world.move(hours=2)
    assert 0 == await count("logs", world)
    assert 1 == (await school.coordinator.transcript()).count("what students of Nursing 2301 handed in is deleted")


async def test_where_nobody_looks_after_the_class_the_school_hears(world):
    """A warning is nobody's no longer than there is somebody at the school; other classes keep theirs."""
    school, *_ = await two_students(world)
    chen = await add_coordinator(world, school, "Mr Chen", covers=False)
    await add_class(world, school, "Welding", chen.id)
    await world.database.transaction(
        lambda tx: tx.run("DELETE FROM class_coordinators WHERE class_id = :id", id=school.class_id)
    )
    await pass_the_years(world)
    await world.move(WARNED)
    assert "what students of Nursing 2301 handed in" in await chen.reads()


async def test_a_fault_at_one_student_holds_up_nobody_else(world, monkeypatch):
    """Each placement is a commit of its own; the one that failed goes an hour later, whole."""
    await two_students(world)
    await pass_the_years(world)
    await world.move(WARNED)
    empty, broken = erasing.empty_placement, [True]

    async def cut(tx, placement_id, student_id):
        await empty(tx, placement_id, student_id)
        if broken and placement_id == 1:
            broken.pop()
            raise RuntimeError("cut")

    monkeypatch.setattr(erasing, "empty_placement", cut)
    await world.move(GOES)
    assert 2 == await count("logs", world)
    await world.restart()
    await world.move(GOES + timedelta(hours=1))
    assert 0 == await count("logs", world)
    assert [] == await world.database.read(lambda tx: violations(tx, now=world.clock()))


async def test_what_has_not_ended_long_enough_stays(world):
    """Of one student an earlier placement goes, the later one is kept."""
    school, ming, _ = await two_students(world)

    async def again(tx):
        return await placements.create(
            tx,
            student_id=ming.student_id,
            enterprise_id=school.enterprise_id,
            mentor_id=school.mentor.id,
            starts_on=datetime(2027, 9, 6, tzinfo=UTC).date(),
            ends_on=datetime(2027, 12, 5, tzinfo=UTC).date(),
            created_by=school.coordinator.id,
            now=world.clock(),
        )

    later = await world.database.transaction(again)
    await hand_in(world, ming, week=datetime(2027, 9, 6, tzinfo=UTC).date(), push=False)
    await pass_the_years(world)
    await world.move(WARNED)
    await world.move(GOES)
    assert [{"placement_id": later}] == await rows(world, "SELECT placement_id FROM logs")


async def test_more_who_ask_than_a_page_has(world):
    """The class's list turns pages, also an old one of which somebody has taken it back."""
    school = await make_school(world)
    for number in range(7):
        student = await school.add_student(f"Student {number}", str(number))
        await student.sends("/forgetme")
        await student.presses("Ask for it")
        await student.presses("Yes, on")
    wang = school.coordinator
    await wang.sends("/classes")
    await wang.presses("Nursing 2301")
    await wang.presses("Kept how long")
    assert 5 == len([label for label in await wang.buttons() if "Student" in label])
    await wang.presses("Next page")
    assert 2 == len([label for label in await wang.buttons() if "Student" in label])
