"""What clears a queue faster: what was opened is approved together, and a log can come back tomorrow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.context import Stale
from bot.send import Show
from bot.texts import N_
from domain import reminders
from domain.logs import Decision, Log
from domain.weeks import local_day
from handlers import dates
from handlers.access import admit_staff
from handlers.buttons import button
from handlers.review_parts import ALL, FORM, PUSHED, QUEUE, today
from handlers.review_steps import answerable_at, approve, behind, take_back
from handlers.tomorrow import VERB
from storage import drafts, openings, outbox, reviews
from storage.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from storage.database import Transaction

FEWEST = 2  # logs to be approved together


def of_student(waiting: Sequence[Log], student_id: int) -> list[Log]:
    """Return the logs of one student; all of them without an id."""
    return [log for log in waiting if student_id in {0, log.placement.student_id}]


async def approve_button(view: View, waiting: Sequence[Log], opened: set[int], origin: str) -> list[Button]:
    """Make the button that approves what was opened, or the one that takes that back."""
    _, read = view.texts, [log for log in waiting if log.id in opened]
    row = []
    if len(read) >= FEWEST:
        label = _.plain_plural("queue.approve", len(read))
        row.append(button(label, "queue.approve", view.subject, len(read), origin))
    if view.args.get("together") and (held := await openings.approved_just_now(view.tx, view.person.id, now=view.now)):
        row.append(button(_.plain_plural("queue.undo", len(held)), "queue.undo", view.subject, rest=origin))
    return row


async def approve_opened(context: Context, press: Press) -> Show:
    """Approve the logs of the queue that were opened, all of them or none."""
    admit_staff(context.person)
    origin, me = ALL if press.rest == ALL else QUEUE, context.person.id

    async def work(tx: Transaction) -> Show:
        waiting = await reviews.queue(tx, me, today=today(context), everything=origin == ALL)
        opened = await openings.opened(tx, me)
        read = [log for log in of_student(waiting, press.id) if log.id in opened]
        if len(read) != press.version or len(read) < FEWEST:
            raise Stale(Show("queue", press.id, {"origin": origin}))
        passed = 0
        for log in read:
            passed += await approve(tx, context, log) is Decision.PASSED
            await drafts.close(tx, me, FORM, log.id)
        args: dict[str, str | int] = {"origin": origin, "together": 1, "number": len(read), "passed": passed}
        toast = N_("queue.toast_passed") if passed else N_("queue.toast_approved")
        return Show("queue", press.id, args, toast=toast)

    return await context.write(work)


async def undo_together(context: Context, press: Press) -> Show:
    """Take back all approvals of which the students have not heard yet."""
    admit_staff(context.person)

    async def work(tx: Transaction) -> Show:
        show = Show("queue", press.id, {"origin": ALL if press.rest == ALL else QUEUE}, toast=N_("review.toast.undone"))
        taken_back = 0
        for log_id in await openings.approved_just_now(tx, context.person.id, now=context.now):
            try:
                await take_back(tx, context, log_id)
            except Conflict:  # it has gone, or was answered or opened again
                continue
            taken_back += 1
        if not taken_back:
            raise Stale(show)
        return show

    return await context.write(work)


async def tomorrow(context: Context, press: Press) -> Show:
    """Have the card of a log come anew tomorrow, at the hour at which one is told of what waits."""
    origin = press.rest if press.rest in {QUEUE, ALL} else PUSHED

    async def work(tx: Transaction) -> Show:
        log, person = await answerable_at(tx, context, press.id, press.version), context.person
        day = local_day(context.now, person.zone) + timedelta(days=1)
        at = reminders.check_on(day, person.zone, person.reminder_time)
        key = f"tomorrow:{log.id}:{log.version}:{person.id}:{day}"
        await outbox.add(tx, person.id, FORM, log.id, now=context.now, due_at=at, unique_key=key)
        said = dates.at(context._, at, context.now, person.zone)
        toast = N_("review.toast.tomorrow")
        if origin == PUSHED:
            return Show(FORM, log.id, {"folded": 1, "at": said}, toast=toast)
        following = await behind(tx, context, log, origin)
        if following is None:
            return Show("queue", 0, {"origin": origin, "at": said}, toast=toast)
        return Show(FORM, following, {"origin": origin, "at": said}, toast=toast)

    return await context.write(work)


def register(routes: Routes) -> None:
    """Let a queue be cleared faster."""
    routes.button("queue.approve", approve_opened, card="queue")
    routes.button("queue.undo", undo_together, card="queue")
    routes.button(VERB, tomorrow, card=FORM)
