"""The bot about itself and its chats: getMe, getChat, chat actions, leaving a group."""

import time

from simulator.errors import bad_request
from simulator.membership import bot_left
from simulator.methods.registry import Ask, method
from simulator.state import Json

_ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip
_ACTION_SECONDS = 5  # core.telegram.org/bots/api#sendchataction
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
_PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages",
)  # fmt: skip


@method("getMe")
def get_me(ask: Ask) -> Json:
    return {
        **ask.bot.user,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("getChat")
def get_chat(ask: Ask) -> Json:
    chat = ask.bot.chat(ask.chat_id())
    full: Json = {
        **chat.info,
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    if chat.person is None:
        full["permissions"] = dict.fromkeys(_PERMISSIONS, True)
    return full


@method("sendChatAction")
def send_chat_action(ask: Ask) -> bool:
    if ask.params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = ask.bot.writable(ask.chat_id())
    chat.typing_until = time.monotonic() + _ACTION_SECONDS
    ask.world.acted(chat.id)
    return True


@method("leaveChat")
def leave_chat(ask: Ask) -> bool:
    chat = ask.bot.chat(ask.chat_id())
    if chat.person is not None:
        raise bad_request("chat member status can't be changed in private chats")
    ask.bot.writable(chat.id)
    bot_left(ask.world, ask.bot, chat, ask.bot.user)
    return True
