"""The demo's bot as a process of its own: warm before its turn comes, and gone when the demo is gone.

It is what `shixi run` is. Only it waits, with everything imported, for a line on standard input; when that input ends,
because the demo ended in whatever way, it ends too.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from bot.app import start
from bot.config import read_settings
from bot.errors import set_up_journal

BEGIN = b"begin\n"


async def live() -> None:
    """Run the bot until somebody ends it or the demo is gone."""
    settings = read_settings()
    set_up_journal(settings.log_level, settings.log_format)
    loop, input_ = asyncio.get_running_loop(), sys.stdin.fileno()
    task = asyncio.current_task()
    if task is None:
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)

    def more() -> None:
        if not os.read(input_, 100):
            loop.remove_reader(input_)
            task.cancel()

    loop.add_reader(input_, more)
    program = await start(settings)
    try:
        await program.run()
    finally:
        await program.close()


def main() -> None:
    """Wait for the word, then live."""
    if os.read(sys.stdin.fileno(), len(BEGIN)) != BEGIN:
        return
    try:
        asyncio.run(live())
    except (asyncio.CancelledError, KeyboardInterrupt):
        pass


if __name__ == "__main__":
    main()
