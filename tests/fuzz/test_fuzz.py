"""A fuzzer: three roles, a second school and strangers do anything at all, and the bot stands it.

`make test` plays the same few plays on either database at every run. `make fuzz` (`SHIXI_FUZZ=long`) plays many longer
ones from a new seed, which it prints; `make fuzz SEED=… PLAYS=…` repeats them.
"""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.app import all_routes
from tests.databases import KINDS
from tests.fuzz import words
from tests.fuzz.play import Play

LONG = os.environ.get("SHIXI_FUZZ") == "long"
PLAYS, STEPS = (int(os.environ.get("SHIXI_FUZZ_PLAYS", "100")), 50) if LONG else (4, 20)
VERBS = sorted(all_routes().verbs)

# The first three of the cast (a placed student, her mentor, the coordinator) have most to do.
who = st.one_of(st.integers(0, 2), st.integers(0, 3), st.integers(0, 11))
pick = st.integers(0, 200)
MEDIA = ("photo", "document", "voice", "video", "sticker", "location", "contact")


class Rehearsal(RuleBasedStateMachine):
    """Anybody does anything."""

    kind = ""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="shixi-fuzz-")
        self.chance: random.Random | None = None
        self.play = Play.open(self.kind, Path(self.folder.name))

    @initialize(seed=st.integers(0, 2**32 - 1))
    def begin(self, seed: int) -> None:
        """Say what goes on besides."""
        self.chance = random.Random(seed)

    @invariant()
    def life_goes_on(self) -> None:
        """Between any two disturbances somebody does what they are here for."""
        if self.chance is not None:
            self.play.stroll(self.chance)

    @rule(who=who, pick=pick)
    def press(self, who: int, pick: int) -> None:
        """Press a button of the newest card."""
        self._press(who, pick, newest=True)

    @rule(who=who, pick=pick)
    def press_any(self, who: int, pick: int) -> None:
        """Press a button of any message that is there."""
        self._press(who, pick, newest=False)

    def _press(self, who: int, pick: int, *, newest: bool) -> None:
        there = self.play.carrying(who)
        if newest and there:
            there = [seen for seen in there if seen.message_id == there[0].message_id]
        if there:
            seen = there[pick % len(there)]
            self.play.does(who, "press", message_id=seen.message_id, data=seen.data)

    @rule(who=who, pick=st.integers(0, 5000))
    def press_old(self, who: int, pick: int) -> None:
        """Press a button as it once was, one's own or somebody else's, where it is not any more."""
        seen = self.play.buttons[pick % len(self.play.buttons)]
        self.play.does(who, "press", message_id=seen.message_id, data=seen.data, force=True)

    @rule(who=who, data=words.forged(VERBS))
    def forge(self, who: int, data: str) -> None:
        """Press what was never a button."""
        card = self.play.newest(who)
        self.play.does(who, "press", message_id=card["message_id"] if card else 1, data=data, force=True)

    @rule(who=who, text=words.texts)
    def say(self, who: int, text: str) -> None:
        """Type something."""
        self.play.does(who, "text", text=text)

    @rule(who=who, text=words.texts, pick=pick)
    def answer(self, who: int, text: str, pick: int) -> None:
        """Press something and type something."""
        self._press(who, pick, newest=True)
        self.play.does(who, "text", text=text)

    @rule(who=who, command=words.commands)
    def command(self, who: int, command: str) -> None:
        """Use a command, one's own role's or another one's."""
        self.play.does(who, "text", text=command)

    @rule(who=who, kind=st.sampled_from(MEDIA), caption=words.texts)
    def send(self, who: int, kind: str, caption: str) -> None:
        """Send what is no text."""
        self.play.does(who, kind, caption=caption[:1000])

    @rule(who=who, count=st.integers(2, 10))
    def send_album(self, who: int, count: int) -> None:
        """Send an album, which is answered once."""
        self.play.does(who, "photo", count=count)

    @rule(who=who, size=st.sampled_from([0, 1, 20 * 2**20 + 1, 50 * 2**20]), name=words.texts)
    def send_file(self, who: int, size: int, name: str) -> None:
        """Send a file of any size and name."""
        self.play.does(who, "document", size=size, file_name=name[:200])

    @rule(who=who, pick=pick, text=words.texts)
    def edit(self, who: int, pick: int, text: str) -> None:
        """Edit one of one's own messages."""
        mine = [
            number
            for number, entry in self.play.chat(who).messages.items()
            if not entry.outgoing and entry.body.keys() & {"text", "caption", "photo", "document"}
        ]
        if mine:
            self.play.does(who, "edit", message_id=mine[-1 - pick % min(len(mine), 5)], text=text)

    @rule(who=who, pick=pick)
    def delete(self, who: int, pick: int) -> None:
        """Delete any message; the bot does not hear of it."""
        there = list(self.play.chat(who).messages)
        if there:
            self.play.does(who, "delete", message_id=there[-1 - pick % min(len(there), 6)])

    @rule(who=who, whose=who, text=words.texts)
    def forward(self, who: int, whose: int, text: str) -> None:
        """Forward somebody's words."""
        self.play.does(who, "text", text=text, forward={"from": self.play.chat(whose).id})

    @rule(who=who, pick=pick, text=words.texts)
    def reply(self, who: int, pick: int, text: str) -> None:
        """Reply to any message."""
        there = list(self.play.chat(who).messages)
        if there:
            self.play.does(who, "text", text=text, reply_to_message_id=there[-1 - pick % len(there)])

    @rule(who=who, pick=pick)
    def open_link(self, who: int, pick: int) -> None:
        """Open an invitation that somebody was shown."""
        self.play.open_link(who, pick)

    @rule(first=who, second=who, pick=pick, text=words.texts)
    def at_once(self, first: int, second: int, pick: int, text: str) -> None:
        """Let two people press and a third write at the same moment."""
        acts = []
        for one in (first, second):
            if there := self.play.carrying(one):
                seen = there[pick % len(there)]
                acts.append((one, "press", {"message_id": seen.message_id, "data": seen.data}))
        self.play.do(*acts, (pick, "text", {"text": text}))

    @rule(who=who)
    def stop_or_come_back(self, who: int) -> None:
        """Block the bot, or start it again."""
        what = "unblock" if self.play.chat(who).blocked else "block"
        self.play.does(who, what, answered=False)

    @rule(minutes=st.sampled_from([1, 61, 300, 1440, 3 * 1440, 8 * 1440, 30 * 1440]))
    def wait(self, minutes: int) -> None:
        """Let time go by."""
        self.play.move(minutes=minutes)

    @rule(dice=st.integers(0, 5))
    def restart(self, dice: int) -> None:
        """Now and then, stop the bot and start it again."""
        if dice == 5:
            self.play.restart()

    def teardown(self) -> None:
        """Everybody finds home, and the records are as they must be."""
        try:
            self.play.check_records()
            self.play.check_ways_out()
            self.play.check_records()
        finally:
            self.play.close()
            self.folder.cleanup()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.timeout(24 * 3600 if LONG else 300)
def test_whatever_people_do_the_bot_stands_it(kind):
    """No error, no silence, no leak, no dead end, and the invariants hold."""
    machine = type("Rehearsal", (Rehearsal,), {"kind": kind})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=PLAYS,
            stateful_step_count=STEPS,
            derandomize=not LONG,
            database=None,
            deadline=None,
            phases=[Phase.generate],  # a play is long: its seed repeats it, no shorter one is looked for
            suppress_health_check=list(HealthCheck),
        ),
    )
