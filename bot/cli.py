"""The command line: run the bot, look after its database, invite the first coordinator, try it on a simulator."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.columns import Subject
from bot.config import Basics, Settings, SettingsError, make_files_folder, read_basics, read_settings
from bot.errors import set_up_journal, without_tokens
from bot.modes import make_private, open_to_others
from bot.texts import CatalogueError, all_texts
from domain.people import Language
from storage.database import open_database
from storage.errors import Replaced, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

STOPPED_BY_ERROR, WRONG_SETTINGS = 1, 2


def main() -> NoReturn:
    """Run the command line; wrong settings end it with one sentence and status 2, never with a traceback."""
    make_private()
    try:
        commands(prog_name="shixi")
    except SettingsError as error:
        _end(str(error), WRONG_SETTINGS)
    except InvalidToken:
        _end("SHIXI_TOKEN is not known to the Bot API server; ask BotFather for the right one", WRONG_SETTINGS)
    except CatalogueError as error:
        _end(f"The sentences are not complete: {error}", STOPPED_BY_ERROR)
    except Replaced:
        _end("Another bot has taken over this database while it could not be reached", STOPPED_BY_ERROR)
    except StorageError as error:
        _end(f"The database of SHIXI_DATABASE_URL does not work: {error or type(error).__name__}", STOPPED_BY_ERROR)
    except NetworkError as error:
        _end(f"The server of SHIXI_API_URL cannot be reached: {error}", STOPPED_BY_ERROR)
    except (TelegramError, OSError) as error:
        _end(f"{type(error).__name__}: {error}", STOPPED_BY_ERROR)
    sys.exit(0)


def _end(sentence: str, status: int) -> NoReturn:
    click.echo(without_tokens(sentence), err=True)
    sys.exit(status)


@click.group(help="Shixi 实习: internships on Telegram.", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="shixi", prog_name="shixi")
def commands() -> None:
    """Hold the commands together."""


def settings_and_journal() -> Settings:
    """Read the settings and start the journal."""
    settings = read_settings()
    set_up_journal(settings.log_level, settings.log_format)
    return settings


def basics_and_journal() -> Basics:
    """Read what a command needs that never speaks to Telegram, and start the journal."""
    basics = read_basics()
    set_up_journal(basics.log_level, basics.log_format)
    return basics


@commands.command(help="Start the bot (long polling).")
def run() -> None:
    _until_stopped(_run(settings_and_journal()))


async def _run(settings: Settings) -> None:
    from bot.alone import alone  # noqa: PLC0415 - the other commands need none of it
    from bot.app import start  # noqa: PLC0415
    from bot.status import ensure_free  # noqa: PLC0415

    make_files_folder(settings)
    async with alone(settings.files):
        if settings.status_port:
            ensure_free(settings.status_port)
        program = await start(settings)
        try:
            await program.run()
        finally:
            await program.close()


@commands.command(help="Bring the database up to date.")
def migrate() -> None:
    asyncio.run(_migrate(basics_and_journal()))
    click.echo("The database is up to date.")


async def _migrate(settings: Basics) -> None:
    await (await open_database(settings.database_url)).close()


@commands.command(
    help="Write everything into one new FILE, readable by its owner only: the database as it is at this moment and the"
    " files that people sent. The bot may run meanwhile; what comes in after the start is for the next backup."
)
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    from bot.backup_command import run_backup  # noqa: PLC0415 - the other commands need none of it

    sys.exit(run_backup(basics_and_journal(), file))


@commands.command(
    help="Put a backup into the database and the folder of the settings, of either kind. FILE is checked before"
    " anything is changed. Stop the bot first."
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Delete what the database holds first; without it, it must be empty.")
def restore(file: Path, *, replace: bool) -> None:
    from bot.backup_command import run_restore  # noqa: PLC0415 - the other commands need none of it

    sys.exit(run_restore(basics_and_journal(), file, replace=replace))


@commands.command(
    "copy-database",
    help="Copy a school from the database at the URL ORIGIN into an empty one at TARGET, of either kind, and compare"
    " the counts. The bot may run meanwhile, but what it writes after the start is NOT copied: stop it first if you"
    " mean to move. The files that people sent stay where they are.",
)
@click.argument("origin")
@click.argument("target")
def copy_database(origin: str, target: str) -> None:
    from bot.backup_command import run_copy  # noqa: PLC0415 - the other commands need none of it

    basics_and_journal()
    sys.exit(run_copy(origin, target))


@commands.command(help="Say what is wrong with the settings and the database, and try the token.")
def check() -> None:
    settings = settings_and_journal()
    all_texts()
    click.echo("settings: ok")
    sys.exit(STOPPED_BY_ERROR if asyncio.run(_check(settings)) else 0)


async def _check(settings: Settings) -> list[str]:
    from bot.app import make_application  # noqa: PLC0415
    from bot.check import find_faults  # noqa: PLC0415
    from bot.status import look_at_port  # noqa: PLC0415

    faults = await find_faults(settings)
    click.echo("database: not as it must be, see docs/invariants.md" if faults else "database: ok")
    for fault in faults:
        click.echo(f"database: {fault}")
    make_files_folder(settings)
    click.echo(f"files: {settings.files}")
    for path in open_to_others(settings):
        click.echo(f"warning: others on this machine may read {path}; take that away with chmod go= {path}", err=True)
    click.echo(f"status: {await look_at_port(settings.status_port) if settings.status_port else 'off'}")
    application = make_application(settings)
    try:
        await application.initialize()
        click.echo(f"token: ok, this is @{application.bot.username} at {settings.api_url}")
    finally:
        await application.bot.shutdown()
    return faults


@commands.group(help="Invite somebody with a link that works once.")
def invite() -> None:
    """Hold the invitations together."""


@invite.command(help="Invite a coordinator of a school; the school is created if it is new.")
@click.option("--school", metavar="NAME", required=True, help="The school's name, as students know it.")
@click.option("--language", type=click.Choice([each.value for each in Language]), help="Language of the answer.")
def coordinator(school: str, language: str | None) -> None:
    from bot.invite import run_invite  # noqa: PLC0415 - the other commands need none of it

    sys.exit(run_invite(settings_and_journal(), school, Language(language) if language else None))


@commands.group("import", help="Import students, placements or posts from a CSV or XLSX file; see docs/imports.md.")
def import_group() -> None:
    """Hold the three kinds of files together."""


def _add_import(subject: Subject, about: str) -> None:
    @import_group.command(subject.value, help=f"{about} Exit status: 0 all rows taken, 1 some not, 2 file not read.")
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--school", metavar="NAME", help="The school that the file is for.")
    @click.option("--language", type=click.Choice([each.value for each in Language]), help="Language of the report.")
    def command(file: Path, school: str | None, language: str | None) -> None:
        from bot.import_command import run_import  # noqa: PLC0415 - the other commands need none of it

        sys.exit(run_import(basics_and_journal(), subject, file, school, Language(language) if language else None))


_add_import(Subject.STUDENTS, "Put students on the roster: class, number, name.")
_add_import(Subject.PLACEMENTS, "Place students of the roster: number, enterprise, mentor, start, end.")
_add_import(Subject.POSTS, "Add posts: enterprise, title, city, pay, apply_url and more; public without --school.")


@commands.command(help="Start a local Bot API server to try the bot on.")
@click.option("--port", default=8081, show_default=True, type=click.IntRange(1, 65535))
@click.option("--clock-file", type=click.Path(dir_okay=False, path_type=Path), help="Move the clock by this file.")
def simulate(port: int, clock_file: Path | None) -> None:
    from simulator.server import serve  # noqa: PLC0415 - only this command starts it

    click.echo(f"Bot API on http://127.0.0.1:{port}, control on http://127.0.0.1:{port}/sim; see docs/simulator.md")
    try:
        _until_stopped(serve("127.0.0.1", port, clock_file))
    except OSError as error:
        _end(f"Port {port} cannot be opened: {error.strerror}", WRONG_SETTINGS)


@commands.command(help="Try Shixi in the browser: a school on a simulated Telegram, with three phones side by side.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option("--empty", is_flag=True, help="Begin with nothing but the first coordinator's invitation.")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Language of the three phones.")
def demo(port: int, *, empty: bool, language: str | None) -> None:
    from bot.demo.command import run_demo, wish  # noqa: PLC0415 - only this command needs it

    try:
        _until_stopped(run_demo(wish(port, language, empty=empty)))
    except OSError as error:
        _end(f"Port {port} cannot be opened: {error.strerror}", WRONG_SETTINGS)


def _until_stopped(work: Coroutine[None, None, None]) -> None:
    async def stoppable() -> None:
        task = asyncio.get_running_loop().create_task(work)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            pass

    try:
        with asyncio.Runner(loop_factory=_event_loop()) as runner:
            runner.run(stoppable())
    except BaseExceptionGroup as group:
        raise _first(group) from None


def _event_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes a faster event loop; None where there is none, and Python's own does."""
    try:
        import uvloop  # noqa: PLC0415 - not on Windows
    except ImportError:
        return None
    return uvloop.new_event_loop


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
