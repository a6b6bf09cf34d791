"""Calls for help at the school: pushed past every quiet hour, taken by one person, climbing until somebody does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.send import Message, Show
from bot.texts import N_, join
from domain import sos as rules
from domain.people import Role
from domain.sos import MOST_CLIMBS, State, StepKind
from domain.weeks import local_day
from domain.words import shorten
from handlers import answers, dates
from handlers.buttons import button, home
from storage import drafts, outbox, people
from storage import sos as records
from storage.outbox import Manner

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import telegram
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from domain.people import Draft
    from domain.sos import Call, Step
    from storage.database import Transaction
    from storage.schedule import Batch

MINE, CALL, CLOSING = "sos", "sos_call", "sos_close"  # the student's card, the school's, and the question at the end
WORDS_SHOWN = 5
_STEPS = {
    StepKind.CALLED: N_("sos_call.step_called"),
    StepKind.CLIMBED: N_("sos_call.step_climbed"),
    StepKind.TAKEN: N_("sos_call.step_taken"),
    StepKind.CLOSED: N_("sos_call.step_closed"),
}


async def tell_school(tx: Transaction, call: Call, occasion: str, *, now: datetime) -> None:
    """Bring a call to whoever takes care of it, while nobody does to everybody whom it reaches; before all else."""
    reached = await records.asked(tx, call)
    takers = [one for one in reached if one.person_id == call.taken_by]
    if call.taken_by is not None:
        await _refresh_others(tx, call, call.taken_by, now=now)
    for one in takers or reached:  # whoever took it may have left the school since
        await _push(tx, one.person_id, CALL, call.id, occasion, now=now)


async def _push(tx: Transaction, person_id: int, card: str, call_id: int, occasion: str, *, now: datetime) -> None:
    key = f"{card}:{call_id}:{occasion}:{person_id}"
    await outbox.add(tx, person_id, card, call_id, now=now, priority=outbox.REPLY, unique_key=key)


async def _tell_student(tx: Transaction, call: Call, occasion: str, *, now: datetime) -> None:
    if call.student_person is not None:
        await _push(tx, call.student_person, MINE, call.id, occasion, now=now)


async def _refresh_others(tx: Transaction, call: Call, but: int, *, now: datetime) -> None:
    """Let those who have the card see how it stands; who has not got it yet is not called any more."""
    await outbox.settle_waiting(tx, CALL, call.id, now=now)
    for one in await records.helpers(tx, call.student_id):
        if one.person_id != but:
            await outbox.add(tx, one.person_id, CALL, call.id, now=now, manner=Manner.REFRESH)


# --- climbing ---------------------------------------------------------------------------------------------------


async def climb(tx: Transaction, batch: Batch, now: datetime) -> Mapping[int, datetime | None]:
    """Tell the whole school of each call that nobody has taken in time, and its student that it climbed."""
    waiting = await records.unanswered(tx, batch)
    following: dict[int, datetime | None] = {}
    for entry in batch.entries:
        following[entry.subject] = None
        call = waiting.get(entry.subject)
        if call is None or call.has_climbed_out:
            continue
        await records.climb(tx, call, now=now)
        call = replace(call, climbs=call.climbs + 1, whole_school=True)
        await tell_school(tx, call, f"climb{call.climbs}", now=now)
        await _tell_student(tx, call, f"climb{call.climbs}", now=now)
        if not call.has_climbed_out:
            following[entry.subject] = now + rules.ANSWER_WITHIN
    return following


# --- the coordinator --------------------------------------------------------------------------------------------


async def open_call(_context: Context, press: Press) -> Show:
    """Show a call."""
    return Show(CALL, press.id)


async def take(context: Context, press: Press) -> Show:
    """Take care of a call: the student hears who, the colleagues see it."""

    async def work(tx: Transaction) -> Show:
        me = context.person.id
        call = await records.for_coordinator(tx, press.id, me)
        await records.take(tx, call, me, now=context.now)
        await _record(tx, context, "sos_taken", call)
        await _refresh_others(tx, call, me, now=context.now)
        await _tell_student(tx, call, "taken", now=context.now)
        return Show(CALL, call.id, toast=N_("sos_call.taken_toast"))

    return await context.write(work)


async def ask_outcome(context: Context, press: Press) -> Show:
    """Ask how it ended."""

    async def work(tx: Transaction) -> Show:
        call = await records.for_coordinator(tx, press.id, context.person.id)
        if call.state is not State.TAKEN:
            return Show(CALL, call.id)
        await drafts.activate(tx, context.person.id, CLOSING, subject=call.id, step="outcome", now=context.now)
        return Show(CLOSING, call.id)

    return await context.write(work)


async def leave_open(context: Context, press: Press) -> Show:
    """Go back without closing it."""

    async def work(tx: Transaction) -> Show:
        await drafts.close(tx, context.person.id, CLOSING, press.id)
        return Show(CALL, press.id)

    return await context.write(work)


async def take_outcome(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Close a call with a word on how it ended, which its student reads too."""
    outcome = answers.text(message, limit=rules.OUTCOME_LIMIT)

    async def work(tx: Transaction) -> Show:
        me = context.person.id
        call = await records.for_coordinator(tx, draft.subject, me)
        await drafts.forget_about(tx, "sos_calls", call.id)  # also what the student was asked
        if call.state is State.TAKEN:  # else a colleague was faster: the card says who
            await records.close(tx, call, me, outcome, now=context.now)
            await _record(tx, context, "sos_closed", call)
            await _refresh_others(tx, call, me, now=context.now)
            await _tell_student(tx, call, "closed", now=context.now)
        context.receipt = True
        return Show(CALL, call.id)

    return await context.write(work)


async def _record(tx: Transaction, context: Context, act: str, call: Call) -> None:
    await people.record_act(
        tx, actor_id=context.person.id, act=act, subject_kind="sos", subject_id=call.id, now=context.now
    )


# --- cards ------------------------------------------------------------------------------------------------------


async def call_card(view: View) -> Message | None:
    """Draw a call for a coordinator: who, where, what was said, and all that happened with its time."""
    _, call = view.texts, await records.for_coordinator(view.tx, view.subject, view.person.id)
    steps = await records.steps(view.tx, call.id)
    words = [_line(view, step, N_("sos_call.words")) for step in steps if step.kind is StepKind.WORDS]
    happened = [_line(view, step, _STEPS[step.kind]) for step in steps if step.kind in _STEPS]
    parts = (
        join((_head(view, call), await _where(view, call))),
        join(words[-WORDS_SHOWN:]) or None,
        join(happened),
        _what_next(view, call),
    )
    return Message(join(parts, "\n\n"), _buttons(view, call))


def _head(view: View, call: Call) -> Markup:
    said = N_("sos_call.head_closed") if call.state is State.CLOSED else N_("sos_call.head")
    return view._(
        said, account=call.account or 0, name=call.student_name, number=call.student_number, class_name=call.class_name
    )


async def _where(view: View, call: Call) -> Markup:
    today = local_day(view.now, view.person.zone)
    place = await records.whereabouts(view.tx, call.student_id, today)
    return view._("sos_call.place", enterprise=place) if place else view._("sos_call.unplaced")


def _line(view: View, step: Step, said: str) -> Markup:
    at = dates.at(view._, step.at, view.now, view.person.zone)
    return view._(said, at=at, name=step.name, words=shorten(step.words, rules.WORDS_LIMIT))


def _what_next(view: View, call: Call) -> Markup:
    if call.state is State.OPEN:
        last = view._("sos_call.climbed_out", most=MOST_CLIMBS) if call.has_climbed_out else None
        return join((view._("sos_call.open", name=call.student_name), last))
    if call.state is State.TAKEN and call.taken_by == view.person.id:
        return view._("sos_call.yours")
    return view._("sos_call.hidden")


def _buttons(view: View, call: Call) -> list[list[Button]]:
    _ = view.texts
    rows = []
    if call.state is State.OPEN:
        rows.append([button(_.plain("sos_call.take"), "sos.take", call.id)])
    if call.state is State.TAKEN:
        rows.append([button(_.plain("sos_call.close"), "sos.close", call.id)])
    return [*rows, [button(_.plain("care.door"), "care"), home(_)]]


async def closing_card(view: View) -> Message | None:
    """Ask how it ended."""
    _, call = view.texts, await records.for_coordinator(view.tx, view.subject, view.person.id)
    if call.state is not State.TAKEN:
        return await call_card(view)
    back = button(_.plain("button.back"), "sos.keep", call.id)
    return Message(_("sos_call.ask_outcome", name=call.student_name), [[back]])


def register(routes: Routes) -> None:
    """Bring calls to the school, and let the clock in."""
    role = Role.COORDINATOR
    routes.button("sos.open", open_call, role=role, card=CALL)
    routes.button("sos.take", take, role=role, card=CALL)
    routes.button("sos.close", ask_outcome, role=role, card=CALL)
    routes.button("sos.keep", leave_open, role=role, card=CALL)
    routes.form(CLOSING, take_outcome, role=role)
    routes.card(CALL, call_card)
    routes.card(CLOSING, closing_card)
    routes.reminder(records.PLAN, climb, at_once=20)
