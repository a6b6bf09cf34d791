"""What waits for a mentor who cannot answer any more goes to whoever can, and the mentor's cards are emptied."""

from __future__ import annotations

import pytest

from domain.posts import PostDetails
from storage import applications, posts
from tests.handed_in import WROTE, hand_in, settle
from tests.links import rows
from tests.people import make_school

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
SAYS = {
    "en": {
        "gone": "🔁 This log is answered by somebody else now.",
        "nobody": "No mentor yet",
        "applies": "applies for",
        "not_yours": "application is answered by somebody else",
    },
    "zh-hans": {
        "gone": "🔁 这篇周志现在由别人批阅。",
        "nobody": "暂无导师",
        "applies": "申请",
        "not_yours": "申请现在由别人处理",
    },
}


async def reviews_of(member) -> list[dict]:
    """The messages that show, or showed, a log to answer."""
    return [one for one in await member.from_bot() if WROTE in one["text"]]


async def letters(world) -> list[int]:
    """Who was pushed a log, in the order of the rows."""
    return [
        row["person_id"]
        for row in await rows(
            world, "SELECT person_id FROM outbox WHERE card = 'review' AND manner = 'push' ORDER BY id"
        )
    ]


async def act_on_mentor(school, sign: str, *, sure: bool = True) -> None:
    await school.coordinator.sends("/enterprises")
    await school.coordinator.presses("City Hospital")
    await school.coordinator.presses("🧑‍🏫")
    await school.coordinator.presses("Ms Li")
    for _ in range(2 if sure else 1):
        await school.coordinator.presses(sign)


async def emptied(member, language: str) -> bool:
    """Whether the card of the log says that it is somebody else's, without the text and without buttons."""
    said = [one for one in await member.from_bot() if one["text"] == SAYS[language]["gone"]]
    return not await reviews_of(member) and [False] == [
        bool((one.get("reply_markup") or {}).get("inline_keyboard")) for one in said
    ]


@LANGUAGES
@pytest.mark.parametrize("sign", ["⏸", "🚫"])
async def test_what_waits_for_a_mentor_goes_to_the_school(world, language, sign):
    """Suspended or removed: the coordinator gets the log once, the mentor's card is emptied."""
    school = await make_school(world, language=language)
    log_id = await hand_in(world, await school.placed("Ann", "1", language))
    assert [school.mentor.id] == await letters(world)
    await act_on_mentor(school, sign)
    assert [school.mentor.id, school.coordinator.id] == await letters(world)
    assert 1 == len(await reviews_of(school.coordinator))
    assert await emptied(school.mentor, language)
    assert [{"state": "submitted"}] == await rows(world, "SELECT state FROM logs WHERE id = :id", id=log_id)


@LANGUAGES
async def test_a_mentor_who_is_let_in_again_finds_the_cards_as_they_were(world, language):
    """Nothing comes twice; what was handed in meanwhile comes now."""
    school = await make_school(world, language=language)
    await hand_in(world, await school.placed("Ann", "1", language))
    bob = await school.placed("Bob", "2", language)
    await act_on_mentor(school, "⏸")
    await hand_in(world, bob)
    await act_on_mentor(school, "▶️", sure=False)
    assert ["Ann", "Bob"] == sorted(
        name for one in await reviews_of(school.mentor) for name in ("Ann", "Bob") if name in one["text"]
    )
    me, boss = school.mentor.id, school.coordinator.id
    assert [me, boss, boss, me] == await letters(world)
    await act_on_mentor(school, "⏸")
    assert [me, boss, boss, me] == await letters(world)


@LANGUAGES
async def test_replaced_by_nobody_the_school_answers(world, language):
    """The log goes to the coordinator and leaves the mentor's chat."""
    school = await make_school(world, language=language)
    await hand_in(world, await school.placed("Ann", "1", language))
    await school.coordinator.sends("/students")
    await school.coordinator.presses("Ann")
    await school.coordinator.presses("🧑‍🏫")
    await school.coordinator.presses(SAYS[language]["nobody"])
    assert 1 == len(await reviews_of(school.coordinator))
    assert await emptied(school.mentor, language)


async def test_replaced_by_another_mentor_the_log_goes_there(world):
    """The former mentor's card is emptied, the new mentor has it with its buttons, the school gets nothing."""
    school = await make_school(world)
    zhao = await school.add_mentor("Mr Zhao")
    await hand_in(world, await school.placed("Ann", "1"))
    await school.coordinator.sends("/students")
    await school.coordinator.presses("Ann")
    await school.coordinator.presses("🧑‍🏫")
    await school.coordinator.presses("Mr Zhao")
    assert [school.mentor.id, zhao.id] == await letters(world)
    assert await emptied(school.mentor, "en")
    assert 1 == len(await reviews_of(zhao))
    await zhao.presses("✅ Approve", (await reviews_of(zhao))[0])
    assert [{"state": "approved"}] == await rows(world, "SELECT state FROM logs")


@LANGUAGES
async def test_a_removed_student_leaves_the_mentors_chat(world, language):
    """The card is emptied, and comes back with the student."""
    school = await make_school(world, language=language)
    await hand_in(world, await school.placed("Ann", "1", language))
    boss = school.coordinator
    await boss.sends("/students")
    await boss.presses("Ann")
    await boss.presses("🚫")
    await boss.presses("🚫")
    assert await emptied(school.mentor, language)
    await boss.presses("↶")
    assert 1 == len(await reviews_of(school.mentor))


@LANGUAGES
async def test_applications_for_a_suspended_mentor_go_to_the_school(world, language):
    """The coordinator is asked, the mentor's card is emptied; let in again, the mentor has it back and once."""
    school, said = await make_school(world, language=language), SAYS[language]
    ann = await school.add_student("Ann", "1", language)

    post_id = await world.database.transaction(
        lambda tx: posts.publish(
            tx,
            school.enterprise_id,
            PostDetails("Nurse"),
            mentor_id=school.mentor.id,
            created_by=school.mentor.id,
            now=world.clock(),
        )
    )
    await ann.sends("/posts")
    await ann.presses("Nurse")
    await ann.presses("✋")
    while not await rows(world, "SELECT id FROM applications"):
        await ann.presses((await ann.buttons())[0])
    await settle(world)
    assert said["applies"] in await school.mentor.reads()
    await act_on_mentor(school, "⏸")
    waiting = await world.database.read(lambda tx: applications.waits(tx, school.coordinator.id, post_id=post_id))
    assert 1 == waiting
    assert said["applies"] in (await school.coordinator.from_bot())[-1]["text"]
    texts = [one["text"] for one in await school.mentor.from_bot()]
    assert [] == [text for text in texts if "Nurse" in text]
    assert 1 == sum(said["not_yours"] in text for text in texts)
    await act_on_mentor(school, "▶️", sure=False)
    assert 1 == sum("Nurse" in one["text"] for one in await school.mentor.from_bot())
