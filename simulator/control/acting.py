"""The control calls through which people and groups come into being and do things."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from simulator import attachments, membership
from simulator.control.live import PHONES, place
from simulator.errors import ControlError
from simulator.people import Actor
from simulator.state import Bot, Json, World

Act = Callable[[Actor, Json], Json]
ACTS: dict[str, Act] = {
    "text": Actor.text,
    "press": Actor.press,
    "edit": Actor.edit,
    "delete": Actor.delete,
    "block": Actor.block,
    "unblock": Actor.unblock,
    "delete_account": Actor.delete_account,
    "forbid_voice": Actor.forbid_voice,
    "allow_voice": Actor.allow_voice,
    "photo": attachments.photo,
    "document": attachments.document,
    "voice": attachments.voice,
    "video": attachments.video,
    "sticker": attachments.sticker,
    "location": attachments.location,
    "contact": attachments.contact,
}
_PRIVATE_ONLY = frozenset({"block", "unblock"})


def act(world: World, bot: Bot, chat_id: int, name: str, data: Json) -> Json:
    """Let the person of this private chat, or `user_id` in this group, do something."""
    function = ACTS.get(name)
    if function is None:
        raise ControlError(f"there is no action {name}", 404)
    chat = bot.chats.get(chat_id)
    if chat is None:
        raise ControlError(f"there is no chat {chat_id}", 404)
    if chat.person is None and name in _PRIVATE_ONLY:
        raise ControlError(f"{name} is for private chats")
    person = chat.person or world.people.get(int(data.get("user_id", 0)))
    if person is None:
        raise ControlError("user_id must name a person")
    return function(Actor(world, bot, chat, person), data)


def add_user(world: World, data: Json) -> Json:
    if not isinstance(data.get("first_name"), str) or not data["first_name"].strip():
        raise ControlError("first_name must be given as text")
    if "id" in data and (not isinstance(data["id"], int) or data["id"] <= 0):
        raise ControlError("id must be a whole number above 0")
    if data.get("phone") not in PHONES:
        raise ControlError("phone must be 1, 2 or 3")
    person = world.add_person(data)
    place(person, data)
    return person.user


def add_group(world: World, bot: Bot, data: Json) -> Json:
    """Make a group with the bot in it, unless `add` is false."""
    info = world.add_group(str(data.get("title", "Group")))
    if data.get("add", True):
        change_group(world, bot, info["id"], "add", data)
    return info


def change_group(world: World, bot: Bot, chat_id: int, name: str, data: Json) -> Json:
    chat = bot.chats.get(chat_id)
    if chat is None or chat.person is not None:
        raise ControlError(f"there is no group {chat_id}", 404)
    by = _adder(world, data)
    if chat.member == (name == "add"):
        raise ControlError("the bot is in the group already" if chat.member else "the bot is not in the group", 409)
    if name == "add":
        return {"update_id": membership.bot_joined(world, bot, chat, by)}
    return {"update_id": membership.bot_left(world, bot, chat, by, "kicked")}


def _adder(world: World, data: Json) -> Json:
    if "user_id" in data:
        person = world.people.get(int(data["user_id"]))
        if person is None:
            raise ControlError("user_id must name a person")
        return person.user
    return world.add_person({"first_name": "Owner"}).user


async def body_of(request: web.Request) -> Json:
    """Return the JSON object of a control call; an empty body is an empty object."""
    raw = await request.read()
    if not raw:
        return {}
    try:
        data: Any = await request.json()
    except ValueError:
        raise ControlError("the body is not JSON") from None
    if not isinstance(data, dict):
        raise ControlError("the body must be a JSON object")
    return data
