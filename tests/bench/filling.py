"""A database full of people, posts and placements, made with statements for whole sets at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from domain.people import Language
from domain.weeks import WEEK, monday_of
from handlers.access import NOTICE_VERSION
from storage import people, schools
from storage.database import Database, open_database
from tests.bench.filling_posts import fill_posts

if TYPE_CHECKING:
    from storage.database import Transaction

ZONE = "Asia/Shanghai"
FIRST_STUDENT = 1_000_000  # Telegram's ids
FIRST_MENTOR = 500_000
COORDINATOR = 400_000
STUDENTS_OF_MENTOR = 20
STUDENTS_OF_CLASS = 40
ENTERPRISES = 200


@dataclass(frozen=True, slots=True)
class Contents:
    """How many of each there are."""

    students: int
    posts: int = 0
    weeks_before: int = 0  # whose logs are written and approved


@dataclass(frozen=True, slots=True)
class School:
    """The only school there is."""

    id: int
    enterprise_id: int
    coordinator_id: int


def student_ids(start: int, end: int) -> range:
    """Telegram's ids of some students, counted from 0."""
    return range(FIRST_STUDENT + start, FIRST_STUDENT + end)


async def fill(url: str, contents: Contents) -> None:
    """Make a school whose students have joined and are placed with mentors from this week on, and posts."""
    database = await open_database(url)
    try:
        await database.transaction(lambda tx: _fill(tx, contents))
        await settle(database)
    finally:
        await database.close()


async def settle(database: Database) -> None:
    """Let PostgreSQL know what there is, as its own housekeeping would before long."""
    if database.kind == "postgresql":
        await database.transaction(lambda tx: tx.run("ANALYZE"))


async def _fill(tx: Transaction, contents: Contents) -> None:
    now, count = datetime.now(UTC), contents.students
    school = await _school(tx, now)
    mentors = -(-count // STUDENTS_OF_MENTOR)
    await _people(tx, FIRST_MENTOR, mentors, "Mentor", now)
    await _people(tx, FIRST_STUDENT, count, "Student", now)
    await tx.run(
        """INSERT INTO mentors (person_id, enterprise_id, school_id)
        SELECT id, :enterprise, :school FROM people
        WHERE telegram_id >= :first AND telegram_id < :after""",
        enterprise=school.enterprise_id,
        school=school.id,
        first=FIRST_MENTOR,
        after=FIRST_MENTOR + mentors,
    )
    await _classes(tx, school, -(-count // STUDENTS_OF_CLASS), now)
    await _students(tx, school, count, now)
    week = monday_of(now.date())
    await _placements(tx, school, week - contents.weeks_before * WEEK, now)
    for number in range(1, contents.weeks_before + 1):
        await _logs(tx, week - number * WEEK, now)
    if contents.posts:
        enterprises = [await schools.enterprise_named(tx, f"Enterprise {i}", now=now) for i in range(ENTERPRISES)]
        await fill_posts(tx, contents.posts, [(each.id, each.name) for each in enterprises], now)


async def _school(tx: Transaction, now: datetime) -> School:
    school = await schools.school_named(tx, "Riverside College", time_zone=ZONE, now=now)
    await _people(tx, COORDINATOR, 1, "Coordinator", now)
    coordinator = await people.by_telegram_id(tx, COORDINATOR)
    assert coordinator is not None
    await schools.add_coordinator(tx, school.id, coordinator.id)
    enterprise = await schools.enterprise_named(tx, "City Hospital", now=now)
    await schools.link_enterprise(tx, school.id, enterprise.id)
    return School(school.id, enterprise.id, coordinator.id)


async def _people(tx: Transaction, first: int, count: int, title: str, now: datetime) -> None:
    await tx.run(
        """WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
        INSERT INTO people (telegram_id, name, language, time_zone, agreed_version, agreed_at, created_at)
        SELECT :first + i, CAST(:title AS TEXT) || ' ' || CAST(i AS TEXT), :language, :zone, :version, :now, :now
        FROM n""",
        count=count,
        first=first,
        title=title,
        language=Language.ENGLISH.value,
        zone=ZONE,
        version=NOTICE_VERSION,
        now=now,
    )


async def _classes(tx: Transaction, school: School, count: int, now: datetime) -> None:
    await tx.run(
        """WITH RECURSIVE n (i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
        INSERT INTO classes (school_id, name, specialty, time_zone, created_at)
        SELECT :school, CAST(i AS TEXT), 'Nursing', :zone, :now FROM n""",
        count=count,
        school=school.id,
        zone=ZONE,
        now=now,
    )
    await tx.run(
        "INSERT INTO class_coordinators (class_id, person_id) SELECT id, :coordinator FROM classes",
        coordinator=school.coordinator_id,
    )


async def _students(tx: Transaction, school: School, count: int, now: datetime) -> None:
    await tx.run(
        """INSERT INTO students (school_id, class_id, number, name, person_id, joined_at)
        SELECT :school, c.id, CAST(p.telegram_id AS TEXT), p.name, p.id, :now FROM people p
        JOIN classes c ON c.name = CAST((p.telegram_id - :first) / :size AS TEXT)
        WHERE p.telegram_id >= :first AND p.telegram_id < :after""",
        school=school.id,
        first=FIRST_STUDENT,
        after=FIRST_STUDENT + count,
        size=STUDENTS_OF_CLASS,
        now=now,
    )


async def _placements(tx: Transaction, school: School, starts_on: date, now: datetime) -> None:
    await tx.run(
        """INSERT INTO placements (student_id, enterprise_id, mentor_id, starts_on, ends_on, created_by, created_at)
        SELECT s.id, :enterprise, m.id, :starts_on, :ends_on, :coordinator, :now FROM students s
        JOIN people p ON p.id = s.person_id
        JOIN people m ON m.telegram_id = :first_mentor + (p.telegram_id - :first_student) / :size""",
        enterprise=school.enterprise_id,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=83),
        coordinator=school.coordinator_id,
        first_mentor=FIRST_MENTOR,
        first_student=FIRST_STUDENT,
        size=STUDENTS_OF_MENTOR,
        now=now,
    )


async def _logs(tx: Transaction, week: date, now: datetime) -> None:
    await tx.run(
        """INSERT INTO logs
            (placement_id, week, state, hours, first_submitted_at, submitted_at, decided_at, version, created_at)
        SELECT id, :week, 'approved', 38, :now, :now, :now, 7, :now FROM placements""",
        week=week,
        now=now,
    )
    await tx.run(
        """INSERT INTO log_sections (log_id, section, text)
        SELECT l.id, s.section, 'On ward 3, with Ms Li: ' || s.section FROM logs l
        CROSS JOIN (SELECT 'done' AS section UNION ALL SELECT 'learned' UNION ALL SELECT 'problems'
            UNION ALL SELECT 'plan') s
        WHERE l.week = :week""",
        week=week,
    )
