"""The weekly log from its student's side: opened, caught up, handed in, taken back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import ANEW, Show
from bot.texts import N_
from domain import weeks
from domain.logs import LogState, Section
from domain.people import Role
from handlers import log_card, log_weeks, log_writing, sections
from handlers.log_card import FORM, READY
from handlers.log_steps import go_on
from storage import drafts, logs, outbox, placements, reviews

if TYPE_CHECKING:
    from datetime import datetime

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.logs import Log
    from domain.placements import Placement
    from storage.database import Transaction


def current(placed: list[Placement], now: datetime) -> Placement | None:
    """Choose the placement whose log is written now: the running one, else the last one that still takes logs."""
    for placement in placed:
        if placement.runs_on(weeks.local_day(now, placement.zone)):
            return placement
    for placement in placed:
        if placement.starts_on <= weeks.local_day(now, placement.zone) <= placement.ends_on + weeks.AFTER_END:
            return placement
    return None


def week_to_open(placement: Placement, now: datetime) -> date:
    """Choose the week that opens first: this one (until Monday 04:00 the last), within the placement."""
    first, last = weeks.monday_of(placement.starts_on), weeks.monday_of(placement.ends_on)
    return min(max(weeks.first_choice(now, placement.zone), first), last)


async def open_log(context: Context, _words: str) -> Show:
    """Open this week's log."""
    placed = await context.read(lambda tx: placements.of_person(tx, context.person.id))
    placement = current(placed, context.now)
    if placement is None:
        coming = [p for p in placed if p.starts_on > weeks.local_day(context.now, p.zone)]
        if coming:
            raise Refused(N_("log.not_started"), day=context._.full_day(coming[-1].starts_on))
        raise Refused(N_("log.no_placement"))
    week = week_to_open(placement, context.now)
    return await context.write(lambda tx: _open(tx, context, placement, week))


async def press_log(context: Context, _press: Press) -> Show:
    """Open this week's log from a button."""
    return await open_log(context, "")


async def open_week(context: Context, press: Press) -> Show:
    """Open the log of one week of a placement."""
    try:
        week = weeks.monday_of(date.fromisoformat(press.rest))
    except ValueError:
        raise Stale(Show("log_weeks")) from None

    async def work(tx: Transaction) -> Show:
        placement = await placements.for_student(tx, press.id, context.person.id)
        return await _open(tx, context, placement, week)

    return await context.write(work)


async def _open(tx: Transaction, context: Context, placement: Placement, week: date) -> Show:
    there = await logs.of_week(tx, placement.id, week)
    if there is None:
        if not weeks.writable(placement.starts_on, placement.ends_on, week, context.now, placement.zone):
            raise Refused(N_("log.week_closed"))
        there = await logs.begin(tx, placement, week, now=context.now)
    return await resume(tx, context, there) if there.is_open else Show(FORM, there.id)


async def resume(tx: Transaction, context: Context, log: Log) -> Show:
    """Make the log the form that gets free text, at the step at which it was left or at the first empty section."""
    draft = await drafts.get(tx, context.person.id, FORM, log.id)
    missing = log.next_section()
    step = draft.step if draft and draft.step != READY else (missing.value if missing else READY)
    if log.state is not LogState.DRAFT and draft is None:
        step = (Section.ANSWER if log.state is LogState.NEEDS_INFO else Section.DONE).value
    return await go_on(tx, context, log, step)


async def edit(context: Context, press: Press) -> Show:
    """Go on writing."""

    async def work(tx: Transaction) -> Show:
        log = await logs.for_student(tx, press.id, context.person.id)
        return await resume(tx, context, log) if log.is_open else Show(FORM, log.id)

    return await context.write(work)


async def show(context: Context, press: Press) -> Show:
    """Show the log as it is."""
    await context.read(lambda tx: logs.for_student(tx, press.id, context.person.id))
    return Show(FORM, press.id)


async def preview(context: Context, press: Press) -> Show:
    """Show the whole log as its readers see it."""
    await context.read(lambda tx: logs.for_student(tx, press.id, context.person.id))
    return Show(FORM, press.id, args={"preview": 1})


async def see_files(_context: Context, press: Press) -> Show:
    """Show the photos and files."""
    return Show("log_files", press.id, place=ANEW)


async def choose_section(_context: Context, press: Press) -> Show:
    """Ask which section is to be changed."""
    return Show("log_sections", press.id)


async def submit(context: Context, press: Press) -> Show:
    """Hand the log in: it goes to the mentor, or to the coordinators where there is none."""

    async def work(tx: Transaction) -> Show:
        log = await logs.for_student(tx, press.id, context.person.id)
        if log.version != press.version or not log.is_open:
            raise Stale(Show(FORM, log.id))
        placement = log.placement
        begun = log.first_submitted_at is not None  # what was handed in once may always be answered and corrected
        if not begun and not weeks.writable(
            placement.starts_on, placement.ends_on, log.week, context.now, placement.zone
        ):
            raise Refused(N_("log.week_closed"))
        if lacking := log.lacks():
            raise Refused(N_("log.lacks"), what=sections.needed(context._, log, lacking[0]))
        number = await logs.submit(tx, log, now=context.now)
        await drafts.close(tx, context.person.id, FORM, log.id)
        await _bring(tx, context, log, number)
        return Show(FORM, log.id, {"number": log.receipt}, toast=N_("log.submitted"))

    return await context.write(work)


async def _bring(tx: Transaction, context: Context, log: Log, number: int) -> None:
    """Bring a submission to whoever answers it; the school finds it in its queue, and where it has its card already."""
    if log.with_school:
        await _redraw(tx, context, log)
        return
    for reviewer in await placements.reviewers(tx, log.placement):
        key = f"review:{log.id}:{number}:{reviewer}"
        await outbox.add(tx, reviewer, "review", log.id, now=context.now, unique_key=key)


async def _redraw(tx: Transaction, context: Context, log: Log) -> None:
    """Have the cards of a log drawn anew that its readers have."""
    readers = reviews.readers(tx, log) if log.with_school else placements.reviewers(tx, log.placement)
    for reader in await readers:
        await outbox.add(tx, reader, "review", log.id, now=context.now, manner=outbox.Manner.REFRESH)


async def withdraw(context: Context, press: Press) -> Show:
    """Take the log back before the mentor has decided, and go on writing."""

    async def work(tx: Transaction) -> Show:
        log = await logs.for_student(tx, press.id, context.person.id)
        if log.version != press.version or log.state is not LogState.SUBMITTED:
            raise Stale(Show(FORM, log.id))
        await logs.withdraw(tx, log, now=context.now)
        await drafts.activate(tx, context.person.id, FORM, subject=log.id, step=READY, now=context.now)
        await outbox.settle_waiting(tx, "review", log.id, now=context.now)  # not pushed yet: never to be
        await _redraw(tx, context, log)
        return Show(FORM, log.id, toast=N_("log.withdrawn"))

    return await context.write(work)


async def list_weeks(_context: Context, press: Press) -> Show:
    """List the weeks that can be written, with their states."""
    return Show("log_weeks", args={"page": press.page})


def register(routes: Routes) -> None:
    """Open the room."""
    student = Role.STUDENT
    routes.command("log", open_log, role=student)
    for verb, run in (
        ("now", press_log),
        ("open", open_week),
        ("edit", edit),
        ("show", show),
        ("preview", preview),
        ("files", see_files),
        ("sections", choose_section),
        ("submit", submit),
        ("withdraw", withdraw),
        ("weeks", list_weeks),
    ):
        routes.button(f"log.{verb}", run, role=student, card=FORM if verb not in {"now", "weeks", "open"} else "home")
    routes.card(FORM, log_card.log_card)
    routes.card("log_files", log_card.files_card)
    routes.card("log_sections", log_card.sections_card)
    routes.card("log_weeks", log_weeks.weeks_card)
    log_writing.register(routes)
