"""The bot itself, as an administrator starts it, with the inbox, the outbox and the schedule on."""

from __future__ import annotations

from pathlib import Path

from tests.bench.rivals import TOKEN
from tests.bench.stage import Bot, Fake


def start(fake: Fake, database_url: str, folder: Path, *, command: tuple[str, ...] = ("-m", "bot"), **more: str) -> Bot:
    """Start the bot; it may send as fast as it can, since Telegram's limit would be all that is measured."""
    settings = {
        "token": TOKEN,
        "api_url": fake.url,
        "database_url": database_url,
        "files": str(folder / "files"),
        "messages_per_second": "10000",
        "chat_messages_per_second": "10000",
        **more,
    }
    environment = {f"SHIXI_{name.upper()}": value for name, value in settings.items()}
    return Bot([*command, "run"], folder / "ours.log", environment)
