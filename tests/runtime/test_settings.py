"""Settings and secrets: read once, refused with a remedy, never open to others."""

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from regulars.runtime.installation.secret_files import (
    NAMES,
    open_secrets,
    read_secrets,
    secret_weaknesses,
)
from regulars.runtime.installation.settings import VARIABLES, Settings, read_settings
from regulars.runtime.problems import SetupProblem


def test_nothing_set_means_an_embedded_database_in_the_users_folder() -> None:
    settings = read_settings({})
    assert settings.embedded
    assert settings.home.is_absolute()
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 1)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8000.0", "８０００", "1e3", "http"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(SetupProblem, match="PORT"):
        read_settings({"PORT": port})


def test_one_address_without_the_other_is_refused() -> None:
    with pytest.raises(SetupProblem, match="Set both"):
        read_settings({"REGULARS_DATABASE_URL": "postgresql://somewhere/regulars"})


def test_a_child_reads_the_same_settings() -> None:
    settings = read_settings(
        {
            "REGULARS_HOME": "/srv/shop",
            "PORT": "8123",
            "REGULARS_WORKERS": "3",
            "REGULARS_LOG": "json",
        }
    )
    assert read_settings(settings.as_environment()) == settings


def test_every_variable_is_in_the_reference() -> None:
    source = (Path(read_settings.__code__.co_filename)).read_text("utf-8")
    named = {variable.name for variable in VARIABLES}
    for name in ("REGULARS_HOME", "REGULARS_DATABASE_URL", "HOST", "PORT", "REGULARS_POOL"):
        assert name in named
        assert f'"{name}"' in source


def test_secrets_are_made_once_and_closed_to_others(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings()
    made = open_secrets(settings)
    assert read_secrets(settings) == made == open_secrets(settings)
    assert len({made.database_owner_password, made.database_app_password, made.signing_key}) == 3
    assert stat.S_IMODE(settings.secrets_dir.stat().st_mode) == 0o700
    for name in NAMES:
        assert stat.S_IMODE((settings.secrets_dir / name).stat().st_mode) == 0o600
    assert secret_weaknesses(settings) == []
    assert made.signing_key not in repr(made)


def test_two_that_start_at_once_agree_on_the_secrets(
    make_settings: Callable[..., Settings],
) -> None:
    settings = make_settings()
    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(lambda _: open_secrets(settings), range(32)))
    assert all(one == seen[0] for one in seen)
    assert sorted(os.listdir(settings.secrets_dir)) == sorted(NAMES)


def test_the_environment_overrides_a_secret(make_settings: Callable[..., Settings]) -> None:
    given = "from-the-vault-0123456789abcdef"
    settings = make_settings(REGULARS_SECRET_SIGNING_KEY=given)
    assert open_secrets(settings).signing_key == given
    assert not (settings.secrets_dir / "signing_key").exists()
    assert given not in repr(settings)


def test_reading_never_makes_a_secret(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings()
    with pytest.raises(SetupProblem, match="regulars init"):
        read_secrets(settings)
    assert not settings.secrets_dir.exists()


@pytest.mark.parametrize("weak", ["changeme", "a" * 64, "secret"])
def test_a_guessable_secret_is_told(make_settings: Callable[..., Settings], weak: str) -> None:
    settings = make_settings()
    open_secrets(settings)
    (settings.secrets_dir / "signing_key").write_text(weak)
    assert [one for one in secret_weaknesses(settings) if "signing_key is short" in one]


def test_a_secret_open_to_others_is_told(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings()
    open_secrets(settings)
    settings.secrets_dir.chmod(0o755)
    (settings.secrets_dir / "signing_key").chmod(0o640)
    told = "\n".join(secret_weaknesses(settings))
    assert "chmod 700" in told
    assert "chmod 600" in told
