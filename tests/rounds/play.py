"""The people's round as a play: one script for both languages, pressed by what the buttons do."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import World
from tests.rounds.cast import Cast
from tests.rounds.lines import Lines
from tests.rounds.news_scenes import announce, look_around
from tests.rounds.post_scenes import find_a_post
from tests.rounds.school_scenes import come_in, look_after_accounts, place, set_up
from tests.rounds.stage import Stage
from tests.rounds.week_scenes import answer_it, let_one_wait, write_a_week


async def play(world: World, lines: Lines, folder: Path) -> Stage:
    """Play the whole round and return the stage with everything written down."""
    cast = await Cast.meet(Stage(world), lines, folder)
    class_link, mentor_link, withdrawn = await set_up(cast)
    await come_in(cast, class_link, mentor_link, withdrawn)
    await look_after_accounts(cast, class_link)
    await place(cast)
    await find_a_post(cast)
    await write_a_week(cast)
    await answer_it(cast)
    await announce(cast)
    await let_one_wait(cast)
    await look_around(cast)
    return cast.stage
