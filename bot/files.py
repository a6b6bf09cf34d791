"""Keeps a copy of every file that people send, named by its SHA-256, since Telegram's own dies with the bot.

A copy of which the database says that its file is gone is taken out again, unless another file has the same contents.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from telegram.error import BadRequest, Forbidden, TelegramError

from bot.errors import journal
from storage import files
from storage.errors import StorageError

if TYPE_CHECKING:
    from bot.house import House
    from domain.files import StoredFile

LOOK_EVERY = 5.0  # seconds
AT_ONCE = 100  # copies that are taken out in one look
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700

log = journal(__name__)


def path_of(folder: Path, sha256: str) -> Path:
    """Return where the copy with this hash is kept."""
    return folder / sha256[:2] / sha256


class FileKeeper:
    """Fetches what is not yet copied, one file after the other, and tries again what failed."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look again soon: there may be a new file."""
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._wake.clear()
            try:
                await self.look()
            except StorageError as error:
                log.error("files.database", error=type(error).__name__)
            try:
                await asyncio.wait_for(self._wake.wait(), timeout=LOOK_EVERY)
            except TimeoutError:
                pass

    async def look(self) -> int:
        """Copy what is due and return how many files that were; take out what is no file's any more."""
        now = self._house.clock()
        await self._take_out()
        due = await self._house.database.read(lambda tx: files.to_fetch(tx, now=now, limit=10))
        for file in due:
            await self._fetch(file)
        return len(due)

    async def _take_out(self) -> None:
        """Take stale copies out of the folder; the note that they are stale goes last, so that a kill loses none."""
        database, folder = self._house.database, self._house.settings.files
        for sha256, needed in await database.read(partial(files.stale_copies, limit=AT_ONCE)):
            try:
                if not needed:
                    await asyncio.to_thread(path_of(folder, sha256).unlink, missing_ok=True)
            except OSError as error:
                log.warning("files.not_taken_out", error=type(error).__name__)
                return
            await database.transaction(partial(files.done_with_copy, sha256=sha256))

    async def _fetch(self, file: StoredFile) -> None:
        database, now = self._house.database, self._house.clock()
        try:
            content = await self._house.sender.download(file.telegram_file_id)
            sha256 = hashlib.sha256(content).hexdigest()
            await asyncio.to_thread(_write, path_of(self._house.settings.files, sha256), content)
        except (TelegramError, OSError) as error:
            lost = isinstance(error, (BadRequest, Forbidden))
            again = None if lost else now + timedelta(seconds=min(30 * 2**file.attempts, 6 * 3600))
            log.warning("files.not_copied", file=file.id, error=type(error).__name__, given_up=lost)
            await database.transaction(lambda tx: files.try_again(tx, file.id, at=again))
        else:
            await database.transaction(lambda tx: files.keep(tx, file.id, sha256=sha256, size=len(content)))


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
    part = path.with_suffix(f".{os.getpid()}.part")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, PRIVATE_FILE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
