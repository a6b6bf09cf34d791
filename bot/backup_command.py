"""`shixi backup`, `shixi restore` and `shixi copy-database`: what the administrator reads while they work and after."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import click

from bot.alone import AtWork, alone, refuse_to_wait
from bot.archive import ArchiveError
from bot.backup import Counts, back_up, copy_database, restore
from bot.clock import FileClock, system_clock
from bot.config import make_files_folder
from bot.errors import without_tokens
from storage.errors import StorageError
from storage.hold import Hold
from storage.transfer import NotEmpty

if TYPE_CHECKING:
    from bot.archive import Manifest
    from bot.config import Basics

T = TypeVar("T")

DONE, FAILED = 0, 1
QUIET = 2.0  # seconds between two lines about what is done so far
NAMED = 5  # hashes of missing files that are named


def run_backup(settings: Basics, path: Path) -> int:
    """Write a backup, tell about it, and return the exit status."""
    now = (FileClock(settings.clock_file) if settings.clock_file else system_clock)()

    def tell(manifest: Manifest) -> None:
        click.echo(f"{path}: {_held(manifest)}, {path.stat().st_size / 1e6:,.1f} MB")
        _tell_missing(manifest)

    return _run(back_up(settings, path, now, _Line()), tell, "No backup was made")


def run_restore(settings: Basics, path: Path, *, replace: bool) -> int:
    """Restore a backup, tell about it, and return the exit status."""

    def tell(manifest: Manifest) -> None:
        click.echo(f"Restored as of {manifest.made_at:%Y-%m-%d %H:%M} UTC: {_held(manifest)}")
        _tell_missing(manifest)

    async def work() -> Manifest:
        make_files_folder(settings)
        async with alone(settings.files, waits=False):
            return await restore(settings, path, _Line(), replace=replace, hold=Hold(refuse_to_wait))

    return _run(work(), tell, "Nothing was changed", "--replace deletes all that first")


def run_copy(origin: str, target: str) -> int:
    """Copy a database into another, print the compared counts, and return the exit status."""

    def tell(counts: Counts) -> None:
        for name, here, there in (("table", "from", "to"), *((name, f"{a:,}", f"{b:,}") for name, a, b in counts)):
            click.echo(f"{name:<24}{here:>12}{there:>12}")
        click.echo(f"All {len(counts)} tables are complete. What the bot writes from now on is not copied.")

    return _run(copy_database(origin, target, _Line()), tell, "Nothing was copied", "copy into a new one")


def _run(work: Coroutine[Any, Any, T], tell: Callable[[T], None], otherwise: str, empty: str = "") -> int:
    try:
        result = asyncio.run(work)
    except NotEmpty as error:
        reason = f"{error}; {empty}"
    except AtWork:
        reason = "a bot works with this school; stop it first"
    except (ArchiveError, StorageError, OSError) as error:
        reason = str(error) or type(error).__name__
    else:
        tell(result)
        return DONE
    click.echo(f"{otherwise}: {without_tokens(reason)}", err=True)
    return FAILED


class _Line:
    """Says how far the work is, once it has taken over two seconds, and not more often than that."""

    def __init__(self) -> None:
        self._next = monotonic() + QUIET

    def __call__(self, what: str, done: int, total: int) -> None:
        if monotonic() >= self._next:
            click.echo(f"{what}: {done:,} of {total:,}", err=True)
            self._next = monotonic() + QUIET


def _held(manifest: Manifest) -> str:
    rows = sum(each.rows for each in manifest.tables)
    return f"{rows:,} rows in {len(manifest.tables)} tables and {_files(len(manifest.files))}"


def _tell_missing(manifest: Manifest) -> None:
    """Name files that rows point at but that the backup is without; Telegram may still have them."""
    if manifest.missing:
        named = ", ".join((*manifest.missing[:NAMED], *("…" for _ in manifest.missing[NAMED : NAMED + 1])))
        click.echo(f"Without {_files(len(manifest.missing))} that the folder had lost or damaged: {named}", err=True)


def _files(number: int) -> str:
    return f"{number:,} file" if number == 1 else f"{number:,} files"
