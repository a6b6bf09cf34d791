"""Flags: a student whom a coordinator is to call, after two hard weeks or because they asked; and how weeks felt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Later
from bot.send import Message, Show
from bot.texts import N_, join
from domain import reminders
from domain.people import Role
from domain.pulse import BEST, Cause
from domain.weeks import local_day
from domain.words import shorten
from handlers import dates
from handlers.buttons import PAGE, button, home, pager
from storage import outbox, people, roster
from storage import pulse as records
from storage.outbox import Manner

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from domain.placements import Placement
    from domain.pulse import Flag, Pulse
    from storage.database import Transaction

CARD, NEWS, LIST, WEEKS = "flag", "flag_news", "flags", "pulses"
WEEKS_SHOWN, WORDS_SHOWN = 3, 200
_CAUSES = {Cause.LOW_WEEKS: N_("flag.low_weeks"), Cause.ASKED: N_("flag.asked")}


async def raise_flag(tx: Transaction, placement: Placement, cause: Cause, *, now: datetime) -> bool:
    """Have a student called, by whoever looks after the class; False where that is asked for already."""
    flag_id = await records.raise_flag(tx, placement, cause, now=now)
    if flag_id is None:
        return False
    for one in await records.readers(tx, placement.student_id):
        key = f"{CARD}:{flag_id}:{one.person_id}"
        await outbox.add(tx, one.person_id, NEWS, flag_id, now=now, unique_key=key)
    return True


async def open_flag(_context: Context, press: Press) -> Show:
    """Show who is to be called."""
    return Show(CARD, press.id)


async def list_flags(_context: Context, press: Press) -> Show:
    """List who is to be called."""
    return Show(LIST, args={"page": press.page})


async def list_weeks(context: Context, press: Press) -> Show:
    """List how a student's weeks felt."""
    today = local_day(context.now, context.person.zone)
    await context.read(lambda tx: roster.for_coordinator(tx, press.id, context.person.id, today=today))
    return Show(WEEKS, press.id, args={"page": press.page})


async def have_called(context: Context, press: Press) -> Show:
    """Settle a flag: the student was called. The colleagues see by whom."""

    async def work(tx: Transaction) -> Show:
        me = context.person.id
        flag = await records.flag_for_coordinator(tx, press.id, me)
        settled = await records.called(tx, flag, me, now=context.now)
        await people.record_act(
            tx, actor_id=me, act="flag_called", subject_kind="student", subject_id=flag.student_id, now=context.now
        )
        for flag_id in settled:
            await outbox.settle_waiting(tx, NEWS, flag_id, now=context.now)
            for one in await records.readers(tx, flag.student_id):
                if one.person_id != me:
                    await outbox.add(tx, one.person_id, NEWS, flag_id, now=context.now, manner=Manner.REFRESH)
        return Show(CARD, flag.id, toast=N_("flag.thanks"))

    return await context.write(work)


# --- cards ------------------------------------------------------------------------------------------------------


async def news_card(view: View) -> Message | None:
    """Bring a flag to a coordinator, at night in the morning; nothing once somebody has called."""
    flag = await records.flag_for_coordinator(view.tx, view.subject, view.person.id)
    if flag.called_at is None and reminders.is_quiet(view.now, view.person.zone):
        raise Later(reminders.after_quiet(view.now, view.person.zone))
    return await flag_card(view)


async def flag_card(view: View) -> Message | None:
    """Draw who is to be called, why, since when, and how the last weeks felt."""
    _, flag = view.texts, await records.flag_for_coordinator(view.tx, view.subject, view.person.id)
    known = await records.of_student(view.tx, flag.student_id, view.person.id, limit=WEEKS_SHOWN)
    at = dates.at(_, flag.raised_at, view.now, view.person.zone)
    head = _(_CAUSES[flag.cause], account=flag.account or 0, name=flag.student_name, class_name=flag.class_name, at=at)
    rows: list[list[Button]] = []
    if flag.called_at is None:
        rows.append([button(_.plain("flag.have_called"), "flag.called", flag.id)])
    rows.append([button(_.plain("flag.weeks"), "pulses", flag.student_id)])
    parts = (join((head, _("flag.place", enterprise=flag.enterprise))), _weeks(view, known), _next(view, flag))
    return Message(join(parts, "\n\n"), [*rows, [button(_.plain("care.door"), "care"), home(_)]])


def _weeks(view: View, known: Sequence[Pulse]) -> Markup | None:
    return join(_line(view, pulse) for pulse in known) or None


def _line(view: View, pulse: Pulse) -> Markup:
    name = dates.week_name(view._, pulse.number, pulse.week)
    said = N_("flag.week_words") if pulse.words else N_("flag.week")
    return view._(said, week=name, mood=pulse.mood, best=BEST, words=shorten(pulse.words, WORDS_SHOWN))


def _next(view: View, flag: Flag) -> Markup:
    if flag.called_at is None:
        return view._("flag.next", name=flag.student_name)
    at = dates.at(view._, flag.called_at, view.now, view.person.zone)
    return view._("flag.done", name=flag.called_name, at=at)


async def list_card(view: View) -> Message | None:
    """List who is to be called, the longest waiting first."""
    _, page = view.texts, int(view.args.get("page", 0))
    flags = await records.open_flags(view.tx, view.person.id, limit=PAGE + 1, offset=page * PAGE)
    shown = flags[:PAGE]
    lines = [
        _("flag.line", name=flag.student_name, class_name=flag.class_name,
          at=dates.at(_, flag.raised_at, view.now, view.person.zone))
        for flag in shown
    ]  # fmt: skip
    rows = [[button(flag.student_name, "flag", flag.id)] for flag in shown]
    pages = page + (2 if len(flags) > PAGE else 1)
    text = join((_("flag.title"), join(lines) or _("flag.nobody")), "\n\n")
    return Message(text, [*rows, pager(_, LIST, page, pages), [button(_.plain("care.door"), "care"), home(_)]])


async def weeks_card(view: View) -> Message | None:
    """List how a student's weeks felt, the newest first."""
    _, today, page = view.texts, local_day(view.now, view.person.zone), int(view.args.get("page", 0))
    student = await roster.for_coordinator(view.tx, view.subject, view.person.id, today=today)
    known = await records.of_student(view.tx, student.id, view.person.id, limit=PAGE + 1, offset=page * PAGE)
    text = join(
        (_("flag.weeks_title", name=student.name), _weeks(view, known[:PAGE]) or _("flag.no_weeks"), _("flag.hidden")),
        "\n\n",
    )
    pages = page + (2 if len(known) > PAGE else 1)
    back = button(_.plain("reminder.student", name=student.name), "student", student.id)
    return Message(text, [pager(_, WEEKS, page, pages, student.id), [back, home(_)]])


def register(routes: Routes) -> None:
    """Open the room to coordinators."""
    role = Role.COORDINATOR
    routes.button("flag", open_flag, role=role, card=CARD)
    routes.button("flag.called", have_called, role=role, card=CARD)
    routes.button("flags", list_flags, role=role)
    routes.button("pulses", list_weeks, role=role)
    routes.card(CARD, flag_card)
    routes.card(NEWS, news_card)
    routes.card(LIST, list_card)
    routes.card(WEEKS, weeks_card)
