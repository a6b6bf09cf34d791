"""What a student changed since a log was given back, as its reviewer reads it: what went, what came, little else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.texts import join
from domain.differences import Change, pieces, shortened
from domain.logs import WRITTEN, Decision, LogState
from handlers import sections

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.texts import Texts
    from domain.differences import Piece
    from domain.logs import Log
    from domain.reviews import Earlier, Submission

AROUND = 60  # characters that are kept before and behind a change, to be read with it


def is_compared(submission: Submission) -> bool:
    """Whether the log came back changed, and waits: an answer to a question stands for itself."""
    last = submission.last
    waits = submission.log.state is LogState.SUBMITTED and submission.before is not None
    return waits and last is not None and last.decision in {Decision.RETURNED, Decision.REOPENED}


def changes(_: Texts, log: Log, before: Earlier) -> Markup:
    """Return what changed, section by section; those that did not are only named."""
    parts: list[Markup] = []
    same: list[str] = []
    for section in WRITTEN:
        was, now = before.sections.get(section, ""), log.sections.get(section, "")
        if was != now:
            text = join((_piece(_, piece) for piece in shortened(pieces(was, now), AROUND)), "")
            parts.append(_("log.section_text", name=sections.name(_, log.template, section), text=text))
        elif now:
            same.append(sections.name(_, log.template, section))
    beside = _beside(_, log, before)
    if not parts and beside is None:
        return _("changes.none")
    return join((*parts, beside, _("changes.same", names=" · ".join(same)) if same else None), "\n\n")


def _beside(_: Texts, log: Log, before: Earlier) -> Markup | None:
    """Return the change of the hours and of the files."""
    hours: Markup | None = None
    files: Markup | None = None
    if log.hours != before.hours:
        was, now = (_.number(value) if value is not None else "–" for value in (before.hours, log.hours))
        hours = _("changes.hours", before=was, after=now)
    ids = {entry.file.id for entry in log.files}
    if ids != before.files:
        files = _("changes.files", added=len(ids - before.files), removed=len(before.files - ids))
    return join((hours, files)) or None


def _piece(_: Texts, piece: Piece) -> Markup | str:
    if piece.change is Change.REMOVED:
        return _("changes.removed", text=piece.text)
    if piece.change is Change.ADDED:
        return _("changes.added", text=piece.text)
    return piece.text
