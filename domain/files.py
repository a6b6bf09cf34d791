"""Files that people send."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file: `kind` is photo, document or voice; `size` in bytes; `sha256` is None until the copy is kept."""

    id: int
    owner_id: int
    kind: str
    telegram_file_id: str
    name: str
    mime_type: str
    size: int
    sha256: str | None
    attempts: int
