"""Remarks in the storage: noted by one reviewer about one submission, kept with the decision, lost by nothing."""

from __future__ import annotations

import pytest

from domain.logs import Decision, Section
from domain.people import Language
from domain.remarks import CHIPS, Phrase, Remarks, Voice
from storage import files, people, phrases, remarks, reviews
from storage.errors import Conflict, NotFound
from tests.handed_in import hand_in, take_back
from tests.people import make_school


@pytest.fixture
async def school(world):
    return await make_school(world)


@pytest.fixture
async def ming(school):
    return await school.placed("Ming", "1")


async def read(world, log_id: int, person):
    return await world.database.read(lambda tx: reviews.for_reviewer(tx, log_id, person.id, today=world.clock().date()))


async def note(world, submission, person, *chips: str, **sections: str) -> None:
    async def work(tx):
        for code in chips:
            await remarks.choose(tx, submission.revision_id, person.id, code, chosen=True)
        for section, text in sections.items():
            await remarks.write(tx, submission.revision_id, person.id, Section(section), text)

    await world.database.transaction(work)


async def noted(world, submission, person) -> Remarks:
    return await world.database.read(lambda tx: remarks.noted(tx, submission.revision_id, person.id))


async def decide(world, submission, person, decision: Decision, words: str = ""):
    async def work(tx):
        await reviews.decide(tx, submission.log, person.id, decision, words, now=world.clock())

    await world.database.transaction(work)
    return (await read(world, submission.log.id, person)).last


async def test_what_is_noted_is_each_reviewers_own(world, school, ming):
    """In the order of the log and of the list, the newest words of each section; the same chip again is one."""
    submission = await read(world, await hand_in(world, ming, push=False, plan="More."), school.mentor)
    await note(world, submission, school.mentor, "safety", "observed", "safety", plan="Which?", done="First")
    await note(world, submission, school.mentor, done="Good")
    await note(world, submission, school.coordinator, "why")
    wanted = Remarks({Section.DONE: "Good", Section.PLAN: "Which?"}, ("observed", "safety"))
    assert wanted == await noted(world, submission, school.mentor)
    assert ["done", "plan"] == list((await noted(world, submission, school.mentor)).sections)
    assert Remarks({}, ("why",)) == await noted(world, submission, school.coordinator)


async def test_what_was_noted_can_be_taken_out(world, school, ming):
    """Twice does no harm."""
    submission = await read(world, await hand_in(world, ming, push=False), school.mentor)
    await note(world, submission, school.mentor, *CHIPS, done="Good")

    async def work(tx):
        for code in CHIPS:
            await remarks.choose(tx, submission.revision_id, school.mentor.id, code, chosen=False)
        await remarks.drop(tx, submission.revision_id, school.mentor.id, Section.DONE)

    for _ in range(2):
        await world.database.transaction(work)
        assert not await noted(world, submission, school.mentor)


async def test_remarks_belong_to_the_decision_of_who_made_them(world, school, ming):
    """Neither to another's, nor to the reopening of what was approved with them."""
    submission = await read(world, await hand_in(world, ming, push=False), school.mentor)
    await note(world, submission, school.mentor, "why")
    await note(world, submission, school.coordinator, "safety", done="Good")
    approval = await decide(world, submission, school.coordinator, Decision.APPROVED)
    its = await world.database.read(lambda tx: remarks.of_review(tx, approval))
    assert Remarks({Section.DONE: "Good"}, ("safety",)) == its
    again = await read(world, submission.log.id, school.coordinator)
    reopened = await decide(world, again, school.coordinator, Decision.REOPENED, "A mistake.")
    assert not await world.database.read(lambda tx: remarks.of_review(tx, reopened))


async def test_remarks_follow_a_submission_that_was_taken_back(world, school, ming):
    """What a mentor has typed is there when the log comes again; after an answer nothing moves."""
    submission = await read(world, await hand_in(world, ming, push=False), school.mentor)
    await note(world, submission, school.mentor, "why", done="Good")
    for number in (2, 3):
        await take_back(world, ming, submission.log.id)
        await hand_in(world, ming, "Something else.", push=False)
        again = await read(world, submission.log.id, school.mentor)
        assert number == again.number
        assert Remarks({Section.DONE: "Good"}, ("why",)) == await noted(world, again, school.mentor)
    await decide(world, again, school.mentor, Decision.RETURNED, "More.")
    await hand_in(world, ming, "More of it.", push=False)
    assert not await noted(world, await read(world, submission.log.id, school.mentor), school.mentor)


async def test_a_submission_knows_the_one_before(world, school, ming):
    """The one that was decided on, not one that its student took back."""
    log_id = await hand_in(world, ming, "First.", push=False)
    first = await read(world, log_id, school.mentor)
    assert first.before is None
    await decide(world, first, school.mentor, Decision.RETURNED, "More.")
    await hand_in(world, ming, "Second.", push=False)
    await take_back(world, ming, log_id)
    await hand_in(world, ming, "Third.", push=False)
    third = await read(world, log_id, school.mentor)
    assert ({Section.DONE: "First."}, None, frozenset()) == (
        third.before.sections,
        third.before.hours,
        third.before.files,
    )
    assert {Section.DONE: "Third."} == third.log.sections


async def test_voice_notes_stand_beside_words(world, school, ming):
    """One on each section and one on the whole, the newest of each; they follow what was taken back."""
    submission, me = await read(world, await hand_in(world, ming, push=False), school.mentor), school.mentor.id
    await note(world, submission, school.mentor, done="Good")

    async def speak(tx):
        for number, section in enumerate((Section.DONE, None, Section.DONE)):
            file_id = await files.add(tx, owner_id=me, kind="voice", telegram_file_id=f"v{number}", now=world.clock())
            await remarks.speak(
                tx, submission.revision_id, me, section, file_id=file_id, seconds=number, caption=f"c{number}"
            )

    await world.database.transaction(speak)
    await take_back(world, ming, submission.log.id)
    await hand_in(world, ming, "Something else.", push=False)
    again = await read(world, submission.log.id, school.mentor)
    said = {None: Voice("v1", 1, "c1"), Section.DONE: Voice("v2", 2, "c2")}
    assert Remarks({Section.DONE: "Good"}, voices=said) == await noted(world, again, school.mentor)
    assert not await noted(world, again, school.coordinator)

    async def drop(tx):
        await remarks.mute(tx, again.revision_id, me, None)
        await remarks.drop(tx, again.revision_id, me, Section.DONE)

    approval = await decide(world, again, school.mentor, Decision.APPROVED)
    assert said == (await world.database.read(lambda tx: remarks.of_review(tx, approval))).voices
    await world.database.transaction(drop)
    assert not await world.database.read(lambda tx: remarks.of_review(tx, approval))


# --- phrases of one's own ---------------------------------------------------------------------------------------


async def keep(world, person, text: str) -> Phrase:
    return await world.database.transaction(lambda tx: phrases.add(tx, person.id, text, now=world.clock()))


async def mine(world, person) -> list[str]:
    return [phrase.text for phrase in await world.database.read(lambda tx: phrases.of_person(tx, person.id))]


async def drop(world, person, phrase: Phrase) -> None:
    async def work(tx):
        await phrases.drop(tx, await phrases.get(tx, phrase.id, person.id), person.id, now=world.clock())

    await world.database.transaction(work)


async def test_phrases_are_each_ones_own(world, school):
    """The same words again are one phrase, and nobody reaches another's by its id."""
    first, again = await keep(world, school.mentor, "Which arm?"), await keep(world, school.mentor, "Which arm?")
    await keep(world, school.coordinator, "Which arm?")
    await keep(world, school.mentor, "Twice.")
    assert first == again
    assert (["Which arm?", "Twice."], ["Which arm?"]) == (
        await mine(world, school.mentor),
        await mine(world, school.coordinator),
    )
    with pytest.raises(NotFound):
        await drop(world, school.coordinator, first)
    with pytest.raises(NotFound):
        await world.database.transaction(lambda tx: phrases.take_back(tx, first.id, school.coordinator.id))


async def test_a_deleted_phrase_comes_back_until_the_next_change(world, school):
    """Then it is gone from the database too; typed again it is there as before."""
    first, second = await keep(world, school.mentor, "Which arm?"), await keep(world, school.mentor, "Twice.")
    await drop(world, school.mentor, first)
    assert ["Twice."] == await mine(world, school.mentor)
    with pytest.raises(Conflict):
        await drop(world, school.mentor, first)
    await world.database.transaction(lambda tx: phrases.take_back(tx, first.id, school.mentor.id))
    assert ["Which arm?", "Twice."] == await mine(world, school.mentor)
    with pytest.raises(Conflict):
        await world.database.transaction(lambda tx: phrases.take_back(tx, first.id, school.mentor.id))
    await drop(world, school.mentor, first)
    assert first == await keep(world, school.mentor, "Which arm?")
    await drop(world, school.mentor, first)
    await drop(world, school.mentor, second)
    with pytest.raises(NotFound):
        await world.database.transaction(lambda tx: phrases.take_back(tx, first.id, school.mentor.id))
    (row,) = await world.database.read(lambda tx: tx.all("SELECT count(*) AS n FROM phrases"))
    assert 1 == row["n"]


async def test_what_was_said_stays_when_the_phrase_goes(world, school, ming):
    """Chosen for a submission it goes with the answer, in the words of then, and follows what was taken back."""
    submission = await read(world, await hand_in(world, ming, push=False), school.mentor)
    phrase, other = await keep(world, school.mentor, "Which arm?"), await keep(world, school.mentor, "Twice.")

    async def say(tx):
        for chosen in (phrase, phrase, other):
            await remarks.say(tx, submission.revision_id, school.mentor.id, chosen)
        await remarks.unsay(tx, submission.revision_id, school.mentor.id, other.id)

    await world.database.transaction(say)
    await drop(world, school.mentor, phrase)
    await drop(world, school.mentor, other)
    assert Remarks(phrases=(phrase,)) == await noted(world, submission, school.mentor)
    await take_back(world, ming, submission.log.id)
    await hand_in(world, ming, "Something else.", push=False)
    again = await read(world, submission.log.id, school.mentor)
    approval = await decide(world, again, school.mentor, Decision.APPROVED)
    assert Remarks(phrases=(phrase,)) == await world.database.read(lambda tx: remarks.of_review(tx, approval))


async def test_a_decision_keeps_the_language_of_who_made_it(world, ming, school):
    """It stays when they speak another one later."""
    submission = await read(world, await hand_in(world, ming, push=False), school.mentor)
    approval = await decide(world, submission, school.mentor, Decision.APPROVED)
    await world.database.transaction(lambda tx: people.set_language(tx, school.mentor.id, Language.CHINESE))
    again = (await read(world, submission.log.id, school.mentor)).last
    assert ("en", "en") == (approval.language, again.language)


async def test_only_approvals_are_rated(world, school, ming):
    """Stars and hours are kept with the approval, changed and taken away; a return has none."""
    submission = await read(world, await hand_in(world, ming, push=False), school.mentor)
    approval = await decide(world, submission, school.mentor, Decision.APPROVED)
    for stars, hours in ((4, 38.5), (5, None), (None, None)):

        async def rate(tx, stars=stars, hours=hours):
            await remarks.rate(tx, approval, stars)
            await remarks.confirm_hours(tx, approval, hours)

        await world.database.transaction(rate)
        mine = await world.database.read(lambda tx: reviews.of_student(tx, ming.id))
        assert (stars, hours) == (mine[0].review.stars, mine[0].review.hours)
    again = await read(world, submission.log.id, school.coordinator)
    reopened = await decide(world, again, school.coordinator, Decision.REOPENED, "A mistake.")
    with pytest.raises(Conflict):
        await world.database.transaction(lambda tx: remarks.rate(tx, reopened, 4))
    with pytest.raises(Conflict):
        await world.database.transaction(lambda tx: remarks.confirm_hours(tx, reopened, 4.0))
