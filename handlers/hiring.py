"""Answering applications: the mentor takes a student or not, the school confirms, and a placement grows out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from domain.posts import (
    BEFORE,
    DECLINE_REASONS,
    REASON_LIMIT,
    REFUSE_REASONS,
    Application,
    ApplicationState,
    Reason,
)
from handlers import answers, period_steps
from handlers.access import admit_member
from handlers.applications import (
    REASONS,
    STAFF,
    STAFF_LIST,
    push_to_staff,
    reason_in,
    refresh_staff,
    tell_student,
)
from handlers.buttons import button, home
from handlers.forms import Choice, Form, Step, open_form, register_form
from handlers.period_steps import ENDS_ON, STARTS_ON, as_day, check_period
from storage import applications, drafts, mentors, outbox, people, placements, schools
from storage.errors import Conflict

if TYPE_CHECKING:
    import telegram
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from domain.people import Draft
    from handlers.forms import Answers
    from storage.database import Transaction

NO = "application_no"  # the form that takes the reason for a no, and its card
PLACED = "application_placed"
MENTOR = "mentor"
_READY = {ApplicationState.DECLINED: DECLINE_REASONS, ApplicationState.REFUSED: REFUSE_REASONS}
_ACTS = {
    ApplicationState.ACCEPTED: "application_accepted",
    ApplicationState.DECLINED: "application_declined",
    ApplicationState.CONFIRMED: "application_confirmed",
    ApplicationState.REFUSED: "application_refused",
}


async def _for(tx: Transaction, application_id: int, person_id: int, to: ApplicationState) -> Application:
    """Read an application for whoever may bring it into this state; raises `Conflict` where that has passed."""
    read = applications.for_answer
    if to in {ApplicationState.CONFIRMED, ApplicationState.REFUSED}:
        read = applications.for_coordinator
    application = await read(tx, application_id, person_id)
    if application.state not in BEFORE[to]:
        raise Conflict
    return application


async def _move(
    tx: Transaction, context: Context, application: Application, to: ApplicationState, reason: str = ""
) -> None:
    """Change the state, record who did it, and tell the student and everybody who has the card."""
    await applications.move(tx, application.id, to, by=context.person.id, reason=reason, now=context.now)
    await people.record_act(
        tx,
        actor_id=context.person.id,
        act=_ACTS[to],
        subject_kind="application",
        subject_id=application.id,
        now=context.now,
    )
    await tell_student(tx, application, now=context.now)
    await refresh_staff(tx, application, but=context.person.id, now=context.now)


# --- the enterprise's answer ------------------------------------------------------------------------------------


async def accept(context: Context, press: Press) -> Show:
    """Take the student; the school confirms next."""

    async def work(tx: Transaction) -> Show:
        me = context.person.id
        application = await _for(tx, press.id, me, ApplicationState.ACCEPTED)
        await _move(tx, context, application, ApplicationState.ACCEPTED)
        for coordinator in await schools.coordinators_of_class(tx, application.class_id):
            if coordinator != me:
                await outbox.add(tx, coordinator, STAFF, application.id, args={"waits": "accepted"}, now=context.now)
        return Show(STAFF, application.id, toast=N_("hiring.accepted"))

    return await context.write(work)


async def ask_reason(context: Context, press: Press) -> Show:
    """Ask why not; the student reads it."""

    async def work(tx: Transaction) -> Show:
        to = ApplicationState(press.rest) if press.rest in set(_READY) else ApplicationState.DECLINED
        application = await _for(tx, press.id, context.person.id, to)
        await drafts.activate(tx, context.person.id, NO, subject=application.id, step=to.value, now=context.now)
        return Show(NO, application.id)

    return await context.write(work)


async def pick_reason(context: Context, press: Press) -> Show:
    """Say no with a ready reason."""
    return await context.write(lambda tx: _say_no(tx, context, press.id, f"@{press.rest}", ready=True))


async def take_reason(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Say no in one's own words."""
    reason = answers.text(message, limit=REASON_LIMIT)
    context.receipt = True
    return await context.write(lambda tx: _say_no(tx, context, draft.subject, reason, ready=False))


async def _say_no(tx: Transaction, context: Context, application_id: int, reason: str, *, ready: bool) -> Show:
    me, shown = context.person.id, Show(STAFF, application_id)
    draft = await drafts.get(tx, me, NO, application_id)
    if draft is None:
        raise Stale(shown)
    to = ApplicationState(draft.step)
    if ready and reason not in {one.value for one in _READY[to]}:
        raise Stale(Show(NO, application_id))
    await drafts.close(tx, me, NO, application_id)
    try:
        application = await _for(tx, application_id, me, to)
        await _move(tx, context, application, to, reason)
    except Conflict:  # a colleague was faster, or the student withdrew: the card says which
        return shown
    return shown


async def leave_reason(context: Context, press: Press) -> Show:
    """Go back without an answer."""

    async def work(tx: Transaction) -> Show:
        await drafts.close(tx, context.person.id, NO, press.id)
        return Show(STAFF, press.id)

    return await context.write(work)


async def reason_card(view: View) -> Message | None:
    """Draw the question for the reason."""
    draft, _ = await drafts.get(view.tx, view.person.id, NO, view.subject), view.texts
    if draft is None:
        return None
    application = await applications.for_staff(view.tx, view.subject, view.person.id)
    ask = N_("hiring.why_declined") if draft.step == ApplicationState.DECLINED else N_("hiring.why_refused")
    ready = [
        [button(_.plain(REASONS[reason]), "application.reason", application.id, rest=reason.value[1:])]
        for reason in _READY[ApplicationState(draft.step)]
    ]
    text = _(ask, student=application.student, title=application.post.details.title)
    return Message(text, [*ready, [button(_.plain("button.back"), "application.keep", application.id)]])


# --- the school's confirmation ----------------------------------------------------------------------------------


async def _mentors(tx: Transaction, context: Context | View, known: Answers) -> list[Choice]:
    rows = await mentors.of_enterprise(
        tx, int(known["enterprise"]), context.person.id, today=period_steps.today(context)
    )
    choices = {str(mentor.person_id): mentor.name for mentor in rows if not mentor.suspended}
    if known.get("post_mentor"):
        choices.setdefault(str(known["post_mentor"]), str(known["post_mentor_name"]))
    return [Choice(person, name) for person, name in choices.items()]


async def confirm(context: Context, press: Press) -> Show:
    """Begin the placement with what the post says about its period and mentor."""

    async def work(tx: Transaction) -> Show:
        application = await _for(tx, press.id, context.person.id, ApplicationState.CONFIRMED)
        post, said = application.post, application.post.details
        known: Answers = {"enterprise": post.enterprise_id}
        today = period_steps.today(context)
        if said.starts_on and said.starts_on >= today:
            known[STARTS_ON] = said.starts_on.isoformat()
        if said.ends_on and said.ends_on > today:
            known[ENDS_ON] = said.ends_on.isoformat()
        if post.mentor_id and await mentors.is_mentor(tx, post.mentor_id, post.enterprise_id):
            known |= {MENTOR: str(post.mentor_id), "post_mentor": post.mentor_id, "post_mentor_name": post.mentor}
        return await open_form(tx, context, CONFIRM, known, application.id)

    return await context.write(work)


async def _place(tx: Transaction, context: Context, known: Answers, application_id: int) -> Show:
    me = context.person.id
    application = await _for(tx, application_id, me, ApplicationState.CONFIRMED)
    first, last = as_day(known[STARTS_ON]), as_day(known[ENDS_ON])
    mentor_id = int(known[MENTOR]) if known[MENTOR] else None
    check_period(first, last, period_steps.today(context))
    if first is None or last is None:
        raise Conflict
    if mentor_id is not None and not await mentors.is_mentor(tx, mentor_id, application.post.enterprise_id):
        raise Refused(N_("post_form.mentor_elsewhere"))
    await schools.link_enterprise(tx, application.school_id, application.post.enterprise_id)
    try:
        placement_id = await placements.create(
            tx,
            student_id=application.student_id,
            enterprise_id=application.post.enterprise_id,
            mentor_id=mentor_id,
            starts_on=first,
            ends_on=last,
            created_by=me,
            application_id=application.id,
            now=context.now,
        )
    except Conflict:
        raise Refused(N_("hiring.placed_already")) from None
    await _move(tx, context, application, ApplicationState.CONFIRMED)
    for other in await applications.withdraw_others(tx, application, by=me, now=context.now):
        await refresh_staff(tx, other, now=context.now)
    if mentor_id is not None:
        await outbox.add(tx, mentor_id, PLACED, placement_id, now=context.now)
    return Show(STAFF, application.id, toast=N_("hiring.confirmed"))


async def _head(view: View) -> Markup:
    application, _ = await applications.for_coordinator(view.tx, view.subject, view.person.id), view.texts
    return _(
        "hiring.who",
        student=application.student,
        class_name=application.class_name,
        title=application.post.details.title,
        enterprise=application.post.enterprise,
    )


CONFIRM = Form(
    "application_confirm",
    N_("hiring.confirm_title"),
    (
        period_steps.starts_on(optional=False),
        period_steps.ends_on(optional=False),
        Step(MENTOR, N_("post_form.ask_mentor"), N_("post_form.mentor_is"), choices=_mentors, optional=True),
    ),
    _place,
    N_("hiring.confirm"),
    role=Role.COORDINATOR,
    after_cancel=lambda application_id: Show(STAFF, application_id),
    head=_head,
)


# --- cards ------------------------------------------------------------------------------------------------------

_SAYS = {
    ApplicationState.SENT: N_("hiring.sent"),
    ApplicationState.ACCEPTED: N_("hiring.state_accepted"),
    ApplicationState.DECLINED: N_("hiring.state_declined"),
    ApplicationState.WITHDRAWN: N_("hiring.state_withdrawn"),
    ApplicationState.CONFIRMED: N_("hiring.state_confirmed"),
    ApplicationState.REFUSED: N_("hiring.state_refused"),
}


async def application_card(view: View) -> Message | None:
    """Draw an application for those who decide about it; a push whose matter is settled draws nothing."""
    application, _ = await applications.for_staff(view.tx, view.subject, view.person.id), view.texts
    if view.args.get("waits", application.state.value) != application.state.value:
        return None
    head = _(
        "hiring.who",
        student=application.student,
        class_name=application.class_name,
        title=application.post.details.title,
        enterprise=application.post.enterprise,
    )
    words = _("hiring.words", words=application.words) if application.words else _("hiring.no_words")
    says, buttons = await _next(view, application)
    reason = _("application.reason", reason=reason_in(_, application.reason)) if application.reason else None
    text = join((head, words, join((says, reason))), "\n\n")
    last = [button(_.plain("hiring.others"), "applications"), home(_)]
    return Message(text, [*buttons, [button(_.plain("application.see_post"), "post.open", application.post.id)], last])


async def _next(view: View, application: Application) -> tuple[Markup, list[list[Button]]]:
    """Return what the state means to this reader, and what they can do about it."""
    _, me, state = view.texts, view.person.id, application.state
    if state is ApplicationState.SENT and me in await applications.answerers(view.tx, application):
        return await _question(view, application), [
            [button(_.plain("hiring.accept"), "application.accept", application.id)],
            [button(_.plain("hiring.decline"), "application.no", application.id, rest="declined")],
        ]
    if state is ApplicationState.ACCEPTED and me in await schools.coordinators_of_class(view.tx, application.class_id):
        said = N_("hiring.to_confirm")
        return _(said, decider=application.decider, student=application.student), [
            [button(_.plain("hiring.confirm"), "application.confirm", application.id)],
            [button(_.plain("hiring.refuse"), "application.no", application.id, rest="refused")],
        ]
    text = _(
        _SAYS[state],
        student=application.student,
        decider=application.decider,
        mentor=application.post.mentor,
        school=application.class_name,
    )
    return text, []


async def _question(view: View, application: Application) -> Markup:
    _, places = view.texts, application.post.details.places
    asked = _("hiring.question", student=application.student)
    if not places:
        return asked
    given = await applications.places_given(view.tx, application.post.id)
    return join((_("hiring.places", given=given, places=places), asked))


async def placed_card(view: View) -> Message | None:
    """Tell a mentor who comes, and when."""
    placement, _ = await placements.for_mentor(view.tx, view.subject, view.person.id), view.texts
    days = {"first": _.full_day(placement.starts_on), "last": _.full_day(placement.ends_on)}
    text = _(
        "hiring.placed",
        student=placement.student_name,
        class_name=placement.rules.name,
        enterprise=placement.enterprise,
        **days,
    )
    return Message(text, ((home(_),),))


async def open_application(context: Context, press: Press) -> Show:
    """Open the card of an application."""
    admit_member(context.person)
    return Show(STAFF, press.id)


def register(routes: Routes) -> None:
    """Let mentors and coordinators decide."""
    routes.button("application.open", open_application, card=STAFF)
    routes.button("application.accept", accept, card=STAFF)
    routes.button("application.no", ask_reason, card=STAFF)
    routes.button("application.reason", pick_reason, card=STAFF)
    routes.button("application.keep", leave_reason, card=STAFF)
    routes.button("application.confirm", confirm, role=Role.COORDINATOR, card=STAFF)
    routes.form(NO, take_reason)
    routes.card(NO, reason_card)
    routes.card(STAFF, application_card)
    routes.card(PLACED, placed_card)
    register_form(routes, CONFIRM)
