"""Coming in: an invitation opened, the privacy notice, who one is, and the roster's or the coordinator's yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import NotAdmitted, Refused, Stale
from bot.send import Show
from bot.texts import N_
from domain.invitations import InvitationKind, InvitationState, Standing, hash_code, looks_like_code
from domain.roster import NAME_LIMIT, Match, compare, name_and_number
from handlers import answers
from handlers.access import NOTICE_VERSION, has_agreed
from handlers.join_requests import admit_student, push_to_coordinators, refresh_for_coordinators
from handlers.welcome_cards import CONFIRM, FORM, NOTICE, WHO, join_card, telegram_name, used_card, welcome_card
from storage import drafts, invitations, outbox, people, schedule, schools, students
from storage.errors import AlreadyExists, Conflict

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.invitations import Invitation
    from domain.people import Draft
    from storage.database import Transaction

_CLOSED = {
    InvitationState.USED: N_("join.used"),
    InvitationState.EXPIRED: N_("join.expired"),
    InvitationState.REVOKED: N_("join.revoked"),
}
_INSIDE = {
    InvitationKind.CLASS: N_("join.inside_class"),
    InvitationKind.MENTOR: N_("join.inside_mentor"),
    InvitationKind.COORDINATOR: N_("join.inside_coordinator"),
}


# --- at the door ------------------------------------------------------------------------------------------------


async def start(context: Context, payload: str) -> Show:
    """Open the bot: with a code, follow the invitation; without, show where one is."""
    if not payload:
        return Show("home")
    if not looks_like_code(payload):
        raise Refused(N_("join.malformed"))

    async def work(tx: Transaction) -> Show:
        invitation = await invitations.by_code_hash(tx, hash_code(payload))
        if invitation is None:
            raise NotAdmitted(N_("join.unknown"))
        return await _answer_at_door(tx, context, invitation) or await _open(tx, context, invitation)

    return await context.write(work)


async def _answer_at_door(tx: Transaction, context: Context, invitation: Invitation) -> Show | None:
    """Say why there is nothing to do with this link (any more); None where there is."""
    me = context.person.id
    standing = await invitations.standing(tx, invitation, me)
    if standing is Standing.SUSPENDED:
        return await _leave(tx, context, invitation, N_("access.suspended"), refused=True)
    if standing is Standing.ELSEWHERE:
        return await _leave(tx, context, invitation, N_("join.already_student"))
    if standing is Standing.INSIDE:
        return await _leave(tx, context, invitation, _INSIDE[invitation.kind])
    if await drafts.get(tx, me, FORM, invitation.id) is None and invitation.kind is InvitationKind.CLASS:
        request = await students.open_request(tx, me)
        if request is not None and request.class_id == invitation.class_id:
            return Show("join_waiting", request.id, args={"invitation": invitation.id})
    return await _closed(tx, context, invitation)


async def _closed(tx: Transaction, context: Context, invitation: Invitation) -> Show | None:
    """Say that the link opens nothing any more; None while it does."""
    state = invitation.state(context.now)
    if state is InvitationState.USED and await _is_counted(tx, context, invitation):
        return None
    if state is InvitationState.OPEN:
        return None
    return await _leave(tx, context, invitation, _CLOSED[state], refused=True)


async def _is_counted(tx: Transaction, context: Context, invitation: Invitation) -> bool:
    """Whether this person's use of a class's link is counted: correcting a number is not another one."""
    if invitation.class_id is None:
        return False
    return await students.has_asked(tx, class_id=invitation.class_id, person_id=context.person.id)


async def _leave(
    tx: Transaction, context: Context, invitation: Invitation, msgid: str, *, refused: bool = False
) -> Show:
    if refused:
        context.asked, context.refused = ("invitation", invitation.id), True
    await drafts.close(tx, context.person.id, FORM, invitation.id)
    place = {"school": invitation.school, "class_name": invitation.class_name, "enterprise": invitation.enterprise}
    return Show("notice", args={"problem": msgid, **place})


async def _open(tx: Transaction, context: Context, invitation: Invitation) -> Show:
    """Open the form, or go on with it where it was left."""
    draft = await drafts.get(tx, context.person.id, FORM, invitation.id)
    if draft is not None and draft.step != NOTICE:
        return await _step(tx, context, invitation.id, draft.step)
    return await _first_step(tx, context, invitation)


async def _first_step(tx: Transaction, context: Context, invitation: Invitation, *, agreed: bool = False) -> Show:
    if not agreed and not has_agreed(context.person):
        return await _step(tx, context, invitation.id, NOTICE, {})
    if context.person.roles and invitation.kind is not InvitationKind.CLASS:
        return await _step(tx, context, invitation.id, CONFIRM, {"name": context.person.name, "known": 1})
    return await _step(tx, context, invitation.id, WHO, {})


async def _step(
    tx: Transaction, context: Context, invitation_id: int, step: str, given: dict[str, str | int] | None = None
) -> Show:
    await drafts.activate(tx, context.person.id, FORM, subject=invitation_id, step=step, answers=given, now=context.now)
    return Show(FORM, invitation_id)


# --- the steps --------------------------------------------------------------------------------------------------


async def agree(context: Context, press: Press) -> Show:
    """Agree to the privacy notice and go on to the question who one is."""

    async def work(tx: Transaction) -> Show:
        draft = await drafts.get(tx, context.person.id, FORM, press.id)
        if draft is None:
            raise Stale(Show("home"))
        if press.version != NOTICE_VERSION:
            raise Stale(Show(FORM, press.id))
        await people.agree(tx, context.person.id, version=NOTICE_VERSION, now=context.now)
        invitation = await invitations.by_id(tx, press.id)
        if closed := await _closed(tx, context, invitation):
            return closed
        if draft.step != NOTICE:
            return Show(FORM, press.id)
        return await _first_step(tx, context, invitation, agreed=True)

    return await context.write(work)


async def tell_who(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Take the name, for a student with the number."""
    if draft.step == NOTICE:
        raise Refused(N_("join.agree_first"))
    invitation = await context.read(lambda tx: invitations.by_id(tx, draft.subject))
    given: dict[str, str | int]
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
    name = telegram_name(context.person.name)
    return await context.write(lambda tx: _to_confirm(tx, context, press.id, {"name": name}))


async def _to_confirm(tx: Transaction, context: Context, invitation_id: int, given: dict[str, str | int]) -> Show:
    draft = await drafts.get(tx, context.person.id, FORM, invitation_id)
    if draft is None or draft.step == NOTICE:
        raise Stale(Show("home"))
    closed = await _closed(tx, context, await invitations.by_id(tx, invitation_id))
    return closed or await _step(tx, context, invitation_id, CONFIRM, given)


async def write_again(context: Context, press: Press) -> Show:
    """Correct the name or number."""

    async def work(tx: Transaction) -> Show:
        draft = await drafts.get(tx, context.person.id, FORM, press.id)
        if draft is None or draft.step == NOTICE:
            raise Stale(Show("home"))
        return await _step(tx, context, press.id, WHO)

    return await context.write(work)


async def correct(context: Context, press: Press) -> Show:
    """Ask again who one is, while the coordinator has not answered yet."""

    async def work(tx: Transaction) -> Show:
        request = await students.open_request(tx, context.person.id)
        if request is None:
            raise Stale(Show("home"))
        invitation = await invitations.by_id(tx, press.id)
        if request.class_id != invitation.class_id:
            raise Stale(Show("home"))
        return await _closed(tx, context, invitation) or await _step(tx, context, invitation.id, WHO, {})

    return await context.write(work)


# --- in ---------------------------------------------------------------------------------------------------------


async def enter(context: Context, press: Press) -> Show:
    """Confirm who one is: come in, or wait for the coordinator's yes."""

    async def work(tx: Transaction) -> Show:
        draft = await drafts.get(tx, context.person.id, FORM, press.id)
        if draft is None:
            raise Stale(Show("home"))
        if draft.step != CONFIRM or draft.version != press.version:
            raise Stale(Show(FORM, press.id))
        invitation = await invitations.by_id(tx, press.id)
        if refused := await _answer_at_door(tx, context, invitation):
            return refused
        await drafts.close(tx, context.person.id, FORM, press.id)
        if invitation.kind is InvitationKind.CLASS:
            return await _enter_class(tx, context, invitation, draft.answers["name"], draft.answers["number"])
        return await _enter_role(tx, context, invitation, draft.answers["name"])

    return await context.write(work)


async def _enter_class(tx: Transaction, context: Context, invitation: Invitation, name: str, number: str) -> Show:
    me, class_id = context.person.id, invitation.class_id or 0
    if not await _is_counted(tx, context, invitation):
        await invitations.use(tx, invitation.id, now=context.now)
    if earlier := await students.withdraw_request(tx, me):
        await refresh_for_coordinators(tx, earlier.id, context.now)
    line = await students.roster_line(tx, invitation.school_id, number)
    if line is not None and compare(line, class_id=class_id, name=name, person_id=me) is Match.SAME:
        try:
            await students.join(tx, line.id, me, now=context.now)
        except AlreadyExists:
            raise Refused(N_("join.already_student")) from None
        await admit_student(tx, me, class_id=class_id, name=line.name, now=context.now)
        return Show("welcome", invitation.id)
    request = await students.ask_to_join(tx, class_id=class_id, person_id=me, number=number, name=name, now=context.now)
    await push_to_coordinators(tx, request, context.now)
    return Show("join_waiting", request, args={"invitation": invitation.id})


async def _enter_role(tx: Transaction, context: Context, invitation: Invitation, name: str) -> Show:
    me = context.person.id
    try:
        await invitations.use(tx, invitation.id, now=context.now)
    except Conflict:
        raise Refused(N_("join.used")) from None
    await people.rename(tx, me, name)
    if not context.person.roles:
        await people.set_time_zone(tx, me, invitation.time_zone)
    if invitation.kind is InvitationKind.MENTOR:
        enterprise = invitation.enterprise_id or 0
        await schools.add_mentor(tx, person_id=me, enterprise_id=enterprise, school_id=invitation.school_id)
    else:
        await schools.add_coordinator(tx, invitation.school_id, me)
    await schedule.replan_person(tx, me, context.now)
    await outbox.add(tx, me, "menu", now=context.now)
    if invitation.created_by is not None:
        args = {"name": name}
        await outbox.add(tx, invitation.created_by, "invitation_used", invitation.id, args=args, now=context.now)
    return Show("welcome", invitation.id)


def register(routes: Routes) -> None:
    """Open the door."""
    routes.command("start", start, open_to_all=True)
    routes.form(FORM, tell_who, open_to_all=True)
    routes.button("join.agree", agree, card=FORM, open_to_all=True)
    routes.button("join.keep", keep_name, card=FORM, open_to_all=True)
    routes.button("join.again", write_again, card=FORM, open_to_all=True)
    routes.button("join.correct", correct, card=FORM, open_to_all=True)
    routes.button("join.yes", enter, card=FORM, open_to_all=True)
    routes.card(FORM, join_card)
    routes.card("welcome", welcome_card)
    routes.card("invitation_used", used_card)
