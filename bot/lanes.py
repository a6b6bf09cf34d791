"""Lanes: each person's updates one by one in the order of sending, different people's side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.floods import Floods
    from storage.inbox import Item

KEPT = 1000  # updates of a flood that stay in the inbox until it is over, so that a restart can look at them again

Parcel: TypeAlias = "tuple[Item, dict[str, Any], float]"  # and when it arrived


@dataclass(slots=True)
class _Lane:
    waiting: deque[tuple[float | None, Parcel]] = field(default_factory=deque)  # with the turn of a held one
    refused: list[int] = field(default_factory=list)  # while there are any, nothing more is taken
    dismissed: int = 0
    task: asyncio.Task[None] | None = None
    resting: bool = False


class Lanes:
    """What is in hand, by sender: at most `workers` at once, nobody faster than one person may be."""

    def __init__(self, floods: Floods, workers: int, work: Callable[[Parcel], Awaitable[None]]) -> None:
        self.floods = floods
        self._work = work
        self._room = asyncio.Semaphore(workers)
        self._lanes: dict[int, _Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._held = 0
        self.in_hand = 0
        self.rest: Callable[[float], Awaitable[None]] = asyncio.sleep
        self.after_each: Callable[[], None] = lambda: None

    @property
    def busy(self) -> bool:
        """Whether anything is in hand, or a flood is not over."""
        return bool(self._lanes)

    @property
    def ready(self) -> int:
        """How much is in hand that no sender's own pace holds back."""
        return self.in_hand - self._held

    async def add(self, sender: int, parcel: Parcel) -> None:
        """Put an update behind the others of its sender, or refuse it in a flood."""
        lane = self._lanes.get(sender)
        if lane is not None and lane.refused:
            await self._refuse(lane, parcel)
            return
        turn = await self.floods.turn(sender)
        lane = self._lanes.get(sender) or self._open(sender)
        if turn is None:
            await self._refuse(lane, parcel)
            return
        held = self.floods.monotonic() < turn
        self.in_hand += 1
        self._held += held
        lane.waiting.append((turn if held else None, parcel))

    async def stop(self) -> None:
        """Let what is under way finish, for a few seconds; the rest waits in the inbox."""
        for lane in self._lanes.values():
            lane.waiting.clear()
            lane.refused.clear()
            if lane.resting and lane.task:
                lane.task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)

    def _open(self, sender: int) -> _Lane:
        lane = self._lanes[sender] = _Lane()
        lane.task = asyncio.get_running_loop().create_task(self._work_off(sender, lane), name=f"lane-{sender}")
        self._tasks.add(lane.task)
        lane.task.add_done_callback(self._tasks.discard)
        return lane

    async def _refuse(self, lane: _Lane, parcel: Parcel) -> None:
        lane.refused.append(parcel[0].update_id)
        if len(lane.refused) > KEPT:
            *most, last = lane.refused
            lane.refused = [last]
            lane.dismissed += len(most)
            await self.floods.dismiss(most)

    async def _work_off(self, sender: int, lane: _Lane) -> None:
        while lane.waiting or lane.refused:
            if lane.waiting:
                turn, parcel = lane.waiting.popleft()
                if turn is not None:
                    await self._rest(lane, turn)
                async with self._room:
                    await self._work(parcel)
                self.in_hand -= 1
            else:
                refused, lane.refused = lane.refused, []
                dismissed, lane.dismissed = lane.dismissed, 0
                await self.floods.end(sender, refused, dismissed)
            self.after_each()
        del self._lanes[sender]

    async def _rest(self, lane: _Lane, turn: float) -> None:
        lane.resting = True
        await self.rest(max(turn - self.floods.monotonic(), 0))
        lane.resting = False
        self._held -= 1
