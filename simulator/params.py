"""What a bot sent with a call: one view on query string, form, multipart and JSON bodies.

In forms Telegram gets nested values as JSON texts, in JSON bodies as JSON; numbers and flags may be text
in both. The accessors hide that, and refuse with Telegram's words what does not parse.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from simulator.errors import bad_request

_INTEGER = re.compile(r"-?\d+")


@dataclass(slots=True)
class Upload:
    """A file that came with a multipart call."""

    name: str
    mime_type: str
    content: bytes


@dataclass(slots=True)
class Params:
    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def integer(self, name: str, default: int = 0) -> int:
        """Return the leading digits, as Telegram reads an integer; anything else is the default."""
        value = self.values.get(name)
        if isinstance(value, bool) or value is None:
            return default
        if isinstance(value, int):
            return value
        found = _INTEGER.match(str(value))
        return int(found.group()) if found else default

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        return value is True or str(value).strip().lower() in {"true", "yes", "1"}

    def json(self, name: str, what: str) -> Any:
        """Return the parameter as JSON, or None when it was not given."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None

    def described(self) -> dict[str, Any]:
        """Return the parameters for the call log, nested texts opened and files named instead of included."""
        seen = {name: _opened(value) for name, value in self.values.items()}
        for name, upload in self.uploads.items():
            seen[name] = {"file_name": upload.name, "size": len(upload.content)}
        return seen


def _opened(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in "[{" and value:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def require_bool(data: dict[str, Any], name: str) -> bool:
    """Return a flag inside a JSON object, which must be a JSON true or false."""
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise bad_request(f'field "{name}" must be of type Boolean')
    return value
