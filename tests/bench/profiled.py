"""The bot with a profiler in it: `python -m tests.bench.profiled OUT COMMAND…` instead of `python -m bot COMMAND…`.

`OUT.samples` gets where the main thread was, a thousand times a second of CPU time: undistorted shares.
`OUT.calls` gets cProfile's counts, and `OUT.statements` how often each SQL statement ran, in another run (`--calls`
before OUT), since counting distorts the shares. Both begin when SIGUSR1 comes, so that the start is not in them.
"""

from __future__ import annotations

import cProfile
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from bot.cli import main
from storage.postgres import PostgresTransaction
from storage.sqlite import SqliteTransaction

EVERY = 0.001  # seconds of the process's CPU time
BEGIN = signal.SIGUSR1


class Sampler:
    """Looks where the main thread is."""

    def __init__(self) -> None:
        self.samples = 0
        self.inside: Counter[str] = Counter()  # somewhere below a function
        self.at: Counter[str] = Counter()  # in the function itself

    def look(self, _signal: int, frame: FrameType | None) -> None:
        self.samples += 1
        seen: set[str] = set()
        while frame is not None:
            name = _place(frame.f_code)
            if not seen:
                self.at[name] += 1
            seen.add(name)
            frame = frame.f_back
        self.inside.update(seen)

    def found(self) -> dict[str, Any]:
        return {"samples": self.samples, "inside": self.inside, "at": self.at}


def _sampled(out: str) -> None:
    sampler = Sampler()
    signal.signal(signal.SIGPROF, sampler.look)
    signal.signal(BEGIN, lambda *_: signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY))
    try:
        main()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        Path(f"{out}.samples").write_text(json.dumps(sampler.found()), encoding="utf-8")


def _counted(out: str) -> None:
    profile, statements = cProfile.Profile(time.thread_time), _count_statements()

    def begin(*_: object) -> None:
        statements.clear()
        profile.enable()

    signal.signal(BEGIN, begin)
    try:
        main()
    finally:
        profile.disable()
        profile.dump_stats(f"{out}.calls")
        Path(f"{out}.statements").write_text(json.dumps(statements), encoding="utf-8")


def _count_statements() -> Counter[str]:
    statements: Counter[str] = Counter()

    def counted(method: Callable[..., Any]) -> Callable[..., Any]:
        async def run(self: object, sql: str, *values: Any, **parameters: Any) -> Any:
            caller = sys._getframe(1).f_code  # who awaits it
            if caller.co_filename != method.__code__.co_filename:  # else it was seen already
                statements[f"{' '.join(sql.split())[:100]}  ({_place(caller)})"] += 1
            return await method(self, sql, *values, **parameters)

        return run

    for transaction in (SqliteTransaction, PostgresTransaction):
        for name in ("one", "all", "run", "many"):
            setattr(transaction, name, counted(getattr(transaction, name)))
    return statements


@cache
def _place(code: CodeType) -> str:
    return f"{'/'.join(Path(code.co_filename).parts[-3:])}:{code.co_qualname}"


if __name__ == "__main__":
    count = sys.argv[1] == "--calls"
    out = sys.argv[1 + count]
    sys.argv = ["shixi", *sys.argv[2 + count :]]
    (_counted if count else _sampled)(out)
