"""Brings a file of ours to a person: one document, streamed from where it lies and never read as a whole."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from telegram import InputFile

if TYPE_CHECKING:
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
