"""Removal on request: anybody may ask that what is kept about them go, take it back for a week, and is told what stays.

What is somebody's alone goes when the week is over, and nobody can hold that up. What was handed in, and what was
answered, stays for the class's term and then goes by itself; a coordinator can let it go earlier, or say why it stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.context import Refused, Stale
from bot.send import Show
from bot.texts import N_
from domain import removal as rules
from domain.people import Role
from domain.posts import ApplicationState
from domain.removal import NOBODY, State
from domain.weeks import at_local, local_day
from handlers import answers, removal_cards
from handlers.applications import push_to_staff
from handlers.away import give_back
from handlers.handover import hand_over_logs
from handlers.removal_cards import CARD, NEWS, WHY
from storage import applications, drafts, forgetting, hand_overs, outbox, people, placements, removal_counts, removals
from storage.errors import Conflict
from storage.outbox import Manner

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    import telegram

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.people import Draft
    from domain.removal import Removal
    from storage.database import Transaction
    from storage.schedule import Batch

_UTC = ZoneInfo("UTC")  # the kept days are the school's; a few hours more or less do not matter to them


# --- whoever asks -----------------------------------------------------------------------------------------------


async def show_own(_context: Context, _words: str) -> Show:
    """Say what would go at once, what stays until when, and how to ask."""
    return Show(CARD)


async def press_own(_context: Context, press: Press) -> Show:
    """Say so from a button, or ask whether it is meant."""
    return Show(CARD, args={"sure": 1} if press.rest == removal_cards.SURE else {})


async def ask(context: Context, _press: Press) -> Show:
    """Ask for it: the school hears, and a week runs."""

    async def work(tx: Transaction) -> Show:
        person, now = context.person, context.now
        if school := await removals.school_without(tx, person.id):
            raise Refused(N_("forget.alone"), school=school)
        due_at = rules.due_at(now, person.zone)
        asked = await removals.ask(tx, person.id, due_at=due_at, eve=due_at - rules.EVE, now=now)
        for reader in await removals.readers(tx, asked):
            await outbox.add(tx, reader, NEWS, asked, now=now, unique_key=f"{NEWS}:{asked}:{reader}")
        return Show(CARD, toast=N_("forget.asked_toast"))

    return await context.write(work)


async def take_back(context: Context, press: Press) -> Show:
    """Leave everything as it is."""

    async def work(tx: Transaction) -> Show:
        try:
            await removals.take_back(tx, press.id, context.person.id, now=context.now)
        except Conflict:
            raise Stale(Show(CARD)) from None
        await outbox.settle_waiting(tx, NEWS, press.id, now=context.now)
        await _refresh(tx, await removals.readers(tx, press.id), press.id, context.now)
        return Show("home", toast=N_("forget.taken_back"))

    return await context.write(work)


async def _refresh(tx: Transaction, readers: Iterable[int], removal_id: int, now: datetime, but: int = 0) -> None:
    for reader in readers:
        if reader != but:
            await outbox.add(tx, reader, NEWS, removal_id, now=now, manner=Manner.REFRESH)


# --- the school -------------------------------------------------------------------------------------------------


async def open_removal(_context: Context, press: Press) -> Show:
    """Show what somebody asked for, or ask whether really all of it is to go."""
    return Show(NEWS, press.id, args={"sure": 1} if press.rest == removal_cards.SURE else {})


async def release(context: Context, press: Press) -> Show:
    """Let what the school kept of a student go too; the student and the colleagues see by whom."""

    async def work(tx: Transaction) -> Show:
        removal = await removals.for_coordinator(tx, press.id, context.person.id)
        await removals.release(tx, removal, context.person.id, now=context.now)
        return await _told(tx, context, removal, "removal_released", N_("removal.released_toast"))

    return await context.write(work)


async def ask_why(context: Context, press: Press) -> Show:
    """Take what is typed next as the reason why the school's part stays."""

    async def work(tx: Transaction) -> Show:
        removal = await removals.for_coordinator(tx, press.id, context.person.id)
        if removal.student_id is None or removal.released_by or not removal.is_open:
            raise Stale(Show(NEWS, removal.id))
        await drafts.activate(tx, context.person.id, WHY, subject=removal.id, step=WHY, answers={}, now=context.now)
        return Show(WHY, removal.id)

    return await context.write(work)


async def take_why(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Keep the reason, and let the student read it."""
    words = answers.text(message, limit=rules.WORDS_LIMIT)

    async def work(tx: Transaction) -> Show:
        removal = await removals.for_coordinator(tx, draft.subject, context.person.id)
        await drafts.close(tx, context.person.id, WHY, removal.id)
        await removals.say_why(tx, removal, context.person.id, words)
        context.receipt = True
        return await _told(tx, context, removal, "removal_explained")

    return await context.write(work)


async def leave_why(context: Context, press: Press) -> Show:
    """Write no reason."""

    async def work(tx: Transaction) -> Show:
        removal = await removals.for_coordinator(tx, press.id, context.person.id)
        await drafts.close(tx, context.person.id, WHY, removal.id)
        return Show(NEWS, removal.id)

    return await context.write(work)


async def _told(tx: Transaction, context: Context, removal: Removal, act: str, toast: str = "") -> Show:
    """Record what a coordinator did about a removal; its person and the colleagues see it."""
    me, now = context.person.id, context.now
    await people.record_act(tx, actor_id=me, act=act, subject_kind="person", subject_id=removal.person_id, now=now)
    if removal.state is State.ASKED:
        await outbox.add(tx, removal.person_id, CARD, now=now)
    await _refresh(tx, await removals.readers(tx, removal.id), removal.id, now, but=me)
    return Show(NEWS, removal.id, toast=toast)


# --- the clock --------------------------------------------------------------------------------------------------


async def carry_out(tx: Transaction, batch: Batch, now: datetime) -> Mapping[int, datetime | None]:
    """Tell a person the day before, carry out what they asked for, and let the school's part go when its time comes."""
    return {entry.subject: await _step(tx, await removals.by_id(tx, entry.subject), now) for entry in batch.entries}


async def _step(tx: Transaction, removal: Removal, now: datetime) -> datetime | None:
    if removal.state is State.ASKED:
        if now < removal.due_at:
            key = f"{CARD}:{removal.id}:{removal.due_at.isoformat()}"
            await outbox.add(tx, removal.person_id, CARD, args={"eve": 1}, now=now, unique_key=key)
            return removal.due_at
        if await removals.school_without(tx, removal.person_id):
            return await _put_off(tx, removal, now)
        return await _forget_own(tx, removal, now)
    return await _forget_kept(tx, removal, now)


async def _put_off(tx: Transaction, removal: Removal, now: datetime) -> datetime:
    """Give a school's only coordinator another week to find somebody."""
    person = await people.by_id(tx, removal.person_id)
    due_at = rules.due_at(now, person.zone)
    await removals.put_off(tx, removal, due_at)
    await outbox.add(tx, person.id, CARD, now=now)
    return due_at - rules.EVE


async def _forget_own(tx: Transaction, removal: Removal, now: datetime) -> datetime | None:
    """Let go what is somebody's alone; what they had to answer is handed on."""
    person = await people.by_id(tx, removal.person_id)
    readers = await removals.readers(tx, removal.id)
    until = await removal_counts.written_until(tx, person.id)
    stays = until is not None and until > now.date()
    logs, sent = await _hand_on(tx, person.id, now), await applications.sent_to_mentor(tx, person.id)
    await forgetting.forget_own(tx, removal, name=person.name if stays else NOBODY, now=now)
    await removals.move(tx, removal, State.KEPT, now=now)
    for placement_id in logs:
        await hand_over_logs(tx, placement_id, None, now=now)
    for application in sent:
        staff = await applications.answerers(tx, application)
        await push_to_staff(tx, staff, application.id, ApplicationState.SENT, now=now)
    await people.record_act(
        tx, actor_id=None, act="person_removed", subject_kind="person", subject_id=person.id, now=now
    )
    if removal.student_id is not None:
        await _refresh(tx, readers, removal.id, now)
    return await _forget_kept(tx, await removals.by_id(tx, removal.id), now)


async def _hand_on(tx: Transaction, person_id: int, now: datetime) -> list[int]:
    """End what a mentor has handed over or stands in for, leave the students they have, and return the placements."""
    for its in await hand_overs.open_of(tx, person_id):
        await give_back(tx, its, now=now, by=person_id)
    today = now.date()
    mentored = await hand_overs.placements_of(tx, person_id, today=today)
    for placement_id in mentored:
        placement = await placements.by_id(tx, placement_id)
        if placement.ends_on >= local_day(now, placement.zone):
            await placements.set_mentor(tx, placement, None)
            if placement.student_person is not None:
                await outbox.add(tx, placement.student_person, "placement_mentor", placement.id, now=now)
    return mentored


async def _forget_kept(tx: Transaction, removal: Removal, now: datetime) -> datetime | None:
    """Let go what the school need not keep any more, and return when the next of it goes."""
    today, left = now.date(), []
    if removal.student_id is not None:
        left = await _forget_placements(tx, removal, removal.student_id, today)
        if not left:
            await _refresh(tx, await removals.readers(tx, removal.id), removal.id, now)
            await forgetting.forget_line(tx, removal.student_id)
    until = await removal_counts.written_until(tx, removal.person_id)
    if until is not None and until > today:
        left.append(until)
    else:
        await forgetting.forget_name(tx, removal.person_id)
    if left:
        return at_local(min(left), rules.AT, _UTC)
    await removals.move(tx, removal, State.DONE, now=now)
    return None


async def _forget_placements(tx: Transaction, removal: Removal, student_id: int, today: date) -> list[date]:
    """Let go the placements whose term is over, or all where the school lets them go, and return the others' days."""
    left = []
    terms = await removal_counts.terms(tx, student_id, begun_by=removal.due_at.date())
    for placement_id, until in terms.items():
        if removal.released_by or until <= today:
            await forgetting.forget_placement(tx, placement_id, student_id)
        else:
            left.append(until)
    return left


def register(routes: Routes) -> None:
    """Let everybody ask, the school answer, and the clock carry it out."""
    routes.command("forgetme", show_own, lays_aside=False, open_to_all=True)
    routes.button("forget", press_own, card=CARD, open_to_all=True)
    routes.button("forget.yes", ask, card=CARD, open_to_all=True)
    routes.button("forget.back", take_back, card=CARD, open_to_all=True)
    role = Role.COORDINATOR
    routes.button("removal", open_removal, role=role)
    routes.button("removal.release", release, role=role, card=NEWS)
    routes.button("removal.why", ask_why, role=role, card=NEWS)
    routes.button("removal.leave", leave_why, role=role, card=NEWS)
    routes.form(WHY, take_why, role=role)
    routes.reminder(removals.PLAN, carry_out, at_once=1)
    removal_cards.register(routes)
