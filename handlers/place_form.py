"""Placing a student: who, where, with whom, from when to when; chosen from lists, the days also typed in any way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.context import Refused, Stale
from bot.send import Show
from bot.texts import N_
from domain.days import end_of_month, parse_day, parse_last_day, weeks_after
from domain.people import Role
from domain.placements import PeriodTrouble, period_trouble
from domain.students import Standing
from domain.weeks import local_day, monday_of
from handlers import answers
from handlers.forms import Answers, Choice, Form, Step, open_form, register_form, resume_form
from storage import drafts, mentors, outbox, people, placements, roster, schools

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.texts import Texts
    from domain.placements import Placement
    from storage.database import Transaction

NAME = "place"
NO_MENTOR = "0"
DAY_LIMIT = 60  # characters
LENGTHS = (8, 12, 16, 26)  # weeks that placements usually last

_TROUBLES = {
    PeriodTrouble.LONG_AGO: N_("place.long_ago"),
    PeriodTrouble.FAR_AHEAD: N_("place.far_ahead"),
    PeriodTrouble.END_FIRST: N_("place.end_first"),
    PeriodTrouble.TOO_LONG: N_("place.too_long"),
}


def today(context: Context | View) -> date:
    """Return the day it is where the person is."""
    return local_day(context.now, context.person.zone)


def show_day(_: Texts, value: Any) -> str:
    """Return how a kept day reads."""
    return _.full_day(date.fromisoformat(value))


def day_choice(_: Texts, day: date) -> Choice:
    """Make a button of a day."""
    return Choice(day.isoformat(), _.plain("place.day", weekday=_.weekday(day), day=_.day(day)))


async def _students(tx: Transaction, context: Context | View, known: Answers) -> list[Choice]:
    me, day = context.person.id, today(context)
    offered = await roster.unplaced(tx, me, today=day)
    chosen = int(known.get("student") or 0)
    if chosen and chosen not in {student.id for student in offered}:  # from the card of one who is placed already
        offered.insert(0, await roster.for_coordinator(tx, chosen, me, today=day))
    return [Choice(str(student.id), f"{student.name} · {student.number}") for student in offered]


async def _enterprises(tx: Transaction, context: Context | View, _known: Answers) -> list[Choice]:
    offered = await schools.enterprises_of_coordinator(tx, context.person.id)
    return [Choice(str(enterprise.id), enterprise.name) for enterprise in offered]


async def _mentors(tx: Transaction, context: Context | View, known: Answers) -> list[Choice]:
    enterprise = int(known.get("enterprise") or 0)
    offered = await mentors.of_enterprise(tx, enterprise, context.person.id, today=today(context))
    choices = [Choice(str(mentor.person_id), mentor.name) for mentor in offered if not mentor.suspended]
    return [*choices, Choice(NO_MENTOR, context._.plain("place.no_mentor_yet"))]


async def _starts(_tx: Transaction, context: Context | View, _known: Answers) -> list[Choice]:
    monday, day = monday_of(today(context)), today(context)
    days = {monday, monday + timedelta(days=7), monday + timedelta(days=14), end_of_month(day) + timedelta(days=1)}
    return [day_choice(context._, offered) for offered in sorted(days)]


async def _ends(_tx: Transaction, context: Context | View, known: Answers) -> list[Choice]:
    first, _ = date.fromisoformat(known.get("start") or today(context).isoformat()), context._
    lasts = [
        Choice(last.isoformat(), _.plain_plural("place.weeks", weeks, day=_.day(last)))
        for weeks, last in ((weeks, weeks_after(first, weeks)) for weeks in LENGTHS)
    ]
    month = end_of_month(first + timedelta(weeks=LENGTHS[1]))
    return [*lasts, Choice(month.isoformat(), _.plain("place.end_of_month", day=_.full_day(month)))]


def take_day(context: Context, message: telegram.Message) -> date:
    """Read a typed day; raises `Refused` with how days can be written."""
    day = parse_day(answers.line(message, limit=DAY_LIMIT), today(context))
    if day is None:
        raise Refused(N_("place.day_wanted"))
    return day


def _take_start(context: Context, message: telegram.Message, _known: Answers) -> str:
    day = take_day(context, message)
    refuse_trouble(day, None, context)
    return day.isoformat()


def _take_end(context: Context, message: telegram.Message, known: Answers) -> str:
    first = date.fromisoformat(known.get("start") or today(context).isoformat())
    day = parse_last_day(answers.line(message, limit=DAY_LIMIT), first, today(context))
    if day is None:
        raise Refused(N_("place.last_day_wanted"))
    refuse_trouble(first, day, context)
    return day.isoformat()


def refuse_trouble(first: date, last: date | None, context: Context) -> None:
    """Raise `Refused` where these days make no placement."""
    trouble = period_trouble(first, last, today(context))
    if trouble is not None:
        raise Refused(_TROUBLES[trouble], first=context._.full_day(first), last=context._.full_day(last or first))


async def open_form_to_place(context: Context, press: Press) -> Show:
    """Ask where to place a student, or whom; a form that was begun for the same student is gone on with."""

    async def work(tx: Transaction) -> Show:
        me, known = context.person.id, {}
        if press.id:
            student = await roster.for_coordinator(tx, press.id, me, today=today(context))
            if student.standing in {Standing.REMOVED, Standing.SUSPENDED}:
                raise Stale(Show("student", press.id))
            known = {"student": str(press.id)}
        elif not await roster.unplaced(tx, me, today=today(context)):
            raise Refused(N_("place.nobody"))
        if not await schools.enterprises_of_coordinator(tx, me):
            raise Refused(N_("place.no_enterprise"))
        if await drafts.get(tx, me, NAME, press.id):
            return await resume_form(tx, context, NAME, press.id)
        return await open_form(tx, context, PLACE, known, press.id)

    return await context.write(work)


async def _place(tx: Transaction, context: Context, said: Answers, _subject: int) -> Show:
    me = context.person.id
    student = await roster.for_coordinator(tx, int(said["student"]), me, today=today(context))
    if student.standing in {Standing.REMOVED, Standing.SUSPENDED}:
        raise Stale(Show("student", student.id))
    enterprise = await schools.enterprise_for_coordinator(tx, int(said["enterprise"]), me)
    if said["mentor"] not in {choice.value for choice in await _mentors(tx, context, said)}:
        raise Refused(N_("place.mentor_gone"), enterprise=enterprise.name)
    first, last = date.fromisoformat(said["start"]), date.fromisoformat(said["end"])
    refuse_trouble(first, last, context)
    await refuse_overlap(tx, context, student.id, first, last)
    placement_id = await placements.create(
        tx,
        student_id=student.id,
        enterprise_id=enterprise.id,
        mentor_id=None if said["mentor"] == NO_MENTOR else int(said["mentor"]),
        starts_on=first,
        ends_on=last,
        created_by=me,
        now=context.now,
    )
    await announce(tx, context, await placements.by_id(tx, placement_id))
    return Show("placement", placement_id, toast=N_("place.done"))


async def refuse_overlap(tx: Transaction, context: Context, student_id: int, first: date, last: date) -> None:
    """Raise `Refused` where the student has another placement on one of these days."""
    for other in await placements.of_student(tx, student_id):
        if other.starts_on <= last and other.ends_on >= first:
            raise Refused(
                N_("place.overlap"),
                name=other.student_name,
                enterprise=other.enterprise,
                first=context._.full_day(other.starts_on),
                last=context._.full_day(other.ends_on),
            )


async def announce(tx: Transaction, context: Context, placement: Placement) -> None:
    """Record that somebody made a placement, and tell its student and mentor what comes next."""
    await record(tx, context, "placement_made", placement)
    for person_id in (placement.student_person, placement.mentor_id):
        if person_id is not None and person_id != context.person.id:
            await outbox.add(tx, person_id, "placement_made", placement.id, now=context.now)


async def record(tx: Transaction, context: Context, act: str, placement: Placement) -> None:
    """Record an act on a placement."""
    await people.record_act(
        tx,
        actor_id=context.person.id,
        act=act,
        subject_kind="placement",
        subject_id=placement.id,
        now=context.now,
    )


PLACE = Form(
    NAME,
    N_("place.title"),
    (
        Step("student", N_("place.ask_student"), N_("place.student"), choices=_students),
        Step(
            "enterprise", N_("place.ask_enterprise"), N_("place.enterprise"), choices=_enterprises, forgets=("mentor",)
        ),
        Step("mentor", N_("place.ask_mentor"), N_("place.mentor"), choices=_mentors),
        Step("start", N_("place.ask_start"), N_("place.start"), _take_start, _starts, show=show_day, forgets=("end",)),
        Step("end", N_("place.ask_end"), N_("place.end"), _take_end, _ends, show=show_day),
    ),
    _place,
    done=N_("place.place"),
    role=Role.COORDINATOR,
    after_cancel=lambda student_id: Show("student", student_id) if student_id else Show("home"),
)


def register(routes: Routes) -> None:
    """Let coordinators place students."""
    register_form(routes, PLACE)
    routes.button("place", open_form_to_place, role=Role.COORDINATOR)
