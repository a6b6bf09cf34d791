"""A row as one line of JSON, and back: how tables stand in a backup."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from storage.schema import PYTHON, Kind, Untransferable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.schema import Table


def encode(table: Table, row: Mapping[str, Any]) -> bytes:
    """Write a row that the table has `checked`, as a list in the order of the columns."""
    return orjson.dumps([row[name] for name, _ in table.columns]) + b"\n"


def decode(table: Table, line: bytes) -> dict[str, Any]:
    """Read a row back; raises `Untransferable` where the line is not one of this table."""
    try:
        values = orjson.loads(line)
    except orjson.JSONDecodeError:
        values = None
    if not isinstance(values, list) or len(values) != len(table.columns):
        raise Untransferable(f"a line of {table.name} is not a row")
    try:
        row = {name: _value(kind, each) for (name, kind), each in zip(table.columns, values, strict=True)}
    except ValueError:
        raise Untransferable(f"a line of {table.name} holds a value of another kind") from None
    return table.checked(row)


def _value(kind: Kind, value: Any) -> Any:
    if value is None or PYTHON[kind] not in (datetime, date):
        return value
    if not isinstance(value, str):
        raise ValueError("a time is written as a text")  # noqa: TRY004 - as any other text that is not one
    if kind is Kind.DATE:
        return date.fromisoformat(value)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment
