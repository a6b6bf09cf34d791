"""What people do: write, press, edit, delete, block; each becomes the update that the bot then gets."""

import itertools
import secrets
from dataclasses import dataclass
from typing import Any

from simulator import membership
from simulator.entities import utf16_length
from simulator.errors import ControlError
from simulator.markup import has_button
from simulator.methods.messages import quoted
from simulator.state import Bot, Chat, Entry, Json, Person, Press, World
from simulator.text import MAX_CAPTION, MAX_TEXT, plain

_KEPT_PRESSES = 50_000
_albums = itertools.count(14_000_000_000_000_001)


@dataclass(slots=True)
class Actor:
    """One person in one chat with one bot, about to do something."""

    world: World
    bot: Bot
    chat: Chat
    person: Person

    def send(self, content: Json, data: Json | None = None) -> Json:
        """Put a message into the chat and queue its update."""
        self.check_able()
        data = data or {}
        body: Json = {
            "message_id": self.bot.next_message_id(),
            "from": self.person.user,
            "chat": self.chat.info,
            "date": self.world.now(),
        }
        if data.get("forward"):
            body["forward_origin"] = self._origin(data["forward"])
        if data.get("reply_to_message_id"):
            body["reply_to_message"] = quoted(self.entry(data["reply_to_message_id"]).body)
        body.update(content)
        if self.chat.person is not None:
            self.chat.started = True
        self.chat.messages[body["message_id"]] = Entry(body, outgoing=False)
        update_id = self.bot.queue.put("message", body) if self._reaches_bot(body) else None
        self.world.changed(self.chat.id)
        return {"message_id": body["message_id"], "update_id": update_id}

    def text(self, data: Json) -> Json:
        text, entities = plain(_string(data, "text"))
        if not text:
            raise ControlError("text is empty; no Telegram app sends that")
        if utf16_length(text) > MAX_TEXT:
            raise ControlError(f"text is over {MAX_TEXT} characters; apps send that as several messages")
        return self.send({"text": text, **({"entities": entities} if entities else {})}, data)

    def edit(self, data: Json) -> Json:
        self.check_able()
        entry = self.entry(data.get("message_id"))
        if entry.outgoing:
            raise ControlError("a person can edit only their own messages")
        field = "text" if "text" in entry.body else "caption"
        text, entities = plain(_string(data, "text"))
        kind = "entities" if field == "text" else "caption_entities"
        kept = {name: value for name, value in entry.body.items() if name not in {field, kind}}
        entry.body = {**kept, field: text, "edit_date": self.world.now()}
        entry.edited = True
        if entities:
            entry.body[kind] = entities
        self.world.changed(self.chat.id)
        return {
            "message_id": entry.body["message_id"],
            "update_id": self.bot.queue.put("edited_message", entry.body),
        }

    def press(self, data: Json) -> Json:
        self.check_able()
        message_id, pressed = data.get("message_id"), _string(data, "data")
        entry = self.chat.messages.get(int(message_id or 0))
        if not data.get("force") and (entry is None or not has_button(entry.body.get("reply_markup"), pressed)):
            raise ControlError("that message has no such button now; force true forges the press")
        query = str(secrets.randbits(62))
        now = self.world.clock().timestamp()
        press = Press(query, self.chat.id, int(message_id or 0), pressed, now)
        self.bot.presses[query] = press
        if len(self.bot.presses) > _KEPT_PRESSES:
            del self.bot.presses[next(iter(self.bot.presses))]
        gone = {"chat": self.chat.info, "message_id": press.message_id, "date": 0}
        update: Json = {
            "id": query,
            "from": self.person.user,
            "message": entry.body if entry else gone,
            "chat_instance": str(-(self.chat.id * 2_654_435_761 % 2**62)),
            "data": pressed,
        }
        return {"callback_query_id": query, "update_id": self.bot.queue.put("callback_query", update)}

    def delete(self, data: Json) -> Json:
        """Remove a message from the chat for both; the bot is not told, as on Telegram."""
        entry = self.entry(data.get("message_id"))
        del self.chat.messages[entry.body["message_id"]]
        self.world.changed(self.chat.id)
        return {"ok": True}

    def block(self, _data: Json) -> Json:
        if self.chat.blocked:
            raise ControlError("the bot is blocked already", 409)
        return {"update_id": membership.bot_blocked(self.world, self.bot, self.chat)}

    def unblock(self, _data: Json) -> Json:
        if not self.chat.blocked:
            raise ControlError("the bot is not blocked", 409)
        return {"update_id": membership.bot_unblocked(self.world, self.bot, self.chat)}

    def delete_account(self, _data: Json) -> Json:
        self.person.deleted = True
        self.world.changed(self.chat.id)
        return {"ok": True}

    def forbid_voice(self, _data: Json) -> Json:
        self.person.forbids_voice = True
        return {"ok": True}

    def allow_voice(self, _data: Json) -> Json:
        self.person.forbids_voice = False
        return {"ok": True}

    def check_able(self) -> None:
        if self.person.deleted:
            raise ControlError("this account is deleted", 409)
        if self.chat.blocked:
            raise ControlError("this person has blocked the bot; unblock first, as Telegram's Restart does", 409)

    def entry(self, message_id: Any) -> Entry:
        entry = self.chat.messages.get(int(message_id or 0))
        if entry is None:
            raise ControlError(f"there is no message {message_id} in this chat", 404)
        return entry

    def caption(self, data: Json) -> Json:
        if not data.get("caption"):
            return {}
        text, entities = plain(_string(data, "caption"))
        if utf16_length(text) > MAX_CAPTION:
            raise ControlError(f"caption is over {MAX_CAPTION} characters; no app sends that")
        return {"caption": text, **({"caption_entities": entities} if entities else {})}

    def _origin(self, forward: Any) -> Json:
        """Where a forwarded message comes from: by default the person's own words, else {"from": user id}."""
        known = self.world.user(int(forward["from"])) if isinstance(forward, dict) and "from" in forward else None
        return {"type": "user", "date": self.world.now(), "sender_user": known or self.person.user}

    def _reaches_bot(self, body: Json) -> bool:
        """In groups a bot with privacy mode sees commands, mentions of it and replies to it."""
        if self.chat.person is not None:
            return True
        if not self.chat.member:
            return False
        text = str(body.get("text") or body.get("caption") or "")
        replied = body.get("reply_to_message", {}).get("from", {}).get("id") == self.bot.id
        return text.startswith("/") or f"@{self.bot.user['username']}" in text or replied


def next_album() -> str:
    return str(next(_albums))


def _string(data: Json, name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise ControlError(f"{name} must be given as text")
    return value
