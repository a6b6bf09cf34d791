"""What every answer to a log has in common: read as it was drawn, told to whom it concerns, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Show
from bot.texts import N_
from domain.logs import APPROVING, Decision, LogState
from domain.reviews import HOLD
from handlers.review_parts import ALL, FORM, may_answer, today
from storage import drafts, openings, outbox, reviews, second_stage
from storage.errors import Conflict, NotFound, StorageError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.context import Context
    from domain.logs import Log, Review
    from domain.people import Draft
    from domain.reviews import Submission
    from storage.database import Transaction

TOAST = {
    Decision.APPROVED: N_("review.toast.approved"),
    Decision.PASSED: N_("review.toast.passed"),
    Decision.NEEDS_INFO: N_("review.toast.needs_info"),
    Decision.RETURNED: N_("review.toast.returned"),
    Decision.REOPENED: N_("review.toast.reopened"),
}


# --- reading ----------------------------------------------------------------------------------------------------


async def read(tx: Transaction, context: Context, log_id: int) -> Submission:
    """Read a log that this person may answer; raises `NotFound`."""
    return await reviews.for_reviewer(tx, log_id, context.person.id, today=today(context))


async def log_at(tx: Transaction, context: Context, log_id: int, version: int) -> Log:
    """Read a log that has not changed since its card was drawn; raises `NotFound` or `Conflict`."""
    log = (await read(tx, context, log_id)).log
    if log.version != version:
        raise Conflict
    return log


async def answerable_at(tx: Transaction, context: Context, log_id: int, version: int) -> Log:
    """Read a log in its version that waits for an answer which this person may give; raises as `log_at` does."""
    log = await log_at(tx, context, log_id, version)
    if log.state is not LogState.SUBMITTED:
        raise Conflict
    if not await may_answer(tx, context.person, log):
        raise NotFound
    return log


async def own_approval(tx: Transaction, context: Context, log_id: int) -> tuple[Submission, Review]:
    """Read a log of which one's own approval holds; raises `NotFound` or `Conflict`."""
    submission = await read(tx, context, log_id)
    approval = submission.approval_of(context.person.id)
    if approval is None:
        raise Conflict
    return submission, approval


# --- asking -----------------------------------------------------------------------------------------------------


async def open_question(
    tx: Transaction, context: Context, log: Log, step: str, known: dict[str, str | int] | None = None
) -> None:
    """Ask for a reason or a word; what is typed next is the answer."""
    await drafts.close_all(tx, context.person.id, FORM)
    await drafts.activate(tx, context.person.id, FORM, subject=log.id, step=step, answers=known, now=context.now)


async def too_late(tx: Transaction, context: Context, draft: Draft, error: StorageError) -> Show:
    """Stop asking about a log that was decided, taken back or given to somebody else meanwhile."""
    await drafts.close(tx, context.person.id, FORM, draft.subject)
    if isinstance(error, NotFound):
        return Show("home", args={"problem": N_("review.not_yours")})
    return Show(FORM, draft.subject, {"problem": N_("review.changed")})


# --- approving --------------------------------------------------------------------------------------------------


async def approve(tx: Transaction, context: Context, log: Log) -> Decision:
    """Approve a log, which passes it on where a mentor's word is not the last, and return which it was."""
    decision = await second_stage.approval(tx, log, context.person.id)
    review_id = await reviews.decide(tx, log, context.person.id, decision, now=context.now)
    await tell(tx, context, log, review_id, decision)
    return decision


async def take_back(tx: Transaction, context: Context, log_id: int) -> None:
    """Take one's own approval back; raises `NotFound`, or `Conflict` where it is too late."""
    submission, approval = await own_approval(tx, context, log_id)
    if approval is not submission.last:
        raise Conflict
    await reviews.undo(tx, submission.log, approval, now=context.now)
    await refresh_others(tx, context, submission.log, context.now)


# --- telling ----------------------------------------------------------------------------------------------------


async def tell(tx: Transaction, context: Context, log: Log, review_id: int, decision: Decision) -> None:
    """Send the answer to the student, and show everybody else who has the card how it stands.

    An approval is held back for a minute. What is passed on the student reads on the card of the log, without a
    message: that comes with the school's answer.
    """
    now, student, held = context.now, log.placement.student_person, decision in APPROVING
    until = now + HOLD if held else now
    await outbox.settle_waiting(tx, FORM, log.id, now=now)  # nobody needs to be asked any more
    if student is not None:
        key, args = reviews.answer_key(review_id), {"review": review_id}
        passed = decision is Decision.PASSED
        card, manner = ("log", outbox.Manner.REFRESH) if passed else ("log_answer", outbox.Manner.PUSH)
        await outbox.add(tx, student, card, log.id, args=args, now=now, due_at=until, unique_key=key, manner=manner)
    if held:
        key, refresh = reviews.closing_key(review_id), outbox.Manner.REFRESH
        await outbox.add(tx, context.person.id, FORM, log.id, now=now, due_at=until, unique_key=key, manner=refresh)
    await refresh_others(tx, context, log, None if decision is Decision.PASSED else until)


async def refresh_others(tx: Transaction, context: Context, log: Log, student_at: datetime | None) -> None:
    """Edit the cards of the other reviewers now, and the student's at a time, if at all."""
    student, refresh = log.placement.student_person, outbox.Manner.REFRESH
    if student is not None and student_at is not None:
        await outbox.add(tx, student, "log", log.id, now=context.now, due_at=student_at, manner=refresh)
    for reader in await reviews.readers(tx, log):
        if reader != context.person.id:
            await outbox.add(tx, reader, FORM, log.id, now=context.now, manner=refresh)


# --- going on ---------------------------------------------------------------------------------------------------


def values(log: Log, origin: str) -> dict[str, str | int]:
    """Return where the card was opened, and what the toast about it says."""
    return {"origin": origin, "name": log.placement.student_name, "number": log.number}


async def go_on(tx: Transaction, context: Context, log: Log, decision: Decision, origin: str) -> Show:
    """Turn the message into the next log of the queue, or into the queue at its end."""
    args = values(log, origin)
    if decision in APPROVING:
        args["after"] = log.id  # the way back to it, as long as it can be undone
    following = await behind(tx, context, log, origin)
    card, subject = ("queue", 0) if following is None else (FORM, following)
    return Show(card, subject, args, toast=TOAST[decision])


async def behind(tx: Transaction, context: Context, log: Log, origin: str) -> int | None:
    """Return the log that waits behind this one in the queue and is opened now."""
    waiting = await reviews.queue(tx, context.person.id, today=today(context), everything=origin == ALL)
    if log.submitted_at is None:
        return None
    here = (log.submitted_at, log.id)
    following = next((o.id for o in waiting if o.submitted_at and (o.submitted_at, o.id) > here), None)
    if following is not None:
        await openings.note(tx, following, context.person.id)
    return following
