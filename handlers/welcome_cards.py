"""The cards of coming in: the greeting with the privacy notice, who one is, the check, and the welcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Message
from bot.texts import N_, join
from domain.invitations import InvitationKind
from domain.people import Role
from domain.roster import NAME_LIMIT
from domain.words import clean_line
from handlers.access import NOTICE_VERSION
from handlers.buttons import button, home
from handlers.glance import GLANCES
from handlers.home import doors
from handlers.notice import ROLE_OF, short
from storage import classes, drafts, invitations

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import View
    from domain.invitations import Invitation
    from domain.people import Draft

FORM = "join"
NOTICE, WHO, CONFIRM = "notice", "who", "confirm"

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


def telegram_name(name: str) -> str:
    """Return the name that Telegram shows, as one that can be used."""
    return clean_line(name)[:NAME_LIMIT].strip()


async def join_card(view: View) -> Message | None:
    """Draw the way in, at whatever step it is."""
    draft = await drafts.get(view.tx, view.person.id, FORM, view.subject)
    if draft is None:
        return None
    invitation, _ = await invitations.by_id(view.tx, view.subject), view.texts
    if draft.step == NOTICE:
        agreed = button(_.plain("join.agree"), "join.agree", view.subject, NOTICE_VERSION)
        language = button(_.plain("settings.other_language"), "language.next")
        notice = short(_, [ROLE_OF[invitation.kind]])
        return Message(join((_greeting(view, invitation), notice), "\n\n"), ((agreed,), (language,)))
    return _who_card(view, invitation) if draft.step == WHO else _confirm_card(view, invitation, draft)


def _greeting(view: View, invitation: Invitation) -> Markup:
    said = _GREETING[invitation.kind]
    if invitation.kind is InvitationKind.COORDINATOR and invitation.inviter:
        said = N_("join.greeting_colleague")
    return view.texts(
        said,
        name=view.person.name,
        inviter=invitation.inviter or invitation.school,
        school=invitation.school,
        class_name=invitation.class_name,
        enterprise=invitation.enterprise,
    )


def _who_card(view: View, invitation: Invitation) -> Message:
    _ = view.texts
    if invitation.kind is InvitationKind.CLASS:
        return Message(_("join.ask_name_and_number", class_name=invitation.class_name), ((home(_),),))
    name = telegram_name(view.person.name)
    asked = N_("join.ask_name_mentor") if invitation.kind is InvitationKind.MENTOR else N_("join.ask_name")
    keep = (button(_.plain("join.keep_name", name=name), "join.keep", view.subject),) if len(name) > 1 else ()
    return Message(_(asked), (keep, (home(_),)))


def _confirm_card(view: View, invitation: Invitation, draft: Draft) -> Message:
    _, said = view.texts, draft.answers
    check = N_("join.check_student") if invitation.kind is InvitationKind.CLASS else N_("join.check_other")
    text = _(
        check,
        name=said["name"],
        number=said.get("number", ""),
        class_name=invitation.class_name,
        place=invitation.enterprise or invitation.school,
    )
    yes = button(_.plain("join.yes"), "join.yes", view.subject, draft.version)
    again = button(_.plain("join.again"), "join.again", view.subject)
    return Message(join((_greeting(view, invitation) if said.get("known") else None, text), "\n\n"), ((yes,), (again,)))


async def welcome_card(view: View) -> Message | None:
    """Welcome somebody who has just come in, with what they can do first."""
    invitation, _ = await invitations.by_id(view.tx, view.subject), view.texts
    role = ROLE_OF[invitation.kind]
    if role not in view.person.roles:
        return None
    text = _(
        _WELCOME[invitation.kind],
        name=view.person.name,
        class_name=invitation.class_name,
        enterprise=invitation.enterprise,
        school=invitation.school,
    )
    if role is Role.COORDINATOR and not await classes.of_coordinator(view.tx, view.person.id):
        return Message(text, ((button(_.plain("classes.first"), "class.new"),), (home(_),)))
    return Message(join((text, await _glance(view, role)), "\n\n"), (*doors(_, [role]), (home(_),)))


async def _glance(view: View, role: Role) -> Markup | None:
    """Say how things stand for a new student; a mentor and a coordinator begin with nothing."""
    return join(await GLANCES[role](view)) if role is Role.STUDENT else None


async def used_card(view: View) -> Message | None:
    """Tell whoever made an invitation who has come in with it, and what comes next."""
    invitation, _ = await invitations.for_coordinator(view.tx, view.subject, view.person.id), view.texts
    name = str(view.args.get("name", ""))
    if invitation.kind is InvitationKind.MENTOR:
        enterprise = button(
            _.plain("class.back", name=invitation.enterprise), "enterprise", invitation.enterprise_id or 0
        )
        return Message(_("invitation.mentor_came", name=name, enterprise=invitation.enterprise), ((enterprise,),))
    back = button(_.plain("classes.back"), "classes")
    return Message(_("invitation.colleague_came", name=name, school=invitation.school), ((back,),))
