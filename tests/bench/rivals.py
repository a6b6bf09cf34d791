"""What somebody would take instead, each as it is taught: an echo on python-telegram-bot, on aiogram, on parts of ours.

`python -m tests.bench.rivals NAME URL CALLS` runs one. CALLS is how many Bot API calls an update gets on average:
the echo itself, and reactions for the rest.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import Any

TOKEN = "123456:bench"
AT_ONCE = 256


class Share:
    """Tells for each update how many calls are due besides the echo, so that the average comes out."""

    def __init__(self, calls: float) -> None:
        self._more = calls - 1
        self._due = 0.0

    def __call__(self) -> int:
        self._due += self._more
        now = int(self._due)
        self._due -= now
        return now


def _ptb(url: str, make_echo: Callable[[Any], Callable[..., Any]], *, on_ours: bool) -> None:
    from telegram.ext import ApplicationBuilder, MessageHandler, filters  # noqa: PLC0415 - only one rival's is loaded

    builder = ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot").concurrent_updates(AT_ONCE)
    if on_ours:
        from bot.request import AiohttpRequest  # noqa: PLC0415

        builder = builder.request(AiohttpRequest(AT_ONCE)).get_updates_request(AiohttpRequest(2))
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, make_echo(application.bot)))
    application.run_polling()


def _ptb_echo(url: str, share: Share, *, on_ours: bool) -> None:
    async def echo(update: Any, _context: Any) -> None:
        await update.message.reply_text(update.message.text)
        for _ in range(share()):
            await update.message.set_reaction("👌")

    _ptb(url, lambda _bot: echo, on_ours=on_ours)


def shipped(url: str, share: Share) -> None:
    """python-telegram-bot's echo as it ships."""
    _ptb_echo(url, share, on_ours=False)


def floor(url: str, share: Share) -> None:
    """The same on our request class."""
    _ptb_echo(url, share, on_ours=True)


def own_send(url: str, share: Share) -> None:
    """The same on our request class and our way of sending."""
    from bot.send import Message, Sender  # noqa: PLC0415

    def make_echo(bot: Any) -> Callable[..., Any]:
        sender = Sender(bot)

        async def echo(update: Any, _context: Any) -> None:
            message = update.message
            await sender.new(message.chat_id, Message(message.text))
            for _ in range(share()):
                await sender.receipt(message.chat_id, message.message_id)

        return echo

    _ptb(url, make_echo, on_ours=True)


def own_loop(url: str, share: Share) -> None:
    """The same on our event loop as well."""
    from bot.cli import _event_loop  # noqa: PLC0415

    make = _event_loop()
    asyncio.set_event_loop(make() if make else asyncio.new_event_loop())
    own_send(url, share)


def aiogram(url: str, share: Share) -> None:
    """The echo of aiogram."""
    from aiogram import Bot, Dispatcher, F  # noqa: PLC0415
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415
    from aiogram.types import ReactionTypeEmoji  # noqa: PLC0415

    dispatcher = Dispatcher()

    async def echo(message: Any) -> None:
        await message.answer(message.text)
        for _ in range(share()):
            await message.react([ReactionTypeEmoji(emoji="👌")])

    dispatcher.message.register(echo, F.text)
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    asyncio.run(dispatcher.start_polling(Bot(TOKEN, session=session)))


RIVALS = {"shipped": shipped, "floor": floor, "own_send": own_send, "own_loop": own_loop, "aiogram": aiogram}

if __name__ == "__main__":
    RIVALS[sys.argv[1]](sys.argv[2], Share(float(sys.argv[3])))
