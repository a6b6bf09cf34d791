"""From moments to the log: one at a time, or all of a week as its draft, grouped by day, which one press undoes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Show
from bot.texts import N_
from domain import weeks
from domain.logs import FILES_LIMIT, WRITTEN, Log, LogState, Section
from domain.moments import Gathered, Moment, MomentState, gather
from domain.people import Role
from handlers.log_card import FILLED, FORM, READY, next_step
from handlers.moment_cards import CARD
from storage import drafts, logs, moments, placements

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.logs import LogFile
    from storage.database import Transaction


def takes_moments(log: Log) -> bool:
    """Whether a log is open for more than an answer to the mentor's question."""
    return log.state in {LogState.DRAFT, LogState.RETURNED}


# --- one --------------------------------------------------------------------------------------------------------


async def put(context: Context, press: Press) -> Show:
    """Put one moment into the log of its week: a text into a section, files to the files."""
    if press.rest not in {"", *WRITTEN}:
        raise Stale(Show(CARD, press.id))

    async def work(tx: Transaction) -> Show:
        moment = await moments.for_student(tx, press.id, context.person.id)
        if moment.state is not MomentState.SAVED or bool(press.rest) is bool(moment.files):
            raise Stale(Show(CARD, moment.id))
        log = await _log_of(tx, context, moment)
        if moment.files:
            await _put_files(tx, log, moment)
        else:
            await _put_text(tx, log, moment, Section(press.rest))
        await moments.move(tx, moment, MomentState.USED)
        draft = context.person.draft
        if draft and draft.form == FORM and draft.subject == log.id:
            await drafts.activate(tx, context.person.id, FORM, subject=log.id, step=READY, now=context.now)
        return Show(CARD, moment.id)

    return await context.write(work)


async def _log_of(tx: Transaction, context: Context, moment: Moment) -> Log:
    """Return the log of a moment's week, begun if there is none; raises `Refused` where it takes nothing now."""
    placement = await placements.for_student(tx, moment.placement_id, context.person.id)
    log = await logs.of_week(tx, placement.id, moment.week)
    starts_on, ends_on = placement.starts_on, placement.ends_on
    if log is None and weeks.writable(starts_on, ends_on, moment.week, context.now, placement.zone):
        log = await logs.begin(tx, placement, moment.week, now=context.now)
    if log is None or not takes_moments(log):
        raise Refused(N_("moment.closed"))
    return log


async def _put_text(tx: Transaction, log: Log, moment: Moment, section: Section) -> None:
    if section not in log.open_sections:
        raise Stale(Show(CARD, moment.id))
    whole = "\n".join(filter(None, (log.sections.get(section), moment.text)))
    if len(whole) > log.room(section):
        raise Refused(N_("moment.too_long"), limit=log.room(section))
    await logs.write(tx, log, section, whole)


async def _put_files(tx: Transaction, log: Log, moment: Moment) -> None:
    its = (await moments.files_of(tx, [moment.id]))[moment.id]
    if not _allowed(log, its):
        raise Refused(N_("log.photos_off"))
    left = FILES_LIMIT - len(log.files)
    if len(its) > left:
        raise Refused(N_("moment.no_room"), left=left, limit=FILES_LIMIT)
    for entry in its:
        log = await logs.attach(tx, log, entry.file.id, caption=entry.caption)


def _allowed(log: Log, files: Sequence[LogFile]) -> bool:
    """Whether the class takes these files: photos may have been switched off since they were sent."""
    return log.placement.rules.photos_allowed or not any(entry.file.is_picture for entry in files)


# --- all of a week ----------------------------------------------------------------------------------------------


async def fill(context: Context, press: Press) -> Show:
    """Put the moments of a week into its log: texts by their days behind what was done, files to the files."""

    async def work(tx: Transaction) -> Show:
        log = await logs.for_student(tx, press.id, context.person.id)
        if log.version != press.version or not log.is_open:
            raise Stale(Show(FORM, log.id))
        if not takes_moments(log):
            raise Refused(N_("moment.closed"))
        waiting = await moments.saved(tx, log.placement.id, log.week)
        files = await moments.files_of(tx, [moment.id for moment in waiting])
        fitting = [moment for moment in waiting if _allowed(log, files.get(moment.id, ()))]
        before = log.sections.get(Section.DONE, "")
        room, limit = FILES_LIMIT - len(log.files), log.room(Section.DONE)
        gathered = gather(fitting, files, before, room=room, limit=limit, head=_head(context))
        if not gathered.used:
            raise Refused(N_("moment.nothing_fits") if waiting else N_("moments.empty"))
        log = await moments.put_in(tx, log, gathered)
        answers = {FILLED: _memory(log, before, gathered)}
        step = next_step(log, Section.DONE.value) if log.state is LogState.DRAFT else READY
        await drafts.activate(tx, context.person.id, FORM, subject=log.id, step=step, answers=answers, now=context.now)
        whole = len(gathered.used) == len(waiting)
        return Show(FORM, log.id, toast=N_("moment.filled") if whole else N_("moment.some_left"))

    return await context.write(work)


def _head(context: Context) -> Callable[[date], str]:
    return lambda day: context._.plain("moment.day", day=context._.weekday(day))


def _memory(log: Log, before: str, gathered: Gathered) -> Mapping[str, object]:
    """Return what undoing needs: it holds for this version of the log only, so the text is a length of it."""
    return {
        "version": log.version,
        "length": len(before),
        "files": [entry.file.id for entry in gathered.files],
        "moments": list(gathered.used),
    }


async def undo(context: Context, press: Press) -> Show:
    """Take the moments out of the log again, as long as nothing has been edited since they were put in."""

    async def work(tx: Transaction) -> Show:
        log = await logs.for_student(tx, press.id, context.person.id)
        draft = await drafts.get(tx, context.person.id, FORM, log.id)
        filled = draft.answers.get(FILLED) if draft else None
        if not filled or not log.version == filled["version"] == press.version or not log.is_open:
            raise Stale(Show(FORM, log.id))
        text = log.sections.get(Section.DONE, "")[: filled["length"]]
        files = tuple(entry for entry in log.files if entry.file.id in filled["files"])
        await moments.take_out(tx, log, Gathered(text, files, tuple(filled["moments"])))
        step = READY if text else Section.DONE.value
        await drafts.activate(tx, context.person.id, FORM, subject=log.id, step=step, answers={}, now=context.now)
        return Show(FORM, log.id, toast=N_("moment.undone"))

    return await context.write(work)


def register(routes: Routes) -> None:
    """Put moments into the log."""
    routes.button("moment.put", put, role=Role.STUDENT, card=CARD)
    routes.button("moment.fill", fill, role=Role.STUDENT, card=FORM)
    routes.button("moment.undo", undo, role=Role.STUDENT, card=FORM)
