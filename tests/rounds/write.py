"""Plays both rounds against the simulator and writes docs/rounds.md: `make rounds`."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from simulator.server import Simulator
from tests.conftest import GENEROUS, MovedClock, World, settings_for
from tests.process import ROOT
from tests.rounds.lines import CHINESE, ENGLISH, Lines
from tests.rounds.play import play

TARGET = ROOT / "docs" / "rounds.md"
HEAD = """# The round, as it appears on the phones

Written by `make rounds`, which plays the round against the simulator; nothing here is typed by hand. 🏫 is the
coordinator's phone, 🔧 and 🔩 two mentors', 🎓, 🧑 and 👩 three students', 📱 the new phone of the third. An arrow is
what a person sends, a quotation what the bot shows then: a new message, or a card that changed in place.
"""


async def transcript(lines: Lines) -> str:
    """Play one round in a world of its own and return it as Markdown."""
    with tempfile.TemporaryDirectory() as name:
        folder, clock = Path(name), MovedClock()
        simulator = Simulator(clock=clock, limits=GENEROUS)
        await simulator.start()
        world = World(simulator, settings_for(simulator.url, folder), clock)
        await world.start()
        try:
            stage = await play(world, lines, folder)
        finally:
            await world.close()
        return stage.text()


async def whole() -> str:
    """Return the whole document."""
    parts = [f"# {lines.language}\n\n{await transcript(lines)}" for lines in (CHINESE, ENGLISH)]
    return "\n".join([HEAD, *parts])


if __name__ == "__main__":
    TARGET.write_text(asyncio.run(whole()), encoding="utf-8")
