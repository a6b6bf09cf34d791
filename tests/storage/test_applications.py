"""Applications: one open at a time, moved only along their way, seen only by whoever has a part in them."""

from __future__ import annotations

import pytest

from domain.posts import Application, ApplicationState, PostDetails, Reason
from storage import applications, posts, schools
from storage.database import open_database
from storage.errors import AlreadyExists, Conflict, NotFound
from tests.storage.post_people import NOW, make_cast


@pytest.fixture
async def database(tmp_path):
    database = await open_database(f"sqlite:///{tmp_path / 'applications.db'}")
    yield database
    await database.close()


@pytest.fixture
async def cast(database):
    return await database.transaction(make_cast)


async def make_post(database, cast, *, mentor=True, title="Nurse"):
    mentor_id = cast.mentor if mentor else None
    return await database.transaction(
        lambda tx: posts.publish(
            tx, cast.enterprise_id, PostDetails(title), mentor_id=mentor_id, created_by=cast.coordinator, now=NOW
        )
    )


async def send(database, post_id, student_id, words="I like people"):
    return await database.transaction(
        lambda tx: applications.send(tx, post_id=post_id, student_id=student_id, words=words, now=NOW)
    )


async def move(database, application_id, to, by, reason=""):
    await database.transaction(lambda tx: applications.move(tx, application_id, to, by=by, reason=reason, now=NOW))


async def sees(database, read, application_id, person) -> bool:
    try:
        assert isinstance(await database.read(lambda tx: read(tx, application_id, person)), Application)
    except NotFound:
        return False
    return True


async def test_nobody_applies_twice(database, cast):
    """An open application stands in the way of another one for the same post; a withdrawn one does not."""
    post_id = await make_post(database, cast)
    first = await send(database, post_id, cast.student_id)
    with pytest.raises(AlreadyExists):
        await send(database, post_id, cast.student_id)
    await move(database, first, ApplicationState.WITHDRAWN, cast.student)
    second = await send(database, post_id, cast.student_id)
    newest = await database.read(lambda tx: applications.newest_for_post(tx, post_id, cast.student))
    assert (second, ApplicationState.SENT, "I like people") == (newest.id, newest.state, newest.words)
    mine = await database.read(lambda tx: applications.of_student(tx, cast.student, limit=9))
    assert [second, first] == [application.id for application in mine]
    assert [] == await database.read(lambda tx: applications.of_student(tx, cast.other_student, limit=9))


@pytest.mark.parametrize(
    ("way", "refused"),
    [
        ([], [ApplicationState.CONFIRMED, ApplicationState.REFUSED]),
        ([ApplicationState.ACCEPTED], [ApplicationState.ACCEPTED, ApplicationState.DECLINED]),
        ([ApplicationState.DECLINED], list(ApplicationState)[1:]),
        ([ApplicationState.WITHDRAWN], list(ApplicationState)[1:]),
        ([ApplicationState.ACCEPTED, ApplicationState.CONFIRMED], list(ApplicationState)[1:]),
        ([ApplicationState.ACCEPTED, ApplicationState.REFUSED], list(ApplicationState)[1:]),
    ],
)
async def test_states_change_only_along_their_way(database, cast, way, refused):
    """The enterprise answers first, then the school; what is final stays."""
    application_id = await send(database, await make_post(database, cast), cast.student_id)
    for state in way:
        await move(database, application_id, state, cast.mentor)
    for state in refused:
        with pytest.raises(Conflict):
            await move(database, application_id, state, cast.mentor)


async def test_an_application_is_seen_by_those_with_a_part_in_it(database, cast):
    """The mentor answers it, the class's coordinators see it, nobody else does."""
    application_id = await send(database, await make_post(database, cast), cast.student_id)
    others = (cast.other_student, cast.other_mentor, cast.other_coordinator, cast.stranger)
    for read, allowed in (
        (applications.for_student, {cast.student}),
        (applications.for_answer, {cast.mentor}),
        (applications.for_coordinator, {cast.coordinator}),
    ):
        everybody = {cast.student, cast.mentor, cast.coordinator, *others}
        assert allowed == {person for person in everybody if await sees(database, read, application_id, person)}


async def test_without_a_mentor_the_coordinators_answer(database, cast):
    """A post without a mentor, or whose mentor was suspended, is answered by the class's coordinators."""
    application_id = await send(database, await make_post(database, cast, mentor=False), cast.student_id)
    held = await send(database, await make_post(database, cast, title="Cook"), cast.student_id)
    application = await database.read(lambda tx: applications.for_answer(tx, application_id, cast.coordinator))
    assert [cast.coordinator] == await database.read(lambda tx: applications.answerers(tx, application))
    with_mentor = await database.read(lambda tx: applications.for_answer(tx, held, cast.mentor))
    assert [cast.mentor] == await database.read(lambda tx: applications.answerers(tx, with_mentor))
    await database.transaction(
        lambda tx: tx.run("UPDATE mentors SET suspended_at = :now WHERE person_id = :id", now=NOW, id=cast.mentor)
    )
    assert not await sees(database, applications.for_answer, held, cast.mentor)
    assert await sees(database, applications.for_answer, held, cast.coordinator)
    assert [cast.coordinator] == await database.read(lambda tx: applications.answerers(tx, with_mentor))


async def test_waiting_lists_hold_what_each_has_to_do(database, cast):
    """Sent waits for the mentor, accepted for the coordinator, and a suspended student's for nobody."""
    post_id = await make_post(database, cast)
    application_id = await send(database, post_id, cast.student_id)

    async def waits():
        return [
            await database.read(lambda tx, person=person: applications.waits(tx, person))
            for person in (cast.mentor, cast.coordinator, cast.other_coordinator)
        ]

    assert [1, 0, 0] == await waits()
    mine = await database.read(lambda tx: applications.managed_posts(tx, cast.mentor, limit=9))
    assert [(post_id, 1)] == [(post.id, waiting) for post, waiting in mine]
    await move(database, application_id, ApplicationState.ACCEPTED, cast.mentor)
    assert [0, 1, 0] == await waits()
    assert 1 == await database.read(lambda tx: applications.places_given(tx, post_id))
    listed = await database.read(lambda tx: applications.waiting_for(tx, cast.coordinator, post_id=post_id, limit=9))
    assert [application_id] == [application.id for application in listed]
    await database.transaction(
        lambda tx: tx.run("UPDATE students SET suspended_at = :now WHERE id = :id", now=NOW, id=cast.student_id)
    )
    assert [0, 0, 0] == await waits()


async def test_a_placement_withdraws_the_other_applications(database, cast):
    """What else the student has open is withdrawn with the reason, what is over stays."""
    kept = await send(database, await make_post(database, cast), cast.student_id)
    declined = await send(database, await make_post(database, cast, title="Cook"), cast.student_id)
    await move(database, declined, ApplicationState.DECLINED, cast.mentor, Reason.FULL)
    other = await send(database, await make_post(database, cast, title="Guard"), cast.student_id)
    application = await database.read(lambda tx: applications.for_student(tx, kept, cast.student))
    gone = await database.transaction(
        lambda tx: applications.withdraw_others(tx, application, by=cast.coordinator, now=NOW)
    )
    assert [(other, ApplicationState.SENT)] == [(one.id, one.state) for one in gone]
    states = await database.read(lambda tx: applications.of_student(tx, cast.student, limit=9))
    assert [
        (ApplicationState.WITHDRAWN, Reason.PLACED),
        (ApplicationState.DECLINED, Reason.FULL),
        (ApplicationState.SENT, ""),
    ] == [(one.state, one.reason) for one in states]


async def test_a_mentor_whom_the_students_school_shut_out_reads_nothing(database, cast):
    """What another school thinks of the mentor does not matter then; without a word from the school it does."""
    sent = await send(database, await make_post(database, cast), cast.student_id)
    theirs = await send(database, await make_post(database, cast, title="Cook"), cast.other_student_id)
    assert await sees(database, applications.for_staff, theirs, cast.mentor)

    async def also_the_other_school(tx):
        other = await schools.school_of_coordinator(tx, cast.other_coordinator)
        await schools.add_mentor(tx, person_id=cast.mentor, enterprise_id=cast.enterprise_id, school_id=other.id)
        school = await schools.school_of_coordinator(tx, cast.coordinator)
        await tx.run("UPDATE mentors SET suspended_at = :now WHERE school_id = :school", now=NOW, school=school.id)

    await database.transaction(also_the_other_school)
    for read in (applications.for_staff, applications.for_answer):
        assert not await sees(database, read, sent, cast.mentor)
        assert await sees(database, read, theirs, cast.mentor)
    application = await database.read(lambda tx: applications.for_answer(tx, sent, cast.coordinator))
    assert [cast.coordinator] == await database.read(lambda tx: applications.answerers(tx, application))
    assert [1, 1] == [
        await database.read(lambda tx, who=person: applications.waits(tx, who))
        for person in (cast.mentor, cast.coordinator)
    ]
