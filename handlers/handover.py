"""Logs and applications that change hands: pushed to whoever answers them now, taken from the cards of whoever did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.posts import ApplicationState
from domain.weeks import local_day
from handlers.application_cards import STAFF
from handlers.applications import push_to_staff, refresh_staff
from handlers.question_cards import push
from handlers.review_parts import FORM as REVIEW
from storage import applications, cards, logs, outbox, placements, questions
from storage.outbox import Manner

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from domain.posts import Application
    from storage.database import Transaction


async def hand_over_logs(tx: Transaction, placement_id: int, former: int | None, *, now: datetime) -> None:
    """Bring what waits in a placement to whoever answers it now; the cards of who did before say that they do not.

    A submission is pushed to each person once; who had its card already finds it as it is now.
    """
    placement = await placements.by_id(tx, placement_id)
    if placement.ends_on >= local_day(now, placement.zone) - logs.MENTOR_READS_ON:
        answering = await placements.reviewers(tx, placement)
        for log_id, revision in await logs.waiting_of_placement(tx, placement_id):
            for person in answering:
                key = f"review:{log_id}:{revision}:{person}"
                if not await outbox.add(tx, person, REVIEW, log_id, now=now, unique_key=key):
                    await _refresh(tx, person, REVIEW, [log_id], now)
        for question_id in await questions.open_of_placement(tx, placement_id):
            for person in answering:
                await push(tx, person, question_id, now=now)
    if former is not None:
        await refresh_reviews(tx, former, placement_id, now=now)


async def refresh_reviews(tx: Transaction, person_id: int, placement_id: int, *, now: datetime) -> None:
    """Have somebody's cards of a placement's logs drawn anew, or emptied where they may not read them any more."""
    await _refresh(tx, person_id, REVIEW, await cards.logs_shown(tx, person_id, placement_id), now)


async def hand_over_applications(
    tx: Transaction, mentor_id: int, before: Iterable[Application], after: Iterable[Application], *, now: datetime
) -> None:
    """Bring applications to who answers them now: `before` waited for the mentor until now, `after` do from now on."""
    known, waiting = {one.id for one in before}, {one.id for one in after}
    for application in before:
        if application.id not in waiting:
            people = await applications.answerers(tx, application)
            await push_to_staff(tx, people, application.id, ApplicationState.SENT, now=now)
    for application in after:
        if application.id not in known:
            await refresh_staff(tx, application, now=now)
            if await cards.message_of(tx, mentor_id, STAFF, application.id) is None:
                await push_to_staff(tx, [mentor_id], application.id, ApplicationState.SENT, now=now)
    await _refresh(tx, mentor_id, STAFF, await cards.subjects(tx, mentor_id, STAFF), now)


async def refresh_staff_cards(tx: Transaction, person_id: int, *, now: datetime) -> None:
    """Have whatever a coordinator has of students drawn anew, or emptied where they may not see it any more."""
    for card in (REVIEW, STAFF, "join_request"):
        await _refresh(tx, person_id, card, await cards.subjects(tx, person_id, card), now)


async def _refresh(tx: Transaction, person_id: int, card: str, subjects: Iterable[int], now: datetime) -> None:
    for subject in subjects:
        await outbox.add(tx, person_id, card, subject, now=now, manner=Manner.REFRESH)
