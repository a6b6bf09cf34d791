"""People at work while there is trouble: students write, take back and hand in, a mentor approves, a coordinator
announces, readers acknowledge, the clock moves. What each of them did is kept, to be found again afterwards."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.faults.scale import dice, much
from tests.faults.yard import PATIENCE, Yard, find_button, text_of, until
from tests.people import Member, SchoolOf

WEEKS = 4
AT_ONCE = 6  # students who write at the same time
TAKES_BACK = 0.3  # of the logs handed in
SECTIONS = ("did", "learned", "stuck", "next")
MARKS = ("1. What I did ✓", "2. What I learned ✓", "3. Problems and questions ✓", "4. Next week ✓")


def _labels(message: dict[str, Any]) -> list[str]:
    return [b["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]


@dataclass
class Hand:
    """One person's hand and eye."""

    yard: Yard
    member: Member

    async def see(self, *words: str, button: str = "", after: int = 0) -> dict[str, Any]:
        """Wait for a message of the bot with all these words (and a button), the newest first."""

        async def look() -> dict[str, Any] | None:
            for message in reversed(self.yard.screen(self.member)):
                fits = message["from"]["is_bot"] and message["message_id"] > after
                fits = fits and all(word in text_of(message) for word in words)
                if fits and (not button or find_button(message, button)):
                    return message
            return None

        return await self.look(look, f"to see {words} [{button}]")

    async def look(self, look: Any, what: str) -> dict[str, Any]:
        """Wait for a message that `look` finds, and tell what was on the screen instead where it does not come."""
        try:
            found: dict[str, Any] = await until(look, f"{self.member.name} {what}")
        except AssertionError as error:
            seen = [
                (message["message_id"], text_of(message)[:200], _labels(message))
                for message in self.yard.screen(self.member)[-6:]
            ]
            left = await self.yard.rows(
                """SELECT update_id, reply, attempts, failure FROM inbox
                WHERE finished_at IS NULL OR failure IS NOT NULL"""
            )
            late = await self.yard.rows(
                """SELECT id, card, args, state, attempts FROM outbox
                WHERE person_id = :id AND unique_key LIKE 'reply:%' ORDER BY id DESC LIMIT 6""",
                id=self.member.id,
            )
            forms = await self.yard.rows(
                "SELECT form, step, version, active FROM drafts WHERE person_id = :id", id=self.member.id
            )
            raise AssertionError(
                f"{error}: {seen}, in the inbox {left}, answers put off {late}, form {forms}"
            ) from None
        return found

    async def press(self, message: dict[str, Any], label: str) -> None:
        """Press a button of a message that may have changed meanwhile."""
        data = find_button(message, label)
        path = f"chats/{self.member.phone.id}/press"
        done = await self.yard.telegram.post(path, message_id=message["message_id"], data=data, force=True)
        self.yard.presses.add(done["update_id"])

    async def write(self, text: str) -> None:
        await self.member.phone.acts("text", text=text)

    def last(self) -> int:
        return self.yard.screen(self.member)[-1]["message_id"]


@dataclass
class Shift:
    """Everybody at work, until there was trouble enough."""

    yard: Yard
    school: SchoolOf
    students: list[Member]
    what: str
    move: float = 20  # seconds that the clock moves in each second
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    handed_in: Counter[tuple[str, int]] = field(default_factory=Counter)
    announced: list[str] = field(default_factory=list)
    _writing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _written: asyncio.Event = field(default_factory=asyncio.Event)
    _said: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, trouble: Awaitable[Any]) -> None:
        """Work while the trouble lasts; what was begun is finished, answered and read."""
        done = asyncio.get_running_loop().create_task(self._move_clock())
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._until_over(trouble))
                group.create_task(self._write_all())
                group.create_task(self._approve())
                group.create_task(self._announce(dice(f"{self.what}: coordinator")))
                group.create_task(self._acknowledge())
        finally:
            done.cancel()
        await self.yard.rest()

    async def _until_over(self, trouble: Awaitable[Any]) -> None:
        await trouble
        self.enough.set()

    async def _move_clock(self) -> None:
        while True:
            await asyncio.sleep(1)
            await self.yard.move(seconds=self.move)

    async def _write_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for student in self.students:
                chance = random.Random(f"{self.what} {student.name} {self.students.index(student)}")
                group.create_task(self._write_weeks(Hand(self.yard, student), chance))
        self._written.set()

    async def _write_weeks(self, student: Hand, chance: random.Random) -> None:
        async with self._writing:
            for week in range(1, WEEKS + 1):
                if self.enough.is_set():
                    return
                await self._write_week(student, week, chance)
                await self._hand_in(student, week, chance)

    async def _write_week(self, student: Hand, week: int, chance: random.Random) -> None:
        """Open one of the earlier weeks and answer each question."""
        last, name = student.last(), student.member.name
        await student.write("/log")
        await student.press(await student.see("Week 5", button="Other weeks", after=last), "Other weeks")
        card = await student.see("still open", button=f"Week {week} ", after=last)
        await student.press(card, f"Week {week} ")
        await student.see(f"Week {week} ", "What did you do", after=last)
        for section, mark in zip(SECTIONS, MARKS, strict=True):
            await asyncio.sleep(chance.uniform(0.05, much(0.2, 0.5)))
            await student.write(f"{name} W{week} {section}")
            await student.see(f"Week {week} ", mark, after=last)
        await self._bring(student, week, "38 h", lambda card: "🕗 38 h" in text_of(card))

    async def _hand_in(self, student: Hand, week: int, chance: random.Random) -> None:
        """Hand the log in; some take it back first, unless the mentor was faster."""
        for takes_back in [True] * (chance.random() < TAKES_BACK) + [False]:
            card = await self._bring(student, week, "Hand it in", lambda card: "is with Ms Li" in text_of(card))
            self.handed_in[student.member.name, week] += 1
            if not takes_back or not find_button(card, "Take it back"):
                return
            card = await self._bring(student, week, "Take it back", lambda card: bool(find_button(card, "Hand it in")))
            if not find_button(card, "Hand it in"):
                return

    async def _bring(
        self, student: Hand, week: int, label: str, done: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        """Press a button of a week's newest card, again where the card has changed under it, until it is done.

        A card without buttons has been replaced by another one, which may stand further up. Ends also with an approval.
        """
        pressed: set[tuple[int, str]] = set()

        async def look() -> dict[str, Any] | None:
            about = [m for m in self.yard.screen(student.member) if f"week {week} " in text_of(m).lower()]
            cards = [m for m in about if m.get("reply_markup") or "approved" in text_of(m)]
            if not cards:
                return None
            card = cards[-1]
            if done(card) or "approved" in text_of(card):
                return card
            key = (card["message_id"], find_button(card, label) or "")
            if key[1] and key not in pressed:
                pressed.add(key)
                await student.press(card, label)
            return None

        return await student.look(look, f"to press {label} in week {week}")

    async def _approve(self) -> None:
        """Approve each log that arrives, with one press on its card."""
        mentor, pressed = Hand(self.yard, self.school.mentor), set[str]()

        async def look() -> bool:
            for message in self.yard.screen(mentor.member):
                data = find_button(message, "✅")
                if data and data not in pressed:
                    pressed.add(data)
                    await mentor.press(message, "✅")
            return await self.yard.count("logs WHERE state = 'approved'") == len(self.handed_in)

        await self._keep_on(look, self._written, "every log to be approved")

    async def _keep_on(self, look: Any, last: asyncio.Event, what: str) -> None:
        """Look again and again until the last has come, and then until everything that `look` wants is there."""
        while not last.is_set():
            await look()
            await asyncio.sleep(0.1)
        coming = await self.yard.count("outbox WHERE state = 'waiting'")  # a chat takes one message a second
        try:
            await until(look, what, PATIENCE + coming, every=0.1)
        except AssertionError as error:
            left = await self.yard.rows("SELECT card, state, count(*) AS n FROM outbox GROUP BY card, state")
            raise AssertionError(
                f"{error}: {coming} messages were to come, now {[tuple(row.values()) for row in left]}"
            ) from None

    async def _announce(self, chance: random.Random) -> None:
        """Announce something now and then to the students of the class, with acknowledgement."""
        coordinator = Hand(self.yard, self.school.coordinator)
        while not self.enough.is_set():
            last, text = coordinator.last(), f"Safety training {len(self.announced) + 1}."
            await coordinator.write("/announce")
            await coordinator.see("", after=last)
            await coordinator.write(text)
            await coordinator.press(await coordinator.see(text, button="☑ Ask for", after=last), "Send")
            self.announced.append(text)
            await coordinator.see("Sent ", "acknowledged", after=last)
            try:
                await asyncio.wait_for(self.enough.wait(), chance.uniform(1, 8))
            except TimeoutError:
                pass
        self._said.set()

    async def _acknowledge(self) -> None:
        """Let every student press "Got it" under each announcement."""
        pressed: set[tuple[int, int]] = set()

        async def look() -> bool:
            for student in self.students:
                for message in self.yard.screen(student):
                    key = (student.id, message["message_id"])
                    if find_button(message, "Got it") and key not in pressed:
                        pressed.add(key)
                        await Hand(self.yard, student).press(message, "Got it")
            expected = len(self.announced) * len(self.students)
            return await self.yard.count("announcement_recipients WHERE acknowledged_at IS NOT NULL") == expected

        await self._keep_on(look, self._said, "every announcement to be acknowledged")
