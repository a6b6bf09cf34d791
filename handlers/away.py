"""Away: a mentor who has no time hands their students' logs over, to a colleague or else to the coordinators.

Two presses do it. Queue, reminders and new logs go there until the end of a day, and come back then by themselves, or
with one press before. Who stands in reads what is handed over and nothing else, and only meanwhile.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.context import Later, Stale
from bot.send import Message, Show
from bot.texts import N_, join
from domain import hand_overs as rules
from domain import reminders
from domain.people import Role
from domain.weeks import local_day
from domain.words import whole_number
from handlers.buttons import PAGE, button, home, pager
from handlers.handover import refresh_reviews
from storage import hand_overs, outbox, people, reviews, schools
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.hand_overs import HandOver
    from storage.database import Transaction
    from storage.schedule import Batch

CARD, NEWS = "away", "away_news"
COORDINATORS = 0  # instead of a colleague's id
DAY = timedelta(days=1)


def _today(reader: Context | View) -> date:
    return local_day(reader.now, reader.person.zone)


def _last_day(reader: Context | View, said: str) -> date:
    """Read the last day that a button carries; a week from now where there is none."""
    today = _today(reader)
    try:
        return rules.within_reason(date.fromisoformat(said), today)
    except ValueError:
        return today + rules.USUAL


async def show_away(context: Context, press: Press) -> Show:
    """Ask who is to answer meanwhile and until when; or show what is handed over."""
    said, _, page = press.rest.partition(".")
    last = _last_day(context, said)
    return Show(CARD, args={"last": last.isoformat(), "page": whole_number(page)})


async def hand_over(context: Context, press: Press) -> Show:
    """Hand the logs over."""

    async def work(tx: Transaction) -> Show:
        me, last = context.person.id, _last_day(context, press.rest)
        offered = {id_ for id_, _ in await hand_overs.colleagues(tx, me)} or {COORDINATORS}
        if press.id not in offered or last.isoformat() != press.rest:
            raise Stale(Show(CARD))
        stand_in, ends_at = press.id or None, rules.ends_at(last, context.person.zone)
        try:
            begun = await hand_overs.begin(tx, me, stand_in, last_day=last, ends_at=ends_at, now=context.now)
        except Conflict:
            raise Stale(Show(CARD)) from None
        await _record(tx, context, "handed_over", begun)
        for person in await _concerned(tx, begun, today=_today(context)):
            await outbox.add(tx, person, NEWS, begun.id, now=context.now, unique_key=f"{NEWS}:{begun.id}:{person}")
        return Show(CARD, toast=N_("away.done"))

    return await context.write(work)


async def take_back(context: Context, press: Press) -> Show:
    """End a hand-over before its day, as its mentor or as who stands in."""

    async def work(tx: Transaction) -> Show:
        its = await hand_overs.for_party(tx, press.id, context.person.id)
        try:
            await give_back(tx, its, now=context.now, by=context.person.id)
        except Conflict:
            raise Stale(Show(CARD)) from None
        await _record(tx, context, "took_back", its)
        mine = its.mentor_id == context.person.id
        toast = N_("away.taken_back") if mine else N_("away.given_back")
        return Show(CARD, args={"mentor": its.mentor}, toast=toast)

    return await context.write(work)


async def _record(tx: Transaction, context: Context, act: str, its: HandOver) -> None:
    await people.record_act(
        tx, actor_id=context.person.id, act=act, subject_kind="person", subject_id=its.mentor_id, now=context.now
    )


async def _concerned(tx: Transaction, its: HandOver, *, today: date) -> list[int]:
    """List who answers instead of the mentor: who stands in, and the coordinators where nobody does."""
    found = {its.stand_in_id} if its.stand_in_id is not None else set()
    for class_id in await hand_overs.classes_without(tx, its.mentor_id, today=today):
        found |= set(await schools.coordinators_of_class(tx, class_id))
    return sorted(found - {its.mentor_id})


async def give_back(tx: Transaction, its: HandOver, *, now: datetime, by: int | None) -> None:
    """Give everything back; who stood in has no card of the students' logs any more, and the mentor hears of it."""
    mentor = await people.by_id(tx, its.mentor_id)
    today = local_day(now, mentor.zone)
    concerned = await _concerned(tx, its, today=today)
    await hand_overs.end(tx, its, now=now)
    for person in concerned:
        await outbox.add(tx, person, NEWS, its.id, now=now, manner=outbox.Manner.REFRESH)
    if its.stand_in_id is not None:
        for placement_id in await hand_overs.placements_of(tx, its.mentor_id, today=today):
            await refresh_reviews(tx, its.stand_in_id, placement_id, now=now)
    if by != its.mentor_id:
        await outbox.add(tx, its.mentor_id, NEWS, its.id, now=now, unique_key=f"{NEWS}:{its.id}:{its.mentor_id}")


async def plan_ends(tx: Transaction, batch: Batch, now: datetime) -> Mapping[int, datetime | None]:
    """End what has come to its end."""
    following: dict[int, datetime | None] = {}
    for entry in batch.entries:
        its = await hand_overs.by_id(tx, entry.subject)
        over = its.ended_at is not None or its.ends_at <= now
        following[its.id] = None if over else its.ends_at
        if over and its.ended_at is None:
            await give_back(tx, its, now=now, by=None)
    return following


# --- cards ------------------------------------------------------------------------------------------------------


async def away_card(view: View) -> Message | None:
    """Draw what is handed over, or the question to whom it is to be."""
    _, me = view.texts, view.person.id
    known = await hand_overs.open_of(view.tx, me)
    standing = [its for its in known if its.mentor_id != me]
    lines = join(line(_, its, me) for its in standing)
    rows = [[button(_.plain("away.give_back", mentor=its.mentor), "away.back", its.id)] for its in standing]
    own = next((its for its in known if its.mentor_id == me), None)
    if own is not None:
        back = [button(_.plain("away.back"), "away.back", own.id)]
        return Message(join((line(_, own, me), lines or None)), [back, *rows, [home(_)]])
    ask, choice = await _choice(view)
    return Message(join((ask, lines or None), "\n\n"), [*choice, *rows, [home(_)]])


def line(_: Texts, its: HandOver, reader_id: int) -> Markup:
    """Say who answers for whom, to either of them."""
    day = _.day(its.last_day)
    if its.mentor_id != reader_id:
        return _("away.standing", mentor=its.mentor, day=day)
    if its.stand_in_id is None:
        return _("away.with_coordinators", day=day)
    return _("away.with_person", name=its.stand_in, day=day)


async def _choice(view: View) -> tuple[Markup, list[list[Button]]]:
    _, last = view.texts, _last_day(view, str(view.args.get("last", "")))
    others, said = await hand_overs.colleagues(view.tx, view.person.id), last.isoformat()
    pages = max(1, -(-len(others) // PAGE))
    page = min(int(view.args.get("page", 0)), pages - 1)
    shown = others[page * PAGE : (page + 1) * PAGE]
    rows = [[button(_.plain("away.to", name=name), "away.to", id_, rest=said)] for id_, name in shown]
    if not others:
        rows.append([button(_.plain("away.to_coordinators"), "away.to", COORDINATORS, rest=said)])
    rows += [pager(_, CARD, page, pages, before=f"{said}."), _days(view, last)]
    ask = N_("away.ask") if others else N_("away.ask_coordinators")
    return _(ask, day=_.day(last)), rows


def _days(view: View, last: date) -> list[Button]:
    _, today = view.texts, _today(view)
    moves = (
        (N_("away.day_less"), last - DAY),
        (N_("away.day_more"), last + DAY),
        (N_("away.week_more"), last + 7 * DAY),
    )
    return [
        button(_.plain(words), CARD, rest=day.isoformat())
        for words, day in moves
        if day == rules.within_reason(day, today)
    ]


async def news_card(view: View) -> Message | None:
    """Tell whoever answers now, while it is so and when it has ended; and a mentor that the logs are theirs again."""
    its, _, me = await hand_overs.by_id(view.tx, view.subject), view.texts, view.person.id
    text = await _news(view, its)
    if text is None:
        return None
    if reminders.is_quiet(view.now, view.person.zone):
        raise Later(reminders.after_quiet(view.now, view.person.zone))
    rows: list[list[Button]] = []
    if waiting := await reviews.count_waiting(view.tx, me, today=_today(view)):
        text = join((text, _.plural("glance.to_review", waiting)))
        rows.append([button(_.plain("reminder.queue"), "queue")])
    if its.stand_in_id == me and its.ended_at is None:
        rows.append([button(_.plain("away.give_back", mentor=its.mentor), "away.back", its.id)])
    return Message(text, [*rows, [home(_)]])


async def _news(view: View, its: HandOver) -> Markup | None:
    _, me, ended = view.texts, view.person.id, its.ended_at is not None
    if its.mentor_id == me:
        return _("away.news_back") if ended else None
    if its.stand_in_id != me and not await hand_overs.is_coordinator_of(view.tx, its, me):
        return None
    if ended:
        return _("away.news_end", mentor=its.mentor)
    news = N_("away.news_stand_in") if its.stand_in_id == me else N_("away.news_coordinators")
    return _(news, mentor=its.mentor, day=_.day(its.last_day))


def register(routes: Routes) -> None:
    """Let mentors hand over."""
    routes.button("away", show_away, role=Role.MENTOR)
    routes.button("away.to", hand_over, role=Role.MENTOR, card=CARD)
    routes.button("away.back", take_back, role=Role.MENTOR, card=CARD)
    routes.card(CARD, away_card)
    routes.card(NEWS, news_card)
    routes.reminder(hand_overs.PLAN, plan_ends, at_once=10)
