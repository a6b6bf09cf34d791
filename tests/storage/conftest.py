"""The databases on which every contract of the storage holds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from domain.people import Language
from storage import people
from storage.database import Database, open_database
from tests.databases import KINDS, fresh

NOW = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)


@pytest.fixture(params=KINDS)
def address(request, tmp_path) -> str:
    """Where a fresh database is."""
    return fresh(request.param, tmp_path)


@pytest.fixture
async def database(address) -> AsyncIterator[Database]:
    """A fresh database, brought up to date."""
    database = await open_database(address)
    yield database
    await database.close()


@pytest.fixture
def meet(database):
    """Make a person."""

    async def make(telegram_id: int = 1, name: str = "Ann", language: Language = Language.ENGLISH):
        return await database.transaction(
            lambda tx: people.meet(
                tx, telegram_id=telegram_id, name=name, language=language, time_zone="Asia/Shanghai", now=NOW
            )
        )

    return make
