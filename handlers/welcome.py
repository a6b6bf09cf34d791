"""Coming in: a link from the school, the privacy notice, who one is, and in. Strangers get a friendly way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused, Stale
from bot.send import Message, Show
from bot.texts import N_, join
from domain.invitations import InvitationKind, InvitationState, hash_code, looks_like_code
from domain.people import Role
from domain.roster import NAME_LIMIT, Match, compare, name_and_number
from domain.words import clean_line
from handlers import answers
from handlers.access import NOTICE_VERSION, has_agreed
from handlers.buttons import button
from storage import drafts, invitations, outbox, people, schedule, schools, students
from storage.errors import AlreadyExists, Conflict

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from domain.invitations import Invitation
    from domain.people import Draft
    from storage.database import Transaction

FORM = "join"
NOTICE, WHO, CONFIRM = "notice", "who", "confirm"

_CLOSED = {
    InvitationState.USED: N_("join.used"),
    InvitationState.EXPIRED: N_("join.expired"),
    InvitationState.REVOKED: N_("join.revoked"),
}
_ROLE = {
    InvitationKind.CLASS: Role.STUDENT,
    InvitationKind.MENTOR: Role.MENTOR,
    InvitationKind.COORDINATOR: Role.COORDINATOR,
}
_GREETING = {
    InvitationKind.CLASS: N_("join.greeting_class"),
    InvitationKind.MENTOR: N_("join.greeting_mentor"),
    InvitationKind.COORDINATOR: N_("join.greeting_coordinator"),
}
_WELCOME = {
    InvitationKind.CLASS: N_("join.welcome_student"),
    InvitationKind.MENTOR: N_("join.welcome_mentor"),
    InvitationKind.COORDINATOR: N_("join.welcome_coordinator"),
}


async def start(context: Context, payload: str) -> Show:
    """Open the bot: with a code, follow the invitation; without, show where one is."""
    if not payload:
        return Show("home")
    if not looks_like_code(payload):
        raise Refused(N_("join.malformed"))
    invitation = await context.read(lambda tx: invitations.by_code_hash(tx, hash_code(payload)))
    if invitation is None:
        raise Refused(N_("join.unknown"))
    if invitation.kind is InvitationKind.CLASS and context.person.student_id is not None:
        raise Refused(N_("join.already_student"))
    state = invitation.state(context.now)
    if state is not InvitationState.OPEN:
        raise Refused(_CLOSED[state])
    step = WHO if has_agreed(context.person) else NOTICE

    async def work(tx: Transaction) -> Show:
        await drafts.activate(
            tx, context.person.id, FORM, subject=invitation.id, step=step, answers={}, now=context.now
        )
        return Show(FORM, invitation.id)

    return await context.write(work)


async def agree(context: Context, press: Press) -> Show:
    """Agree to the privacy notice and go on to the question who one is."""

    async def work(tx: Transaction) -> Show:
        await people.agree(tx, context.person.id, version=NOTICE_VERSION, now=context.now)
        draft = await drafts.get(tx, context.person.id, FORM, press.id)
        if draft is None:
            return Show("home")
        if draft.step == NOTICE:
            await drafts.activate(tx, context.person.id, FORM, subject=press.id, step=WHO, now=context.now)
        return Show(FORM, press.id)

    return await context.write(work)


async def tell_who(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Take the name, for a student with the number."""
    if draft.step == NOTICE:
        raise Refused(N_("join.agree_first"))
    invitation = await context.read(lambda tx: invitations.by_id(tx, draft.subject))
    if invitation.kind is InvitationKind.CLASS:
        said = name_and_number(answers.line(message, limit=200))
        if said is None:
            raise Refused(N_("join.name_and_number_wanted"))
        given = {"name": said[0], "number": said[1]}
    else:
        given = {"name": answers.line(message, limit=NAME_LIMIT, at_least=2)}
    context.receipt = True
    return await context.write(lambda tx: _to_confirm(tx, context, draft.subject, given))


async def keep_name(context: Context, press: Press) -> Show:
    """Use the name that Telegram shows."""
    name = clean_line(context.person.name)[:NAME_LIMIT]
    return await context.write(lambda tx: _to_confirm(tx, context, press.id, {"name": name}))


async def _to_confirm(tx: Transaction, context: Context, invitation_id: int, given: dict[str, str]) -> Show:
    draft = await drafts.get(tx, context.person.id, FORM, invitation_id)
    if draft is None or draft.step == NOTICE:
        raise Stale(Show("home"))
    await drafts.activate(
        tx, context.person.id, FORM, subject=invitation_id, step=CONFIRM, answers=given, now=context.now
    )
    return Show(FORM, invitation_id)


async def write_again(context: Context, press: Press) -> Show:
    """Correct the name or number."""

    async def work(tx: Transaction) -> Show:
        if await drafts.get(tx, context.person.id, FORM, press.id) is None:
            raise Stale(Show("home"))
        await drafts.activate(tx, context.person.id, FORM, subject=press.id, step=WHO, now=context.now)
        return Show(FORM, press.id)

    return await context.write(work)


async def enter(context: Context, press: Press) -> Show:
    """Confirm who one is: come in, or wait for the coordinator's yes."""

    async def work(tx: Transaction) -> Show:
        draft = await drafts.get(tx, context.person.id, FORM, press.id)
        if draft is None or draft.step != CONFIRM:
            raise Stale(Show("home"))
        invitation = await invitations.by_id(tx, press.id)
        state = invitation.state(context.now)
        if state is not InvitationState.OPEN:
            raise Refused(_CLOSED[state])
        await drafts.close(tx, context.person.id, FORM, press.id)
        if invitation.kind is InvitationKind.CLASS:
            return await _enter_class(tx, context, invitation, draft.answers["name"], draft.answers["number"])
        return await _enter_role(tx, context, invitation, draft.answers["name"])

    return await context.write(work)


async def _enter_class(tx: Transaction, context: Context, invitation: Invitation, name: str, number: str) -> Show:
    me, class_id = context.person.id, invitation.class_id or 0
    line = await students.roster_line(tx, invitation.school_id, number)
    match = compare(line, class_id=class_id, name=name, person_id=me)
    if match is Match.SAME and line is not None:
        try:
            await students.join(tx, line.id, me, now=context.now)
        except AlreadyExists:
            raise Refused(N_("join.already_student")) from None
        await invitations.use(tx, invitation.id, now=context.now)
        await admit_student(tx, me, class_id=class_id, name=line.name, now=context)
        return Show("welcome", invitation.id)
    request = await students.ask_to_join(tx, class_id=class_id, person_id=me, number=number, name=name, now=context.now)
    await invitations.use(tx, invitation.id, now=context.now)
    for coordinator in await schools.coordinators_of_class(tx, class_id):
        await outbox.add(tx, coordinator, "join_request", request, now=context.now)
    return Show("join_waiting", request)


async def admit_student(tx: Transaction, person_id: int, *, class_id: int, name: str, now: Context) -> None:
    """Give a new student the roster's name, the class's time zone and the student's menu."""
    its = await schools.class_by_id(tx, class_id)
    await people.rename(tx, person_id, name)
    await people.set_time_zone(tx, person_id, its.time_zone)
    await schedule.replan_person(tx, person_id, now.now)
    await outbox.add(tx, person_id, "menu", now=now.now)


async def _enter_role(tx: Transaction, context: Context, invitation: Invitation, name: str) -> Show:
    me = context.person.id
    try:
        await invitations.use(tx, invitation.id, now=context.now)
    except Conflict:
        raise Refused(N_("join.used")) from None
    await people.rename(tx, me, name)
    if invitation.kind is InvitationKind.MENTOR:
        enterprise = invitation.enterprise_id or 0
        await schools.add_mentor(tx, person_id=me, enterprise_id=enterprise, school_id=invitation.school_id)
    else:
        await schools.add_coordinator(tx, invitation.school_id, me)
    await schedule.replan_person(tx, me, context.now)
    await outbox.add(tx, me, "menu", now=context.now)
    return Show("welcome", invitation.id)


async def decide_request(context: Context, press: Press) -> Show:
    """Let somebody in whom the roster does not know, or not."""
    accepted = press.rest == "yes"

    async def work(tx: Transaction) -> Show:
        request = await students.request_for_coordinator(tx, press.id, context.person.id)
        try:
            await students.decide_request(tx, request, accepted=accepted, decided_by=context.person.id, now=context.now)
        except AlreadyExists:
            raise Refused(N_("join.request_elsewhere")) from None
        await people.record_act(
            tx,
            actor_id=context.person.id,
            act="join_accepted" if accepted else "join_declined",
            subject_kind="person",
            subject_id=request.person_id,
            now=context.now,
        )
        if accepted:
            await admit_student(tx, request.person_id, class_id=request.class_id, name=request.name, now=context)
        await outbox.add(tx, request.person_id, "join_answer", request.id, now=context.now)
        for colleague in await schools.coordinators_of_class(tx, request.class_id):
            if colleague != context.person.id:
                await outbox.add(
                    tx, colleague, "join_request", request.id, now=context.now, manner=outbox.Manner.REFRESH
                )
        return Show("join_request", request.id)

    return await context.write(work)


# --- cards ------------------------------------------------------------------------------------------------------


async def join_card(view: View) -> Message | None:
    """Draw the way in, at whatever step it is."""
    draft = await drafts.get(view.tx, view.person.id, FORM, view.subject)
    if draft is None:
        return None
    invitation, _ = await invitations.by_id(view.tx, view.subject), view.texts
    if draft.step == NOTICE:
        greeting = _(
            _GREETING[invitation.kind],
            name=view.person.name,
            inviter=invitation.inviter or invitation.school,
            school=invitation.school,
            class_name=invitation.class_name,
            enterprise=invitation.enterprise,
        )
        agreed = button(_.plain("join.agree"), "join.agree", view.subject, NOTICE_VERSION)
        language = button(_.plain("settings.other_language"), "language.next")
        return Message(join((greeting, _("privacy.short")), "\n\n"), ((agreed,), (language,)))
    if draft.step == WHO:
        if invitation.kind is InvitationKind.CLASS:
            return Message(_("join.ask_name_and_number", class_name=invitation.class_name))
        keep = button(_.plain("join.keep_name", name=view.person.name[:NAME_LIMIT]), "join.keep", view.subject)
        return Message(_("join.ask_name"), ((keep,),))
    check = N_("join.check_student") if invitation.kind is InvitationKind.CLASS else N_("join.check_other")
    text = _(
        check,
        name=draft.answers["name"],
        number=draft.answers.get("number", ""),
        class_name=invitation.class_name,
        place=invitation.enterprise or invitation.school,
    )
    yes = button(_.plain("join.yes"), "join.yes", view.subject, draft.version)
    return Message(text, ((yes,), (button(_.plain("join.again"), "join.again", view.subject),)))


async def welcome_card(view: View) -> Message | None:
    """Welcome somebody who has just come in."""
    invitation, _ = await invitations.by_id(view.tx, view.subject), view.texts
    if _ROLE[invitation.kind] not in view.person.roles:
        return None
    place = {
        "class_name": invitation.class_name,
        "enterprise": invitation.enterprise,
        "school": invitation.school,
    }
    next_step = button(_.plain("button.start"), "home")
    return Message(_(_WELCOME[invitation.kind], name=view.person.name, **place), ((next_step,),))


async def waiting_card(view: View) -> Message | None:
    """Say that the coordinator has been asked."""
    request = await students.request_of_person(view.tx, view.subject, view.person.id)
    return Message(view.texts("join.waiting", class_name=request.class_name, name=request.name, number=request.number))


async def request_card(view: View) -> Message | None:
    """Show a coordinator who asks to come in, and what the roster says."""
    request, _ = await students.request_for_coordinator(view.tx, view.subject, view.person.id), view.texts
    if request.state == "replaced":
        return None
    if request.state != "waiting":
        said = N_("join.request_accepted") if request.state == "accepted" else N_("join.request_declined")
        return Message(_(said, name=request.name, number=request.number, class_name=request.class_name))
    why = _("join.request_unknown", number=request.number)
    if request.roster_taken:
        why = _("join.request_taken", number=request.number, roster_name=request.roster_name)
    elif request.roster_name:
        why = _("join.request_other", number=request.number, roster_name=request.roster_name)
    text = _("join.request", name=request.name, number=request.number, class_name=request.class_name, why=why)
    yes = _.plain("join.move" if request.roster_taken else "join.accept")
    return Message(
        text,
        (
            (button(yes, "join.decide", request.id, rest="yes"),),
            (button(_.plain("join.decline"), "join.decide", request.id, rest="no"),),
        ),
    )


async def answer_card(view: View) -> Message | None:
    """Tell somebody what the coordinator decided."""
    request, _ = await students.request_of_person(view.tx, view.subject, view.person.id), view.texts
    if request.state == "accepted":
        start_button = button(_.plain("button.start"), "home")
        text = _("join.welcome_student", name=request.name, class_name=request.class_name, enterprise="", school="")
        return Message(text, ((start_button,),))
    return Message(_("join.declined", class_name=request.class_name)) if request.state == "declined" else None


def register(routes: Routes) -> None:
    """Open the door."""
    routes.command("start", start, open_to_all=True)
    routes.form(FORM, tell_who)
    routes.button("join.agree", agree, open_to_all=True)
    routes.button("join.keep", keep_name, card=FORM, open_to_all=True)
    routes.button("join.again", write_again, card=FORM, open_to_all=True)
    routes.button("join.yes", enter, card=FORM, open_to_all=True)
    routes.button("join.decide", decide_request, role=Role.COORDINATOR, card="join_request")
    routes.card(FORM, join_card)
    routes.card("welcome", welcome_card)
    routes.card("join_waiting", waiting_card)
    routes.card("join_request", request_card)
    routes.card("join_answer", answer_card)
