"""The whole round of all three roles, in both languages, as `docs/rounds.md` shows it."""

from __future__ import annotations

import pytest

from tests.rounds.lines import CHINESE, ENGLISH
from tests.rounds.play import play
from tests.rounds.write import TARGET

FACTS = {  # how many rows of each there are at the end
    "invitations WHERE revoked_at IS NOT NULL": 1,
    "students WHERE person_id IS NOT NULL": 3,
    "students WHERE suspended_at IS NOT NULL": 0,
    "placements": 3,
    "posts": 2,
    "applications WHERE state = 'declined'": 1,
    "applications WHERE state = 'confirmed'": 1,
    "reviews": 4,
    "remarks": 1,
    "chips": 1,
    "reviews WHERE stars = 4 AND hours = 38": 1,
    "logs": 3,
    "logs WHERE state = 'approved'": 2,
    "announcements WHERE state = 'sent'": 2,
    "announcement_recipients WHERE acknowledged_at IS NOT NULL": 1,
    "outbox WHERE card = 'announcement_again'": 2,
    "outbox WHERE card = 'missing_reminder'": 1,
    "outbox WHERE card = 'mentor_digest' AND state = 'sent'": 2,
    "outbox WHERE card = 'mentor_nudge' AND state = 'sent'": 1,
    "outbox WHERE card = 'escalation' AND state = 'sent'": 1,
    "outbox WHERE state IN ('failed', 'stopped')": 0,
    "inbox WHERE failure IS NOT NULL": 0,
}


@pytest.mark.parametrize("lines", [CHINESE, ENGLISH], ids=["zh", "en"])
async def test_the_whole_round_is_played_by_pressing_what_is_shown(world, tmp_path, lines):
    """From the first link to the answered log and the acknowledged announcement, nothing is out of reach."""
    stage = await play(world, lines, tmp_path)

    async def count(what: str) -> int:
        return (await world.database.read(lambda tx: tx.one(f"SELECT count(*) AS n FROM {what}")))["n"]

    facts = {what: await count(what) for what in FACTS}
    assert FACTS == facts
    assert lines.praise in stage.text()


def test_the_written_rounds_hold_both_languages():
    """The document is there, in Chinese and in English, and holds no working link."""
    text = TARGET.read_text(encoding="utf-8")
    assert all(f"# {lines.language}\n" in text for lines in (CHINESE, ENGLISH))
    assert "start=…" in text
