"""The settings: each that is missing or malformed is named in one sentence, with status 2 and no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Settings, SettingsError, read_settings
from tests.bot.programs import TOKEN, shixi

WRONG = [
    ("SHIXI_TOKEN", None),
    ("SHIXI_TOKEN", "hello"),
    ("SHIXI_TOKEN", "123456:"),
    ("SHIXI_TOKEN", "123456:with a space"),
    ("SHIXI_TOKEN", "123456:a/b?c"),
    ("SHIXI_API_URL", "api.telegram.org"),
    ("SHIXI_API_URL", "ftp://127.0.0.1"),
    ("SHIXI_API_URL", "http://[broken"),
    ("SHIXI_API_URL", "http://127.0.0.1:99999"),
    ("SHIXI_DATABASE_URL", "shixi.db"),
    ("SHIXI_DATABASE_URL", "mysql://root@localhost/shixi"),
    ("SHIXI_DATABASE_URL", "sqlite://relative.db"),
    ("SHIXI_DATABASE_URL", "sqlite:///"),
    ("SHIXI_TIMEZONE", "Beijing"),
    ("SHIXI_TIMEZONE", "../etc/passwd"),
    ("SHIXI_LOG_LEVEL", "LOUD"),
    ("SHIXI_WORKERS", "0"),
    ("SHIXI_WORKERS", "many"),
    ("SHIXI_MESSAGES_PER_SECOND", "0"),
    ("SHIXI_CHAT_MESSAGES_PER_SECOND", "-1"),
    ("SHIXI_POLL_SECONDS", "3600"),
    ("SHIXI_POLL_SECONDS", "1.5"),
    ("SHIXI_LOG_FORMAT", "xml"),
    ("SHIXI_STATUS_PORT", "on"),
    ("SHIXI_STATUS_PORT", "0"),
    ("SHIXI_STATUS_PORT", "65536"),
    ("SHIXI_STATUS_PORT", "-1"),
    ("SHIXI_STATUS_PORT", "０"),
    ("SHIXI_STATUS_PORT", "127.0.0.1:"),
    ("SHIXI_STATUS_PORT", "0.0.0.0:9464"),
    ("SHIXI_STATUS_PORT", "[::]:9464"),
    ("SHIXI_STATUS_PORT", "192.168.1.5:9464"),
    ("SHIXI_STATUS_PORT", "example.org:9464"),
    ("SHIXI_STATUS_PORT", "http://127.0.0.1:9464"),
]


@pytest.fixture
def settings_in(monkeypatch, tmp_path):
    """Set the environment as an operator would."""

    def put(**values: str | None) -> None:
        monkeypatch.chdir(tmp_path)
        for name, value in ({"SHIXI_TOKEN": TOKEN} | values).items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_named_in_one_sentence(settings_in, name, value):
    """The sentence names the setting, is one line, and does not repeat what may be secret."""
    settings_in(**{name: value})
    with pytest.raises(SettingsError) as wrong:
        read_settings()
    said = str(wrong.value)
    assert said.startswith(f"{name} ")
    assert "\n" not in said
    if name == "SHIXI_TOKEN" and value:
        assert f" {value}" not in said.replace("123456:ABC-DEF", "")


@pytest.mark.parametrize(
    ("name", "value"), [WRONG[0], WRONG[1], WRONG[5], WRONG[10], WRONG[13], WRONG[15], WRONG[17], WRONG[19]]
)
@pytest.mark.parametrize("command", ["check", "run"])
async def test_a_wrong_setting_ends_the_program_with_status_2(tmp_path, name, value, command):
    """Nothing but the sentence is said, and no traceback."""
    ended = await shixi(command, folder=tmp_path, **{name: value})
    assert 2 == ended.status
    assert ended.errors.startswith(f"{name} ")
    assert 1 == len(ended.errors.splitlines())
    assert "Traceback" not in ended.said
    assert "" == ended.output


def test_a_moved_clock_is_for_simulators_only(settings_in):
    """A clock file is refused unless the Bot API server is on this machine."""
    settings_in(SHIXI_CLOCK_FILE="clock.json")
    with pytest.raises(SettingsError, match="SHIXI_CLOCK_FILE"):
        read_settings()
    for url in ("http://127.0.0.1:8081", "http://localhost:8081", "http://[::1]:8081"):
        settings_in(SHIXI_CLOCK_FILE="clock.json", SHIXI_API_URL=url)
        assert Path("clock.json") == read_settings().clock_file


def test_the_file_counts_where_the_environment_says_nothing(settings_in, tmp_path):
    """`.env` gives what the environment does not; the environment wins; empty means not set."""
    (tmp_path / ".env").write_text(f"SHIXI_TOKEN={TOKEN}\nSHIXI_TIMEZONE=Europe/Berlin\nSHIXI_WORKERS=3\n")
    settings_in(SHIXI_TOKEN=None, SHIXI_WORKERS="5", SHIXI_LOG_LEVEL="")
    settings = read_settings()
    assert (TOKEN, "Europe/Berlin", 5, "INFO") == (
        settings.token.get_secret_value(),
        settings.timezone,
        settings.workers,
        settings.log_level,
    )


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("9464", "127.0.0.1:9464"),
        ("127.0.0.1:9464", "127.0.0.1:9464"),
        ("127.1.2.3:1", "127.1.2.3:1"),
        ("localhost:65535", "127.0.0.1:65535"),
        ("[::1]:9464", "[::1]:9464"),
        ("", "None"),
    ],
)
def test_the_status_port_is_opened_on_this_machine(settings_in, value, address):
    """A port alone is enough; nothing is opened where nothing is set."""
    settings_in(SHIXI_STATUS_PORT=value)
    assert address == str(read_settings().status_port)


def test_defaults_are_absolute_and_telegrams(settings_in, tmp_path):
    """Only the token has to be set."""
    settings_in()
    settings = read_settings()
    assert "https://api.telegram.org" == settings.api_url
    assert f"sqlite:///{tmp_path}/data/shixi.db" == settings.database_url
    assert tmp_path / "data" / "files" == settings.files
    assert "Asia/Shanghai" == settings.timezone


def test_settings_do_not_show_the_token():
    """Printing the settings hides the token."""
    settings = Settings.model_validate({"token": TOKEN})
    assert TOKEN not in f"{settings} {settings!r}"


def test_every_setting_is_documented():
    """docs/settings.md has one line for each setting, and none for others."""
    documented = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    named = {line.split("`")[1] for line in documented.splitlines() if line.startswith("| `SHIXI_")}
    assert named == {f"SHIXI_{name.upper()}" for name in Settings.model_fields}
