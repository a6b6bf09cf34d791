"""The cards of invitations: a link with its state, and the lists of those that are open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bot.send import Button, Message
from bot.texts import N_, join
from domain.invitations import InvitationKind, InvitationState, code_of, link
from handlers.buttons import PAGE, button, home, pager
from storage import classes, coordinators, invitations, schools

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import View
    from bot.texts import Texts
    from domain.invitations import Invitation

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
    state_line = used if its.uses else _("invitation.open_unused", until=until)
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
    listed = _list(view, "invitations.class", view._("invitations.class", name=counted.rules.name), its)
    back = button(view._.plain("class.back", name=counted.rules.name), "class", view.subject)
    return replace(listed, buttons=[*listed.buttons, [back, home(view._)]])


async def enterprise_list_card(view: View) -> Message | None:
    """List the open links for mentors of an enterprise."""
    enterprise = await schools.enterprise_for_coordinator(view.tx, view.subject, view.person.id)
    its = await invitations.of_enterprise(view.tx, view.subject, view.person.id, now=view.now)
    listed = _list(view, "invitations.enterprise", view._("invitations.enterprise", name=enterprise.name), its)
    back = button(view._.plain("class.back", name=enterprise.name), "enterprise", view.subject)
    return replace(listed, buttons=[*listed.buttons, [back, home(view._)]])


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
    listed = _list(view, "colleagues", title, its)
    others = await coordinators.others(view.tx, view.person.id)
    manage = [[button(_.plain("colleagues.manage"), "coordinators")]] if others else []
    return replace(listed, buttons=[*invite, *listed.buttons, *manage, [home(_)]])


def _list(view: View, verb: str, title: Markup, its: list[Invitation]) -> Message:
    """Draw a title and a page of links; the caller adds what is above and below."""
    _, rows = view.texts, []
    pages = max(1, -(-len(its) // PAGE))
    page = min(int(view.args.get("page", 0)), pages - 1)
    for one in its[page * PAGE : (page + 1) * PAGE]:
        until = _.moment(one.expires_at, view.person.zone)
        label = _.plain("invitations.until", until=until)
        if one.kind is InvitationKind.CLASS:
            label = _.plain_plural("invitations.used_until", one.uses, until=until)
        rows.append([button(label, "invitation", one.id)])
    said = _.plural("invitations.open", len(its)) if its else _("invitations.none")
    return Message(join((title, said), "\n\n"), [*rows, pager(_, verb, page, pages, view.subject)])
