"""The contract of every database: transactions are whole, apart from each other, and on disk when they return."""

from __future__ import annotations

import asyncio
import contextlib
import stat
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from storage.database import found, new_id, open_database, outside_transaction, placeholders
from storage.errors import AlreadyExists, BadDatabaseUrl, Conflict, NotFound, Unavailable
from tests.databases import fresh
from tests.storage.conftest import NOW


async def put(tx, name: str) -> int:
    return await new_id(
        tx,
        "INSERT INTO schools (name, time_zone, created_at) VALUES (:name, 'Asia/Shanghai', :now) RETURNING id",
        name=name,
        now=NOW,
    )


async def names(database) -> list[str]:
    return [row["name"] for row in await database.read(lambda tx: tx.all("SELECT name FROM schools ORDER BY name"))]


async def test_a_transaction_is_made_whole_or_not_at_all(database):
    """What a failing transaction changed before it failed is undone."""

    async def work(tx):
        await put(tx, "one")
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await database.transaction(work)
    assert [] == await names(database)
    await database.transaction(lambda tx: put(tx, "two"))
    assert ["two"] == await names(database)


async def test_what_returned_is_on_disk(address):
    """Another program that opens the same database sees it."""
    database = await open_database(address)
    await database.transaction(lambda tx: put(tx, "one"))
    other = await open_database(address)
    assert ["one"] == await names(other)
    await other.transaction(lambda tx: put(tx, "two"))
    assert ["one", "two"] == await names(database)
    await database.close()
    await other.close()


async def test_a_failing_transaction_does_not_fail_the_others(database):
    """Transactions at the same time may share a commit, and yet each has its own fate."""

    def work(number):
        async def run(tx):
            await put(tx, f"school {number:02}")
            if number % 7 == 3:
                raise ValueError(number)
            return number

        return run

    results = await asyncio.gather(*(database.transaction(work(n)) for n in range(40)), return_exceptions=True)
    good = [n for n in range(40) if n % 7 != 3]
    assert good == [result for result in results if isinstance(result, int)]
    assert [f"school {n:02}" for n in good] == await names(database)
    assert [3, 10, 17, 24, 31, 38] == [error.args[0] for error in results if isinstance(error, ValueError)]


async def test_transactions_at_the_same_time_share_commits(database):
    """Many small changes at once are quicker than one after the other, and all of them are made."""
    await asyncio.gather(*(database.transaction(lambda tx, n=n: put(tx, f"{n:03}")) for n in range(300)))
    assert 300 == len(await names(database))


async def test_a_constraint_fails_only_its_own_transaction(database):
    """The second of two equal names is refused, the first is kept."""
    first, second = await asyncio.gather(
        *(database.transaction(lambda tx: put(tx, "same")) for _ in range(2)), return_exceptions=True
    )
    assert isinstance(first, int)
    assert isinstance(second, AlreadyExists)
    assert ["same"] == await names(database)


async def test_a_missing_reference_is_a_conflict(database):
    """A row that points nowhere is refused."""
    with pytest.raises(Conflict):
        await database.transaction(
            lambda tx: tx.run("INSERT INTO coordinators (person_id, school_id) VALUES (:one, :two)", one=98, two=99)
        )


async def test_readers_see_nothing_that_is_not_committed(database):
    """A reader in the middle of somebody's transaction sees the state before it, and does not wait."""
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def work(tx):
        await put(tx, "one")
        inside.set()
        await go_on.wait()

    writing = asyncio.create_task(database.transaction(work))
    await asyncio.wait_for(inside.wait(), 5)
    assert [] == await asyncio.wait_for(names(database), 5)
    go_on.set()
    await writing
    assert ["one"] == await names(database)


async def test_a_transaction_sees_its_own_changes(database):
    """What was changed in it is read in it."""

    async def work(tx):
        await put(tx, "one")
        return await tx.all("SELECT name FROM schools")

    assert ["one"] == [row["name"] for row in await database.transaction(work)]


async def test_reading_cannot_change(database):
    """A change in a read is refused."""
    with pytest.raises(Exception, match=r"(?i)read.?only"):
        await database.read(lambda tx: put(tx, "one"))
    assert [] == await names(database)


async def test_a_reader_that_fails_is_given_back(database):
    """Errors in reads leave the database readable."""
    for _ in range(20):
        with pytest.raises(NotFound):
            await database.read(_nothing)
    assert [] == await names(database)


async def _nothing(tx):
    return found(await tx.one("SELECT id FROM schools WHERE id = :id", id=1))


async def test_a_transaction_that_nobody_waits_for_any_more_is_made_or_not_and_harms_nobody(database):
    """Somebody who gives up waiting does not hold up those who wait."""
    tasks = [asyncio.create_task(database.transaction(lambda tx, n=n: put(tx, f"{n}"))) for n in range(5)]
    await asyncio.sleep(0)
    tasks[2].cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(done[2], asyncio.CancelledError)
    assert {"0", "1", "3", "4"} <= set(await names(database))
    await database.transaction(lambda tx: put(tx, "later"))


async def test_no_network_inside_a_transaction(database):
    """What calls out checks that it is outside; in a transaction that fails, in a read and outside it does not."""
    outside_transaction()

    async def work(_tx):
        outside_transaction()

    with pytest.raises(RuntimeError, match="network"):
        await database.transaction(work)
    outside_transaction()
    await database.transaction(lambda tx: put(tx, "one"))
    outside_transaction()


async def test_a_transaction_inside_a_transaction_fails_at_once(database):
    """It would wait for itself for ever."""

    async def work(_tx):
        await database.transaction(lambda tx: put(tx, "one"))

    with pytest.raises(RuntimeError, match="a transaction inside a transaction"):
        await asyncio.wait_for(database.transaction(work), 5)
    assert [] == await names(database)


async def test_values_come_back_as_they_went_in(database):
    """Moments are UTC, whatever zone they had; days are days; yes and no are such."""
    east = timezone(timedelta(hours=8))
    at = datetime(2026, 11, 16, 9, 0, 0, 123_000, tzinfo=east)

    async def work(tx):
        school = await put(tx, "学校 👩‍⚕️ '\"; --")
        await tx.run("UPDATE schools SET created_at = :at WHERE id = :id", at=at, id=school)
        class_id = await new_id(
            tx,
            """INSERT INTO classes (school_id, name, specialty, time_zone, photos_allowed, created_at)
            VALUES (:school, 'a', 'b', 'c', :no, :now) RETURNING id""",
            school=school,
            no=False,
            now=NOW,
        )
        row = await tx.one(
            """SELECT s.name, s.created_at, c.photos_allowed FROM classes c
            JOIN schools s ON s.id = c.school_id WHERE c.id = :id""",
            id=class_id,
        )
        return row["name"], row["created_at"], row["photos_allowed"]

    name, moment, allowed = await database.transaction(work)
    assert "学校 👩‍⚕️ '\"; --" == name
    assert at == moment
    assert UTC.utcoffset(None) == moment.utcoffset()
    assert allowed is False


async def test_moments_are_compared_as_moments(database):
    """Earlier and later hold across zones and milliseconds."""
    east = timezone(timedelta(hours=8))
    tick, second = timedelta(milliseconds=1), timedelta(seconds=1)
    moments = [NOW, NOW.astimezone(east) + tick, NOW + second, NOW + timedelta(days=40)]

    async def work(tx):
        for number, at in enumerate(moments):
            await tx.run(
                "INSERT INTO schedule (kind, subject, due_at) VALUES ('x', :number, :at)", number=number, at=at
            )
        rows = await tx.all("SELECT subject FROM schedule WHERE due_at <= :now ORDER BY due_at", now=moments[2])
        return [row["subject"] for row in rows]

    assert [0, 1, 2] == await database.transaction(work)


async def test_days_are_days(database):
    """A date goes in and comes out without a time."""

    async def work(tx):
        await tx.run(
            """INSERT INTO people (id, telegram_id, name, language, time_zone, created_at)
            VALUES (1, 1, 'a', 'en', 'UTC', :now)""",
            now=NOW,
        )
        enterprise = await new_id(
            tx,
            "INSERT INTO enterprises (name, name_key, created_at) VALUES ('a', 'a', :now) RETURNING id",
            now=NOW,
        )
        await tx.run(
            """INSERT INTO posts (enterprise_id, title, starts_on, same_key, state, created_at)
            VALUES (:enterprise, 't', :day, 'k', 'open', :now)""",
            enterprise=enterprise,
            day=date(2026, 12, 1),
            now=NOW,
        )
        return (await tx.one("SELECT starts_on FROM posts"))["starts_on"]

    day = await database.transaction(work)
    assert (date(2026, 12, 1), date) == (day, type(day))


async def test_many_runs_one_change_for_each(database):
    """Rows go in together."""

    async def work(tx):
        await tx.many(
            "INSERT INTO schools (name, time_zone, created_at) VALUES (:name, 'UTC', :now)",
            [{"name": name, "now": NOW} for name in ("b", "a")],
        )

    await database.transaction(work)
    assert ["a", "b"] == await names(database)


async def test_run_counts_the_rows_that_changed(database):
    """A guarded change says whether it happened."""
    await database.transaction(lambda tx: put(tx, "one"))
    change = "UPDATE schools SET time_zone = 'UTC' WHERE name = :name"
    assert 1 == await database.transaction(lambda tx: tx.run(change, name="one"))
    assert 0 == await database.transaction(lambda tx: tx.run(change, name="two"))


def test_a_list_of_values_is_never_empty():
    """`IN ()` is refused by databases, so nothing is asked for as null."""
    assert ("(:id0, :id1)", {"id0": 4, "id1": 5}) == placeholders("id", [4, 5])
    names, values = placeholders("id", [])
    assert "(:null)" == names
    assert {"null": None} == values


@pytest.mark.parametrize("url", ["", "shixi.db", "mysql://x", "sqlite://x.db", "sqlite:///", "postgresql:"])
async def test_an_address_that_is_none_is_refused(url):
    """Only addresses of databases that there are."""
    with pytest.raises(BadDatabaseUrl):
        await open_database(url)


async def test_only_its_owner_reads_an_sqlite_file(tmp_path):
    """The file and what SQLite puts beside it are mode 0600, whatever the umask; folders are made."""
    file = tmp_path / "a" / "b" / "shixi.db"
    database = await open_database(f"sqlite:///{file}")
    await database.transaction(lambda tx: put(tx, "one"))
    files = sorted(file.parent.iterdir())
    assert file in files
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in files}
    await database.close()


@pytest.mark.parametrize("content", [None, b"not a database, but long enough to be looked at" * 40])
async def test_a_file_that_is_no_database_is_unavailable(tmp_path, content):
    """A folder or another kind of file is an error of the storage, and leaves no thread behind."""
    file = Path(tmp_path) / "shixi.db"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(Unavailable):
        await open_database(f"sqlite:///{file}")


def put_later(tx, name: str) -> None:
    tx.later(
        "INSERT INTO schools (name, time_zone, created_at) VALUES (:name, 'Asia/Shanghai', :now)", name=name, now=NOW
    )


async def test_what_is_put_off_is_made(database):
    """A change that nobody waits for is on disk when its unit returns, and the unit itself reads it as made."""

    async def work(tx):
        put_later(tx, "one")
        seen = [row["name"] for row in await tx.all("SELECT name FROM schools")]
        put_later(tx, "two")
        return seen

    assert ["one"] == await database.transaction(work)
    assert ["one", "two"] == await names(database)


async def test_what_is_put_off_shares_the_fate_of_its_unit(database):
    """Of units that share a commit, the one that fails leaves nothing, and what the others put off is made once."""

    async def good(tx, name):
        put_later(tx, name)

    async def bad(tx):
        put_later(tx, "bad")
        raise RuntimeError("half way")

    async def worse(tx):
        tx.later("INSERT INTO schools (name, created_at) VALUES (NULL, :now)", now=NOW)

    units = [lambda tx: good(tx, "a"), bad, lambda tx: good(tx, "b"), worse, lambda tx: good(tx, "c")]
    made = await asyncio.gather(*(database.transaction(unit) for unit in units), return_exceptions=True)
    assert [None, RuntimeError, None, Conflict, None] == [each if each is None else type(each) for each in made]
    assert ["a", "b", "c"] == await names(database)


async def test_what_is_put_off_about_a_person_keeps_its_order(database):
    """Changes of one unit come in their order, and so do those about one person; those of others may change places."""

    def say(tx, name, person):
        tx.later(
            "INSERT INTO schools (name, time_zone, created_at) VALUES (:name, CAST(:person AS TEXT), :now)",
            name=name,
            person=str(person),
            now=NOW,
        )

    def silence(tx, person):
        tx.later("DELETE FROM schools WHERE time_zone = :person", person=str(person))

    async def silence_and_say(tx, name, person):
        silence(tx, person)
        say(tx, name, person)

    async def say_and_silence(tx, name, person):
        say(tx, name, person)
        silence(tx, person)

    async def first(tx):
        await asyncio.sleep(0.01)  # so that all the others share the next group

    await asyncio.gather(
        database.transaction(first),
        *(database.transaction(lambda tx, n=n: silence_and_say(tx, f"ann {n}", 1)) for n in range(3)),
        database.transaction(lambda tx: say_and_silence(tx, "bob", 2)),
        database.transaction(lambda tx: silence_and_say(tx, "cem", 3)),
        database.transaction(lambda tx: silence_and_say(tx, "ann 3", 1)),
    )
    assert ["ann 3", "cem"] == await names(database)


async def test_a_change_that_fails_later_is_not_hidden(database):
    """Whoever hides an error of what was put off before fails alone, and nobody else's change is lost."""

    async def good(tx, name):
        put_later(tx, name)

    async def careless(tx):
        tx.later("INSERT INTO schools (name, created_at) VALUES (NULL, :now)", now=NOW)
        with contextlib.suppress(Conflict):
            await put(tx, "not made")

    async def first(tx):
        await asyncio.sleep(0.01)

    made = await asyncio.gather(
        database.transaction(first),
        database.transaction(lambda tx: good(tx, "a")),
        database.transaction(careless),
        database.transaction(lambda tx: good(tx, "b")),
        return_exceptions=True,
    )
    assert [None, None, Conflict, None] == [each if each is None else type(each) for each in made]
    assert ["a", "b"] == await names(database)


async def test_nothing_is_put_off_while_reading(database):
    """A unit that only reads changes nothing, also not later."""

    async def work(tx):
        put_later(tx, "one")

    with pytest.raises(RuntimeError):
        await database.read(work)


async def test_a_snapshot_sees_one_moment(database):
    """What is committed in the middle of a long read is not seen by it, page after page."""

    async def work(tx):
        seen = [[row["name"] for row in page] async for page in tx.pages("SELECT name FROM schools", size=2)]
        await database.transaction(lambda other: put(other, "later"))
        return seen, len(await tx.all("SELECT id FROM schools"))

    for name in ("a", "b", "c"):
        await database.transaction(lambda tx, name=name: put(tx, name))
    assert ([["a", "b"], ["c"]], 3) == await database.snapshot(work)
    assert 4 == len(await names(database))


async def test_what_was_checked_still_holds_at_the_commit(address):
    """Two programs that each leave the last one alone leave one: the later of them is run again and sees why."""
    one, two = await open_database(address), await open_database(address)
    ids = [await one.transaction(lambda tx, name=name: put(tx, name)) for name in ("a", "b")]

    def leave(mine):
        async def work(tx):
            others = await tx.all("SELECT id FROM schools WHERE id <> :mine", mine=mine)
            await asyncio.sleep(0.05)
            return await tx.run("DELETE FROM schools WHERE id = :mine", mine=mine) if others else 0

        return work

    left = await asyncio.gather(one.transaction(leave(ids[0])), two.transaction(leave(ids[1])))
    assert [0, 1] == sorted(left)
    assert 1 == len(await names(one))
    await one.close()
    await two.close()


async def test_a_password_is_in_no_error(tmp_path):
    """Neither an address of another kind nor a server that is not there tells what was in the address."""
    for url in ("mysql://u:secret@localhost/x", "postgresql://u:secret@127.0.0.1:1/x"):
        with pytest.raises((BadDatabaseUrl, Unavailable)) as refused:
            await open_database(url)
        assert "secret" not in str(refused.value)


async def test_a_lost_connection_is_made_again(tmp_path):
    """When the server ends every connection, what was under way fails as unavailable, and the next is served."""
    database = await open_database(fresh("postgresql", tmp_path))
    await database.transaction(lambda tx: put(tx, "one"))
    await names(database)
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    with pytest.raises(Unavailable):
        await database.transaction(lambda tx: tx.all(end))
    await database.transaction(lambda tx: put(tx, "two"))
    assert ["one", "two"] == await names(database)
    await database.close()
