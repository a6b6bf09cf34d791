"""The journal: lines with ids by which an update can be followed, and without anything that people wrote."""

from __future__ import annotations

import io
import json
import logging

import pytest

from bot.errors import set_up_journal
from bot.send import Show
from storage import people
from tests.bot.rooms import put_command
from tests.bot.test_outbox import Card

SAID = "the patient in bed 12"


class Journal(io.StringIO):
    """Where the program's lines go, one object each."""

    @property
    def text(self) -> str:
        return self.getvalue()

    def lines(self, event: str) -> list[dict]:
        """Those of one kind."""
        return [line for line in map(json.loads, self.text.splitlines()) if line["event"] == event]


@pytest.fixture
def journal(monkeypatch):
    """A journal at its most talkative."""
    journal = Journal()
    monkeypatch.setattr("sys.stderr", journal)
    set_up_journal("DEBUG", "json")
    yield journal
    logging.basicConfig(handlers=[], level="WARNING", force=True)
    logging.captureWarnings(capture=False)


async def id_of(world, phone) -> int:
    return (await world.database.read(lambda tx: people.by_telegram_id(tx, phone.id))).id


async def test_each_update_says_whose_it_was_and_what_they_did(world, journal):
    """Update, person, what was done, how it ended and how long it took; never the words."""
    ann = await world.phone("Wang Xiaoming")
    await ann.sends("/language")
    await ann.presses("English")
    await ann.sends(f"/nonsense {SAID}")
    await ann.sends(SAID)
    done = journal.lines("update.done")
    person = await id_of(world, ann)
    assert [("message", "command:language"), ("callback_query", "press:settings.language"), ("message", "")] == [
        (line["kind"], line.get("act", "")) for line in done[:3]
    ]
    assert "text" == done[3]["act"]
    assert {(person, "answered")} == {(line["person"], line["outcome"]) for line in done}
    assert 4 == len({line["update"] for line in done})
    assert all(0 < line["ms"] < 20_000 for line in done)
    assert [] == [word for word in ("Xiaoming", "nonsense", "bed 12") if word in journal.text]


async def test_what_fails_can_be_found_by_its_id(world, journal):
    """The id that the person reads leads to the update, the person, the act and the lines of code; not to the words."""

    async def stumble(_context, words: str) -> Show:
        raise ValueError(f"invalid literal for int() with base 10: {words!r}")

    ann = await world.phone("Wang Xiaoming")
    put_command(world, "stumble", stumble)
    await ann.sends(f"/stumble {SAID}")
    (line,) = journal.lines("update.set_aside")
    assert line["failure"] in await ann.reads()
    assert (await id_of(world, ann), "command:stumble", "error") == (line["person"], line["act"], line["level"])
    assert "invalid literal for int() with base 10: …" in line["exception"]
    assert "in stumble" in line["exception"]
    assert [line["update"]] * 3 == [failed["update"] for failed in journal.lines("update.failed")]
    assert [] == [word for word in ("Xiaoming", "bed 12") if word in journal.text]


async def test_one_updates_ids_do_not_stick_to_the_next(world, journal):
    """The next update of the same lane begins without a person and an act."""
    ann = await world.phone("Ann")
    await ann.sends("/language")
    await world.telegram.post("raw", update={"message": {"message_id": "x", "from": {"id": ann.id}}})
    await world.settle()
    (line,) = journal.lines("update.set_aside")
    assert {"update", "failure"} == {"update", "failure", "person", "act"} & set(line)


async def test_a_message_says_its_letter_card_and_person(world, journal):
    """Also where it fails, and neither what it says nor what its card was about to say."""
    ann = await world.phone("Wang Xiaoming")
    await ann.sends("/start")
    card = Card(world)
    card.text = SAID
    await card.send(ann)
    card.raises = LookupError(f"nobody wrote '{SAID}'")
    await card.send(ann, 2)
    person = await id_of(world, ann)
    (done,) = journal.lines("outbox.done")
    failed = journal.lines("outbox.failed")
    assert ("note", person, "sent") == (done["card"], done["person"], done["outcome"])
    assert {("note", person)} == {(line["card"], line["person"]) for line in failed}
    assert done["letter"] != failed[0]["letter"]
    assert all(line["failure"] for line in failed)
    assert [] == [word for word in ("Xiaoming", "bed 12") if word in journal.text]


async def test_what_a_database_adds_to_its_error_is_left_out(journal):
    """PostgreSQL names the row that was there already; the constraint is enough."""

    def raise_both() -> None:
        try:
            {}[SAID]
        except KeyError as error:
            words = f'duplicate key value violates constraint "students_number"\nDETAIL:  Key (number)=({SAID}) exists.'
            raise ExceptionGroup("two", [RuntimeError(words), ValueError("plain words")]) from error

    try:
        raise_both()
    except ExceptionGroup:
        logging.getLogger("somewhere").exception("no luck")
    (line,) = journal.lines("no luck")
    assert "duplicate key value violates constraint" in line["exception"]
    assert "plain words" in line["exception"]
    assert "in raise_both" in line["exception"]
    assert "bed 12" not in line["exception"]


def test_lines_for_people_are_key_and_value(capsys):
    """Without the setting a line is read without a tool."""
    set_up_journal("INFO")
    logging.getLogger("somewhere").warning("watch out")
    logging.getLogger("somewhere").debug("not now")
    said = capsys.readouterr().err
    logging.basicConfig(handlers=[], level="WARNING", force=True)
    logging.captureWarnings(capture=False)
    assert 'level=warning logger=somewhere event="watch out"' in said
    assert 1 == len(said.splitlines())
