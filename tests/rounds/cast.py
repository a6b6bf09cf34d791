"""Everybody who plays in a round, and the command line beside the stage."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.conftest import TOKEN
from tests.process import ROOT
from tests.rounds.lines import Lines
from tests.rounds.stage import Actor, Stage


@dataclass
class Cast:
    """The stage, the words, and the people: `spare` is a student whose plans change, `phone` her new telephone."""

    stage: Stage
    lines: Lines
    folder: Path
    boss: Actor
    tutor: Actor
    deputy: Actor
    student: Actor
    other: Actor
    spare: Actor
    phone: Actor

    @classmethod
    async def meet(cls, stage: Stage, lines: Lines, folder: Path) -> Cast:
        """Bring everybody onto the stage."""
        spare = lines.roster[1][1]
        names = {
            "boss": (lines.boss, "🏫"),
            "tutor": (lines.tutor, "🔧"),
            "deputy": (lines.deputy, "🔩"),
            "student": (lines.student, "🎓"),
            "other": (lines.other, "🧑"),
            "spare": (spare, "👩"),
            "phone": (lines.say(f"{spare}的新手机", f"{spare}'s new phone"), "📱"),
        }
        called = {"phone": spare}
        people = {
            part: await stage.actor(name, sign, lines.code, called.get(part, ""))
            for part, (name, sign) in names.items()
        }
        return cls(stage, lines, folder, **people)

    def scene(self, number: int, chinese: str, english: str) -> None:
        """Begin a scene."""
        self.stage.scene(f"{number}. {self.lines.say(chinese, english)}")

    async def time_passes(self, chinese: str, english: str, **by: object) -> None:
        """Let time pass, with the narrator's words."""
        await self.stage.time_passes(self.lines.say(chinese, english), **by)

    async def imports(self, what: str, *rows: str) -> None:
        """Import a small file, and write down what is printed."""
        file = self.folder / f"{what}.csv"
        await asyncio.to_thread(file.write_text, "\n".join(rows), "utf-8")
        await self.shixi("import", what, file.name, "--language", self.language)

    @property
    def language(self) -> str:
        """The language as the command line calls it."""
        return self.lines.say("zh_Hans", "en")

    async def shixi(self, *words: str) -> str:
        """Run `shixi` on the world's database, at the world's time, and return what it prints."""
        world = self.stage.world
        offset = (world.clock() - datetime.now(UTC)).total_seconds()
        clock = self.folder / "clock.json"
        await asyncio.to_thread(clock.write_text, json.dumps({"offset_seconds": offset}), "utf-8")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *words,
            cwd=self.folder,
            env=os.environ
            | {
                "PYTHONPATH": str(ROOT),
                "SHIXI_TOKEN": TOKEN,
                "SHIXI_API_URL": world.settings.api_url,
                "SHIXI_DATABASE_URL": world.settings.database_url,
                "SHIXI_FILES": str(world.settings.files),
                "SHIXI_CLOCK_FILE": str(clock),
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed = (await process.communicate())[0].decode()
        shown = " ".join(words).removesuffix(f" --language {self.language}")
        self.stage.lines += [f"```\n$ shixi {shown}\n{printed.strip()}\n```\n"]
        await world.settle()
        await self.stage.watch()
        return printed
