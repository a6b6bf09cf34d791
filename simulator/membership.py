"""Changes of who may write to whom: blocking and unblocking a bot, adding it to a group and removing it."""

from simulator.state import Bot, Chat, Entry, Json, World


def bot_joined(world: World, bot: Bot, chat: Chat, by: Json) -> int | None:
    chat.member = True
    update_id = _member_update(world, bot, chat, by, ("left", "member"))
    _service(world, bot, chat, by, {"new_chat_members": [bot.user]})
    return update_id


def bot_left(world: World, bot: Bot, chat: Chat, by: Json, status: str = "left") -> int | None:
    """Take the bot out: it leaves (`left`) or is put out (`kicked`)."""
    _service(world, bot, chat, by, {"left_chat_member": bot.user})
    chat.member = False
    return _member_update(world, bot, chat, by, ("member", status))


def bot_blocked(world: World, bot: Bot, chat: Chat) -> int | None:
    chat.blocked = True
    return _member_update(world, bot, chat, _owner(chat), ("member", "kicked"))


def bot_unblocked(world: World, bot: Bot, chat: Chat) -> int | None:
    chat.blocked = False
    return _member_update(world, bot, chat, _owner(chat), ("kicked", "member"))


def _owner(chat: Chat) -> Json:
    return chat.person.user if chat.person else {}


def _member_update(world: World, bot: Bot, chat: Chat, by: Json, change: tuple[str, str]) -> int | None:
    old, new = (_member(bot, status) for status in change)
    world.changed(chat.id)
    payload = {
        "chat": chat.info,
        "from": by,
        "date": world.now(),
        "old_chat_member": old,
        "new_chat_member": new,
    }
    return bot.queue.put("my_chat_member", payload)


def _member(bot: Bot, status: str) -> Json:
    member: Json = {"user": bot.user, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    return member


def _service(world: World, bot: Bot, chat: Chat, by: Json, content: Json) -> None:
    body = {
        "message_id": bot.next_message_id(),
        "from": by,
        "chat": chat.info,
        "date": world.now(),
        **content,
    }
    chat.messages[body["message_id"]] = Entry(body, outgoing=by is bot.user)
    bot.queue.put("message", body)
