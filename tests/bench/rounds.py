"""Bots in turn: in every round each of them is started, warmed, loaded, and asked one update at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.bench.crowd import Manner, Step
from tests.bench.hall import Hall
from tests.bench.stage import Bot, Fake, Sample, measure
from tests.bench.table import Row, row_of

FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Load:
    """How many people do a script, how often: to warm up, all at once, and one update at a time."""

    script: Sequence[Step]
    manner: Manner
    warm: int
    at_once: int
    alone: int
    times: int = 1

    @property
    def people(self) -> int:
        """How many people a round needs."""
        return self.warm + self.at_once + self.alone


@dataclass(frozen=True, slots=True)
class Contestant:
    """A bot that takes part; `people` gives those of a round, fresh ones where a script cannot be done twice."""

    name: str
    start: Callable[[], Bot]
    load: Load
    people: Callable[[int], Sequence[int]]


ECHO = (("say", "How to find a vein on an older arm, and that asking the patient first saves time."),)
ECHO_LOAD = Load(ECHO, Manner.EAGER, warm=50, at_once=400, alone=20, times=3)
SLOW_ECHO_LOAD = Load(ECHO, Manner.EAGER, warm=20, at_once=200, alone=30)


def rivals(hall: Hall, calls: float, *, everybody: bool) -> list[Contestant]:
    """The floors, or everybody whom ours is measured against, with as many calls as ours makes, and with one."""

    def contestant(name: str, rival: str, calls: float, load: Load) -> Contestant:
        command = ["-m", "tests.bench.rivals", rival, hall.fake.url, str(calls)]
        return Contestant(name, lambda: Bot(command, hall.folder / "rival.log"), load, lambda _round: range(1, 1000))

    floors = [
        contestant(FLOOR, "floor", calls, ECHO_LOAD),
        contestant("floor on our send", "own_send", calls, ECHO_LOAD),
        contestant("floor on our send and event loop", "own_loop", calls, ECHO_LOAD),
    ]
    if not everybody:
        return floors
    return [
        *floors,
        contestant("python-telegram-bot as shipped", "shipped", calls, SLOW_ECHO_LOAD),
        contestant("aiogram", "aiogram", calls, ECHO_LOAD),
        contestant("python-telegram-bot as shipped, one call", "shipped", 1, SLOW_ECHO_LOAD),
        contestant("aiogram, one call", "aiogram", 1, ECHO_LOAD),
    ]


def beside_rivals(
    hall: Hall,
    name: str,
    database_url: str,
    load: Load,
    people: Callable[[int], Sequence[int]],
    *,
    everybody: bool = False,
) -> list[Row]:
    """Measure ours beside the rivals; a round before the first says how many calls it makes for an update."""
    us = Contestant(name, lambda: hall.start(database_url), load, people)
    calls = run_once(hall.fake, us, hall.rounds).calls_per_update
    hall.say(f"{name}: {calls:.2f} calls for an update, so the floor makes as many")
    rows = play(hall.fake, [us, *rivals(hall, calls, everybody=everybody)], hall.rounds, hall.say)
    return [replace(row, name=f"{name}: {'ours' if row.name == name else row.name}") for row in rows]


def run_once(fake: Fake, contestant: Contestant, number: int) -> Sample:
    """Let one bot do one round; the sample has the load's speed and the lone updates' times."""
    load, people = contestant.load, contestant.people(number)
    warm, at_once, alone = _shares(people, load.warm, load.at_once, load.alone)
    with contestant.start() as bot:
        measure(fake, bot, warm, load.script, manner=load.manner)
        loaded = measure(fake, bot, at_once, load.script, times=load.times, manner=load.manner)
        lone = measure(fake, bot, alone, load.script, manner=Manner.ALONE)
    return Sample(loaded.updates, loaded.seconds, loaded.cpu, loaded.calls, loaded.waits, lone.lone)


def _shares(people: Sequence[int], *sizes: int) -> Iterable[Sequence[int]]:
    start = 0
    for size in sizes:
        yield people[start : start + size]
        start += size


def play(fake: Fake, contestants: Sequence[Contestant], rounds: int, say: Callable[[str], None]) -> list[Row]:
    """Let everybody do every round, beginning with another one each time, and summarise."""
    samples: Mapping[str, list[Sample]] = {contestant.name: [] for contestant in contestants}
    for number in range(rounds):
        first = number % len(contestants)
        for contestant in (*contestants[first:], *contestants[:first]):
            sample = run_once(fake, contestant, number)
            samples[contestant.name].append(sample)
            say(f"round {number + 1}: {contestant.name}: {sample.per_second:.0f}/s, {sample.cpu_us:.0f} µs")
    return [row_of(contestant.name, samples[contestant.name], samples[FLOOR]) for contestant in contestants]
