"""Brings files as documents: those of ours, streamed and never read as a whole, and what may not come as what it is."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from telegram import InputFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.send import Message, Sender

UPLOAD_LIMIT = 50_000_000  # bytes, https://core.telegram.org/bots/api#sending-files; 50 MB there is a little more
LONGEST_UPLOAD = 900.0  # seconds; 50 MB on a line of half a megabit a second


async def send_file(sender: Sender, chat_id: int, file: IO[bytes], name: str, message: Message) -> int:
    """Send a file from its beginning under a card's text and buttons, and return the id of its message.

    The file is closed by it. Raises python-telegram-bot's errors.
    """
    file.seek(0)
    sent = await sender.call(
        "sendDocument",
        read_timeout=LONGEST_UPLOAD,
        chat_id=chat_id,
        document=InputFile(file, filename=name, read_file_handle=False),
        caption=str(message.text),
        parse_mode="HTML",
        reply_markup=message.keyboard(),
    )
    return int(sent["message_id"])


async def send_voice_as_file(sender: Sender, chat_id: int, parameters: Mapping[str, Any]) -> Any:
    """Send a voice note, as `sendVoice` takes it, as a document that plays all the same, and return its message.

    Telegram sends nothing under its id as another kind than it is, so that it is fetched and goes up again.
    Raises python-telegram-bot's errors.
    """
    content = await sender.download(str(parameters["voice"]))
    others = {name: value for name, value in parameters.items() if name != "voice"}
    file = InputFile(content, filename="voice.ogg")
    return await sender.call(
        "sendDocument", chat_id=chat_id, document=file, disable_content_type_detection=True, **others
    )
