"""What an import says when it is done, in the language of whoever runs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from bot.columns import columns_of
from bot.importing import Outcome
from bot.texts import N_
from domain.imports import Problem, Trouble
from domain.words import clean_line, shorten

if TYPE_CHECKING:
    from bot.columns import Subject
    from bot.importing import Report
    from bot.tables import TableError
    from bot.texts import Texts

SHOWN = 80  # characters of a cell that is quoted

SENTENCES = {
    Trouble.MISSING: N_("import.missing"),
    Trouble.TOO_LONG: N_("import.too_long"),
    Trouble.BROKEN_QUOTES: N_("import.broken_quotes"),
    Trouble.NOT_A_NUMBER: N_("import.not_a_number"),
    Trouble.NOT_A_STUDENT_NUMBER: N_("import.not_a_student_number"),
    Trouble.NOT_A_DAY: N_("import.not_a_day"),
    Trouble.NO_YEAR: N_("import.no_year"),
    Trouble.NOT_A_URL: N_("import.not_a_url"),
    Trouble.END_BEFORE_START: N_("import.end_before_start"),
    Trouble.TOO_MANY_DAYS: N_("import.too_many_days"),
    Trouble.OTHER_LINE: N_("import.other_line"),
    Trouble.NO_SUCH_STUDENT: N_("import.no_such_student"),
    Trouble.OTHER_NAME: N_("import.other_name"),
    Trouble.CLOSED: N_("import.closed"),
    Trouble.OVERLAP: N_("import.overlap"),
    Trouble.REFUSED: N_("import.refused"),
    Trouble.NEW_CLASS: N_("import.new_class"),
    Trouble.NEW_ENTERPRISE: N_("import.new_enterprise"),
    Trouble.NO_MENTOR: N_("import.no_mentor"),
    Trouble.SEVERAL_MENTORS: N_("import.several_mentors"),
    Trouble.OTHER_MENTOR: N_("import.other_mentor"),
}
COUNTS = {
    Outcome.NEW: N_("import.count_new"),
    Outcome.SAME: N_("import.count_same"),
    Outcome.CHANGED: N_("import.count_changed"),
}


def report_text(_: Texts, report: Report, file: str, subject: Subject) -> str:
    """Return the whole report: the counts, what was not taken and why, what else is worth knowing."""
    counts = [_.plain(COUNTS[outcome], n=_.number(report.counts[outcome])) for outcome in _told(report)]
    parts = [[_.plain_plural("import.done", report.rows, file=file, rows=_.number(report.rows)), *_indented(counts)]]
    if report.bad:
        parts[0] += _indented([_.plain("import.count_bad", n=_.number(len(report.bad)))])
        heading = _.plain_plural("import.bad", len(report.bad))
        parts.append([heading, *_indented(_lines(_, report, report.bad, subject))])
    if report.remarks:
        parts.append([_.plain("import.remarks"), *_indented(_lines(_, report, report.remarks, subject))])
    if ignored := report.header.ignored:
        parts.append([_.plain("import.ignored", columns=_listed(_, ignored))])
    return "\n\n".join("\n".join(part) for part in parts)


def _told(report: Report) -> list[Outcome]:
    return [outcome for outcome in Outcome if outcome is not Outcome.CHANGED or report.counts[outcome]]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _lines(_: Texts, report: Report, problems: Iterable[tuple[int, Problem]], subject: Subject) -> list[str]:
    columns = {name: called(_, subject, name) for name in columns_of(subject).by_name} | dict(report.header.written)
    return [_.plain("import.line", line=line, what=problem_text(_, problem, columns)) for line, problem in problems]


def problem_text(_: Texts, problem: Problem, columns: Mapping[str, str]) -> str:
    """Return what is wrong with a row; `columns` says how the file calls them."""
    column = columns.get(problem.column, problem.column)
    return _.plain(SENTENCES[problem.trouble], column=_quotable(column), **_shown(_, problem.values))


def error_text(_: Texts, error: TableError, file: str, subject: Subject) -> str:
    """Return why a file was not imported at all."""
    columns = _listed(_, [called(_, subject, column.name) for column in error.columns])
    return _.plain(error.msgid, file=file, columns=columns, **_shown(_, error.values))


def called(_: Texts, subject: Subject, column: str) -> str:
    """Return a column's name in the reader's language."""
    return columns_of(subject).by_name[column].called[_.language]


def _listed(_: Texts, names: Iterable[str]) -> str:
    return _.plain("import.comma").join(_.plain("import.quoted", name=_quotable(name)) for name in names)


def _shown(_: Texts, values: Mapping[str, str | int | date]) -> dict[str, str | int]:
    return {
        name: _.full_day(value) if isinstance(value, date) else _quotable(value) if isinstance(value, str) else value
        for name, value in values.items()
    }


def _quotable(text: str) -> str:
    """Return words from a file as they may be shown in a terminal: one line, no control characters, not too long."""
    return shorten(clean_line(text), SHOWN)
