"""What tables a database has, read from the database itself: their columns, and which must be filled before which.

This is what lets a school be copied from one kind of database to another, or into a file, without a list of tables
that somebody would have to remember.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.database import Transaction


class Untransferable(StorageError):
    """A table or a value that cannot be carried over; the text is one sentence."""


class Kind(StrEnum):
    """What a column holds; each is one type of Python's and one way to write it down."""

    INT = "int"
    FLOAT = "float"
    TEXT = "text"
    BOOL = "bool"
    TIME = "time"
    DATE = "date"


PYTHON: dict[Kind, type] = {
    Kind.INT: int,
    Kind.FLOAT: float,
    Kind.TEXT: str,
    Kind.BOOL: bool,
    Kind.TIME: datetime,
    Kind.DATE: date,
}
_NAMED = {
    "bigint": Kind.INT,
    "integer": Kind.INT,
    "double precision": Kind.FLOAT,
    "text": Kind.TEXT,
    "boolean": Kind.BOOL,
    "timestamptz": Kind.TIME,
    "timestamp with time zone": Kind.TIME,
    "date": Kind.DATE,
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `counted` is the column whose numbers the database gives out, if it does."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    counted: str | None

    @property
    def names(self) -> str:
        """The columns as they stand in a statement."""
        return ", ".join(name for name, _ in self.columns)

    def checked(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the row with each value in its column's own type; raises `Untransferable`."""
        return {name: self._value(name, kind, row[name]) for name, kind in self.columns}

    def _value(self, name: str, kind: Kind, value: Any) -> Any:
        if value is None or type(value) is PYTHON[kind]:
            if _fits(value):
                return value
        elif kind is Kind.FLOAT and type(value) is int:
            return float(value)
        raise Untransferable(f"{self.name}.{name} holds something that is not of the kind '{kind}'")


def _fits(value: Any) -> bool:
    if type(value) is int:
        return -(2**63) <= value < 2**63
    return type(value) is not float or math.isfinite(value)


# Not carried over: what is written anew at the other end, and what the databases keep for themselves.
_LEFT_OUT = ("migrations", "posts_search", "sqlite_")

_COLUMNS = {
    "sqlite": """SELECT m.name AS place, p.name AS name, p.type AS type,
        p.pk > 0 AND m.sql LIKE '%AUTOINCREMENT%' AS counted
        FROM sqlite_master m JOIN pragma_table_info(m.name) p
        WHERE m.type = 'table' ORDER BY m.name, p.cid""",
    "postgresql": """SELECT c.table_name::text AS place, c.column_name::text AS name, c.data_type::text AS type,
        c.is_identity = 'YES' AS counted
        FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
        ORDER BY c.table_name, c.ordinal_position""",
}
_POINTERS = {
    "sqlite": """SELECT m.name AS child, f."from" AS name, f."table" AS parent
        FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1, 2""",
    "postgresql": """SELECT child.relname::text AS child, a.attname::text AS name, parent.relname::text AS parent
        FROM pg_constraint c
        JOIN pg_class child ON child.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
        WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace ORDER BY 1, 2""",
}


@dataclass(frozen=True, slots=True)
class Pointer:
    """A column of a table that names a record of another one."""

    table: str
    column: str
    target: str


async def tables(tx: Transaction) -> list[Table]:
    """Return the tables that hold the school, each behind those that it points at."""
    columns: dict[str, list[tuple[str, Kind]]] = {}
    counted: dict[str, str] = {}
    for row in await tx.all(_COLUMNS[tx.kind]):
        if row["place"].startswith(_LEFT_OUT):
            continue
        if (kind := _NAMED.get(row["type"].lower())) is None:
            raise Untransferable(f"{row['place']}.{row['name']} is of a kind that cannot be copied")
        columns.setdefault(row["place"], []).append((row["name"], kind))
        if row["counted"]:
            counted[row["place"]] = row["name"]
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(columns, ()))
    for pointer in await pointers(tx):
        if pointer.table != pointer.target:
            order.add(pointer.table, pointer.target)
    return [Table(name, tuple(columns[name]), counted.get(name)) for name in order.static_order()]


async def pointers(tx: Transaction) -> list[Pointer]:
    """Return every column that names a record of another table."""
    return [Pointer(row["child"], row["name"], row["parent"]) for row in await tx.all(_POINTERS[tx.kind])]


async def pointers_to(tx: Transaction, target: str) -> set[tuple[str, str]]:
    """Return which columns point at a table, each with its own table before it."""
    return {(pointer.table, pointer.column) for pointer in await pointers(tx) if pointer.target == target}


async def version(tx: Transaction) -> int:
    """Return the number of the newest migration that was made; 0 where the database is not Shixi's."""
    row = await tx.one("SELECT max(number) AS number FROM migrations")
    return int(row["number"] or 0) if row else 0
