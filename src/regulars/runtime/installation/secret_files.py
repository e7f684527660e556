"""The installation's secrets: made once, kept in files only their owner can read."""

import os
import secrets
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from regulars.runtime.installation.settings import SECRET_PREFIX, Settings
from regulars.runtime.problems import SetupProblem

SHORTEST_SECRET = 24


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Secrets:
    """Passwords and keys of this installation; never printed, never logged."""

    database_owner_password: str
    database_app_password: str
    signing_key: str
    metrics_token: str
    seal_key: str


NAMES = (
    "database_owner_password",
    "database_app_password",
    "signing_key",
    "metrics_token",
    "seal_key",
)


def open_secrets(settings: Settings) -> Secrets:
    """The installation's secrets, made now where there are none yet.

    Order: the environment, then the file, then a fresh one of 256 random bits.
    """
    return Secrets(**{name: _secret(settings, name, _make) for name in NAMES})


def read_secrets(settings: Settings) -> Secrets:
    """The installation's secrets, refusing to make any."""
    return Secrets(**{name: _secret(settings, name, _refuse) for name in NAMES})


def replace_secret(settings: Settings, name: str) -> None:
    """Put a fresh secret in the place of this one, at one stroke; the former one is gone."""
    path = settings.secrets_dir / name
    Path(_draft(path)).replace(path)


def read_secret(settings: Settings, name: str) -> str:
    """One of the installation's secrets, refusing to make it."""
    return _secret(settings, name, _refuse)


def open_secret(settings: Settings, name: str) -> str:
    """One of the installation's secrets, made now where it is not there yet."""
    return _secret(settings, name, _make)


def own_secret(settings: Settings, name: str) -> str:
    """A secret that somebody else made and the shop put there (a provider's token); "" is none.

    Order: the environment, then the file; never made by us.
    """
    return settings.secret_overrides.get(name) or _read(settings.secrets_dir / name) or ""


def secret_weaknesses(settings: Settings) -> list[str]:
    """What is unsafe about the secrets, one sentence each; empty is good."""
    folder = settings.secrets_dir
    found = []
    if folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        found.append(f"{folder} is open to other users: run `chmod 700 {folder}`.")
    for name in NAMES:
        path = folder / name
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            found.append(f"{path} is open to other users: run `chmod 600 {path}`.")
        found += _weak_value(settings, name, path)
    return found


def _weak_value(settings: Settings, name: str, path: Path) -> list[str]:
    value = settings.secret_overrides.get(name) or _read(path)
    if value is None:
        return [f"{path} is missing: run `regulars init`, or restore it from your backup."]
    if len(value) < SHORTEST_SECRET or len(set(value)) < SHORTEST_SECRET // 3:
        return [
            f"The secret {name} is short or guessable: remove {path} (or {_override(name)}) "
            "and run `regulars init` to make a strong one."
        ]
    return []


def _secret(settings: Settings, name: str, absent: Callable[[Path], str]) -> str:
    path = settings.secrets_dir / name
    return settings.secret_overrides.get(name) or _read(path) or absent(path)


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None


def _make(path: Path) -> str:
    path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = _draft(path)
    try:
        # A link never overwrites: of two that start at once, one secret wins for both.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
    return _read(path) or _refuse(path)


def _draft(path: Path) -> str:
    """A fresh secret in a file beside its place, on disk."""
    # mkstemp makes files that only their owner can read.
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(32))
        file.flush()
        os.fsync(file.fileno())
    return draft


def _refuse(path: Path) -> str:
    raise SetupProblem(
        f"The secret {path} is missing.",
        f"Run `regulars init`, restore it from your backup, or set {_override(path.name)}.",
    )


def _override(name: str) -> str:
    return SECRET_PREFIX + name.upper()
