"""What no other room takes: free text without a form, and plain notices. Nothing is met with silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from bot.send import Message, Show
from bot.texts import N_
from handlers.buttons import home
from handlers.moments import offer_for_week

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, View
    from bot.routes import Routes

UNKNOWN_COMMAND = N_("fallback.unknown_command")


async def say_what_is_possible(context: Context, message: telegram.Message) -> Show:
    """Answer free text outside every form: a placed student's may belong into the week's log, else what can be done."""
    offered = await offer_for_week(context, message)
    if offered is not None:
        return offered
    return Show("home", args={"problem": N_("fallback.no_form")} if context.person.roles else {})


async def notice_card(view: View) -> Message | None:
    """Draw nothing but the notice, which the desk puts on top, and the way on."""
    return Message(Markup(), ((home(view.texts),),))


def register(routes: Routes) -> None:
    """Take what is left."""
    routes.otherwise = say_what_is_possible
    routes.card("notice", notice_card)
