"""Rooms that tests put into a running bot: they count, they fail, they wait, as a test needs it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from bot.routes import Command
from bot.send import Button, Message, Show


def put_command(world, name: str, run: Callable[..., Any]) -> None:
    """Let everybody use a command."""
    world.house.routes.commands[name] = Command(run, None, lays_aside=False, open_to_all=True)


class Counter:
    """A command whose effect is one more row; how often it fails before and after the effect can be told."""

    def __init__(self, world, name: str = "count", *, before: int = 0, after: int = 0, drawing: int = 0) -> None:
        self.world, self.name = world, name
        self.before, self.after, self.drawing = before, after, drawing
        self.runs = 0
        put_command(world, name, self.run)
        world.house.routes.cards[name] = self.draw

    async def run(self, context, words: str) -> Show:
        self.runs += 1
        if self.before:
            self.before -= 1
            raise RuntimeError("before the effect")

        async def work(tx) -> Show:
            await tx.run(
                """INSERT INTO acts (at, actor_id, act, subject_kind, subject_id)
                VALUES (:now, :me, :name, :words, 1)""",
                now=context.now,
                me=context.person.id,
                name=self.name,
                words=words,
            )
            return Show(self.name)

        show = await context.write(work)
        if self.after:
            self.after -= 1
            raise RuntimeError("after the effect")
        return show

    async def draw(self, view) -> Message:
        if self.drawing:
            self.drawing -= 1
            raise AttributeError("in the card")
        return Message(Markup("{} effects").format(len(await self._rows(view.tx))), ((Button("Again", "home:0:0:"),),))

    async def _rows(self, tx) -> list[Any]:
        return await tx.all("SELECT subject_kind FROM acts WHERE act = :name ORDER BY id", name=self.name)

    async def effects(self) -> list[str]:
        """What stands behind the command each time that it had its effect."""
        return [row["subject_kind"] for row in await self.world.database.read(self._rows)]


class Gate:
    """A command that waits until the test lets it through."""

    def __init__(self, world, name: str = "gate") -> None:
        self.entered, self.open = asyncio.Event(), asyncio.Event()
        put_command(world, name, self.run)

    async def run(self, _context, _words: str) -> Show:
        self.entered.set()
        await self.open.wait()
        return Show("home")
