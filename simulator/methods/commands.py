"""The command menu, the menu button and the bot's own name and descriptions."""

import re
from typing import Any

from simulator.errors import bad_request
from simulator.methods.registry import Ask, chat_number, method
from simulator.state import Bot, Chat, Json

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_CHAT_SCOPES = {"chat", "chat_administrators"}


@method("setMyCommands")
def set_my_commands(ask: Ask) -> bool:
    given = ask.params.json("commands", "commands")
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    if len(given) > 100:
        raise bad_request("there can be no more than 100 bot commands")
    commands = [_command(one) for one in given]
    key = _key(ask)
    if commands:
        ask.bot.commands[key] = commands
    else:
        ask.bot.commands.pop(key, None)
    _announce(ask)
    return True


@method("getMyCommands")
def get_my_commands(ask: Ask) -> list[Json]:
    return ask.bot.commands.get(_key(ask), [])


@method("deleteMyCommands")
def delete_my_commands(ask: Ask) -> bool:
    ask.bot.commands.pop(_key(ask), None)
    _announce(ask)
    return True


def effective_commands(bot: Bot, chat: Chat) -> list[Json]:
    """Return the menu that this chat shows: core.telegram.org/bots/api#determining-list-of-commands."""
    language = str(chat.person.user.get("language_code", ""))[:2] if chat.person else ""
    everyone = "all_private_chats" if chat.person else "all_group_chats"
    for scope in (f"chat:{chat.id}", everyone, "default"):
        for code in (language, ""):
            commands = bot.commands.get((scope, code))
            if commands:
                return commands
    return []


def _announce(ask: Ask) -> None:
    for chat_id in ask.bot.chats:
        ask.world.changed(chat_id)


def _command(one: Any) -> Json:
    if not isinstance(one, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if name not in one:
            raise bad_request(f"can't parse BotCommand: Can't find field \"{name}\"")
    command = str(one["command"]).strip().removeprefix("/")
    description = str(one["description"]).strip()
    if not command:
        raise bad_request("command must be non-empty")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}


def _key(ask: Ask) -> tuple[str, str]:
    return _scope(ask), _language(ask)


def _language(ask: Ask) -> str:
    code = ask.params.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _scope(ask: Ask) -> str:
    scope = ask.params.json("scope", "BotCommandScope")
    if scope is None:
        return "default"
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind in _SCOPES:
        return str(kind)
    if kind not in _CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat_id = chat_number(scope.get("chat_id"))
    if chat_id is None:
        raise bad_request("can't parse BotCommandScope: Can't find field \"chat_id\"")
    chat = ask.bot.chat(chat_id)
    if kind == "chat_administrators" and chat.person is not None:
        raise bad_request("chat_administrators scope can't be used in private chats")
    return f"{kind}:{chat.id}"


@method("setChatMenuButton")
def set_chat_menu_button(ask: Ask) -> bool:
    button = ask.params.json("menu_button", "menu button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("can't parse menu button: Unsupported type specified")
    if ask.params.text("chat_id"):
        ask.bot.chat(ask.chat_id()).menu_button = button
    else:
        ask.bot.menu_button = button
    return True


@method("getChatMenuButton")
def get_chat_menu_button(ask: Ask) -> Json:
    chat = ask.bot.chat(ask.chat_id()) if ask.params.text("chat_id") else None
    return (chat and chat.menu_button) or ask.bot.menu_button


def _register_about(noun: str, field: str, limit: int) -> None:
    def set_it(ask: Ask) -> bool:
        value = ask.params.text(field)
        if len(value) > limit:
            raise bad_request(f"{noun.upper()}_INVALID")
        ask.bot.about[noun, _language(ask)] = value
        return True

    def get_it(ask: Ask) -> Json:
        default = ask.bot.user["first_name"] if noun == "Name" else ""
        return {field: ask.bot.about.get((noun, _language(ask))) or ask.bot.about.get((noun, ""), default)}

    method(f"setMy{noun}")(set_it)
    method(f"getMy{noun}")(get_it)


_register_about("Name", "name", 64)
_register_about("Description", "description", 512)
_register_about("ShortDescription", "short_description", 120)
