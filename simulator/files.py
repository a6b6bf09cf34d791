"""Files that people and bots sent: identifiers out, contents in, downloads and re-sending by identifier.

A ``file_id`` is valid for one bot only and says what kind of file it is, as on Telegram; the
``file_unique_id`` is the same for the same contents of a kind.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from simulator import images
from simulator.errors import bad_request
from simulator.params import Params, Upload

MAX_DOWNLOAD = 20 * 1024 * 1024  # core.telegram.org/bots/api#getfile
MAX_UPLOAD = 50 * 1024 * 1024  # core.telegram.org/bots/api#sending-files
MAX_PHOTO = 10 * 1024 * 1024
_PREFIX = {"photo": "AgAC", "document": "BQAC", "voice": "AwAC", "sticker": "CAAC", "video": "BAAC"}
_FOLDER = {"photo": "photos", "voice": "voice", "sticker": "stickers", "video": "videos"}
_MIME = {"photo": "image/jpeg", "voice": "audio/ogg", "video": "video/mp4", "sticker": "image/webp"}
_SUFFIX = {"photo": ".jpg", "voice": ".oga", "video": ".mp4", "sticker": ".webp"}


@dataclass(slots=True)
class File:
    kind: str
    file_id: str
    unique_id: str
    size: int
    path: str
    mime_type: str
    object: dict[str, Any]  # the Bot API object, e.g. a Document, or a list of PhotoSize under "sizes"
    content: bytes | None = None

    def read(self) -> bytes:
        return self.content if self.content is not None else bytes(self.size)


class Files:
    """All files of one bot, found by identifier or by path."""

    def __init__(self, bot_id: int) -> None:
        self._bot_id = bot_id
        self._by_id: dict[str, File] = {}
        self._by_path: dict[str, File] = {}

    def get(self, file_id: str) -> File | None:
        return self._by_id.get(file_id)

    def at(self, path: str) -> File | None:
        return self._by_path.get(path)

    def store(self, kind: str, content: bytes | None, size: int, name: str = "", mime: str = "") -> File:
        number = len(self._by_id)
        mark = content if content is not None else f"{number}:{size}".encode()
        unique = base64.urlsafe_b64encode(hashlib.sha256(kind.encode() + mark).digest()[:11]).decode().rstrip("=")
        seed = hashlib.sha256(f"{self._bot_id}:{number}:{unique}".encode()).digest()
        dot = name.rfind(".")
        suffix = _SUFFIX.get(kind) or (name[dot:] if dot > 0 and len(name) - dot < 10 else "")
        stored = File(
            kind=kind,
            file_id=_PREFIX[kind] + "AgUAAxkB" + base64.urlsafe_b64encode(seed).decode().rstrip("=") + "Ag",
            unique_id="AQAD" + unique,
            size=size,
            path=f"{_FOLDER.get(kind, 'documents')}/file_{number}{suffix}",
            mime_type=mime or _MIME.get(kind, "application/octet-stream"),
            object={},
            content=content,
        )
        self._by_id[stored.file_id] = self._by_path[stored.path] = stored
        stored.object = {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "file_size": size}
        return stored

    def store_photo(self, content: bytes | None) -> list[dict[str, Any]]:
        """Return the PhotoSize list; without contents a grey picture of 1280 by 960 is made."""
        mark = str(len(self._by_id))
        width, height = (images.dimensions(content) if content else None) or (1280, 960)
        sizes: list[dict[str, Any]] = []
        for wide, high in images.photo_sizes(width, height):
            last = max(wide, high) == min(max(width, height), 1280)
            data = content if last and content else images.jpeg(wide, high, f"{mark} {wide}x{high}")
            stored = self.store("photo", data, len(data))
            stored.object.update(width=wide, height=high)
            sizes.append(stored.object)
        for size in sizes:
            self._by_id[size["file_id"]].object = {"sizes": sizes}
        return sizes

    def store_document(self, content: bytes | None, size: int, name: str, mime: str) -> dict[str, Any]:
        stored = self.store("document", content, size, name, mime)
        stored.object.update(file_name=name, mime_type=stored.mime_type)
        return stored.object

    def store_voice(self, content: bytes | None, size: int, duration: int) -> dict[str, Any]:
        stored = self.store("voice", content, size)
        stored.object.update(duration=duration, mime_type=stored.mime_type)
        return stored.object


def chosen_file(files: Files, params: Params, field: str, kind: str) -> File | Upload:
    """Return the file that a sending method means: an upload, or one the bot already knows by its id."""
    value = params.text(field)
    name = value.removeprefix("attach://") if value.startswith("attach://") else field
    upload = params.uploads.get(name)
    if upload is not None:
        _check_upload(upload, kind)
        return upload
    if not value or value.startswith("attach://"):
        raise bad_request(f"there is no {kind} in the request")
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    known = files.get(value)
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if known.kind != kind:
        raise bad_request(f"can't use file of type {known.kind.title()} as {kind.title()}")
    return known


def _check_upload(upload: Upload, kind: str) -> None:
    size = len(upload.content)
    if not size:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        if size > MAX_PHOTO:
            raise bad_request(
                f"file of size {size} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes"
            )
        if images.dimensions(upload.content) is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
