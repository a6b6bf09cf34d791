"""Nobody waits in the dark: the student sees who has the log and how long answers take, and has them reminded.

Shixi reminds in its own name, and counts what a student asks for as it counts what comes by itself (`domain.waiting`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Show
from bot.texts import N_, join
from domain import waiting as rules
from domain import weeks
from domain.logs import Decision, LogState
from domain.people import Role
from domain.waiting import Ask
from handlers import dates
from handlers.buttons import button
from handlers.reminder_cards import DIGEST, NUDGE
from handlers.reminder_plans import MEMORY
from storage import logs, outbox, people, second_stage, verdicts, waiting
from storage import reminder_plans as plans

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from domain.logs import Log, Review
    from storage.database import Transaction
    from storage.waiting import Answerer

VERB = "log.nudge"
CARD = "log"  # the student's card of a log, on which all of this stands


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Who has a log that was handed in (None: the coordinators), and what its student can do about it.

    `passed` is the approval with which it came to the school, while the school has not answered.
    """

    mentor: Answerer | None
    ask: Ask
    passed: Review | None = None


async def whereabouts(tx: Transaction, reader: Context | View, log: Log) -> Whereabouts:
    """Find where a student's own log is."""
    if log.with_school:
        return await _at_school(tx, reader, log)
    mentor = await waiting.answerer(tx, log.placement, today=weeks.local_day(reader.now, log.placement.zone))
    if log.state is not LogState.SUBMITTED or log.submitted_at is None:
        return Whereabouts(mentor, Ask.WAIT)
    reached = mentor is not None and not mentor.reader.stopped
    return Whereabouts(
        mentor,
        rules.next_ask(
            log.submitted_at, log.nudged_at, log.escalated_at, log.placement.rules, reader.now, has_mentor=reached
        ),
    )


async def _at_school(tx: Transaction, reader: Context | View, log: Log) -> Whereabouts:
    if log.state is not LogState.SUBMITTED or log.waits_since is None:
        return Whereabouts(None, Ask.WAIT)
    last, of_class = await verdicts.latest(tx, log.id), log.placement.rules
    ask = rules.next_ask(log.waits_since, None, log.escalated_at, of_class, reader.now, has_mentor=False)
    return Whereabouts(None, ask, last if last and last.decision is Decision.PASSED else None)


def stands(view: View, log: Log, its: Whereabouts) -> Markup:
    """Say who has the log and since when, and whether it can still be taken back."""
    _, week = view.texts, dates.log_name(view.texts, log)
    at = dates.at(_, log.waits_since or view.now, view.now, view.person.zone)
    if its.passed:
        return _("log.passed", week=week, reviewer=its.passed.reviewer, at=at)
    if log.with_school:
        return _("log.with_school", week=week, at=at)
    who = its.mentor.name if its.mentor else _.plain("log.your_coordinator")
    return _("log.with_mentor", week=week, mentor=who, at=at)


async def waiting_lines(view: View, log: Log, its: Whereabouts) -> Markup | None:
    """Say how long answers usually take, and who was asked about the log; None where there is nothing to say."""
    _, zone = view.texts, view.person.zone
    if log.with_school:
        days = rules.usual_days(await second_stage.latest_waits(view.tx, log.placement.rules.id))
        known = log.escalated_at
        return (
            join(
                (
                    _.plural("waiting.usual", days) if days else None,
                    _("waiting.told_school", at=dates.at(_, known, view.now, zone)) if known else None,
                )
            )
            or None
        )
    usual = asked = told = stands_in = None
    if log.placement.handed_over and its.mentor is not None:
        stands_in = _("waiting.stands_in", name=its.mentor.name, mentor=log.placement.mentor_name)
    if its.mentor is not None:
        days = rules.usual_days(await waiting.latest_waits(view.tx, its.mentor.reader.person_id))
        usual = _.plural("waiting.usual", days) if days else None
    if log.nudged_at is not None and its.mentor is not None:
        asked = _("waiting.asked", mentor=its.mentor.name, at=dates.at(_, log.nudged_at, view.now, zone))
    if log.escalated_at is not None:
        told = _("waiting.told", at=dates.at(_, log.escalated_at, view.now, zone))
    return join((stands_in, usual, asked, told)) or None


def nudge_button(view: View, log: Log, its: Whereabouts) -> list[Button]:
    """Make the button that has somebody reminded, once it is time for that."""
    _ = view.texts
    if its.ask is Ask.MENTOR and its.mentor is not None:
        label = _.plain("waiting.ask_mentor", mentor=its.mentor.name)
    elif its.ask is Ask.COORDINATORS:
        label = _.plain(N_("waiting.ask_school") if log.with_school else N_("waiting.ask_coordinators"))
    else:
        return []
    return [button(label, VERB, log.id, log.version, its.ask.value)]


async def nudge(context: Context, press: Press) -> Show:
    """Remind the mentor of a log that has waited for too long; three days later, tell the coordinators."""

    async def work(tx: Transaction) -> Show:
        log = await logs.for_student(tx, press.id, context.person.id)
        its = await whereabouts(tx, context, log)
        if (press.version, press.rest) != (log.version, its.ask.value):
            raise Stale(Show(CARD, log.id))
        if its.ask is Ask.COORDINATORS:
            await waiting.tell_coordinators(tx, log.id, now=context.now)
            toast = N_("waiting.toast_school") if log.with_school else N_("waiting.toast_coordinators")
            show = Show(CARD, log.id, toast=toast)
        elif its.ask is Ask.MENTOR and its.mentor is not None:
            await _remind(tx, context, its.mentor)
            show = Show(CARD, log.id, {"mentor": its.mentor.name}, toast=N_("waiting.toast_mentor"))
        else:
            raise Stale(Show(CARD, log.id))
        await people.record_act(
            tx, actor_id=context.person.id, act="log_nudged", subject_kind="log", subject_id=log.id, now=context.now
        )
        return show

    return await context.write(work)


async def _remind(tx: Transaction, context: Context, mentor: Answerer) -> None:
    """Write to a mentor about all that has waited too long; where they are not to be disturbed now, say when."""
    reader, now = mentor.reader, context.now
    pushed = await waiting.pushed_to(tx, reader.person_id, [DIGEST, NUDGE], since=now - MEMORY)
    at = rules.ask_at(reader, pushed, now)
    today = weeks.local_day(now, reader.zone)
    if at != now:
        said = dates.at(context._, at, now, context.person.zone)
        raise Refused(N_("waiting.soon"), mentor=mentor.name, at=said)
    key = f"{NUDGE}:{reader.person_id}:{today}"
    await outbox.add(tx, reader.person_id, NUDGE, reader.person_id, now=now, unique_key=key)
    await plans.mark_nudged(tx, [(reader.person_id, today - logs.MENTOR_READS_ON)], now=now)


def register(routes: Routes) -> None:
    """Let students have somebody reminded."""
    routes.button(VERB, nudge, role=Role.STUDENT, card=CARD)
