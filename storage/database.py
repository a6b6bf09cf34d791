"""The door to the database: opened by URL, read cheaply, changed in transactions that share their commits.

A transaction is a function of a `Transaction`. It may be run a second time (a shared commit in which another
one failed is undone and repeated one by one), so it must have no effect outside the database, and a network
call inside it is refused by `outside_transaction`.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from storage.errors import BadDatabaseUrl, NotFound

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping

    from storage.hold import Hold

T = TypeVar("T")
Row = "Mapping[str, Any]"

_inside: ContextVar[bool] = ContextVar("inside_transaction", default=False)


class Transaction(Protocol):
    """One unit of reading or changing; parameters are named (`:name`) and values are Python's own types."""

    @property
    def kind(self) -> str:
        """The kind of database, `sqlite` or `postgresql`, for the few places where their SQL differs."""

    async def one(self, sql: str, **parameters: Any) -> Mapping[str, Any] | None:
        """Return the first row, or None."""

    async def all(self, sql: str, **parameters: Any) -> list[Mapping[str, Any]]:
        """Return every row."""

    async def run(self, sql: str, **parameters: Any) -> int:
        """Change rows and return how many; raises `AlreadyExists` or `Conflict` where a constraint refuses."""

    async def many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run one change for each set of parameters."""

    def later(self, sql: str, **parameters: Any) -> None:
        """Make a change of which nobody here needs the result, at the end of the unit.

        Equal changes of units that share a commit go to the database together, which is most of what a remote one
        costs. The same unit reads it as made; the other units of the group may not yet. So nothing is put off that
        another person's unit decides by or changes directly, and nothing that a constraint may refuse. Changes about
        the same `person` are made in their order, and so are those of one unit.
        """


class Snapshot(Transaction, Protocol):
    """A read that sees one moment only, however long it takes."""

    def pages(self, sql: str, *, size: int, **parameters: Any) -> AsyncIterator[list[Mapping[str, Any]]]:
        """Go through the rows, so many at a time."""


Work = "Callable[[Transaction], Awaitable[T]]"


class Database(Protocol):
    """An open database."""

    @property
    def kind(self) -> str:
        """`sqlite` or `postgresql`."""

    async def transaction(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` and commit; its changes are on disk when this returns, or none of them is made."""

    async def read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` without a write lock; changes are refused. Each statement sees what is committed by then."""

    async def snapshot(self, work: Callable[[Snapshot], Awaitable[T]]) -> T:
        """Run a long read, all of which sees the same moment; it holds nobody up."""

    async def close(self) -> None:
        """Finish what is under way and close every connection."""


def found(row: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return the row; raises `NotFound` where there is none."""
    if row is None:
        raise NotFound
    return row


async def new_id(tx: Transaction, sql: str, **parameters: Any) -> int:
    """Run an `INSERT … RETURNING id` and return the id."""
    return int(found(await tx.one(sql, **parameters))["id"])


def placeholders(name: str, values: Iterable[Any]) -> tuple[str, dict[str, Any]]:
    """Return `(:name0, :name1)` and its parameters, for `IN`; never empty, since `IN ()` is refused."""
    parameters = {f"{name}{index}": value for index, value in enumerate(values)}
    return "(" + ", ".join(f":{key}" for key in parameters or {"null": None}) + ")", parameters or {"null": None}


def enter_transaction() -> None:
    """Mark this task as being inside a transaction; called by the drivers."""
    _inside.set(True)


def leave_transaction() -> None:
    """Undo `enter_transaction`."""
    _inside.set(False)


def outside_transaction(what: str = "a network call") -> None:
    """Raise `RuntimeError` inside a transaction: nothing slow or irreversible may happen there."""
    if _inside.get():
        raise RuntimeError(f"{what} inside a transaction")


async def open_database(url: str, *, up_to: int | None = None, hold: Hold | None = None) -> Database:
    """Open the database behind a URL and bring it up to date, or to the migration `up_to`.

    With a `hold` no other bot may have it, where it can be reached from other machines.
    `sqlite:////var/lib/shixi/shixi.db`, `postgresql://shixi@localhost/shixi`; raises `BadDatabaseUrl`, `Unavailable`.
    """
    if not is_database_url(url):
        raise BadDatabaseUrl(url.partition("://")[0])  # behind it there may be a password
    scheme, _, path = url.partition("://")
    if scheme == "sqlite":
        from storage.sqlite import SqliteDatabase  # noqa: PLC0415 - a driver is imported when it is needed

        return await SqliteDatabase.open(path[1:], up_to=up_to)
    from storage.postgres import PostgresDatabase  # noqa: PLC0415 - as above

    return await PostgresDatabase.open(url, up_to=up_to, hold=hold)


def is_database_url(url: str) -> bool:
    """Whether this is the URL of a database that Shixi knows, as far as can be seen without opening it."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return rest.startswith("//") and rest.strip("/") != ""
    return scheme == "postgresql" and rest.strip("/") != ""
