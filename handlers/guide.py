"""Help and privacy: what a person can do here, whom to ask, and what is kept about whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Stale
from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from handlers import notice, removal_cards
from handlers.access import NOTICE_VERSION, has_agreed
from handlers.buttons import button, home
from handlers.home import COMMANDS, forms_to_continue
from storage import invitations, people, retention

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from storage.database import Transaction

_INTRODUCTION = {
    Role.STUDENT: N_("help.student"),
    Role.MENTOR: N_("help.mentor"),
    Role.COORDINATOR: N_("help.coordinator"),
}
_NAMES_SHOWN = 3


async def show_help(_context: Context, _words: str) -> Show:
    """Say what this person can do."""
    return Show("help")


async def press_help(_context: Context, _press: Press) -> Show:
    """Say what this person can do, from a button."""
    return Show("help")


async def help_card(view: View) -> Message | None:
    """Draw what this person can do, in a few lines, and whom to ask."""
    _, person = view.texts, view.person
    roles = [role for role in Role if role in person.roles]
    introduction = [_(_INTRODUCTION[role]) for role in roles] or [_("help.stranger")]
    own = {name: what for name, what, role in COMMANDS if role in roles}
    commands = [_("help.command", name=name, what=_(what)) for name, what in own.items()]
    parts = (join(introduction), join(commands) or None, _("help.everybody"), await _whom_to_ask(view))
    text = join(parts, "\n\n")
    settings = button(_.plain("button.settings"), "settings")
    privacy = button(_.plain("button.privacy"), "privacy")
    sos = [button(_.plain("sos.button"), "sos")] if Role.STUDENT in roles else []
    return Message(text, [*await forms_to_continue(view), (settings, privacy), (*sos, home(_))])


async def _whom_to_ask(view: View) -> Markup:
    _, roles = view.texts, view.person.roles
    names = await people.helpers_of(view.tx, view.person.id)
    if names and roles != {Role.COORDINATOR}:
        return _("help.ask", names=_.plain("help.and").join(names[:_NAMES_SHOWN]))
    return _("help.ask_operator") if Role.COORDINATOR in roles else _("help.ask_school")


# --- privacy ----------------------------------------------------------------------------------------------------


async def show_privacy(_context: Context, _words: str) -> Show:
    """Show the privacy notice."""
    return Show("privacy")


async def press_privacy(_context: Context, _press: Press) -> Show:
    """Show the privacy notice, from a button."""
    return Show("privacy")


async def agree(context: Context, press: Press) -> Show:
    """Agree to the notice in the version that was shown."""
    if press.version != NOTICE_VERSION:
        raise Stale(Show("privacy"))

    async def work(tx: Transaction) -> Show:
        await people.agree(tx, context.person.id, version=NOTICE_VERSION, now=context.now)
        return Show("home", toast=N_("privacy.agreed_toast"))

    return await context.write(work)


async def privacy_card(view: View) -> Message | None:
    """Draw the whole notice; whoever is in and has not agreed to this version can do so here."""
    _, person = view.texts, view.person
    rows = list(await forms_to_continue(view))
    names = await people.helpers_of(view.tx, person.id)
    ask = _("privacy.ask", names=_.plain("help.and").join(names[:_NAMES_SHOWN])) if names else _("privacy.ask_school")
    parts = [notice.full(_, person.roles or await _to_be(view)), await _term(view), ask]
    if has_agreed(person):
        parts.append(_("privacy.agreed"))
    elif person.roles:
        rows.insert(0, (button(_.plain("join.agree"), "privacy.agree", 0, NOTICE_VERSION),))
    own = (button(_.plain("button.mydata"), "mydata"), removal_cards.door(_))
    return Message(join(parts, "\n\n"), [*rows, own, (home(_),)])


async def _term(view: View) -> Markup | None:
    """Say for how long a student's class keeps what was handed in."""
    if view.person.class_id is None:
        return None
    its = await retention.policy(view.tx, view.person.class_id)
    said = N_("privacy.term_by_itself") if its.by_itself else N_("privacy.term_on_request")
    return view.texts.plural(said, its.years)


async def _to_be(view: View) -> list[Role]:
    """Return as whom somebody is just coming in."""
    draft = view.person.draft
    if draft is None or draft.form != "join":
        return []
    return [notice.ROLE_OF[(await invitations.by_id(view.tx, draft.subject)).kind]]


def register(routes: Routes) -> None:
    """Answer help and privacy."""
    routes.command("help", show_help, lays_aside=False, open_to_all=True)
    routes.command("privacy", show_privacy, lays_aside=False, open_to_all=True)
    routes.button("help", press_help, open_to_all=True)
    routes.button("privacy", press_privacy, open_to_all=True)
    routes.button("privacy.agree", agree, card="privacy", open_to_all=True)
    routes.card("help", help_card)
    routes.card("privacy", privacy_card)
