"""Importing a file: read it whole, check every row, write the good ones in batches, and report on all of them.

A bad row never stops the rest, and a row that is there already changes nothing, so a file that was corrected, or an
import that was interrupted, is simply imported again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.columns import Header, Subject, columns_of
from bot.tables import open_table
from domain.imports import Cells, Problem, Trouble
from storage.errors import AlreadyExists, Conflict, NotFound

if TYPE_CHECKING:
    from storage.database import Database, Transaction

BATCH = 100  # rows in a transaction: the bot that runs beside waits no longer than for these

R = TypeVar("R")
Numbered = tuple[int, R]  # with the number of its line


class Outcome(StrEnum):
    """What became of a good row."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Written:
    """A row that was taken, and what is worth knowing about it."""

    outcome: Outcome
    remark: Problem | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file."""

    header: Header
    counts: Counter[Outcome] = field(default_factory=Counter)
    bad: list[Numbered[Problem]] = field(default_factory=list)
    remarks: list[Numbered[Problem]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return self.counts.total() + len(self.bad)


class Plan(Protocol[R]):
    """How the rows of a subject are checked and written."""

    subject: Subject

    def read(self, line: int, cells: Cells) -> R:
        """Check a row by itself and against the rows before it; raises `Problem`."""

    async def prepare(self, tx: Transaction, rows: Sequence[Numbered[R]]) -> list[Numbered[Problem]]:
        """Make what the rows stand on, once, and return what is worth knowing about that; may run again."""

    async def write(self, tx: Transaction, row: R) -> Written:
        """Write a row; raises `Problem` before anything is written."""


def _nothing(_done: int, _total: int) -> None:
    pass


async def import_file(
    database: Database, path: Path, plan: Plan[R], *, progress: Callable[[int, int], None] = _nothing
) -> Report:
    """Import a file; raises `TableError`, and then nothing was written."""
    table = open_table(path, columns_of(plan.subject))
    report = Report(table.header)
    rows: list[Numbered[R]] = []
    for line, cells in table.rows:
        try:
            rows.append((line, plan.read(line, _sound(cells))))
        except Problem as problem:
            report.bad.append((line, problem))
    report.remarks.extend(await database.transaction(lambda tx: plan.prepare(tx, rows)))
    for number, batch in enumerate(_batches(rows)):
        for (line, _), result in zip(batch, await _write(database, plan, batch), strict=True):
            _note(report, line, result)
        progress(number * BATCH + len(batch), len(rows))
    report.bad.sort(key=lambda bad: bad[0])
    report.remarks.sort(key=lambda remark: remark[0])
    return report


def _sound(cells: Cells | Problem) -> Cells:
    if isinstance(cells, Problem):
        raise cells
    return cells


def _batches(rows: Sequence[R]) -> Iterator[list[R]]:
    following = iter(rows)
    while batch := list(islice(following, BATCH)):
        yield batch


async def _write(database: Database, plan: Plan[R], rows: Sequence[Numbered[R]]) -> list[Written | Problem]:
    try:
        return await database.transaction(partial(_write_all, plan, rows))
    except (AlreadyExists, Conflict, NotFound):  # somebody else changed something meanwhile: only that row is out
        if len(rows) == 1:
            return [Problem(Trouble.REFUSED)]
        return [result for row in rows for result in await _write(database, plan, [row])]


async def _write_all(plan: Plan[R], rows: Sequence[Numbered[R]], tx: Transaction) -> list[Written | Problem]:
    results: list[Written | Problem] = []
    for _, row in rows:
        try:
            results.append(await plan.write(tx, row))
        except Problem as problem:
            results.append(problem)
    return results


def _note(report: Report, line: int, result: Written | Problem) -> None:
    if isinstance(result, Problem):
        report.bad.append((line, result))
        return
    report.counts[result.outcome] += 1
    if result.remark:
        report.remarks.append((line, result.remark))
