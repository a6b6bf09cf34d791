"""What each kind of file means for the records: a roster, placements, posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.columns import Subject
from bot.importing import Numbered, Outcome, Written
from domain.imports import (
    Cells,
    PlacementRow,
    PostRow,
    Problem,
    StudentRow,
    Trouble,
    read_placement,
    read_post,
    read_student,
)
from domain.placements import Placement
from domain.roster import RosterLine
from domain.schools import School
from domain.weeks import local_day
from domain.words import key
from storage import enterprises, imports, outbox, people, placements, posts, schedule, schools, students

if TYPE_CHECKING:
    from storage.database import Transaction


@dataclass
class StudentsPlan:
    """A roster: a number that is known gets the class and name of the file, a class that is not known is created."""

    school: School
    now: datetime
    subject: Subject = Subject.STUDENTS
    _said: dict[str, tuple[int, StudentRow]] = field(default_factory=dict)
    _classes: dict[str, int] = field(default_factory=dict)

    def read(self, line: int, cells: Cells) -> StudentRow:
        """Check a row; a number that the file gives to two students, or puts into two classes, keeps the first."""
        row = read_student(cells)
        first, said = self._said.setdefault(row.number, (line, row))
        if (key(said.class_name), said.name) != (key(row.class_name), row.name):
            raise Problem(Trouble.OTHER_LINE, "number", value=row.number, line=first)
        return row

    async def prepare(self, tx: Transaction, rows: Sequence[Numbered[StudentRow]]) -> list[Numbered[Problem]]:
        """Create the classes that are missing, covered by every coordinator of the school."""
        self._classes = await imports.classes(tx, self.school.id)
        remarks = []
        for line, row in rows:
            if key(row.class_name) not in self._classes:
                self._classes[key(row.class_name)] = await self._create(tx, row.class_name)
                remarks.append((line, Problem(Trouble.NEW_CLASS, "class", value=row.class_name)))
        return remarks

    async def _create(self, tx: Transaction, name: str) -> int:
        class_id = await schools.create_class(
            tx, school_id=self.school.id, name=name, specialty="", time_zone=self.school.time_zone, now=self.now
        )
        for person_id in await imports.coordinators(tx, self.school.id):
            await schools.cover_class(tx, class_id, person_id)
        return class_id

    async def write(self, tx: Transaction, row: StudentRow) -> Written:
        """Put a student on the roster."""
        class_id = self._classes[key(row.class_name)]
        known = await students.roster_line(tx, self.school.id, row.number)
        remark = _closed(known) if known and known.closed else None
        if known and (known.class_id, known.name) == (class_id, row.name):
            return Written(Outcome.SAME, remark)
        await students.put_on_roster(tx, school_id=self.school.id, class_id=class_id, number=row.number, name=row.name)
        if known is None:
            return Written(Outcome.NEW)
        if known.class_id != class_id:
            for placement in await placements.of_student(tx, known.id):  # the new class may have another deadline
                await schedule.put(tx, placements.PLAN, placement.id, self.now)
        await people.record_act(
            tx, actor_id=None, act="roster_changed", subject_kind="student", subject_id=known.id, now=self.now
        )
        return Written(Outcome.CHANGED, remark)


def _closed(line: RosterLine) -> Problem:
    return Problem(Trouble.CLOSED, "number", number=line.number, name=line.name)


@dataclass
class PlacementsPlan:
    """Placements of students on the roster; who joined already and the mentor are told as if the chat had made them."""

    school: School
    now: datetime
    subject: Subject = Subject.PLACEMENTS

    def read(self, _line: int, cells: Cells) -> PlacementRow:
        """Check a row."""
        return read_placement(cells)

    async def prepare(self, _tx: Transaction, _rows: Sequence[Numbered[PlacementRow]]) -> list[Numbered[Problem]]:
        """Nothing is needed: an enterprise is made by the first row that is taken."""
        return []

    async def write(self, tx: Transaction, row: PlacementRow) -> Written:
        """Place a student, or name the mentor of a placement that had none."""
        student = await self._student(tx, row)
        placed = await placements.of_student(tx, student.id)
        if same := next((placement for placement in placed if _is(placement, row)), None):
            return await self._again(tx, same, row)
        for other in placed:
            if other.starts_on <= row.ends_on and row.starts_on <= other.ends_on:
                raise _overlap(other)
        new_enterprise = not await enterprises.exists(tx, row.enterprise)
        enterprise = await schools.enterprise_named(tx, row.enterprise, now=self.now)
        await schools.link_enterprise(tx, self.school.id, enterprise.id)
        mentor_id, remark = await self._mentor(tx, enterprise.id, row)
        placement_id = await placements.create(
            tx,
            student_id=student.id,
            enterprise_id=enterprise.id,
            mentor_id=mentor_id,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            created_by=None,
            now=self.now,
        )
        placement = await placements.by_id(tx, placement_id)
        for person_id in (placement.student_person, placement.mentor_id):
            await self._tell(tx, placement, person_id, "placement_made")
        await self._record(tx, "placement_made", placement_id)
        if new_enterprise:
            remark = Problem(Trouble.NEW_ENTERPRISE, "enterprise", value=row.enterprise)
        return Written(Outcome.NEW, remark)

    async def _student(self, tx: Transaction, row: PlacementRow) -> RosterLine:
        student = await students.roster_line(tx, self.school.id, row.number)
        if student is None:
            raise Problem(Trouble.NO_SUCH_STUDENT, "number", value=row.number)
        if row.name and key(row.name) != key(student.name):
            raise Problem(Trouble.OTHER_NAME, "name", value=row.name, name=student.name, number=row.number)
        if student.closed:
            raise _closed(student)
        return student

    async def _mentor(
        self, tx: Transaction, enterprise_id: int, row: PlacementRow
    ) -> tuple[int | None, Problem | None]:
        if not row.mentor:
            return None, None
        named = await imports.mentors_named(tx, self.school.id, enterprise_id, row.mentor)
        if len(named) == 1:
            return named[0], None
        trouble = Trouble.SEVERAL_MENTORS if named else Trouble.NO_MENTOR
        return None, Problem(trouble, "mentor", value=row.mentor, enterprise=row.enterprise)

    async def _again(self, tx: Transaction, placement: Placement, row: PlacementRow) -> Written:
        """Look at a placement that is there: a mentor who has joined since the last time is named now."""
        mentor_id, remark = await self._mentor(tx, placement.enterprise_id, row)
        if mentor_id is None or mentor_id == placement.mentor_id:
            return Written(Outcome.SAME, None if placement.mentor_id else remark)
        if placement.mentor_id is not None:
            value = placement.mentor_name
            return Written(Outcome.SAME, Problem(Trouble.OTHER_MENTOR, "mentor", value=row.mentor, mentor=value))
        await placements.set_mentor(tx, placement, mentor_id)
        await self._tell(tx, placement, placement.student_person, "placement_mentor")
        await self._tell(tx, placement, mentor_id, "placement_made")
        await self._record(tx, "placement_mentor_changed", placement.id)
        return Written(Outcome.CHANGED)

    async def _tell(self, tx: Transaction, placement: Placement, person_id: int | None, card: str) -> None:
        if person_id is not None and placement.ends_on >= local_day(self.now, placement.zone):
            await outbox.add(tx, person_id, card, placement.id, now=self.now, priority=outbox.MANY)

    async def _record(self, tx: Transaction, act: str, placement_id: int) -> None:
        await people.record_act(
            tx, actor_id=None, act=act, subject_kind="placement", subject_id=placement_id, now=self.now
        )


def _is(placement: Placement, row: PlacementRow) -> bool:
    """Whether a row is about this placement; one that was ended early stays ended."""
    return (
        key(placement.enterprise) == key(row.enterprise)
        and placement.starts_on == row.starts_on
        and (placement.ends_on == row.ends_on or placement.ended_early)
    )


def _overlap(other: Placement) -> Problem:
    name, enterprise = other.student_name, other.enterprise
    return Problem(Trouble.OVERLAP, "start", name=name, enterprise=enterprise, start=other.starts_on, end=other.ends_on)


@dataclass
class PostsPlan:
    """Posts: of the partners of one school, or without a school for every school."""

    school: School | None
    now: datetime
    subject: Subject = Subject.POSTS

    def read(self, _line: int, cells: Cells) -> PostRow:
        """Check a row."""
        return read_post(cells)

    async def prepare(self, _tx: Transaction, _rows: Sequence[Numbered[PostRow]]) -> list[Numbered[Problem]]:
        """Nothing is needed: an enterprise is made by its first post."""
        return []

    async def write(self, tx: Transaction, row: PostRow) -> Written:
        """Add a post, unless the same one is there."""
        enterprise = await schools.enterprise_named(tx, row.enterprise, now=self.now)
        if self.school:
            await schools.link_enterprise(tx, self.school.id, enterprise.id)
        details = row.details
        new = await posts.add_imported(
            tx,
            enterprise_id=enterprise.id,
            title=details.title,
            tasks=details.tasks,
            city=details.city,
            pay=details.pay,
            places=details.places,
            starts_on=details.starts_on,
            ends_on=details.ends_on,
            apply_by=details.apply_by,
            apply_url=row.apply_url or None,
            is_public=self.school is None,
            now=self.now,
        )
        return Written(Outcome.NEW if new else Outcome.SAME)
