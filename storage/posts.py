"""Internship posts: published, found and read by whoever they are meant for."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from domain.posts import Post, PostDetails, PostState, same_key
from domain.schools import Enterprise
from storage import search
from storage.database import found
from storage.errors import AlreadyExists, Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from storage.database import Transaction

COLUMNS = """p.id AS post_id, p.enterprise_id, e.name AS enterprise, p.mentor_id, pm.name AS mentor, p.is_public,
    p.title, p.tasks, p.city, p.pay, p.places, p.starts_on, p.ends_on, p.apply_by, p.apply_url,
    p.state AS post_state, p.version AS post_version"""
JOINS = "JOIN enterprises e ON e.id = p.enterprise_id LEFT JOIN people pm ON pm.id = p.mentor_id "

# Conditions about a post `p`, each with the parameter :person.
_OF_MY_ENTERPRISES = """p.enterprise_id IN (SELECT enterprise_id FROM mentors
    WHERE person_id = :person AND suspended_at IS NULL)"""
_OF_MY_SCHOOL = """p.enterprise_id IN (SELECT se.enterprise_id FROM school_enterprises se
    JOIN coordinators k ON k.school_id = se.school_id
    WHERE k.person_id = :person AND k.suspended_at IS NULL)"""
_FOR_MY_CLASS = """p.enterprise_id IN (SELECT se.enterprise_id FROM school_enterprises se
    JOIN students ms ON ms.school_id = se.school_id
    WHERE ms.person_id = :person AND ms.suspended_at IS NULL)"""
_AT_A_SCHOOL = """(EXISTS (SELECT 1 FROM students WHERE person_id = :person AND suspended_at IS NULL)
    OR EXISTS (SELECT 1 FROM coordinators WHERE person_id = :person AND suspended_at IS NULL))"""
MEANT_FOR = f"((p.is_public AND {_AT_A_SCHOOL}) OR {_FOR_MY_CLASS} OR {_OF_MY_ENTERPRISES} OR {_OF_MY_SCHOOL})"
OPEN_TO = f"p.state = 'open' AND (p.apply_by IS NULL OR p.apply_by >= :today) AND {MEANT_FOR}"  # also needs :today
_PUBLISHED_BY_MY_SCHOOL = """EXISTS (SELECT 1 FROM coordinators author
    JOIN coordinators k ON k.school_id = author.school_id AND k.person_id = :person AND k.suspended_at IS NULL
    JOIN school_enterprises se ON se.school_id = k.school_id AND se.enterprise_id = p.enterprise_id
    WHERE author.person_id = p.created_by)"""
_IMPORTED_FOR_MY_SCHOOL = f"(p.created_by IS NULL AND NOT p.is_public AND {_OF_MY_SCHOOL})"
# Own posts: those that one answers for or has published, and those without a mentor that one's school has published,
# or that were imported for a partner of it.
MANAGED = f"""(((p.mentor_id = :person OR p.created_by = :person) AND ({_OF_MY_ENTERPRISES} OR {_OF_MY_SCHOOL}))
    OR (p.mentor_id IS NULL AND ({_PUBLISHED_BY_MY_SCHOOL} OR {_IMPORTED_FOR_MY_SCHOOL})))"""


def as_post(row: Mapping[str, Any]) -> Post:
    """Make the record of a row with COLUMNS."""
    return Post(
        id=row["post_id"],
        enterprise_id=row["enterprise_id"],
        enterprise=row["enterprise"],
        mentor_id=row["mentor_id"],
        mentor=row["mentor"] or "",
        is_public=bool(row["is_public"]),
        details=PostDetails(
            title=row["title"],
            tasks=row["tasks"],
            city=row["city"],
            pay=row["pay"],
            places=row["places"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            apply_by=row["apply_by"],
        ),
        apply_url=row["apply_url"],
        state=PostState(row["post_state"]),
        version=row["post_version"],
    )


async def add_imported(
    tx: Transaction,
    *,
    enterprise_id: int,
    title: str,
    tasks: str = "",
    city: str = "",
    pay: str = "",
    places: int | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    apply_by: date | None = None,
    apply_url: str | None = None,
    is_public: bool,
    now: datetime,
) -> bool:
    """Add a post from a file, with texts already cleaned; False, and nothing changed, where the same one is there."""
    details = PostDetails(title, tasks, city, pay, places, starts_on, ends_on, apply_by)
    url = (apply_url or "").strip() or None
    return bool(await _insert(tx, enterprise_id, details, apply_url=url, is_public=is_public, now=now))


async def publish(
    tx: Transaction, enterprise_id: int, details: PostDetails, *, mentor_id: int | None, created_by: int, now: datetime
) -> int:
    """Publish a post and return its id; raises `AlreadyExists` while the same one is open.

    A closed one of last year keeps its applications and gives its key to the new one.
    """
    name = await _enterprise(tx, enterprise_id)
    await tx.run(
        """UPDATE posts SET same_key = same_key || ' #' || CAST(id AS TEXT)
        WHERE same_key = :same_key AND state = 'closed'""",
        same_key=same_key(None, name, details.title, details.city),
    )
    post_id = await _insert(tx, enterprise_id, details, mentor_id=mentor_id, created_by=created_by, now=now)
    if not post_id:
        raise AlreadyExists
    return post_id


async def enterprises_to_publish_for(tx: Transaction, person_id: int) -> list[Enterprise]:
    """List the enterprises that this person mentors for or coordinates with, by name."""
    rows = await tx.all(
        """SELECT e.id, e.name, e.city FROM enterprises e
        WHERE e.id IN (SELECT enterprise_id FROM mentors WHERE person_id = :person AND suspended_at IS NULL)
            OR e.id IN (SELECT se.enterprise_id FROM school_enterprises se
                JOIN coordinators k ON k.school_id = se.school_id
                WHERE k.person_id = :person AND k.suspended_at IS NULL)
        ORDER BY e.name, e.id""",
        person=person_id,
    )
    return [Enterprise(row["id"], row["name"], row["city"]) for row in rows]


async def _enterprise(tx: Transaction, enterprise_id: int) -> str:
    return str(found(await tx.one("SELECT name FROM enterprises WHERE id = :id", id=enterprise_id))["name"])


async def _insert(
    tx: Transaction,
    enterprise_id: int,
    details: PostDetails,
    *,
    apply_url: str | None = None,
    is_public: bool = False,
    mentor_id: int | None = None,
    created_by: int | None = None,
    now: datetime,
) -> int:
    name = await _enterprise(tx, enterprise_id)
    row = await tx.one(
        """INSERT INTO posts (enterprise_id, mentor_id, created_by, is_public, title, tasks, city, pay, places,
            starts_on, ends_on, apply_by, apply_url, same_key, state, created_at)
        VALUES (:enterprise_id, :mentor_id, :created_by, :is_public, :title, :tasks, :city, :pay, :places,
            :starts_on, :ends_on, :apply_by, :apply_url, :same_key, 'open', :now)
        ON CONFLICT (same_key) DO NOTHING RETURNING id""",
        enterprise_id=enterprise_id,
        mentor_id=mentor_id,
        created_by=created_by,
        is_public=is_public,
        apply_url=apply_url,
        same_key=same_key(apply_url, name, details.title, details.city),
        now=now,
        **_values(details),
    )
    if row is None:
        return 0
    await search.keep(tx, row["id"], details.title, details.city, name, details.tasks)
    return int(row["id"])


def _values(details: PostDetails) -> dict[str, Any]:
    return {name: getattr(details, name) for name in PostDetails.__slots__}


async def change(tx: Transaction, post: Post, details: PostDetails) -> None:
    """Change what a post says; raises `Conflict` where it was changed meanwhile, `AlreadyExists` beside a twin."""
    if not await tx.run(
        """UPDATE posts SET title = :title, tasks = :tasks, city = :city, pay = :pay, places = :places,
            starts_on = :starts_on, ends_on = :ends_on, apply_by = :apply_by, same_key = :same_key,
            version = version + 1
        WHERE id = :id AND version = :version""",
        id=post.id,
        version=post.version,
        same_key=same_key(post.apply_url, post.enterprise, details.title, details.city),
        **_values(details),
    ):
        raise Conflict
    await search.keep(tx, post.id, details.title, details.city, post.enterprise, details.tasks)


async def set_state(tx: Transaction, post: Post, state: PostState) -> None:
    """Close a post or open it again; raises `Conflict` where it was changed meanwhile.

    Raises `AlreadyExists` where the same post was published again after this one was closed.
    """
    if not await tx.run(
        """UPDATE posts SET state = :state, same_key = :same_key, version = version + 1
        WHERE id = :id AND version = :version AND state <> :state""",
        state=state.value,
        same_key=same_key(post.apply_url, post.enterprise, post.details.title, post.details.city),
        id=post.id,
        version=post.version,
    ):
        raise Conflict


# --- reading ----------------------------------------------------------------------------------------------------


async def listed(
    tx: Transaction,
    person_id: int,
    *,
    today: date,
    city: str = "",
    words: str = "",
    limit: int,
    offset: int = 0,
) -> list[Post]:
    """List the open posts that are meant for this person, the newest first."""
    source, matches, order, asked = search.matching(tx, words)
    sql = f"""SELECT {COLUMNS} FROM {source} {JOINS}
        WHERE {OPEN_TO}
            {"AND p.city = :city" if city else ""} {matches}
        ORDER BY {order} DESC LIMIT :limit OFFSET :offset"""
    where = {"city": city} if city else {}
    async with search.planned_for(tx, words):
        rows = await tx.all(sql, person=person_id, today=today, limit=limit, offset=offset, **where, **asked)
    return [as_post(row) for row in rows]


async def for_reader(tx: Transaction, post_id: int, person_id: int) -> Post:
    """Read a post, open or not, that is meant for this person or that they applied for; raises `NotFound`."""
    row = await tx.one(
        f"""SELECT {COLUMNS} FROM posts p {JOINS} WHERE p.id = :id AND ({MEANT_FOR} OR {MANAGED} OR EXISTS (
            SELECT 1 FROM applications a JOIN students s ON s.id = a.student_id
            WHERE a.post_id = p.id AND s.person_id = :person AND s.suspended_at IS NULL))""",
        id=post_id,
        person=person_id,
    )
    return as_post(found(row))


async def for_manager(tx: Transaction, post_id: int, person_id: int) -> Post:
    """Read a post that this person may edit and close; raises `NotFound`."""
    row = await tx.one(
        f"SELECT {COLUMNS} FROM posts p {JOINS} WHERE p.id = :id AND {MANAGED}", id=post_id, person=person_id
    )
    return as_post(found(row))


async def manages(tx: Transaction, post_id: int, person_id: int) -> bool:
    """Whether this person may edit and close a post."""
    row = await tx.one(
        f"SELECT 1 AS yes FROM posts p WHERE p.id = :id AND {MANAGED}",
        id=post_id,
        person=person_id,
    )
    return row is not None


async def make_search_anew(tx: Transaction, tell: Callable[[int], None]) -> None:
    """Keep for every post what it is found by, after the posts came in from elsewhere; tells how many that were."""
    await tx.run("DELETE FROM posts_search")
    done = last = 0
    while rows := await tx.all(
        """SELECT p.id, p.title, p.city, e.name, p.tasks FROM posts p JOIN enterprises e ON e.id = p.enterprise_id
        WHERE p.id > :last ORDER BY p.id LIMIT 500""",
        last=last,
    ):
        await search.keep_all_anew(
            tx, [(row["id"], (row["title"], row["city"], row["name"], row["tasks"])) for row in rows]
        )
        last = rows[-1]["id"]
        tell(done := done + len(rows))
