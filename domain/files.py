"""Files that people send."""

from __future__ import annotations

from dataclasses import dataclass

_PICTURES = (".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif")


def is_picture(name: str, mime_type: str) -> bool:
    """Whether a file is a picture by its type or its name, both of which its sender may choose."""
    return mime_type.startswith("image/") or name.lower().endswith(_PICTURES)


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

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture."""
        return self.kind == "photo" or is_picture(self.name, self.mime_type)
