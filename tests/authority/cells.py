"""One press each: who presses which button about whose affairs, what has to come of it, and what did."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any

from domain.people import Language
from tests.authority.people import ACTORS, LACKING, refusal_at_the_gate
from tests.authority.rules import Rule
from tests.authority.school import CHINESE, Place, Thing

ANSWERED, GONE, STALE = "answered", "button.gone", "button.stale"
NOTHING = Thing(987_654_321)
MARK = re.compile(r"(?<![A-Za-z0-9_=-])q[A-Z][a-z0-9]*(?:-[a-z]+)?")


@dataclass
class Cell:
    """A press, or a command, and what has to come of it: `ANSWERED`, or the id of the sentence that refuses."""

    actor: str
    whose: str
    what: str
    data: str
    subject: int
    expected: str
    update: int = 0
    query: str = ""
    calls: list[dict[str, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.actor} presses {self.data} ({self.whose}), which is to be {self.expected}"

    @property
    def is_attempt(self) -> bool:
        """Whether it has to be recorded."""
        return self.expected not in {ANSWERED, STALE, "access.agree_first"}

    @property
    def toast(self) -> str:
        """What the press was answered with."""
        answers = [call["parameters"] for call in self.calls if call["method"] == "answerCallbackQuery"]
        assert 1 == len(answers), (str(self), answers)
        return answers[0].get("text", "")


def cells_of(place: Place, verb: str, rule: Rule) -> list[Cell]:
    """Every actor's press of a verb on everybody's affairs, and on something that does not exist."""
    return [
        _cell(place, verb, rule, name, whose, owner, standing)
        for name, actor in ACTORS.items()
        for whose, (owner, standing) in {**actor.whose, "nothing": ("", "")}.items()
    ]


def _cell(place: Place, verb: str, rule: Rule, name: str, whose: str, owner: str, standing: str) -> Cell:
    things = place.affairs[owner].things if owner else {}
    thing = things.get(rule.about, NOTHING) if rule.about else NOTHING
    expected = refusal_at_the_gate(ACTORS[name], rule.gate)
    if not expected and rule.about and not set(rule.may.split()) & set(standing.split()):
        expected = STALE if rule.kept else GONE
    rest = rule.rest.format(**{word: thing.id for word, thing in things.items()} or dict.fromkeys(_WORDS, 1))
    rest = rest or thing.rest if rule.rest else rest
    version = _version(place, verb, name, thing)
    return Cell(name, whose, verb, f"{verb}:{thing.id}:{version}:{rest}", thing.id, expected or ANSWERED)


_WORDS = ("class", "enterprise", "school", "colleague")


def _version(place: Place, verb: str, name: str, thing: Thing) -> int:
    return place.newest_invitation.get(name, 0) if verb.startswith("invite.") else thing.version


async def press_all(place: Place, cells: list[Cell]) -> None:
    """Press all of them on each actor's newest message, and collect what the bot answered to whom."""
    before = place.world.simulator.calls.count
    await asyncio.gather(*(_press(place, cell) for cell in cells))
    await place.world.settle()
    calls = await place.world.telegram.calls(since=before)
    for cell in cells:
        chat = place.people[cell.actor].phone.id
        cell.calls = [
            call
            for call in calls
            if call["parameters"].get("callback_query_id") == cell.query
            or (call["method"] != "answerCallbackQuery" and call["chat_id"] == chat)
        ]


async def _press(place: Place, cell: Cell) -> None:
    phone = place.people[cell.actor].phone
    answer = await place.world.telegram.post(
        f"chats/{phone.id}/press", message_id=place.messages[cell.actor], data=cell.data, force=True
    )
    cell.query = answer["callback_query_id"]


def leaked(cells: list[Cell]) -> list[str]:
    """Marks of others that an actor got to read, with the press after which it came."""
    found = []
    for cell in cells:
        allowed = {f"q{word}" for word in (cell.actor.title(), *ACTORS[cell.actor].sees.split())}
        read = set(MARK.findall(json.dumps([call["parameters"] for call in cell.calls], ensure_ascii=False)))
        if read - allowed:
            found.append(f"{cell}: {sorted(read - allowed)}")
    return found


def said_to(place: Place, actor: str, msgid: str) -> str:
    """A sentence in the language of whoever reads it."""
    language = Language.CHINESE if actor in CHINESE else Language.ENGLISH
    return place.world.house.texts[language].plain(msgid)


def refusals(place: Place, actor: str, *, stale: bool) -> set[str]:
    """What keeps people out, in this reader's language; also, if that is meant, that a button is out of date."""
    ids = {GONE, "access.suspended", "access.nobody", "access.agree_first", *LACKING.values(), *([STALE] * stale)}
    return {said_to(place, actor, id_) for id_ in ids}


def unescaped(cells: list[Cell]) -> list[str]:
    """Texts in which a tag that somebody wrote went out as a tag; buttons and toasts are plain text."""
    calls = [call for cell in cells for call in cell.calls if call["method"] != "answerCallbackQuery"]
    texts = [str({**call["parameters"], "reply_markup": None}) for call in calls]
    return [text for text in texts if "<u>" in text]
