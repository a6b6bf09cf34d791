"""`shixi import`: one file into the database, with a bar while it works and a report when it is done."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.clock import FileClock, system_clock
from bot.columns import Subject
from bot.import_plans import PlacementsPlan, PostsPlan, StudentsPlan
from bot.import_report import error_text, report_text
from bot.importing import Plan, Report, import_file
from bot.tables import TableError
from bot.texts import N_, Texts, all_texts
from domain.people import Language
from domain.words import clean_line
from storage import imports
from storage.database import open_database

if TYPE_CHECKING:
    from bot.config import Basics
    from domain.schools import School
    from storage.database import Database

ALL_GOOD, SOME_BAD, NOT_READ = 0, 1, 2


class WhichSchool(Exception):
    """It is not clear which school a file is for; the id of the sentence about it, and its values."""

    def __init__(self, msgid: str, **values: str) -> None:
        super().__init__(msgid, values)
        self.msgid = msgid
        self.values = values


def language_of_terminal() -> Language:
    """Return the language that the environment asks for (POSIX: LC_ALL before LC_MESSAGES before LANG)."""
    asked = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return Language.of_telegram(asked)


def run_import(settings: Basics, subject: Subject, path: Path, school: str | None, language: Language | None) -> int:
    """Import a file, tell about it, and return the exit status."""
    _ = all_texts()[language or language_of_terminal()]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show Chinese gets question marks
    file = clean_line(click.format_filename(path))
    try:
        report = asyncio.run(_import(settings, subject, path, school, _))
    except TableError as error:
        click.echo(error_text(_, error, file, subject), err=True)
        return NOT_READ
    except WhichSchool as error:
        click.echo(_.plain(error.msgid, **error.values), err=True)
        return NOT_READ
    click.echo(report_text(_, report, file, subject))
    return SOME_BAD if report.bad else ALL_GOOD


async def _import(settings: Basics, subject: Subject, path: Path, school: str | None, _: Texts) -> Report:
    database = await open_database(settings.database_url)
    try:
        clock = FileClock(settings.clock_file) if settings.clock_file else system_clock
        plan = await _plan(database, subject, school, clock())
        with _bar(_.plain("import.writing")) as progress:
            return await import_file(database, path, plan, progress=progress)
    finally:
        await database.close()


async def _plan(database: Database, subject: Subject, name: str | None, now: datetime) -> Plan[Any]:
    known = await database.read(imports.schools)
    if subject is Subject.POSTS:
        return PostsPlan(_school(known, name) if name is not None else None, now)
    school = _school(known, name)
    return StudentsPlan(school, now) if subject is Subject.STUDENTS else PlacementsPlan(school, now)


def _school(known: list[School], name: str | None) -> School:
    """Choose the school that is named; the only one need not be."""
    if not known:
        raise WhichSchool(N_("import.no_school"))
    names = " · ".join(school.name for school in known)
    if name is None:
        if len(known) > 1:
            raise WhichSchool(N_("import.which_school"), schools=names)
        return known[0]
    wanted = next((school for school in known if school.name == clean_line(name)), None)
    if wanted is None:
        raise WhichSchool(N_("import.unknown_school"), name=clean_line(name), schools=names)
    return wanted


@contextmanager
def _bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on a terminal while rows are written; nothing where the output goes into a file."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield progress
