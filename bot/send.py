"""The one way to the Bot API: messages as plain dicts, so that nothing is built that nobody reads.

`Show` says which card answers an update; `Message` is what a card's renderer made of it; `Sender` brings it
into a chat: edited in place where it can be, sent anew where it cannot.
"""

from __future__ import annotations

import asyncio
import warnings
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from markupsafe import Markup
from telegram import InputMediaPhoto
from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.warnings import PTBUserWarning

from bot.split import split
from bot.upload import send_voice_as_file
from storage.database import outside_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telegram import Bot

    from bot.context import Left


CAPTION_LIMIT = 1024  # UTF-16 units, https://core.telegram.org/bots/api#sendphoto
CALLBACK_ANSWER_LIMIT = 200  # https://core.telegram.org/bots/api#answercallbackquery
CALLBACK_DATA_LIMIT = 64  # bytes, https://core.telegram.org/bots/api#inlinekeyboardbutton
ALBUM_LIMIT = 10  # https://core.telegram.org/bots/api#sendmediagroup
LONGEST_FLOOD = 60.0  # seconds that a card may wait in its middle
RECEIPT = "👌"
VOICE_FORBIDDEN = "voice_messages_forbidden"  # of a reader with Premium, who may let no voice message through

_UPLOADS = {"photo": "sendPhoto", "document": "sendDocument", "voice": "sendVoice"}


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a card: it presses `data`, or opens `url`."""

    text: str
    data: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if len(self.data.encode()) > CALLBACK_DATA_LIMIT:
            raise ValueError(f"callback data over {CALLBACK_DATA_LIMIT} bytes: {self.data}")

    def as_dict(self) -> dict[str, str]:
        """Return Telegram's InlineKeyboardButton."""
        return {"text": self.text, "url": self.url} if self.url else {"text": self.text, "callback_data": self.data}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that Telegram already has: `kind` is photo, document or voice; what stands under it is no HTML."""

    kind: str
    telegram_file_id: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A rendered card. `commands` replaces the command menu of the chat instead of sending anything.

    A `captioned` card with one attachment is one message, the attachment with the text as its caption, where it fits.
    What is `ahead` goes before the card in messages of its own, which stay as they are when the card is edited.
    """

    text: Markup
    buttons: Sequence[Sequence[Button]] = ()
    attachments: Sequence[Attachment] = ()
    commands: Sequence[tuple[str, str]] = ()
    silent: bool = False
    captioned: bool = False
    ahead: Markup | None = None

    @property
    def carrier(self) -> Attachment | None:
        """The attachment whose caption the text is."""
        fits = len(self.text.encode("utf-16-le")) // 2 <= CAPTION_LIMIT
        return self.attachments[0] if self.captioned and len(self.attachments) == 1 and fits else None

    @property
    def weight(self) -> int:
        """How many messages this is in the chat, each of which counts for Telegram's limits."""
        return sum(len(parameters.get("media", "1")) for _, parameters in calls_of(self))

    def keyboard(self) -> dict[str, Any]:
        """Return Telegram's InlineKeyboardMarkup; an empty one takes the buttons away."""
        return {"inline_keyboard": [[button.as_dict() for button in row] for row in self.buttons if row]}


# Where a card goes. By itself: a press edits its own message, anything else sends the card anew and takes the buttons
# from the old one. ANEW: also after a press. THERE: edited where it is, also after a message (a photo of an album).
AUTO, ANEW, THERE = "", "anew", "there"


@dataclass(frozen=True, slots=True)
class Show:
    """The answer to an update: a card about a subject, a toast on the pressed button, or both.

    Without a `card` there is only the toast. Kept with the update, it is what a process that died still answers.
    """

    card: str = ""
    subject: int = 0
    args: Mapping[str, str | int] = field(default_factory=dict)
    toast: str = ""  # the id of a sentence without values
    alert: bool = False  # the toast stays until it is closed
    place: str = AUTO
    left: Left | None = None  # only in the process that made the effect

    def dump(self) -> str:
        """Return JSON."""
        return orjson.dumps([self.card, self.subject, dict(self.args), self.toast, self.alert, self.place]).decode()

    @classmethod
    def load(cls, text: str) -> Show:
        """Read what `dump` wrote."""
        return cls(*orjson.loads(text))


class Sender:
    """Speaks to the Bot API; raises python-telegram-bot's errors."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        warnings.filterwarnings("ignore", message="Please use 'Bot", category=PTBUserWarning)

    async def call(self, method: str, *, read_timeout: float | None = None, **parameters: Any) -> Any:
        """Call a method with plain values and return the plain result."""
        outside_transaction()
        if read_timeout is None:
            return await self._bot.do_api_request(method, api_kwargs=parameters)
        return await self._bot.do_api_request(method, api_kwargs=parameters, read_timeout=read_timeout)

    async def download(self, telegram_file_id: str) -> bytes:
        """Fetch the bytes of a file, of at most 20 MB."""
        outside_transaction()
        file = await self._bot.get_file(telegram_file_id)
        return bytes(await file.download_as_bytearray())

    async def new(self, chat_id: int, message: Message) -> int:
        """Send a card as a new message and return the id of the one that carries the buttons.

        Once the first of several messages is there, a flood limit is waited out, so that none is sent again.
        """
        if message.commands:
            return await self._set_commands(chat_id, message.commands)
        first, *rest = calls_of(message)
        sent = await self._bring(first[0], chat_id, first[1])
        for method, parameters in rest:
            sent = await self._wait_and_bring(method, chat_id, parameters)
        return int(sent["message_id"])

    async def _bring(self, method: str, chat_id: int, parameters: Mapping[str, Any]) -> Any:
        """Send one message; a voice note as a file to somebody who lets none through."""
        try:
            return await self.call(method, chat_id=chat_id, **parameters)
        except BadRequest as error:
            if method != "sendVoice" or VOICE_FORBIDDEN not in error.message.lower():
                raise
        return await send_voice_as_file(self, chat_id, parameters)

    async def _wait_and_bring(self, method: str, chat_id: int, parameters: Mapping[str, Any]) -> Any:
        while True:
            try:
                return await self._bring(method, chat_id, parameters)
            except RetryAfter as flood:
                if (seconds := flood_seconds(flood)) > LONGEST_FLOOD:
                    raise
                await asyncio.sleep(seconds)

    async def edit(self, chat_id: int, message_id: int, message: Message) -> int:
        """Turn a message into this card and return its id, which is a new one where it cannot be edited."""
        content: dict[str, Any]
        if message.carrier is not None:
            method, content = "editMessageCaption", {"caption": str(message.text), "parse_mode": "HTML"}
        elif message.attachments:
            return await self.new(chat_id, message)
        elif len(parts := split(message.text)) > 1:
            # The first part takes the message's place, the others follow it, the buttons under the last.
            await self.edit(chat_id, message_id, Message(Markup(parts[0])))  # noqa: S704 - cut from Markup
            rest = Markup("\n").join(Markup(part) for part in parts[1:])  # noqa: S704
            return await self.new(chat_id, replace(message, text=rest))
        else:
            method, content = "editMessageText", {"text": parts[0], **_FORM}
        try:
            await self.call(method, chat_id=chat_id, message_id=message_id, reply_markup=message.keyboard(), **content)
        except BadRequest as error:
            if "not modified" in error.message:
                return message_id
            if not any(words in error.message.lower() for words in ("message to edit", "can't be edited", "no text")):
                raise
            return await self.new(chat_id, message)
        return message_id

    async def strip(self, chat_id: int, message_id: int) -> None:
        """Take the buttons from a message that has been replaced, if that is possible now."""
        try:
            await self.call("editMessageReplyMarkup", chat_id=chat_id, message_id=message_id)
        except (NetworkError, RetryAfter):
            pass  # it has none any more, or they are answered as what they are: old; the new card is there

    async def answer(self, query_id: str, text: str = "", *, alert: bool = False) -> None:
        """Answer a pressed button, which stops its spinner."""
        extra: dict[str, Any] = {"text": text[:CALLBACK_ANSWER_LIMIT], "show_alert": alert} if text else {}
        try:
            await self.call("answerCallbackQuery", callback_query_id=query_id, **extra)
        except BadRequest:
            pass  # too old: the spinner has stopped by itself

    async def receipt(self, chat_id: int, message_id: int) -> None:
        """React to a person's message, if that is possible now: it has been taken."""
        try:
            await self.call(
                "setMessageReaction",
                chat_id=chat_id,
                message_id=message_id,
                reaction=[{"type": "emoji", "emoji": RECEIPT}],
            )
        except (NetworkError, RetryAfter):
            pass  # the message was deleted meanwhile, or Telegram is away; the card says the same

    async def _set_commands(self, chat_id: int, commands: Sequence[tuple[str, str]]) -> int:
        menu = [{"command": name, "description": words} for name, words in commands]
        await self.call("setMyCommands", commands=menu, scope={"type": "chat", "chat_id": chat_id})
        return 0


def calls_of(message: Message) -> list[tuple[str, dict[str, Any]]]:
    """Return the Bot API calls that make a card, without the chat; the last one carries the buttons."""
    extra: dict[str, Any] = {"reply_markup": message.keyboard()} if message.buttons else {}
    if message.silent:
        extra["disable_notification"] = True
    if (file := message.carrier) is not None:
        caption = {"caption": str(message.text), "parse_mode": "HTML"}
        return [(_UPLOADS[file.kind], {file.kind: file.telegram_file_id, **caption, **extra})]
    parts = [*(split(message.ahead) if message.ahead else ()), *split(message.text)]
    texts = [("sendMessage", {"text": part, **_FORM}) for part in parts]
    texts[-1][1].update(extra)
    return [*_attachment_calls(message.attachments), *texts]


def _attachment_calls(attachments: Sequence[Attachment]) -> list[tuple[str, dict[str, Any]]]:
    calls: list[tuple[str, dict[str, Any]]] = []
    photos = [file.telegram_file_id for file in attachments if file.kind == "photo"]
    for start in range(0, len(photos), ALBUM_LIMIT):
        album = photos[start : start + ALBUM_LIMIT]
        if len(album) > 1:  # media is a field of which python-telegram-bot takes no dicts
            calls.append(("sendMediaGroup", {"media": [InputMediaPhoto(photo) for photo in album]}))
        else:
            calls.append(("sendPhoto", {"photo": album[0]}))
    others = (file for file in attachments if file.kind != "photo")
    for file in others:
        under = {"caption": file.caption} if file.caption else {}
        calls.append((_UPLOADS[file.kind], {file.kind: file.telegram_file_id, **under}))
    return calls


def flood_seconds(flood: RetryAfter) -> float:
    """Return how long Telegram wants us to wait, in seconds."""
    after = flood.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


_FORM: dict[str, Any] = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
