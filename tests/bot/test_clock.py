"""The clock: UTC to the millisecond, moved by a file that may change or break at any moment."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import FileClock, system_clock

CLOSE = timedelta(seconds=5)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "clock.json"


def write(file, text: str) -> None:
    file.write_text(text)
    stamp = file.stat().st_mtime_ns + 1_000_000 * (1 + len(text))
    os.utime(file, ns=(stamp, stamp))


def test_the_machines_time_is_utc_to_the_millisecond():
    """What is stored in text and what is compared in Python are the same moments."""
    now = system_clock()
    assert UTC == now.tzinfo
    assert 0 == now.microsecond % 1000


def test_a_file_moves_the_clock(file):
    """The offset counts at once, and a new one too."""
    clock = FileClock(file)
    for days in (1, 30, -1):
        write(file, json.dumps({"offset_seconds": days * 86_400}))
        assert abs(clock() - system_clock() - timedelta(days=days)) < CLOSE


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"offset_seconds": "soon"}', '{"offset_seconds": null}', "null"])
def test_a_file_that_is_being_written_changes_nothing(file, broken):
    """Without a readable file the last known offset holds."""
    clock = FileClock(file)
    assert abs(clock() - system_clock()) < CLOSE
    write(file, json.dumps({"offset_seconds": 3600}))
    assert abs(clock() - system_clock() - timedelta(hours=1)) < CLOSE
    write(file, broken)
    assert abs(clock() - system_clock() - timedelta(hours=1)) < CLOSE
    file.unlink()
    assert abs(clock() - system_clock() - timedelta(hours=1)) < CLOSE


def test_the_next_reminder_is_written_beside_the_offset(file):
    """Whoever moves the clock sees how far; the offset stays as it is, also without a file."""
    clock = FileClock(file)
    clock.tell_next(datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert {"offset_seconds": 0.0, "next_reminder": "2026-11-20T09:00:00+00:00"} == json.loads(file.read_text())
    write(file, json.dumps({"offset_seconds": 60, "mine": 1, "next_reminder": "earlier"}))
    clock.tell_next(None)
    assert {"offset_seconds": 60, "mine": 1, "next_reminder": None} == json.loads(file.read_text())
    assert [file.name] == [path.name for path in file.parent.iterdir()]
