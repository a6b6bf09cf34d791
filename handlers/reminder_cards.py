"""What a reminder says: drawn when it is sent, from how things are then, and at night put off until the morning."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.context import Later
from bot.send import Message
from bot.texts import N_, join
from domain import reminders as rules
from domain import weeks
from domain.logs import LogState
from domain.waiting import is_given_up, is_overdue
from handlers import dates, pulse
from handlers.buttons import PAGE, button, home
from handlers.reminder_thanks import ALONE, said
from storage import logs, moments, placements
from storage import reminders as records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from bot.context import View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.logs import Log
    from domain.placements import Placement
    from domain.reminders import Waiting

LOG, DIGEST, NUDGE, ESCALATION = "log_reminder", "mentor_digest", "mentor_nudge", "escalation"
ARRIVALS = "school_digest"
NO_SNOOZE_WITHIN = timedelta(hours=1)  # before a log is due


def _let_sleep(view: View) -> None:
    """Raise `Later` at night: a row that waited for Telegram, or for us, waits until the morning."""
    if rules.is_quiet(view.now, view.person.zone):
        raise Later(rules.after_quiet(view.now, view.person.zone))


# --- to students ------------------------------------------------------------------------------------------------


async def log_reminder(view: View) -> Message | None:
    """Remind a student of a week's log; nothing once it is handed in, excused, or cannot be written any more."""
    placement = await placements.for_student(view.tx, view.subject, view.person.id)
    week = date.fromisoformat(str(view.args["week"]))
    log = await logs.of_week(view.tx, placement.id, week)
    excused = await placements.excused(view.tx, placement.id)
    if (
        (log is not None and log.state is not LogState.DRAFT)
        or not weeks.owed(placement.starts_on, placement.ends_on, week, excused)
        or not weeks.writable(placement.starts_on, placement.ends_on, week, view.now, placement.zone)
    ):
        return None
    again_at = view.args.get("at")
    if again_at is None:
        _let_sleep(view)
    _ = view.texts
    written = log.length if log else 0
    begun = _.plural("reminder.begun", written) if written else _("reminder.begin")
    waiting = await moments.count_saved(view.tx, placement.id, week)
    kept = _.plural("reminder.moments", waiting) if waiting else None
    again = _("reminder.again", at=again_at) if again_at else None
    text = join((_when(view, placement, week), begun, kept, again))
    return Message(text, _log_buttons(view, placement, week, log))


def _when(view: View, placement: Placement, week: date) -> Markup:
    _, zone, due_at = view.texts, view.person.zone, weeks.due_at(week, placement.rules)
    name = dates.week_name(_, weeks.number(placement.starts_on, week), week)
    if due_at > view.now:
        return _("reminder.log_due", week=name, due=dates.due(_, due_at, view.now, zone))
    at = dates.at(_, due_at, view.now, zone)
    return _("reminder.log_open", week=name, at=at, until=_.day(placement.ends_on + weeks.AFTER_END))


def _log_buttons(view: View, placement: Placement, week: date, log: Log | None) -> list[list[Button]]:
    _ = view.texts
    write = N_("reminder.go_on") if log and log.length else N_("reminder.write")
    rows = [[button(_.plain(write), "log.open", placement.id, rest=week.isoformat())]]
    left = weeks.due_at(week, placement.rules) - view.now
    if "at" not in view.args and not timedelta() < left < NO_SNOOZE_WITHIN:
        rows.append([button(_.plain("reminder.later"), "reminder.later", placement.id, rest=week.isoformat())])
    rows.append([pulse.door(_, placement.id, week)])
    return rows


# --- to mentors and coordinators --------------------------------------------------------------------------------


async def mentor_digest(view: View) -> Message | None:
    """Tell a mentor on the days they chose what waits, with thanks for what was answered; or send thanks alone."""
    waiting = await _for_mentor(view)
    if waiting:
        return _to_mentor(view, N_("reminder.digest"), N_("reminder.digest_next"), waiting)
    if not view.args.get(ALONE):
        return None
    _let_sleep(view)
    return Message(join((said(view), view.texts("glance.nothing_to_review"))), [[home(view.texts)]])


async def mentor_nudge(view: View) -> Message | None:
    """Tell a mentor what has waited for its class's term."""
    waiting = [w for w in await _for_mentor(view) if is_overdue(w.submitted_at, w.placement.rules, view.now)]
    return _to_mentor(view, N_("reminder.nudge"), N_("reminder.nudge_next"), waiting)


async def _for_mentor(view: View) -> list[Waiting]:
    today = weeks.local_day(view.now, view.person.zone)
    return await records.waiting_for_mentor(view.tx, view.person.id, until=view.now, today=today)


def _to_mentor(view: View, title: str, following: str, waiting: Sequence[Waiting]) -> Message | None:
    if not waiting:
        return None
    _let_sleep(view)
    _ = view.texts
    lines = [
        _(
            "reminder.line",
            student=w.placement.student_name,
            number=weeks.number(w.placement.starts_on, w.week),
            day=_.day(weeks.local_day(w.submitted_at, view.person.zone)),
            away=dates.away(_, w.submitted_at, view.now, view.person.zone),
        )
        for w in waiting[:PAGE]
    ]
    text = join((_.plural(title, len(waiting)), *lines, _more(_, waiting), _(following)))
    return Message(join((text, said(view)), "\n\n"), _mentor_buttons(_, waiting[0]))


def _mentor_buttons(_: Texts, oldest: Waiting) -> list[list[Button]]:
    name, number = oldest.placement.student_name, weeks.number(oldest.placement.starts_on, oldest.week)
    return [
        [button(_.plain("reminder.queue"), "queue")],
        [button(_.plain("reminder.oldest", name=name, number=number), "queue.next")],
        [button(_.plain("digest.door"), "digest"), button(_.plain("away.door"), "away")],
    ]


def _more(_: Texts, waiting: Sequence[Waiting]) -> Markup | None:
    return _.plural("reminder.more", len(waiting) - PAGE) if len(waiting) > PAGE else None


async def escalation(view: View) -> Message | None:
    """Tell a coordinator which logs nobody answers, with whom they are since when; and how many mentors passed on."""
    everything = await records.waiting_for_coordinator(view.tx, view.person.id, until=view.now)
    waiting = [w for w in everything if w.escalated_at or is_given_up(w.since, w.placement.rules, view.now)]
    if not waiting:
        return None
    _let_sleep(view)
    _ = view.texts
    lines = [_with_whom(view, w) for w in waiting[:PAGE]]
    title = _.plural("reminder.escalation", len(waiting))
    arrived = len([w for w in everything if w.school_since and w not in waiting])
    also = _.plural("reminder.school_too", arrived) if arrived else None
    text = join((title, *lines, _more(_, waiting), also, _("reminder.escalation_next")))
    names = {w.placement.student_id: w.placement.student_name for w in waiting[:PAGE]}
    students = [button(_.plain("reminder.student", name=name), "student", id_) for id_, name in names.items()]
    pairs = [students[i : i + 2] for i in range(0, len(students), 2)]
    return Message(text, [[button(_.plain("reminder.queue"), "queue.all")], *pairs])


def _with_whom(view: View, waiting: Waiting) -> Markup:
    placement, said = waiting.placement, N_("reminder.with_mentor")
    if waiting.school_since:
        said = N_("reminder.with_school")
    elif placement.answerer_id is None:
        said = N_("reminder.with_coordinators") if placement.handed_over else N_("reminder.with_nobody")
    elif waiting.mentor_stopped and not placement.handed_over:
        said = N_("reminder.with_stopped")
    return view.texts(
        said,
        student=placement.student_name,
        class_name=placement.rules.name,
        number=weeks.number(placement.starts_on, waiting.week),
        mentor=placement.stand_in_name or placement.mentor_name,
        enterprise=placement.enterprise,
        day=view.texts.day(weeks.local_day(waiting.since, view.person.zone)),
    )


async def arrivals(view: View) -> Message | None:
    """Tell a coordinator what mentors have approved and passed on, and what came back to the school."""
    everything = await records.waiting_for_coordinator(view.tx, view.person.id, until=view.now)
    waiting = [w for w in everything if w.school_since]
    if not waiting:
        return None
    _let_sleep(view)
    _ = view.texts
    lines = [_with_whom(view, w) for w in waiting[:PAGE]]
    text = join((_.plural("reminder.school", len(waiting)), *lines, _more(_, waiting), _("reminder.digest_next")))
    return Message(text, [[button(_.plain("reminder.queue"), "queue")]])


def register(routes: Routes) -> None:
    """Draw every reminder."""
    routes.card(LOG, log_reminder)
    routes.card(DIGEST, mentor_digest)
    routes.card(NUDGE, mentor_nudge)
    routes.card(ESCALATION, escalation)
    routes.card(ARRIVALS, arrivals)
