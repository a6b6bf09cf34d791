"""The whole round of all three roles, in both languages, as `docs/rounds.md` shows it."""

from __future__ import annotations

import pytest

from tests.rounds.play import CHINESE, ENGLISH, play
from tests.rounds.write import TARGET


@pytest.mark.parametrize("lines", [CHINESE, ENGLISH], ids=["zh", "en"])
async def test_the_whole_round_is_played_by_pressing_what_is_shown(world, tmp_path, lines):
    """From the first link to the answered log and the acknowledged announcement, nothing is out of reach."""
    stage = await play(world, lines, tmp_path)

    async def count(sql):
        return (await world.database.read(lambda tx: tx.one(sql)))["n"]

    assert 2 == await count("SELECT count(*) AS n FROM placements")
    assert 2 == await count("SELECT count(*) AS n FROM reviews")
    assert 1 == await count("SELECT count(*) AS n FROM logs WHERE state = 'approved'")
    assert 1 == await count("SELECT count(*) AS n FROM announcement_recipients WHERE acknowledged_at IS NOT NULL")
    assert 0 == await count("SELECT count(*) AS n FROM inbox WHERE failure IS NOT NULL")
    assert 0 == await count("SELECT count(*) AS n FROM outbox WHERE state IN ('failed', 'stopped')")
    assert lines.praise in stage.text()


def test_the_written_rounds_hold_both_languages():
    """The document is there, in Chinese and in English, and holds no working link."""
    text = TARGET.read_text(encoding="utf-8")
    assert all(f"# {lines.language}\n" in text for lines in (CHINESE, ENGLISH))
    assert "start=…" in text
