"""Retention: how long a class keeps what was handed in, the warning a month before it goes, and that it goes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.context import Stale
from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from domain.retention import LOOK, WARNED, YEARS, goes_on, kept_until, next_look
from domain.weeks import at_local, local_day
from handlers.buttons import PAGE, button, home, pager
from storage import erasing, outbox, people, removals, retention, schedule
from storage.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.removal import Removal
    from domain.retention import Amount, Ended, Policy
    from storage.database import Transaction
    from storage.schedule import Batch

CARD, WARNING, OWN = "retention", "retention_warning", "retention_own"
ON, OFF = "on", "off"


async def open_retention(_context: Context, press: Press) -> Show:
    """Show how long a class keeps what was handed in, and who asked for removal."""
    return Show(CARD, press.id, args={"page": press.page})


async def choose_years(context: Context, press: Press) -> Show:
    """Keep what was handed in for so many years after a placement's last day."""
    if press.number not in YEARS:
        raise Stale(Show(CARD, press.id))

    async def work(tx: Transaction) -> Show:
        its = await retention.for_coordinator(tx, press.id, context.person.id)
        await retention.set_years(tx, its, press.number, now=context.now)
        await removals.replan_class(tx, its.class_id, now=context.now)
        return await _changed(tx, context, its)

    return await context.write(work)


async def switch(context: Context, press: Press) -> Show:
    """Let it go by itself when its time is over, or only when somebody asks."""
    if press.rest not in {ON, OFF}:
        raise Stale(Show(CARD, press.id))

    async def work(tx: Transaction) -> Show:
        its = await retention.for_coordinator(tx, press.id, context.person.id)
        await retention.set_by_itself(tx, its, by_itself=press.rest == ON, now=context.now)
        return await _changed(tx, context, its)

    return await context.write(work)


async def _changed(tx: Transaction, context: Context, its: Policy) -> Show:
    await people.record_act(
        tx,
        actor_id=context.person.id,
        act="class_changed",
        subject_kind="class",
        subject_id=its.class_id,
        now=context.now,
    )
    return Show(CARD, its.class_id, toast=N_("class.changed"))


# --- cards ------------------------------------------------------------------------------------------------------


async def retention_card(view: View) -> Message | None:
    """Draw the term of a class, what goes next, and who asked for removal."""
    _, its = view.texts, await retention.for_coordinator(view.tx, view.subject, view.person.id)
    asked = await removals.of_class(view.tx, its.class_id, view.person.id)
    how = N_("retention.by_itself") if its.by_itself else N_("retention.on_request")
    parts = (
        _("retention.title", class_name=its.class_name),
        join((_.plural("retention.kept", its.years), _(how))),
        await _next(view, its),
        _.plural("retention.asked", len(asked)) if asked else None,
    )
    years = [_years(_, its, n) for n in YEARS]
    other, label = (OFF, N_("retention.turn_off")) if its.by_itself else (ON, N_("retention.turn_on"))
    rows = [
        *_who_asked(view, its, asked),
        years,
        [button(_.plain(label), "retention.switch", its.class_id, rest=other)],
    ]
    back = button(_.plain("class.back", name=its.class_name), "class", its.class_id)
    return Message(join(parts, "\n\n"), [*rows, [back], [home(_)]])


def _who_asked(view: View, its: Policy, asked: Sequence[Removal]) -> list[list[Button]]:
    pages = max(1, -(-len(asked) // PAGE))
    page = min(int(view.args.get("page", 0)), pages - 1)
    shown = asked[page * PAGE : (page + 1) * PAGE]
    rows = [[button(f"🗑 {one.name} · {one.number}", "removal", one.id)] for one in shown]
    return [*rows, pager(view.texts, "retention", page, pages, its.class_id)]


def _years(_: Texts, its: Policy, years: int) -> Button:
    label = _.plain_plural("retention.years", years)
    return button(f"✓ {label}" if years == its.years else label, "retention.years", its.class_id, rest=years)


async def _next(view: View, its: Policy) -> Markup | None:
    day = await retention.next_day(view.tx, its.class_id)
    if day is None:
        return None
    amount = await retention.amount(view.tx, its.class_id, day)
    return view._("retention.next", day=view._.full_day(day), amount=amount_words(view.texts, amount))


def amount_words(_: Texts, amount: Amount) -> str:
    """Say how much goes: "38 students · 412 weekly logs · 1,203 files"."""
    counted = (
        _.plain_plural("retention.students", amount.students),
        _.plain_plural("retention.logs", amount.logs),
        _.plain_plural("retention.files", amount.files),
    )
    return " · ".join(counted)


async def warning_card(view: View) -> Message | None:
    """Warn a coordinator of what goes in a month; nothing where that was called off."""
    its, day = await retention.policy(view.tx, view.subject), date.fromisoformat(view.args["day"])
    if view.person.id not in await retention.readers(view.tx, its):
        raise NotFound
    _, amount = view.texts, await retention.amount(view.tx, its.class_id, day)
    if not amount.students:
        return None
    said = _.plural(
        "retention.warning",
        its.years,
        class_name=its.class_name,
        day=_.full_day(day),
        amount=amount_words(_, amount),
    )
    return Message(said, ((button(_.plain("retention.open"), "retention", its.class_id),), (home(_),)))


async def own_card(view: View) -> Message | None:
    """Tell a student that what they handed in goes in a month, and how to get a copy."""
    going = await retention.of_own(view.tx, view.subject, view.person.id)
    if going is None:
        return None
    _, (enterprise, day) = view.texts, going
    text = _("retention.own", enterprise=enterprise, day=_.full_day(day))
    return Message(text, ((button(_.plain("button.mydata"), "mydata"),), (home(_),)))


# --- the clock --------------------------------------------------------------------------------------------------


async def look(tx: Transaction, batch: Batch, now: datetime) -> Mapping[int, datetime | None]:
    """Warn of what goes by itself in a month, and let go what was warned of; once a month, and on the day."""
    return {entry.subject: await _look(tx, entry.subject, now) for entry in batch.entries}


async def _look(tx: Transaction, class_id: int, now: datetime) -> datetime:
    its = await retention.policy(tx, class_id)
    again = next_look(now, its.zone)
    if not its.by_itself:
        return again
    today = local_day(now, its.zone)
    known = await retention.ended(tx, its, local_day(again, its.zone) + WARNED)
    days = [one.goes_on for one in known if one.goes_on is not None]
    if new := [one for one in known if one.goes_on is None]:
        days.append(await _warn(tx, its, new, today, now))
    for one in known:
        if one.goes_on is not None and at_local(one.goes_on, LOOK, its.zone) <= now:
            await schedule.put(tx, retention.EMPTYING, one.id, now)
    ahead = [at for day in days if (at := at_local(day, LOOK, its.zone)) > now]
    return min([again, *ahead])


async def _warn(tx: Transaction, its: Policy, new: Sequence[Ended], today: date, now: datetime) -> date:
    """Announce what goes until the next look and a month more, on one day, to the coordinators and the students."""
    day = goes_on([kept_until(one.ends_on, its.years) for one in new], today)
    await retention.announce(tx, [one.id for one in new], day)
    for person in await retention.readers(tx, its):
        key = f"{WARNING}:{its.class_id}:{day}:{person}"
        about = {"day": day.isoformat()}
        await outbox.add(tx, person, WARNING, its.class_id, args=about, now=now, unique_key=key)
    for one in new:
        if one.student_person is not None:
            await outbox.add(tx, one.student_person, OWN, one.id, now=now, unique_key=f"{OWN}:{one.id}:{day}")
    return day


async def empty(tx: Transaction, batch: Batch, now: datetime) -> Mapping[int, datetime | None]:
    """Delete what was handed in during placements whose time has come, if nobody has called that off."""
    for entry in batch.entries:
        student = await retention.due(tx, entry.subject, now.date() + timedelta(days=1))
        if student is not None:
            await erasing.empty_placement(tx, entry.subject, student)
            await retention.emptied(tx, entry.subject, now=now)
            await people.record_act(
                tx,
                actor_id=None,
                act="placement_emptied",
                subject_kind="placement",
                subject_id=entry.subject,
                now=now,
            )
    return {entry.subject: None for entry in batch.entries}


def register(routes: Routes) -> None:
    """Let coordinators set the term, and the clock keep to it."""
    role = Role.COORDINATOR
    routes.button("retention", open_retention, role=role)
    routes.button("retention.years", choose_years, role=role, card=CARD)
    routes.button("retention.switch", switch, role=role, card=CARD)
    routes.card(CARD, retention_card)
    routes.card(WARNING, warning_card)
    routes.card(OWN, own_card)
    routes.reminder(retention.PLAN, look, at_once=20)
    routes.reminder(retention.EMPTYING, empty, at_once=1)
