"""Confirming an application that a mentor accepted: the school names days and mentor, and a placement is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused
from bot.send import Show
from bot.texts import N_
from domain.people import Role
from domain.posts import ApplicationState
from handlers.application_cards import STAFF, who
from handlers.applications import refresh_staff
from handlers.forms import Answers, Choice, Form, open_form, register_form
from handlers.hiring import decide, for_decision
from handlers.place_form import NO_MENTOR, record, refuse_overlap, refuse_trouble, today
from handlers.post_steps import END, START, as_day, question
from storage import applications, mentors, outbox, placements, schools
from storage.errors import Conflict

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from storage.database import Transaction

ENTERPRISE, MENTOR = "enterprise", "mentor"  # as in the form that places a student
THEIRS, THEIR_NAME = "post_mentor", "post_mentor_name"


async def _mentors(tx: Transaction, context: Context | View, known: Answers) -> list[Choice]:
    """Offer the mentors whom the school vouches for, and the post's own, who may be another school's."""
    choices = question(MENTOR).choices
    offered = await choices(tx, context, known) if choices else []
    theirs = known.get(THEIRS)
    if theirs and theirs not in {choice.value for choice in offered}:
        offered.insert(0, Choice(theirs, known[THEIR_NAME]))
    return offered


async def confirm(context: Context, press: Press) -> Show:
    """Begin the placement with what the post says about its period and mentor."""

    async def work(tx: Transaction) -> Show:
        application = await for_decision(tx, press.id, context.person.id, ApplicationState.CONFIRMED)
        post, said, day = application.post, application.post.details, today(context)
        known: Answers = {ENTERPRISE: str(post.enterprise_id)}
        if said.starts_on and said.starts_on >= day:
            known[START] = said.starts_on.isoformat()
        if said.ends_on and said.ends_on > day:
            known[END] = said.ends_on.isoformat()
        school = application.school_id
        if post.mentor_id and await mentors.is_mentor(tx, post.mentor_id, post.enterprise_id, school_id=school):
            known |= {MENTOR: str(post.mentor_id), THEIRS: str(post.mentor_id), THEIR_NAME: post.mentor}
        return await open_form(tx, context, CONFIRM, known, application.id)

    return await context.write(work)


async def _place(tx: Transaction, context: Context, known: Answers, application_id: int) -> Show:
    me, to = context.person.id, ApplicationState.CONFIRMED
    application = await for_decision(tx, application_id, me, to)
    enterprise_id = application.post.enterprise_id
    first, last = as_day(known[START]), as_day(known[END])
    if first is None or last is None:
        raise Conflict
    refuse_trouble(first, last, context)
    await refuse_overlap(tx, context, application.student_id, first, last)
    mentor_id = int(known[MENTOR]) if known[MENTOR] != NO_MENTOR else None
    school = application.school_id
    if mentor_id is not None and not await mentors.is_mentor(tx, mentor_id, enterprise_id, school_id=school):
        raise Refused(N_("post_form.mentor_elsewhere"))
    await schools.link_enterprise(tx, application.school_id, enterprise_id)
    placement_id = await placements.create(
        tx,
        student_id=application.student_id,
        enterprise_id=enterprise_id,
        mentor_id=mentor_id,
        starts_on=first,
        ends_on=last,
        created_by=me,
        application_id=application.id,
        now=context.now,
    )
    await record(tx, context, "placement_made", await placements.by_id(tx, placement_id))
    await decide(tx, context, application, to)
    for other in await applications.withdraw_others(tx, application, by=me, now=context.now):
        await refresh_staff(tx, other, now=context.now)
    if mentor_id is not None and mentor_id != me:
        await outbox.add(tx, mentor_id, "placement_made", placement_id, now=context.now)
    return Show(STAFF, application.id, {"student": application.student}, toast=N_("hiring.confirmed"))


async def _head(view: View) -> Markup:
    return who(view.texts, await applications.for_coordinator(view.tx, view.subject, view.person.id))


CONFIRM = Form(
    "application_confirm",
    N_("hiring.confirm_title"),
    (question(START), question(END), question(MENTOR, ask=N_("hiring.ask_mentor"), choices=_mentors)),
    _place,
    N_("hiring.confirm"),
    role=Role.COORDINATOR,
    after_cancel=lambda application_id: Show(STAFF, application_id),
    head=_head,
)


def register(routes: Routes) -> None:
    """Let coordinators confirm."""
    routes.button("application.confirm", confirm, role=Role.COORDINATOR, card=STAFF)
    register_form(routes, CONFIRM)
