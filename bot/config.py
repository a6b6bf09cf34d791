"""The settings: one frozen object, read once from the environment or `.env`, every name beginning with SHIXI_."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage.database import is_database_url

TELEGRAM = "https://api.telegram.org"


class SettingsError(Exception):
    """A setting is missing or malformed; the text is one sentence that names it."""


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value.get_secret_value()):
        raise ValueError("is not a bot token; BotFather's look like 123456:ABC-DEF")
    return value


def _api_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise ValueError("is not the address of a Bot API server, such as https://api.telegram.org")
    return value.rstrip("/")


def _database_url(value: str) -> str:
    if not is_database_url(value):
        raise ValueError(
            "is not a database URL; they are written sqlite:////absolute/path.db or postgresql://user:password@host/name"
        )
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("is not a time zone; they look like Asia/Shanghai") from None
    return value


class Address(NamedTuple):
    """Where the program listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _status_port(value: object) -> Address:
    host, _, port = str(value).rpartition(":")
    host = {"": "127.0.0.1", "localhost": "127.0.0.1"}.get(host, host.strip("[]"))
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError("is not a port from 1 to 65535, such as 9464")
    try:
        inside = ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise ValueError("is only opened on this machine: give a port alone, such as 9464, or 127.0.0.1:9464")
    return Address(host, int(port))


class Basics(BaseModel):
    """What is needed to work on the database alone, as importing a file does; see docs/settings.md for each."""

    model_config = ConfigDict(frozen=True)

    api_url: Annotated[str, AfterValidator(_api_url)] = TELEGRAM
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        default_factory=lambda: f"sqlite:///{Path('data/shixi.db').absolute()}"
    )
    files: Path = Field(default_factory=lambda: Path("data/files").absolute())
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    log_level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"
    log_format: Annotated[str, Field(pattern="^(logfmt|json)$")] = "logfmt"
    clock_file: Path | None = None

    @property
    def database_kind(self) -> str:
        """The name of the database's kind: sqlite or postgresql."""
        return self.database_url.partition(":")[0]

    @property
    def on_loopback(self) -> bool:
        """Whether the Bot API server is on this machine, as a simulator is."""
        host = urlsplit(self.api_url).hostname or ""
        try:
            return host == "localhost" or ip_address(host).is_loopback
        except ValueError:
            return False


class Settings(Basics):
    """What the bot was told."""

    token: Annotated[SecretStr, AfterValidator(_token)]
    workers: Annotated[int, Field(ge=1, le=256)] = 64
    messages_per_second: Annotated[float, Field(gt=0, le=10_000)] = 30.0
    chat_messages_per_second: Annotated[float, Field(gt=0, le=10_000)] = 1.0
    person_updates_per_second: Annotated[float, Field(gt=0, le=10_000)] = 3.0
    poll_seconds: Annotated[int, Field(ge=0, le=60)] = 30
    status_port: Annotated[Address | None, BeforeValidator(_status_port)] = None


_S = TypeVar("_S", bound=Basics)


class _Environment(BaseSettings):
    """The same names as `Settings`, all optional text: the environment says what is there, `Settings` judges it."""

    model_config = SettingsConfigDict(env_prefix="SHIXI_", env_file=".env", extra="ignore", env_ignore_empty=True)

    token: str | None = None
    api_url: str | None = None
    database_url: str | None = None
    files: str | None = None
    timezone: str | None = None
    log_level: str | None = None
    log_format: str | None = None
    clock_file: str | None = None
    workers: str | None = None
    messages_per_second: str | None = None
    chat_messages_per_second: str | None = None
    person_updates_per_second: str | None = None
    poll_seconds: str | None = None
    status_port: str | None = None


def read_settings() -> Settings:
    """Read the settings; raises `SettingsError` for the first one that is missing or malformed."""
    return _read(Settings)


def read_basics() -> Basics:
    """Read what commands need that never speak to Telegram; raises `SettingsError`."""
    return _read(Basics)


def _read(kind: type[_S]) -> _S:
    try:
        settings = kind.model_validate(_Environment().model_dump(exclude_none=True))
    except UnicodeDecodeError:
        raise SettingsError("The file .env is not UTF-8; save it as UTF-8 (in Notepad: Save as, Encoding)") from None
    except OSError as error:
        raise SettingsError(f"The file .env cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = f"SHIXI_{str(first['loc'][0]).upper()}"
        if first["type"] == "missing":
            raise SettingsError(f"{name} is not set; put it into the environment or into .env") from None
        raise SettingsError(f"{name} {_reason(first['msg'])}") from None
    if settings.clock_file and not settings.on_loopback:
        raise SettingsError("SHIXI_CLOCK_FILE is only accepted when SHIXI_API_URL is on this machine")
    return settings


def make_files_folder(settings: Basics) -> None:
    """Make the folder for people's files, readable by its owner only; raises `SettingsError`."""
    try:
        settings.files.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(f"SHIXI_FILES is not a folder that can be written: {error.strerror}") from None


def _reason(message: str) -> str:
    said = message.removeprefix("Value error, ")
    return said if said != message else f"is malformed: {message[:1].lower()}{message[1:]}"
