"""Late: a student says why a log comes after its time, in one press or in their own words, before or after handing in.

Nobody is asked twice, and nothing depends on it; whoever reads the log reads the reason where "late" stands.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.context import Stale
from bot.send import Message, Show
from bot.texts import N_, join
from domain.lateness import LIMIT, REASONS
from domain.logs import LogState
from domain.people import Role
from domain.reviews import CODE
from handlers import answers, dates, lateness
from handlers import logs as log_room
from handlers.buttons import button
from handlers.lateness import CARD
from handlers.log_card import FORM as LOG
from handlers.review_parts import FORM as REVIEW
from storage import drafts, logs, outbox, placements
from storage import lateness as records

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from domain.logs import Log
    from domain.people import Draft
    from storage.database import Transaction

NONE = "none"


async def ask(context: Context, press: Press) -> Show:
    """Ask why, to be pressed or typed."""

    async def work(tx: Transaction) -> Show:
        await _late_log(tx, context, press.id)
        await drafts.activate(tx, context.person.id, CARD, subject=press.id, step=CARD, now=context.now)
        return Show(CARD, press.id)

    return await context.write(work)


async def pick(context: Context, press: Press) -> Show:
    """Keep a ready reason, or none."""
    if press.rest not in {NONE, *REASONS}:
        raise Stale(Show(LOG, press.id))
    said = "" if press.rest == NONE else CODE + press.rest
    return await context.write(lambda tx: _keep(tx, context, press.id, said))


async def take(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Keep the student's own words."""
    words = answers.line(message, limit=LIMIT)

    async def work(tx: Transaction) -> Show:
        try:
            show = await _keep(tx, context, draft.subject, words)
        except Stale as stale:
            await drafts.close(tx, context.person.id, CARD, draft.subject)
            return replace(stale.view, args={"problem": N_("late.over")})
        context.receipt = True
        return show

    return await context.write(work)


async def leave(context: Context, press: Press) -> Show:
    """Go back to the log without an answer."""

    async def work(tx: Transaction) -> Show:
        return await _back(tx, context, await logs.for_student(tx, press.id, context.person.id))

    return await context.write(work)


async def _late_log(tx: Transaction, context: Context, log_id: int) -> Log:
    log = await logs.for_student(tx, log_id, context.person.id)
    if not log.comes_late(context.now) or log.state is LogState.APPROVED:
        raise Stale(Show(LOG, log.id))
    return log


async def _keep(tx: Transaction, context: Context, log_id: int, reason: str) -> Show:
    log = await _late_log(tx, context, log_id)
    log = await records.keep_reason(tx, log, reason)
    if log.state is LogState.SUBMITTED:
        for reviewer in await placements.reviewers(tx, log.placement):
            await outbox.add(tx, reviewer, REVIEW, log.id, now=context.now, manner=outbox.Manner.REFRESH)
    return await _back(tx, context, log)


async def _back(tx: Transaction, context: Context, log: Log) -> Show:
    await drafts.close(tx, context.person.id, CARD, log.id)
    return await log_room.resume(tx, context, log) if log.is_open else Show(LOG, log.id)


async def late_card(view: View) -> Message | None:
    """Draw the question, with the reason that was given if there is one."""
    log, _ = await logs.for_student(view.tx, view.subject, view.person.id), view.texts
    due = dates.due(_, log.due_at, view.now, view.person.zone)
    why = lateness.reason(_, log)
    said = _("late.given", reason=why) if why else None
    picks = lateness.reasons(_, log)
    rows = [picks[start : start + 2] for start in range(0, len(picks), 2)]
    if why:
        rows.append([button(_.plain("late.none"), "late.pick", log.id, rest=NONE)])
    back = button(_.plain("button.back"), "late.back", log.id)
    title = _("log.title", week=dates.log_name(_, log), due=due)
    return Message(join((title, said, _("late.ask")), "\n\n"), [*rows, [back]])


def register(routes: Routes) -> None:
    """Let students say why."""
    student = Role.STUDENT
    routes.form(CARD, take, role=student)
    routes.card(CARD, late_card)
    for verb, run in ((CARD, ask), ("late.pick", pick), ("late.back", leave)):
        routes.button(verb, run, role=student, card=LOG)
