"""What no other room takes: what people send outside every form, and plain notices. Nothing is met with silence."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from markupsafe import Markup

from bot.context import Refused
from bot.send import THERE, Message, Show
from bot.texts import N_
from domain.people import Role
from domain.receipts import log_of
from handlers.access import has_agreed
from handlers.buttons import home
from handlers.home import privacy_to_agree
from handlers.moments import find_place
from handlers.questions import take_reply as take_answer
from handlers.receipts import UNKNOWN as NO_SUCH_NUMBER
from handlers.receipts import find
from handlers.review_remarks import take_reply, take_voice

if TYPE_CHECKING:
    from collections.abc import Mapping

    import telegram

    from bot.context import Context, View
    from bot.routes import Routes

UNKNOWN_COMMAND = N_("fallback.unknown_command")
_VOICE_OF_STAFF = N_("fallback.voice_staff")
_STAFF = {Role.MENTOR, Role.COORDINATOR}
_KINDS = (
    (("sticker", "animation", "dice", "game"), N_("fallback.sticker")),
    (("voice", "audio", "video_note"), N_("fallback.voice")),
    (("location", "venue"), N_("fallback.location")),
    (("contact",), N_("fallback.contact")),
    (("photo", "document", "video"), N_("fallback.file")),
)


async def say_what_is_possible(context: Context, message: telegram.Message) -> Show:
    """Answer what came outside every form: a placed student's may belong into the week's log, else what can be done."""
    if not context.person.roles:
        return Show("home")
    if _from_a_bot(message):
        return Show("home", args={"problem": N_("fallback.forwarded")})
    for take in (take_reply, take_answer, take_voice):
        if (taken := await take(context, message)) is not None:
            return taken
    if message.text and (found := await find(context, message.text)) is not None:
        return found
    try:
        offered = await find_place(context, message)
    except Refused as refusal:
        if not message.media_group_id:
            raise
        return _about_album(message.media_group_id, {"problem": refusal.msgid, **refusal.values})
    if offered is not None:
        return offered
    problem = {"problem": _VOICE_OF_STAFF if message.voice and context.person.roles & _STAFF else _why_not(message)}
    if message.media_group_id:
        return _about_album(message.media_group_id, problem)
    return Show("home", args=problem)


def _about_album(album: str, problem: Mapping[str, str | int]) -> Show:
    """Answer an album once, however many photos it has: it is one thing to its sender."""
    return Show("notice", zlib.crc32(album.encode()), args=problem, place=THERE)


def _from_a_bot(message: telegram.Message) -> bool:
    sender = getattr(message.forward_origin, "sender_user", None)
    return sender is not None and sender.is_bot


def _why_not(message: telegram.Message) -> str:
    for names, reason in _KINDS:
        if any(getattr(message, name) for name in names):
            return reason
    if message.text and log_of(message.text) is not None:
        return NO_SUCH_NUMBER
    return N_("fallback.no_form") if message.text else N_("fallback.other")


async def notice_card(view: View) -> Message | None:
    """Draw nothing but the notice, which the desk puts on top, and the way on.

    Somebody who has to agree to the privacy notice first finds it here, with the button.
    """
    if view.person.roles and not has_agreed(view.person):
        return privacy_to_agree(view)
    return Message(Markup(), ((home(view.texts),),))


async def flood_card(view: View) -> Message:
    """Draw how many updates in a row were not taken, since they came faster than one person may send."""
    return Message(view.texts.plural("flood.not_taken", int(view.args["count"])), ((home(view.texts),),))


def register(routes: Routes) -> None:
    """Take what is left."""
    routes.otherwise = say_what_is_possible
    routes.card("notice", notice_card)
    routes.card("flood", flood_card)
