"""Where a bot is measured: the fake Telegram on one core, the bot as a process of its own on the other."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psutil

from tests.bench.crowd import Manner, Step

ROOT = Path(__file__).parent.parent.parent
LOOK_EVERY = 0.05  # seconds
LONGEST = 600.0  # seconds for which a crowd may take

OURS, THEIRS = 0, 1  # cores: of the fake and of whoever is measured


class Stuck(Exception):
    """A bot that is measured did not do what it should; the text says what."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one run of one bot gave."""

    updates: int
    seconds: float
    cpu: float  # seconds
    calls: Mapping[str, int]
    waits: Sequence[float]  # seconds to each update's card
    lone: Sequence[float]  # seconds to the last call of each update, one at a time

    @property
    def per_second(self) -> float:
        return self.updates / self.seconds

    @property
    def cpu_us(self) -> float:
        """CPU time of an update, in microseconds."""
        return self.cpu / self.updates * 1e6

    @property
    def calls_per_update(self) -> float:
        return sum(self.calls.values()) / self.updates


def pin(pid: int, core: int) -> None:
    """Keep a process on one core, where the machine can and has two."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(pid, {core})


class Fake:
    """The fake Telegram, started and spoken to."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.bench.fake"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        pin(self._process.pid, OURS)
        pin(os.getpid(), OURS)
        assert self._process.stdout is not None
        self._connection = http.client.HTTPConnection("127.0.0.1", int(self._process.stdout.readline()))
        self.url = f"http://127.0.0.1:{self._connection.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        end(self._process)

    def ask(self, verb: str, **wanted: Any) -> dict[str, Any]:
        self._connection.request("POST", f"/control/{verb}", json.dumps(wanted), {"Content-Type": "application/json"})
        answer: dict[str, Any] = json.loads(self._connection.getresponse().read())
        return answer

    def until(self, what: str, bot: Bot) -> dict[str, Any]:
        """Wait until something is so."""
        deadline = time.monotonic() + LONGEST
        while not (status := self.ask("status"))[what]:
            if bot.process.poll() is not None or time.monotonic() > deadline or status["stuck"]:
                raise Stuck(f"{what} is not reached: {status['stuck'][:1]}\n{bot.said()[-3000:]}")
            time.sleep(LOOK_EVERY)
        return status


class Bot:
    """A bot under measurement."""

    def __init__(self, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        self._log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**os.environ, **(environment or {})},
                stdout=output,
                stderr=output,
            )
        pin(self.process.pid, THEIRS)
        self._ps = psutil.Process(self.process.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        end(self.process)

    def cpu(self) -> float:
        """CPU seconds used up to now."""
        times = self._ps.cpu_times()
        return times.user + times.system

    def megabytes(self) -> float:
        """Memory that is in use."""
        return self._ps.memory_info().rss / 2**20

    def said(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")


def end(process: subprocess.Popen[Any]) -> None:
    """End a process as an administrator does."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def measure(
    fake: Fake,
    bot: Bot,
    people: Iterable[int],
    script: Sequence[Step],
    *,
    times: int = 1,
    manner: Manner = Manner.ANSWERED,
) -> Sample:
    """Let people talk to a running bot, and measure it."""
    fake.until("polling", bot)
    before = bot.cpu()
    fake.ask("begin", people=list(people), script=script, times=times, manner=manner)
    status = fake.until("done", bot)
    cpu = bot.cpu() - before
    if status["stuck"]:
        raise Stuck(status["stuck"][0])
    return Sample(status["updates"], status["seconds"], cpu, status["calls"], status["waits"], status["lone"])
