"""Importing files into a database: what is new, what is there already, what is not taken, and who hears of it."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from bot.import_plans import PlacementsPlan, PostsPlan, StudentsPlan
from bot.importing import BATCH, Outcome, import_file
from bot.tables import TableError
from domain.imports import Trouble
from domain.people import Language
from storage import people, placements, schools, students
from storage.database import open_database
from storage.errors import Conflict
from tests.conftest import MONDAY

ROSTER = ["班级,学号,姓名", "护理2301,20230101,张小明", "护理2301,20230102,李红", "护理2302,20230201,王强"]
PLACED = "学号,企业,导师,开始日期,结束日期"
POSTS = ["enterprise,title,city,pay,apply_url", "City Hospital,Nurse,上海,3000,", "City Hospital,Nurse,北京,,"]


class Office:
    """A school with one coordinator and a database, and somebody who imports files."""

    def __init__(self, database, path):
        self.database, self.path = database, path
        self.school = self.coordinator = None

    async def open(self):
        async def work(tx):
            self.school = await schools.school_named(tx, "职业学院", time_zone="Asia/Shanghai", now=MONDAY)
            self.coordinator = await self.person(tx, 1, "王老师")
            await schools.add_coordinator(tx, self.school.id, self.coordinator)

        await self.database.transaction(work)

    @staticmethod
    async def person(tx, telegram_id: int, name: str) -> int:
        met = await people.meet(
            tx,
            telegram_id=telegram_id,
            name=name,
            language=Language.CHINESE,
            time_zone="Asia/Shanghai",
            now=MONDAY,
        )
        return met.id

    async def add_mentor(self, telegram_id: int, name: str, enterprise: str) -> int:
        """A mentor for whom the school vouches."""

        async def work(tx):
            place = await schools.enterprise_named(tx, enterprise, now=MONDAY)
            mentor = await self.person(tx, telegram_id, name)
            await schools.add_mentor(tx, person_id=mentor, enterprise_id=place.id, school_id=self.school.id)
            return mentor

        return await self.database.transaction(work)

    async def joins(self, number: str, telegram_id: int) -> int:
        """Somebody joins with a line of the roster."""

        async def work(tx):
            line = await students.roster_line(tx, self.school.id, number)
            student = await self.person(tx, telegram_id, line.name)
            await students.join(tx, line.id, student, now=MONDAY)
            return student

        return await self.database.transaction(work)

    async def imports(self, plan, *lines: str):
        self.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return await import_file(self.database, self.path, plan)

    async def students(self, *lines: str):
        return await self.imports(StudentsPlan(self.school, MONDAY), *lines)

    async def placements(self, *lines: str):
        return await self.imports(PlacementsPlan(self.school, MONDAY), PLACED, *lines)

    async def posts(self, *lines: str, public: bool = True):
        return await self.imports(PostsPlan(None if public else self.school, MONDAY), *lines)

    async def rows(self, sql: str) -> list[tuple]:
        return [tuple(row) for row in await self.database.read(lambda tx: tx.all(sql))]

    async def letters(self) -> list[tuple]:
        return await self.rows("SELECT person_id, card, subject FROM outbox ORDER BY id")


@pytest.fixture
async def office(tmp_path):
    database = await open_database(f"sqlite:///{tmp_path / 'shixi.db'}")
    office = Office(database, tmp_path / "file.csv")
    await office.open()
    try:
        yield office
    finally:
        await database.close()


def told(report) -> tuple[int, int, int, list, list]:
    """New, there already and changed rows; the lines not taken and those remarked upon, with the trouble."""
    counts = [report.counts[outcome] for outcome in Outcome]
    return (
        *counts,
        [(line, bad.trouble) for line, bad in report.bad],
        [(line, remark.trouble) for line, remark in report.remarks],
    )


ROLL = "SELECT s.number, s.name, c.name AS class FROM students s JOIN classes c ON c.id = s.class_id ORDER BY s.number"

# --- students -------------------------------------------------------------------------------------------------------


async def test_a_roster(office):
    """Students are put on the roster; missing classes are made, told, and covered by the school's coordinators."""
    report = await office.students(*ROSTER)
    assert (3, 0, 0, [], [(2, Trouble.NEW_CLASS), (4, Trouble.NEW_CLASS)]) == told(report)
    assert [
        ("20230101", "张小明", "护理2301"),
        ("20230102", "李红", "护理2301"),
        ("20230201", "王强", "护理2302"),
    ] == await office.rows(ROLL)
    covered = await office.rows("SELECT person_id, class_id FROM class_coordinators ORDER BY class_id")
    assert [(office.coordinator, 1), (office.coordinator, 2)] == covered
    assert [("护理2301", "", "Asia/Shanghai")] == await office.rows(
        "SELECT name, specialty, time_zone FROM classes WHERE id = 1"
    )


async def test_a_roster_again(office):
    """The same file again changes nothing and says so."""
    await office.students(*ROSTER)
    assert (0, 3, 0, [], []) == told(await office.students(*ROSTER))


async def test_a_corrected_roster(office):
    """A known number gets the file's name and class, which is recorded; a class is known in other writings too."""
    await office.students(*ROSTER)
    report = await office.students(ROSTER[0], "护理 2301,20230101,张晓明", "护理２３０２,20230102,李红")
    assert (0, 0, 2, [], []) == told(report)
    assert [("20230101", "张晓明", "护理2301"), ("20230102", "李红", "护理2302")] == (await office.rows(ROLL))[:2]
    assert [("roster_changed", None), ("roster_changed", None)] == await office.rows("SELECT act, actor_id FROM acts")


async def test_a_number_for_two_students(office):
    """The second line with a number and another name or class is not taken; the same line again is."""
    report = await office.students(*ROSTER, ROSTER[1], "护理2301,20230101,张大明", "护理2302,20230101,张小明")
    assert (3, 1, 0, [(6, Trouble.OTHER_LINE), (7, Trouble.OTHER_LINE)]) == told(report)[:4]
    assert {"value": "20230101", "line": 2} == report.bad[0][1].values


async def test_bad_rows_do_not_stop_the_rest(office):
    """Each bad row is reported with its line and reason, in the order of the file; all others are in."""
    lines = ["班级,学号,姓名", "A,1,x", "A,101,", ",102,y", 'A,"103,z', "A,104,", "A,105,ok", "A,106,ok"]
    report = await office.students(*lines)
    assert [
        (2, Trouble.NOT_A_STUDENT_NUMBER),
        (3, Trouble.MISSING),
        (4, Trouble.MISSING),
        (5, Trouble.BROKEN_QUOTES),
        (6, Trouble.MISSING),
    ] == told(report)[3]
    assert [("105", "ok", "A"), ("106", "ok", "A")] == await office.rows(ROLL)


async def test_a_class_of_bad_rows_only_is_not_made(office):
    """A class is created for students, not for slips."""
    await office.students("班级,学号,姓名", "A,1,x", "B,102,y")
    assert [("B",)] == await office.rows("SELECT name FROM classes")


async def test_who_has_joined_stays_joined(office):
    """Importing the roster again leaves accounts as they are."""
    await office.students(*ROSTER)
    student = await office.joins("20230101", 11)
    await office.students(*ROSTER[:1], "护理2302,20230101,张小明")
    assert [(student,)] == await office.rows("SELECT person_id FROM students WHERE number = '20230101'")


async def test_who_was_removed_stays_removed(office):
    """A student whom a coordinator took out is not brought back by a file, neither to the class nor to a placement."""
    await office.students(*ROSTER)
    await office.database.transaction(
        lambda tx: tx.run("UPDATE students SET removed_at = :now WHERE number = '20230101'", now=MONDAY)
    )
    assert (0, 3, 0, [], [(2, Trouble.CLOSED)]) == told(await office.students(*ROSTER))
    assert [(2, Trouble.CLOSED)] == told(await office.placements(f"20230101,市医院,,{SPAN}"))[3]


async def test_a_file_that_breaks_in_the_middle_writes_nothing(office, monkeypatch):
    """When a file turns out to be too long, none of it was imported."""
    monkeypatch.setattr("bot.tables.ROW_LIMIT", 2)
    with pytest.raises(TableError):
        await office.students(*ROSTER)
    assert [] == await office.rows("SELECT id FROM students")


async def test_a_long_roster_shows_its_progress(office):
    """Rows are written in batches, and each is told when it is done."""
    seen = []
    office.path.write_text(
        "班级,学号,姓名\n" + "".join(f"A,{1000 + n},x\n" for n in range(2 * BATCH + 5)), encoding="utf-8"
    )
    report = await import_file(
        office.database,
        office.path,
        StudentsPlan(office.school, MONDAY),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert [(BATCH, 205), (2 * BATCH, 205), (205, 205)] == seen
    assert 205 == report.counts[Outcome.NEW] == report.rows


# --- placements -----------------------------------------------------------------------------------------------------

SPAN = "2026-11-16,2027-02-07"
WHERE = """SELECT s.number, e.name AS enterprise, pl.mentor_id, pl.starts_on, pl.ends_on FROM placements pl
    JOIN students s ON s.id = pl.student_id JOIN enterprises e ON e.id = pl.enterprise_id
    ORDER BY s.number, pl.starts_on"""


async def test_placements(office):
    """A student is placed with the mentor of that name, and both are told once; the enterprise is the school's."""
    await office.students(*ROSTER)
    mentor = await office.add_mentor(21, "李老师", "市医院")
    student = await office.joins("20230101", 11)
    report = await office.placements(f"20230101,市医院,李老师,{SPAN}", f"20230102,市 医院,李 老师,{SPAN}")
    assert (2, 0, 0, [], []) == told(report)
    days = (date(2026, 11, 16), date(2027, 2, 7))
    assert [("20230101", "市医院", mentor, *days), ("20230102", "市医院", mentor, *days)] == await office.rows(WHERE)
    letters = [(student, "placement_made", 1), (mentor, "placement_made", 1), (mentor, "placement_made", 2)]
    assert letters == await office.letters()
    assert [(1, 1)] == await office.rows("SELECT school_id, enterprise_id FROM school_enterprises")
    assert [("placement_made", 1), ("placement_made", 2)] == await office.rows("SELECT act, subject_id FROM acts")
    assert [(1,), (2,)] == await office.rows("SELECT subject FROM schedule WHERE kind = 'placement'")


async def test_placements_again(office):
    """The same file again changes nothing and tells nobody."""
    await office.students(*ROSTER)
    await office.add_mentor(21, "李老师", "市医院")
    lines = [f"20230101,市医院,李老师,{SPAN}", f"20230102,新企业,,{SPAN}"]
    assert (2, 0, 0, [], [(3, Trouble.NEW_ENTERPRISE)]) == told(await office.placements(*lines))
    letters = await office.letters()
    assert (0, 2, 0, [], []) == told(await office.placements(*lines))
    assert letters == await office.letters()


async def test_placements_that_are_not_taken(office):
    """A student whom nobody knows, another's name, days that are taken or no days: each row has its reason."""
    await office.students(*ROSTER)
    report = await office.imports(
        PlacementsPlan(office.school, MONDAY),
        "学号,姓名,企业,开始日期,结束日期",
        f"20239999,,市医院,{SPAN}",
        f"20230101,李红,市医院,{SPAN}",
        f"20230101,张 小明,市医院,{SPAN}",
        "20230101,张小明,汽修厂,2027-02-07,2027-05-01",
        "20230102,李红,市医院,2027-02-07,2026-11-16",
        "20230102,李红,,2026-11-16,2027-02-07",
        "20230201,王强,没有的企业,明天,后天",
    )
    assert 1 == report.counts[Outcome.NEW]
    assert [
        (2, Trouble.NO_SUCH_STUDENT),
        (3, Trouble.OTHER_NAME),
        (5, Trouble.OVERLAP),
        (6, Trouble.END_BEFORE_START),
        (7, Trouble.MISSING),
        (8, Trouble.NO_YEAR),
    ] == told(report)[3]
    assert [("市医院",)] == await office.rows("SELECT name FROM enterprises")


async def test_a_mentor_who_has_not_joined_yet(office):
    """The placement is made without a mentor and that is remarked; when they have joined, the same file names them."""
    await office.students(*ROSTER)
    await office.add_mentor(21, "李老师", "市医院")
    student = await office.joins("20230101", 11)
    line = f"20230101,市医院,赵师傅,{SPAN}"
    assert (1, 0, 0, [], [(2, Trouble.NO_MENTOR)]) == told(await office.placements(line))
    assert (0, 1, 0, [], [(2, Trouble.NO_MENTOR)]) == told(await office.placements(line))
    mentor = await office.add_mentor(22, "赵师傅", "市医院")
    assert (0, 0, 1, [], []) == told(await office.placements(line))
    letters = [(student, "placement_made", 1), (student, "placement_mentor", 1), (mentor, "placement_made", 1)]
    assert letters == await office.letters()
    assert (0, 1, 0, [], []) == told(await office.placements(line))


async def test_two_mentors_of_one_name(office):
    """Nobody is guessed."""
    await office.students(*ROSTER)
    await office.add_mentor(21, "李老师", "市医院")
    await office.add_mentor(22, "李老师", "市医院")
    assert (1, 0, 0, [], [(2, Trouble.SEVERAL_MENTORS)]) == told(
        await office.placements(f"20230101,市医院,李老师,{SPAN}")
    )
    assert [] == await office.letters()


async def test_a_mentor_of_another_school_or_enterprise_is_not_taken(office):
    """Only mentors of this enterprise for whom the school vouches count."""
    await office.students(*ROSTER)
    await office.add_mentor(21, "李老师", "汽修厂")
    home, office.school = (
        office.school,
        await office.database.transaction(
            lambda tx: schools.school_named(tx, "另一所学院", time_zone="Asia/Shanghai", now=MONDAY)
        ),
    )
    await office.add_mentor(22, "李老师", "市医院")
    office.school = home
    assert [(2, Trouble.NO_MENTOR)] == told(await office.placements(f"20230101,市医院,李老师,{SPAN}"))[4]


async def test_a_mentor_who_was_changed_stays(office):
    """What was decided in the chat is not undone by a file."""
    await office.students(*ROSTER)
    await office.add_mentor(21, "李老师", "市医院")
    await office.add_mentor(22, "赵师傅", "市医院")
    await office.placements(f"20230101,市医院,李老师,{SPAN}")
    report = await office.placements(f"20230101,市医院,赵师傅,{SPAN}")
    assert (0, 1, 0, [], [(2, Trouble.OTHER_MENTOR)]) == told(report)


async def test_a_placement_that_was_ended_early_stays_ended(office):
    """Importing the old file again does not revive it."""
    await office.students(*ROSTER)
    await office.placements(f"20230101,市医院,,{SPAN}")

    async def work(tx):
        placement = await placements.by_id(tx, 1)
        await placements.end(tx, placement, ends_on=date(2026, 12, 1), reason="", now=MONDAY)

    await office.database.transaction(work)
    assert (0, 1, 0, [], []) == told(await office.placements(f"20230101,市医院,,{SPAN}"))
    assert (1, 0, 0, []) == told(await office.placements("20230101,汽修厂,,2026-12-02,2027-02-07"))[:4]


async def test_a_placement_of_last_year_tells_nobody(office):
    """Nobody hears of a placement that is over."""
    await office.students(*ROSTER)
    await office.add_mentor(21, "李老师", "市医院")
    await office.placements("20230101,市医院,李老师,2025-09-01,2025-12-01")
    assert [] == await office.letters()


async def test_a_change_by_somebody_else_costs_one_row(office, monkeypatch):
    """Where the storage refuses a row after all, the others of its batch are taken."""
    await office.students(*ROSTER)
    create = placements.create

    async def refuse_the_second(tx, *, student_id, **more):
        if student_id == 2:
            raise Conflict
        return await create(tx, student_id=student_id, **more)

    monkeypatch.setattr(placements, "create", refuse_the_second)
    report = await office.placements(*(f"{number},市医院,,{SPAN}" for number in (20230101, 20230102, 20230201)))
    assert (2, 0, 0, [(3, Trouble.REFUSED)]) == told(report)[:4]
    assert ["20230101", "20230201"] == [row[0] for row in await office.rows(WHERE)]


# --- posts ----------------------------------------------------------------------------------------------------------

BOARD = """SELECT e.name AS enterprise, p.title, p.city, p.pay, p.apply_url, p.is_public FROM posts p
    JOIN enterprises e ON e.id = p.enterprise_id ORDER BY p.id"""


async def test_posts(office):
    """Posts without a school are for everyone; one is the same by its link, else by enterprise, title and city."""
    lines = [
        *POSTS,
        "city hospital,ＮＵＲＳＥ,上海,4000,",
        "City Hospital,Nurse,上海,3000,https://example.org/1",
        "Other,Other,Other,,HTTPS://Example.org/1",
        "City Hospital,Nurse,上海,3000,https://example.org/2",
    ]
    assert (4, 2, 0, [], []) == told(await office.posts(*lines))
    assert [
        ("City Hospital", "Nurse", "上海", "3000", None, True),
        ("City Hospital", "Nurse", "北京", "", None, True),
        ("City Hospital", "Nurse", "上海", "3000", "https://example.org/1", True),
        ("City Hospital", "Nurse", "上海", "3000", "https://example.org/2", True),
    ] == await office.rows(BOARD)
    assert [] == await office.rows("SELECT school_id FROM school_enterprises")
    assert (0, 6, 0, [], []) == told(await office.posts(*lines))


async def test_posts_of_a_school(office):
    """With a school, the enterprises become its partners and the posts are theirs only."""
    assert (2, 0, 0, [], []) == told(await office.posts(*POSTS, public=False))
    assert [False, False] == [bool(row[-1]) for row in await office.rows(BOARD)]
    assert [(office.school.id, 1)] == await office.rows("SELECT school_id, enterprise_id FROM school_enterprises")


async def test_every_column_of_a_post(office):
    """The optional columns arrive as well."""
    await office.posts(
        "企业名称,岗位名称,工作内容,名额,开始日期,结束日期,报名截止",
        '市医院,护士,"查房\n记录",5人,2026/11/16,2027年2月7日,2026-10-01',
    )
    days = (date(2026, 11, 16), date(2027, 2, 7), date(2026, 10, 1))
    sql = "SELECT tasks, places, starts_on, ends_on, apply_by FROM posts"
    assert [("查房\n记录", 5, *days)] == await office.rows(sql)


# --- in any order ---------------------------------------------------------------------------------------------------

CONTENT = {
    "students": [ROSTER[0], *(f"班{number % 7},{1000 + number},学生{number}" for number in range(250))],
    "placements": [
        PLACED,
        *(f"{1000 + number},企业{number % 9},,2026-11-{1 + number % 28:02},2027-01-31" for number in range(250)),
    ],
    "posts": [
        POSTS[0],
        *(f"企业{number % 9},岗位{number % 10},城市{number % 3},,{'' if number % 2 else f'https://x.org/{number}'}"
          for number in range(250)),
    ],
}  # fmt: skip


@pytest.mark.parametrize("subject", CONTENT)
@pytest.mark.parametrize("seed", range(3))
async def test_any_order_twice_gives_the_same_rows(office, subject, seed):
    """A file shuffled in any way gives the same records, and importing it again in another order adds nothing."""
    await office.students(*CONTENT["students"])
    work, sql = {
        "students": (office.students, ROLL),
        "placements": (lambda _, *rows: office.placements(*rows), WHERE),
        "posts": (office.posts, BOARD),
    }[subject]
    heading, *rows = CONTENT[subject]
    first = await work(heading, *random.Random(seed).sample(rows, len(rows)))
    expected = sorted(map(str, await office.rows(sql)))
    again = await work(heading, *random.Random(seed + 100).sample(rows, len(rows)))
    assert ([], 250) == (first.bad, first.rows)
    assert (0, 250, 0, []) == told(again)[:4]
    assert expected == sorted(map(str, await office.rows(sql)))
    assert {"students": 250, "placements": 250, "posts": 125 + 45}[subject] == len(expected)


async def test_a_placement_beside_another(office):
    """One placement may follow another on the next day."""
    await office.students(*ROSTER)
    following = date(2027, 2, 7) + timedelta(days=1)
    report = await office.placements(f"20230101,市医院,,{SPAN}", f"20230101,汽修厂,,{following},2027-05-01")
    assert 2 == report.counts[Outcome.NEW]
