"""The pulse: one tap on how the week was, for coordinators alone, and a button by which a student asks for a call."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Message, Show
from bot.texts import N_, join
from domain import pulse as rules
from domain import weeks
from domain.people import Role
from domain.pulse import BEST, WORST, Cause
from domain.words import shorten, whole_number
from handlers import answers, dates, flags
from handlers.buttons import button, home
from handlers.flags import raise_flag
from storage import drafts, placements
from storage import pulse as records

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import telegram
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.people import Draft
    from domain.placements import Placement
    from domain.pulse import Pulse
    from storage.database import Transaction
    from storage.schedule import Batch

CARD, WORDS = "pulse", "words"
MOODS = {1: "😞", 2: "🙁", 3: "😐", 4: "🙂", 5: "😄"}
NAMES_SHOWN = 3


# --- where others offer it --------------------------------------------------------------------------------------


async def offer(view: View, placement: Placement, week: date) -> tuple[Markup | None, list[list[Button]]]:
    """Return the question of a week and the buttons that answer it; once it is answered, the way to the answer."""
    _, said = view.texts, (await records.of_placement(view.tx, placement)).get(week)
    if said is not None:
        return None, [[door(_, placement.id, week)]]
    asked = join((_("pulse.ask"), await _who(view, placement)))
    return asked, [_moods(_, placement.id, week), [_call_me(_, placement.id)]]


def door(_: Texts, placement_id: int, week: date) -> Button:
    """Make the button that leads to the question."""
    return button(_.plain("pulse.door"), "pulse", placement_id, rest=week.isoformat())


def _moods(_: Texts, placement_id: int, week: date) -> list[Button]:
    return [
        button(f"{MOODS[mood]} {mood}", "pulse.say", placement_id, rest=f"{week.isoformat()}.{mood}")
        for mood in range(WORST, BEST + 1)
    ]


def _call_me(_: Texts, placement_id: int) -> Button:
    return button(_.plain("pulse.call_me"), "pulse.call", placement_id)


async def _who(view: View, placement: Placement) -> Markup:
    """Say who sees it and for how long."""
    known = await records.readers(view.tx, placement.student_id)
    names = view._.plain("class.comma").join(one.name for one in known[:NAMES_SHOWN])
    until = view._.full_day(rules.removed_on(placement.ends_on))
    days = rules.KEPT_AFTER_END.days
    return view._("pulse.who", names=names or view._.plain("log.your_coordinator"), until=until, days=days)


# --- the student ------------------------------------------------------------------------------------------------


async def open_pulse(context: Context, press: Press) -> Show:
    """Ask how a week was, or show what was said."""
    week = _week(press.rest)
    await context.read(lambda tx: _placement(tx, context, press.id, week))
    return _show(press.id, week)


async def say(context: Context, press: Press) -> Show:
    """Keep how a week was; a second hard week in a row has the student called."""
    day, _dot, number = press.rest.partition(".")
    week, mood = _week(day), whole_number(number)
    if not WORST <= mood <= BEST:
        raise Stale(Show("home"))

    async def work(tx: Transaction) -> Show:
        placement = await _placement(tx, context, press.id, week)
        before = {each: said.mood for each, said in (await records.of_placement(tx, placement)).items()}
        await records.say(tx, placement, week, mood, now=context.now)
        if rules.two_low({**before, week: mood}, week) and not rules.is_low(before.get(week)):
            await raise_flag(tx, placement, Cause.LOW_WEEKS, now=context.now)
        return _show(placement.id, week, toast=N_("pulse.thanks"))

    return await context.write(work)


async def ask_words(context: Context, press: Press) -> Show:
    """Take what is typed next as words about a week."""
    week = _week(press.rest)

    async def work(tx: Transaction) -> Show:
        placement = await _placement(tx, context, press.id, week)
        if week in await records.of_placement(tx, placement):
            said = {"week": week.isoformat()}
            await drafts.activate(
                tx, context.person.id, CARD, subject=placement.id, step=WORDS, answers=said, now=context.now
            )
        return _show(placement.id, week)

    return await context.write(work)


async def take_words(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Keep words about a week."""
    words = answers.text(message, limit=rules.WORDS_LIMIT)
    week = _week(str(draft.answers["week"]))

    async def work(tx: Transaction) -> Show:
        placement = await _placement(tx, context, draft.subject, week)
        await records.write(tx, placement.id, week, words)
        await drafts.close(tx, context.person.id, CARD, placement.id)
        context.receipt = True
        return _show(placement.id, week)

    return await context.write(work)


async def call_me(context: Context, press: Press) -> Show:
    """Ask the coordinators for a call; asked twice, it is asked once."""

    async def work(tx: Transaction) -> Show:
        placement = await placements.for_student(tx, press.id, context.person.id)
        week = weeks.week_of(context.now, placement.zone)
        if week < weeks.monday_of(placement.starts_on):
            raise Refused(N_("pulse.closed"))
        new = await raise_flag(tx, placement, Cause.ASKED, now=context.now)
        return _show(placement.id, week, toast=N_("pulse.asked") if new else N_("pulse.asked_already"))

    return await context.write(work)


async def _placement(tx: Transaction, context: Context, placement_id: int, week: date) -> Placement:
    placement = await placements.for_student(tx, placement_id, context.person.id)
    if not weeks.writable(placement.starts_on, placement.ends_on, week, context.now, placement.zone):
        raise Refused(N_("pulse.closed"))
    return placement


def _week(written: str) -> date:
    try:
        return weeks.monday_of(date.fromisoformat(written))
    except ValueError:
        raise Stale(Show("home")) from None


def _show(placement_id: int, week: date, toast: str = "") -> Show:
    return Show(CARD, placement_id, args={"week": week.isoformat()}, toast=toast)


# --- the card ---------------------------------------------------------------------------------------------------


async def pulse_card(view: View) -> Message | None:
    """Draw the question of a week, or what was said, who sees it, and whether a call was asked for."""
    _, draft = view.texts, view.person.draft
    placement = await placements.for_student(view.tx, view.subject, view.person.id)
    writes = draft is not None and (draft.form, draft.subject) == (CARD, placement.id)
    known = view.args.get("week") or (draft.answers.get("week") if writes and draft else None)
    week = date.fromisoformat(str(known)) if known else weeks.week_of(view.now, placement.zone)
    said = (await records.of_placement(view.tx, placement)).get(week)
    parts = (_said(view, placement, week, said), await _called(view, placement), await _who(view, placement))
    rows = [_moods(_, placement.id, week)]
    if said is not None:
        label = _.plain("pulse.other_words") if said.words else _.plain("pulse.add_words")
        rows.insert(0, [button(label, "pulse.words", placement.id, rest=week.isoformat())])
    asked = _("pulse.ask_words", limit=rules.WORDS_LIMIT) if writes else None
    back = button(_.plain("pulse.to_log"), "log.open", placement.id, rest=week.isoformat())
    return Message(join((*parts, asked), "\n\n"), [*rows, [_call_me(_, placement.id)], [back, home(_)]])


def _said(view: View, placement: Placement, week: date, said: Pulse | None) -> Markup:
    _ = view.texts
    name = dates.week_name(_, weeks.number(placement.starts_on, week), week)
    if said is None:
        return join((_("pulse.title", week=name), _("pulse.ask")))
    words = _("pulse.words", words=shorten(said.words, rules.WORDS_LIMIT)) if said.words else None
    return join((_("pulse.said", sign=MOODS[said.mood], week=name, mood=said.mood, best=BEST), words))


async def _called(view: View, placement: Placement) -> Markup | None:
    for flag in await records.flags_of_placement(view.tx, placement.id):
        if flag.cause is Cause.ASKED:
            at = dates.at(view._, flag.called_at or flag.raised_at, view.now, view.person.zone)
            said = N_("pulse.called") if flag.called_at else N_("pulse.call_asked")
            return view._(said, at=at, name=flag.called_name)
    return None


# --- the end ----------------------------------------------------------------------------------------------------


async def remove(tx: Transaction, batch: Batch, now: datetime) -> Mapping[int, datetime | None]:
    """Delete what was said in placements that ended so long ago."""
    return await records.remove_old(tx, batch, now=now)


def register(routes: Routes) -> None:
    """Open the room to students, and let the clock in."""
    role = Role.STUDENT
    routes.button("pulse", open_pulse, role=role)
    routes.button("pulse.say", say, role=role)
    routes.button("pulse.words", ask_words, role=role)
    routes.button("pulse.call", call_me, role=role)
    routes.form(CARD, take_words, role=role)
    routes.card(CARD, pulse_card)
    routes.reminder(records.PLAN, remove, at_once=100)
    flags.register(routes)
