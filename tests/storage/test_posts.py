"""Posts: published once, imported once, and shown to those whom they are meant for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.posts import PostDetails, PostState
from storage import applications, post_cities, posts, schools
from storage.database import open_database
from storage.errors import AlreadyExists, Conflict, NotFound
from tests.storage.post_people import NOW, TODAY, make_cast, person_of


@pytest.fixture
async def database(tmp_path):
    database = await open_database(f"sqlite:///{tmp_path / 'posts.db'}")
    yield database
    await database.close()


@pytest.fixture
async def cast(database):
    return await database.transaction(make_cast)


async def publish(database, cast, title="Nurse", **more):
    details = PostDetails(title, **more)
    return await database.transaction(
        lambda tx: posts.publish(
            tx, cast.enterprise_id, details, mentor_id=cast.mentor, created_by=cast.mentor, now=NOW
        )
    )


async def titles(database, person, **more):
    rows = await database.read(lambda tx: posts.listed(tx, person, today=TODAY, **{"limit": 50, **more}))
    return [post.details.title for post in rows]


async def import_one(database, enterprise_id, **more):
    row = {"title": "Engineer", "city": "Beijing", "is_public": False, "now": NOW, **more}
    return await database.transaction(lambda tx: posts.add_imported(tx, enterprise_id=enterprise_id, **row))


async def test_importing_the_same_post_twice_adds_nothing(database, cast):
    """The second import of a post says so and leaves what is there, also when it was closed meanwhile."""
    assert await import_one(database, cast.enterprise_id, pay="$1")
    assert not await import_one(database, cast.enterprise_id, pay="$2", city=" BEIJING ")
    assert await import_one(database, cast.enterprise_id, city="Shanghai")
    assert await import_one(database, cast.enterprise_id, apply_url="https://a.example/1")
    assert not await import_one(database, cast.other_enterprise_id, apply_url="https://a.example/1", title="Cook")
    rows = await database.read(lambda tx: posts.listed(tx, cast.student, today=TODAY, limit=9))
    assert [None, None, "https://a.example/1"] == sorted((row.apply_url for row in rows), key=str)[:3]
    assert "$1" == rows[-1].details.pay
    await database.transaction(lambda tx: posts.set_state(tx, rows[-1], PostState.CLOSED))
    assert not await import_one(database, cast.enterprise_id)


async def test_an_import_works_without_any_school(database):
    """A post of an enterprise that no school knows can be kept; nobody sees it who is not at a school."""
    enterprise = await database.transaction(lambda tx: schools.enterprise_named(tx, "TikTok", now=NOW))
    assert await import_one(database, enterprise.id, is_public=True)


async def test_everybody_sees_what_is_meant_for_them(database, cast):
    """A post of a partner enterprise is for its schools and mentors, a public one for every school."""
    await publish(database, cast, "Nurse")
    enterprise = await database.transaction(lambda tx: schools.enterprise_named(tx, "TikTok", now=NOW))
    await import_one(database, enterprise.id, title="Public", is_public=True)
    await import_one(database, enterprise.id, title="Nobody's", is_public=False)
    assert ["Public", "Nurse"] == await titles(database, cast.student)
    assert ["Public", "Nurse"] == await titles(database, cast.coordinator)
    assert ["Nurse"] == await titles(database, cast.mentor)
    assert ["Public"] == await titles(database, cast.other_student)
    assert ["Public"] == await titles(database, cast.other_coordinator)
    assert [] == await titles(database, cast.other_mentor)
    assert [] == await titles(database, cast.stranger)


async def test_a_post_of_another_school_cannot_be_opened(database, cast):
    """Reading and managing are refused to those for whom the post is not meant."""
    post_id = await publish(database, cast)
    assert "Nurse" == (await database.read(lambda tx: posts.for_reader(tx, post_id, cast.student))).details.title
    for person in (cast.other_student, cast.other_mentor, cast.other_coordinator, cast.stranger):
        with pytest.raises(NotFound):
            await database.read(lambda tx, person=person: posts.for_reader(tx, post_id, person))
    for person in (cast.student, cast.coordinator, cast.other_mentor):
        assert not await database.read(lambda tx, person=person: posts.manages(tx, post_id, person))
        with pytest.raises(NotFound):
            await database.read(lambda tx, person=person: posts.for_manager(tx, post_id, person))
    assert await database.read(lambda tx: posts.manages(tx, post_id, cast.mentor))


async def test_coordinators_manage_what_nobody_else_holds(database, cast):
    """An imported post of a partner is the school's to edit and close; a public one and another school's are not."""
    await import_one(database, cast.enterprise_id, title="Ours")
    await import_one(database, cast.enterprise_id, title="Everybody's", is_public=True)
    await import_one(database, cast.other_enterprise_id, title="Theirs")
    rows = await database.read(lambda tx: applications.managed_posts(tx, cast.coordinator, limit=9))
    assert [("Ours", 0)] == [(post.details.title, waiting) for post, waiting in rows]


async def test_only_open_posts_are_listed(database, cast):
    """A closed post and one past its last day are not listed; on the last day it is."""
    await publish(database, cast, "Past", apply_by=TODAY - timedelta(days=1))
    await publish(database, cast, "Today", apply_by=TODAY)
    closed = await publish(database, cast, "Closed")
    post = await database.read(lambda tx: posts.for_manager(tx, closed, cast.mentor))
    await database.transaction(lambda tx: posts.set_state(tx, post, PostState.CLOSED))
    assert ["Today"] == await titles(database, cast.student)
    assert PostState.CLOSED is (await database.read(lambda tx: posts.for_reader(tx, closed, cast.student))).state
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: posts.set_state(tx, post, PostState.CLOSED))


async def test_a_post_can_be_published_again_after_it_was_closed(database, cast):
    """While it is open the same post is refused; closed, it makes room, and cannot come back beside the new one."""
    first = await publish(database, cast)
    with pytest.raises(AlreadyExists):
        await publish(database, cast)
    post = await database.read(lambda tx: posts.for_manager(tx, first, cast.mentor))
    await database.transaction(lambda tx: posts.set_state(tx, post, PostState.CLOSED))
    second = await publish(database, cast)
    assert first != second
    closed = await database.read(lambda tx: posts.for_manager(tx, first, cast.mentor))
    with pytest.raises(AlreadyExists):
        await database.transaction(lambda tx: posts.set_state(tx, closed, PostState.OPEN))


async def test_a_change_is_kept_found_and_guarded(database, cast):
    """New words are found, old ones are not, and a change on top of another one is refused."""
    post_id = await publish(database, cast, starts_on=date(2026, 12, 1), ends_on=date(2027, 3, 1))
    post = await database.read(lambda tx: posts.for_manager(tx, post_id, cast.mentor))
    changed = replace(post.details, title="Midwife", places=3)
    await database.transaction(lambda tx: posts.change(tx, post, changed))
    assert changed == (await database.read(lambda tx: posts.for_manager(tx, post_id, cast.mentor))).details
    assert ["Midwife"] == await titles(database, cast.student, words="midwife")
    assert [] == await titles(database, cast.student, words="nurse")
    with pytest.raises(Conflict):
        await database.transaction(lambda tx: posts.change(tx, post, post.details))


async def cities(database, person, words=""):
    return await database.read(lambda tx: post_cities.listed(tx, person, today=TODAY, words=words))


async def test_cities_are_counted_and_filter_the_list(database, cast):
    """Cities come with the number of their open posts, most first, and combine with words."""
    await publish(database, cast, "Nurse", city="Beijing")
    await publish(database, cast, "Midwife", city="Beijing")
    await publish(database, cast, "Cook", city="Shanghai")
    await publish(database, cast, "Guard")
    assert [("Beijing", 2), ("Shanghai", 1)] == (await cities(database, cast.student)).counted
    assert [("Shanghai", 1)] == (await cities(database, cast.student, words="cook")).counted
    assert [] == (await cities(database, cast.other_student)).counted
    assert ["Midwife", "Nurse"] == await titles(database, cast.student, city="Beijing")
    assert ["Nurse"] == await titles(database, cast.student, city="Beijing", words="nurse")
    assert ["Midwife"] == await titles(database, cast.student, city="Beijing", limit=1)
    assert ["Nurse"] == await titles(database, cast.student, city="Beijing", limit=1, offset=1)


async def test_of_many_posts_only_so_many_are_counted(database, cast, monkeypatch):
    """A city's posts are counted up to a limit, and of a search the newest; that there are more is said."""
    monkeypatch.setattr(post_cities, "MANY", 3)
    monkeypatch.setattr(post_cities, "NEWEST", 4)
    for number in range(4):
        await publish(database, cast, f"Nurse {number}", city="Shanghai")
    await publish(database, cast, "Cook", city="Beijing")
    everywhere = await cities(database, cast.student)
    assert ([("Shanghai", 3), ("Beijing", 1)], False) == (everywhere.counted, everywhere.newest_only)
    await publish(database, cast, "Nurse 4", city="Beijing")
    found = await cities(database, cast.student, words="nurse")
    assert ([("Shanghai", 3), ("Beijing", 1)], True) == (found.counted, found.newest_only)
    assert not (await cities(database, cast.student, words="cook")).newest_only


async def test_a_post_without_a_mentor_is_its_schools(database, cast):
    """Colleagues of whoever published it may change it; another school that works with the enterprise may not."""
    colleague = await database.transaction(lambda tx: person_of(tx, 8))

    async def work(tx):
        school = await schools.school_of_coordinator(tx, cast.coordinator)
        other = await schools.school_of_coordinator(tx, cast.other_coordinator)
        await schools.add_coordinator(tx, school.id, colleague)
        await schools.link_enterprise(tx, other.id, cast.enterprise_id)
        details = PostDetails("Nurse")
        return await posts.publish(
            tx, cast.enterprise_id, details, mentor_id=None, created_by=cast.coordinator, now=NOW
        )

    post_id = await database.transaction(work)
    await import_one(database, cast.enterprise_id)
    for person, titles_managed in (
        (cast.coordinator, ["Engineer", "Nurse"]),
        (colleague, ["Engineer", "Nurse"]),
        (cast.other_coordinator, ["Engineer"]),
    ):
        rows = await database.read(lambda tx, who=person: applications.managed_posts(tx, who, limit=9))
        assert titles_managed == [post.details.title for post, _ in rows]
    with pytest.raises(NotFound):
        await database.read(lambda tx: posts.for_manager(tx, post_id, cast.other_coordinator))
