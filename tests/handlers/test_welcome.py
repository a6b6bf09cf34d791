"""Coming in: links, the privacy notice, the roster, and those whom it does not know."""

from __future__ import annotations

import pytest


async def test_a_stranger_gets_a_friendly_way_in(world):
    """Somebody without a link is told what this is and how to come in."""
    stranger = await world.phone("Ann")
    await stranger.sends("/start")
    assert "this is Shixi" in await stranger.reads()
    await stranger.sends("hello?")
    assert "open the link" in await stranger.reads()


@pytest.mark.parametrize(
    ("code", "says"), [("abc", "not complete"), ("A" * 22, "don't know this link"), ("x y", "not complete")]
)
async def test_a_bad_code_gets_its_own_answer(world, code, says):
    """A malformed and a foreign code are told apart."""
    stranger = await world.phone("Ann")
    await stranger.sends(f"/start {code}")
    assert says in await stranger.reads()
