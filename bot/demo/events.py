"""What happened at the demo's school, as acts on its records with the cards that the rooms send about them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.demo import cast as coming
from bot.demo import writing
from domain.announcements import Audience, Who
from domain.posts import ApplicationState, PostDetails
from handlers.application_cards import MINE, STAFF, WAITS
from storage import (
    announcement_progress,
    announcements,
    applications,
    audiences,
    outbox,
    people,
    placements,
    posts,
    schools,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.demo.cast import Cast
    from bot.demo.plot import Row
    from storage.database import Transaction

Act = Callable[["Transaction", "Cast", datetime], Awaitable[None]]
REFRESH = outbox.Manner.REFRESH


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at a moment: an act on the records, then words that somebody sends to the bot."""

    at: datetime
    act: Act | None = None
    by: str = ""
    says: tuple[str, ...] = ()


def all_events(cast: Cast, secret: str) -> list[Event]:
    """List everything that happened, in order."""
    plot, told = cast.plot, cast.plot.told
    founded = plot.at(told["founded"])
    found: list[Event] = [
        Event(founded, coming.found_school),
        Event(founded + timedelta(hours=7), coming.make_classes),
        *_comings(cast),
        *(Event(plot.at(row["at"]), partial(coming.ask_own_question, row)) for row in told["templates"]),
        *(Event(plot.at(row["at"]), partial(_publish, row)) for row in told["posts"]),
        *_placements(cast),
        *(Event(plot.at(row["at"]), partial(_excuse, row)) for row in told["excused"]),
        *_announcements(cast),
        *_applications(cast),
        *_invitations(cast, secret),
        *(Event(at, act) for at, act in writing.story_of_logs(plot)),
        *(Event(plot.at(row["at"]), by=row["by"], says=tuple(row["lines"])) for row in told["writing"]),
    ]
    return sorted(found, key=lambda event: event.at)


def _comings(cast: Cast) -> Iterator[Event]:
    for actor in cast.plot.actors():
        at = cast.plot.at(actor.row.get("joined") or actor.row["asked"])
        act: Act | None = None
        if actor.role != "newcomer":
            act = partial(_with, coming.come_in, actor)
        elif actor.about:
            act = partial(_with, coming.ask_to_join, actor)
        yield Event(at, act, actor.name, ("/start",))


async def _with(act: Callable[..., Awaitable[None]], actor: object, tx: Transaction, cast: Cast, now: datetime) -> None:
    await act(tx, cast, actor, now)


def _invitations(cast: Cast, secret: str) -> Iterator[Event]:
    async def invite(name: str, tx: Transaction, cast: Cast, now: datetime) -> None:
        await coming.invite_class(tx, cast, name, secret, now)

    for row in cast.plot.told["classes"]:
        yield Event(cast.plot.now - timedelta(days=4), partial(invite, row["name"]))


# --- posts and placements ---------------------------------------------------------------------------------------


async def _publish(row: Row, tx: Transaction, cast: Cast, now: datetime) -> None:
    mentor = cast.people[row["mentor"]]
    kept = {name: row[name] for name in ("title", "tasks", "city", "pay", "places", "starts_on", "ends_on")}
    cast.posts[row["title"]] = await posts.publish(
        tx, cast.enterprises[row["enterprise"]], PostDetails(**kept), mentor_id=mentor, created_by=mentor, now=now
    )


def _placements(cast: Cast) -> Iterator[Event]:
    at = cast.plot.at("10-09 10:30")
    placed = [row for row in cast.plot.told["students"] if "mentor" in row]
    for index, row in enumerate(placed):
        yield Event(at + timedelta(minutes=2 * index), partial(_place, row))


async def _place(row: Row, tx: Transaction, cast: Cast, now: datetime) -> None:
    mentors = {mentor["name"]: mentor["enterprise"] for mentor in cast.plot.told["mentors"]}
    coordinator, mentor = cast.coordinator_for(row["class"]), cast.people[row["mentor"]]
    placement = await placements.create(
        tx,
        student_id=cast.students[row["name"]],
        enterprise_id=cast.enterprises[mentors[row["mentor"]]],
        mentor_id=mentor,
        starts_on=cast.plot.first_day,
        ends_on=cast.plot.last_day,
        created_by=coordinator,
        now=now,
    )
    cast.placements[row["name"]] = placement
    await _record(tx, coordinator, "placement_made", "placement", placement, now)
    for person in (cast.people[row["name"]], mentor):
        await outbox.add(tx, person, "placement_made", placement, now=now)


async def _excuse(row: Row, tx: Transaction, cast: Cast, now: datetime) -> None:
    placement, by = cast.placements[row["student"]], cast.people[row["by"]]
    week = cast.plot.day(row["week"])
    await placements.excuse(tx, placement, week, reason=row["reason"], created_by=by, now=now)
    await _record(tx, by, "week_excused", "placement", placement, now)
    args = {"week": week.isoformat()}
    await outbox.add(tx, cast.people[row["student"]], "week_excused", placement, args=args, now=now)


def _applications(cast: Cast) -> Iterator[Event]:
    for row in cast.plot.told["applications"]:
        yield Event(cast.plot.at(row["at"]), partial(_apply, row))
        if "accepted" in row:
            yield Event(cast.plot.at(row["accepted"]), partial(_accept, row))


async def _apply(row: Row, tx: Transaction, cast: Cast, now: datetime) -> None:
    student, post = cast.students[row["by"]], cast.posts[row["post"]]
    sent = await applications.send(tx, post_id=post, student_id=student, words=row["words"], now=now)
    application = await applications.for_student(tx, sent, cast.people[row["by"]])
    for person in await applications.answerers(tx, application):
        await outbox.add(tx, person, STAFF, sent, args={WAITS: ApplicationState.SENT.value}, now=now)


async def _accept(row: Row, tx: Transaction, cast: Cast, now: datetime) -> None:
    student, to = cast.people[row["by"]], ApplicationState.ACCEPTED
    application = await applications.newest_for_post(tx, cast.posts[row["post"]], student)
    if application is None:
        raise LookupError(row["post"])
    mentor = application.post.mentor_id or 0
    await applications.move(tx, application.id, to, by=mentor, now=now)
    await _record(tx, mentor, "application_accepted", "application", application.id, now)
    await outbox.add(tx, student, MINE, application.id, now=now)
    await outbox.add(tx, mentor, STAFF, application.id, now=now, manner=REFRESH)
    for person in await schools.coordinators_of_class(tx, application.class_id):
        await outbox.add(tx, person, STAFF, application.id, args={WAITS: to.value}, now=now)


# --- announcements ----------------------------------------------------------------------------------------------


def _announcements(cast: Cast) -> Iterator[Event]:
    for row in cast.plot.told["announcements"]:
        at = cast.plot.at(row["at"])
        yield Event(at, partial(_announce, row))
        for name, minutes in row["read_by"].items():
            yield Event(at + timedelta(minutes=minutes), partial(_acknowledge, row, name))


async def _announce(row: Row, tx: Transaction, cast: Cast, now: datetime) -> None:
    author = cast.people[row["by"]]
    audience = Audience(Who(row["who"]), (cast.classes[row["to"]],))
    begun = await announcements.begin(tx, author_id=author, school_id=cast.school, audience=audience, now=now)
    await announcements.write(tx, await announcements.of_author(tx, begun, author), row["text"].strip())
    today = now.astimezone(cast.plot.zone).date()
    its = await announcements.of_author(tx, begun, author)
    await announcements.send(tx, its, await audiences.people(tx, its, today=today, now=now), now=now)
    await _record(tx, author, "announced", "announcement", begun, now)
    await outbox.add(tx, author, announcements.AUTHORS_CARD, begun, now=now)
    cast.announcements[row["text"]] = begun


async def _acknowledge(row: Row, name: str, tx: Transaction, cast: Cast, now: datetime) -> None:
    reader, announcement = cast.people[name], cast.announcements[row["text"]]
    its = await announcements.of_reader(tx, announcement, reader)
    await announcement_progress.acknowledge(tx, its, reader, now=now)
    await outbox.add(tx, reader, announcements.READERS_CARD, announcement, now=now, manner=REFRESH)


async def _record(tx: Transaction, actor: int, act: str, kind: str, subject: int, now: datetime) -> None:
    await people.record_act(tx, actor_id=actor, act=act, subject_kind=kind, subject_id=subject, now=now)
