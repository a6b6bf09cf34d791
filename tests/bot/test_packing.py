"""Packing: files are divided so that no ZIP is too big, and named so that no name of theirs does harm."""

from __future__ import annotations

import pytest

from bot.packing import ROOM, cut, name_of
from domain.files import StoredFile


def file(number: int, size: int) -> StoredFile:
    return StoredFile(number, 1, "photo", "x", "", "", size, "0" * 64, 0)


def shares(sizes: list[int], begun: int, limit: int) -> list[list[int]]:
    return [[one.id for one in share] for share in cut([file(*each) for each in enumerate(sizes)], begun, limit)]


@pytest.mark.parametrize(
    ("sizes", "begun", "expected"),
    [
        ([], 500, [[]]),
        ([1000, 1000], 500, [[0, 1]]),
        ([9000, 100], 500, [[0, 1]]),
        ([9600, 100], 500, [[], [0], [1]]),
        ([6000, 6000, 2000, 6000], 0, [[0], [1, 2], [3]]),
        ([50_000, 10], 0, [[0], [1]]),
    ],
)
def test_files_are_divided_in_their_order(sizes, begun, expected):
    """Into as few as hold them one after the other; what is too big for any is alone."""
    assert expected == shares(sizes, begun, 10_000 + 2 * ROOM)


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("photo", "", "files/000007.jpg"),
        ("voice", "", "files/000007.ogg"),
        ("document", "Report.PDF", "files/000007.PDF"),
        ("document", "../../etc/passwd", "files/000007"),
        ("document", "a.<svg onload=x>", "files/000007"),
        ("document", "x." + "y" * 200, "files/000007"),
        ("document", "周志.docx", "files/000007.docx"),
    ],
)
def test_a_file_is_named_by_its_number(kind, name, expected):
    """Only a harmless ending of its own name is kept."""
    assert expected == name_of(7, kind, name)
