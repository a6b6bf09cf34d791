"""Invitations: the link for a class, a mentor or a colleague, on a card that shows its state and takes it back."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bot.context import Stale
from bot.send import Button, Message, Show
from bot.texts import N_, join
from domain.invitations import (
    CLASS_USES,
    VALID_FOR,
    InvitationKind,
    InvitationState,
    code_of,
    derive_code,
    hash_code,
    link,
)
from domain.people import Role
from handlers.buttons import button, home
from storage import classes, enterprises, invitations, people, schools
from storage.errors import NotFound

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.texts import Texts
    from domain.invitations import Invitation
    from storage.database import Transaction

_TITLES = {
    InvitationKind.CLASS: N_("invitation.title_class"),
    InvitationKind.MENTOR: N_("invitation.title_mentor"),
    InvitationKind.COORDINATOR: N_("invitation.title_colleague"),
}
_HOW = {
    InvitationKind.CLASS: N_("invitation.how_class"),
    InvitationKind.MENTOR: N_("invitation.how_one"),
    InvitationKind.COORDINATOR: N_("invitation.how_one"),
}
_SHARED = {
    InvitationKind.CLASS: N_("invitation.share_class"),
    InvitationKind.MENTOR: N_("invitation.share_mentor"),
    InvitationKind.COORDINATOR: N_("invitation.share_colleague"),
}
_CLOSED = {
    InvitationState.USED: N_("invitation.used"),
    InvitationState.EXPIRED: N_("invitation.expired"),
    InvitationState.REVOKED: N_("invitation.revoked"),
}
SHOWN = 8  # open links in a list; nobody needs more at once


async def invite_students(context: Context, press: Press) -> Show:
    """Show the open link of a class, or make one; one link serves the whole class."""
    nonce = secrets.token_urlsafe()

    async def work(tx: Transaction) -> Show:
        counted = await classes.for_coordinator(tx, press.id, context.person.id)
        for known in await invitations.of_class(tx, press.id, context.person.id, now=context.now):
            if code_of(known, _secret(context)):
                return Show("invitation", known.id)
        school = counted.rules.school_id
        return await _make(tx, context, InvitationKind.CLASS, nonce, school, class_id=press.id)

    return await context.write(work)


async def invite_mentor(context: Context, press: Press) -> Show:
    """Make a link for one mentor of an enterprise."""
    nonce = secrets.token_urlsafe()

    async def work(tx: Transaction) -> Show:
        school = await enterprises.school_of(tx, press.id, context.person.id)
        await _once(tx, context, press)
        return await _make(tx, context, InvitationKind.MENTOR, nonce, school, enterprise_id=press.id)

    return await context.write(work)


async def invite_colleague(context: Context, press: Press) -> Show:
    """Make a link for one more coordinator of a school."""
    nonce = secrets.token_urlsafe()

    async def work(tx: Transaction) -> Show:
        if press.id not in {school.id for school in await schools.schools_of_coordinator(tx, context.person.id)}:
            raise NotFound
        await _once(tx, context, press)
        return await _make(tx, context, InvitationKind.COORDINATOR, nonce, press.id)

    return await context.write(work)


async def _once(tx: Transaction, context: Context, press: Press) -> None:
    """Raise `Stale` for a second press on the same button, which carries the newest invitation of then."""
    newest = await invitations.made_by(tx, context.person.id)
    if newest != press.version:
        raise Stale(Show("invitation", newest))


async def _make(
    tx: Transaction,
    context: Context,
    kind: InvitationKind,
    nonce: str,
    school_id: int,
    *,
    class_id: int | None = None,
    enterprise_id: int | None = None,
) -> Show:
    invitation = await invitations.create(
        tx,
        kind,
        school_id=school_id,
        class_id=class_id,
        enterprise_id=enterprise_id,
        nonce=nonce,
        code_hash=hash_code(derive_code(_secret(context), nonce)),
        uses=CLASS_USES if kind is InvitationKind.CLASS else 1,
        expires_at=context.now + VALID_FOR,
        created_by=context.person.id,
        now=context.now,
    )
    await _record(tx, context, "invitation_made", invitation)
    return Show("invitation", invitation)


def _secret(context: Context) -> str:
    return context.settings.token.get_secret_value()


async def _record(tx: Transaction, context: Context, act: str, invitation_id: int) -> None:
    await people.record_act(
        tx, actor_id=context.person.id, act=act, subject_kind="invitation", subject_id=invitation_id, now=context.now
    )


async def show_invitation(_context: Context, press: Press) -> Show:
    """Show an invitation."""
    return Show("invitation", press.id)


async def ask_to_revoke(_context: Context, press: Press) -> Show:
    """Ask before a link is taken back."""
    return Show("invitation", press.id, args={"sure": 1})


async def revoke(context: Context, press: Press) -> Show:
    """Take a link back."""

    async def work(tx: Transaction) -> Show:
        await invitations.for_coordinator(tx, press.id, context.person.id)
        await invitations.revoke(tx, press.id, now=context.now)
        await _record(tx, context, "invitation_revoked", press.id)
        return Show("invitation", press.id, toast=N_("invitation.revoked_toast"))

    return await context.write(work)


async def list_of_class(_context: Context, press: Press) -> Show:
    """List the open links of a class."""
    return Show("class_invitations", press.id)


async def list_of_enterprise(_context: Context, press: Press) -> Show:
    """List the open links for mentors of an enterprise."""
    return Show("enterprise_invitations", press.id)


async def show_colleagues(_context: Context, _press: Press) -> Show:
    """Show the coordinators of the school, and the open links for more."""
    return Show("colleagues")


# --- cards ------------------------------------------------------------------------------------------------------


async def invitation_card(view: View) -> Message | None:
    """Draw an invitation: its link while it opens something, else why it does not."""
    its = await invitations.for_coordinator(view.tx, view.subject, view.person.id)
    _, state, code = view.texts, its.state(view.now), code_of(its, view.secret)
    title = _(_TITLES[its.kind], place=_place(its))
    again = _again(_, its, await invitations.made_by(view.tx, view.person.id))
    last = [_back(_, its), home(_)]
    until = _.moment(its.expires_at, view.person.zone)
    if state is not InvitationState.OPEN:
        return Message(join((title, _(_CLOSED[state], until=until)), "\n\n"), [[again], last])
    if view.args.get("sure"):
        yes = button(_.plain("invitation.revoke_yes"), "invitation.revoke", its.id)
        no = button(_.plain("invitation.revoke_no"), "invitation", its.id)
        return Message(join((title, _("invitation.revoke_sure")), "\n\n"), [[yes], [no]])
    used = _.plural("invitation.open_class", its.uses, left=its.uses_left, until=until)
    state_line = used if its.kind is InvitationKind.CLASS else _("invitation.open_one", until=until)
    revoking = [button(_.plain("invitation.revoke_ask"), "invitation.sure", its.id)]
    if code is None:
        return Message(join((title, _("invitation.not_shown"), state_line), "\n\n"), [[again], revoking, last])
    address = link(view.bot_username, code)
    text = join((title, _(_HOW[its.kind]), _("invitation.link", link=address), state_line), "\n\n")
    return Message(text, [[_share(_, its, address)], revoking, last])


def _place(its: Invitation) -> str:
    return its.class_name or its.enterprise or its.school


def _share(_: Texts, its: Invitation, address: str) -> Button:
    words = _.plain(_SHARED[its.kind], place=_place(its), school=its.school)
    query = urlencode({"url": address, "text": words})
    return Button(_.plain("invitation.share"), url=f"https://t.me/share/url?{query}")


def _again(_: Texts, its: Invitation, newest: int) -> Button:
    if its.kind is InvitationKind.CLASS:
        return button(_.plain("invitation.again"), "invite.class", its.class_id or 0)
    if its.kind is InvitationKind.MENTOR:
        return button(_.plain("invitation.again"), "invite.mentor", its.enterprise_id or 0, newest)
    return button(_.plain("invitation.again"), "invite.colleague", its.school_id, newest)


def _back(_: Texts, its: Invitation) -> Button:
    if its.kind is InvitationKind.CLASS:
        return button(_.plain("class.back", name=its.class_name), "class", its.class_id or 0)
    if its.kind is InvitationKind.MENTOR:
        return button(_.plain("class.back", name=its.enterprise), "enterprise", its.enterprise_id or 0)
    return button(_.plain("colleagues.back"), "colleagues")


async def class_list_card(view: View) -> Message | None:
    """List the open links of a class."""
    counted = await classes.for_coordinator(view.tx, view.subject, view.person.id)
    its = await invitations.of_class(view.tx, view.subject, view.person.id, now=view.now)
    back = button(view._.plain("class.back", name=counted.rules.name), "class", view.subject)
    return _list(view, view._("invitations.class", name=counted.rules.name), its, [[back]])


async def enterprise_list_card(view: View) -> Message | None:
    """List the open links for mentors of an enterprise."""
    enterprise = await schools.enterprise_for_coordinator(view.tx, view.subject, view.person.id)
    its = await invitations.of_enterprise(view.tx, view.subject, view.person.id, now=view.now)
    back = button(view._.plain("class.back", name=enterprise.name), "enterprise", view.subject)
    return _list(view, view._("invitations.enterprise", name=enterprise.name), its, [[back]])


async def colleagues_card(view: View) -> Message | None:
    """Show the coordinators of the school, the open links for more, and how to invite one."""
    _, mine = view.texts, await schools.schools_of_coordinator(view.tx, view.person.id)
    names = _.plain("class.comma").join(one.name for one in await classes.colleagues(view.tx, view.person.id))
    newest = await invitations.made_by(view.tx, view.person.id)
    invite = [[button(_.plain("colleagues.invite"), "invite.colleague", school.id, newest)] for school in mine]
    if len(mine) > 1:
        invite = [
            [button(_.plain("colleagues.invite_to", school=school.name), "invite.colleague", school.id, newest)]
            for school in mine
        ]
    title = _("colleagues.title", school=_.plain("class.comma").join(school.name for school in mine), names=names)
    its = await invitations.of_colleagues(view.tx, view.person.id, now=view.now)
    return _list(view, title, its, [], invite)


def _list(
    view: View, title: Markup, its: list[Invitation], back: list[list[Button]], first: list[list[Button]] | None = None
) -> Message:
    _, rows = view.texts, []
    for one in its[:SHOWN]:
        until = _.moment(one.expires_at, view.person.zone)
        label = _.plain("invitations.until", until=until)
        if one.kind is InvitationKind.CLASS:
            label = _.plain_plural("invitations.used_until", one.uses, until=until)
        rows.append([button(label, "invitation", one.id)])
    said = _.plural("invitations.open", len(its)) if its else _("invitations.none")
    return Message(join((title, said), "\n\n"), [*(first or []), *rows, *back, [home(_)]])


def register(routes: Routes) -> None:
    """Let coordinators invite."""
    role = Role.COORDINATOR
    routes.button("invite.class", invite_students, role=role, card="class")
    routes.button("invite.mentor", invite_mentor, role=role, card="enterprise")
    routes.button("invite.colleague", invite_colleague, role=role)
    routes.button("invitation", show_invitation, role=role)
    routes.button("invitation.sure", ask_to_revoke, role=role)
    routes.button("invitation.revoke", revoke, role=role, card="invitation")
    routes.button("invitations.class", list_of_class, role=role)
    routes.button("invitations.enterprise", list_of_enterprise, role=role)
    routes.button("colleagues", show_colleagues, role=role)
    routes.card("invitation", invitation_card)
    routes.card("class_invitations", class_list_card)
    routes.card("enterprise_invitations", enterprise_list_card)
    routes.card("colleagues", colleagues_card)
