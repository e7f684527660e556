"""Every setting in one place: this file alone reads the environment."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import platformdirs

from regulars.runtime.problems import SetupProblem

SECRET_PREFIX: Final = "REGULARS_SECRET_"


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable a shop may set, with its meaning for the reference."""

    name: str
    default: str
    meaning: str


VARIABLES: Final = (
    Variable(
        "REGULARS_HOME",
        "the user's data folder",
        "Secrets, demo.json and (unless run as root) the database.",
    ),
    Variable(
        "REGULARS_DATABASE_URL",
        "none: embedded PostgreSQL",
        "Your own PostgreSQL (16 or newer), application role.",
    ),
    Variable(
        "REGULARS_OWNER_DATABASE_URL",
        "none",
        "The same database, owner role; needed beside the former.",
    ),
    Variable(
        "REGULARS_SYSTEM_DIR", "/var/lib/regulars", "Run as root, the embedded database lies here."
    ),
    Variable("HOST", "127.0.0.1", "Address the server listens on."),
    Variable("PORT", "8000", "Port the server listens on."),
    Variable("REGULARS_WORKERS", "1", "Web worker processes; each uses about one CPU core."),
    Variable("REGULARS_POOL", "4", "Database connections of each web worker for what is written."),
    Variable("REGULARS_READERS", "2", "Further ones for what is only looked at."),
    Variable(
        "REGULARS_LOG", "auto", "`json` for machines, `text` for people; auto: text on a terminal."
    ),
    Variable(
        f"{SECRET_PREFIX}<NAME>",
        "generated",
        "Overrides the secret file of that name, in capitals.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this installation is to run, fixed for as long as it runs."""

    home: Path
    system_dir: Path = Path("/var/lib/regulars")
    database_url: str | None = None
    owner_database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    pool: int = 4
    readers: int = 2
    log: str = "auto"
    secret_overrides: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def embedded(self) -> bool:
        """Whether Regulars brings its own database."""
        return self.database_url is None

    @property
    def secrets_dir(self) -> Path:
        """Where the secret files lie."""
        return self.home / "secrets"

    def as_environment(self, *, owner: bool = True) -> dict[str, str]:
        """The environment that makes a child read these same settings.

        Without `owner` the child is not told how to reach the database as its owner.
        """
        chosen = {
            "REGULARS_HOME": str(self.home),
            "REGULARS_SYSTEM_DIR": str(self.system_dir),
            "REGULARS_DATABASE_URL": self.database_url,
            "REGULARS_OWNER_DATABASE_URL": self.owner_database_url if owner else None,
            "HOST": self.host,
            "PORT": str(self.port),
            "REGULARS_WORKERS": str(self.workers),
            "REGULARS_POOL": str(self.pool),
            "REGULARS_READERS": str(self.readers),
            "REGULARS_LOG": self.log,
        }
        kept_back = set() if owner else {f"{SECRET_PREFIX}DATABASE_OWNER_PASSWORD"}
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in chosen and name not in kept_back
        }
        return inherited | {name: value for name, value in chosen.items() if value is not None}


def read_settings(environment: Mapping[str, str] | None = None, *, owner: bool = True) -> Settings:
    """What the environment asks for, with defaults for the rest.

    Order: a process that never acts as the database's owner reads without `owner`.
    Refuses: numbers out of range and an owner address without an application address.
    """
    env = os.environ if environment is None else environment
    database_url = env.get("REGULARS_DATABASE_URL") or None
    owner_database_url = env.get("REGULARS_OWNER_DATABASE_URL") or None
    if owner and (database_url is None) != (owner_database_url is None):
        raise SetupProblem(
            "Only one of REGULARS_DATABASE_URL and REGULARS_OWNER_DATABASE_URL is set.",
            "Set both (application role and owner role of one database), or neither.",
        )
    return Settings(
        home=_folder(env.get("REGULARS_HOME"), lambda: platformdirs.user_data_path("regulars")),
        system_dir=_folder(env.get("REGULARS_SYSTEM_DIR"), lambda: Path("/var/lib/regulars")),
        database_url=database_url,
        owner_database_url=owner_database_url,
        host=env.get("HOST") or "127.0.0.1",
        port=_number(env, "PORT", 8000, range(1, 65536)),
        workers=_number(env, "REGULARS_WORKERS", 1, range(1, 65)),
        pool=_number(env, "REGULARS_POOL", 4, range(1, 65)),
        readers=_number(env, "REGULARS_READERS", 2, range(1, 65)),
        log=_choice(env, "REGULARS_LOG", ("auto", "json", "text")),
        secret_overrides={
            name.removeprefix(SECRET_PREFIX).lower(): value
            for name, value in env.items()
            if name.startswith(SECRET_PREFIX) and value
        },
    )


def _folder(text: str | None, default: Callable[[], Path]) -> Path:
    chosen = Path(text).expanduser() if text else default()
    # Absolute but not resolved: the path shown is the path the shop typed.
    return Path(os.path.abspath(chosen))


def _number(env: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and int(text) in allowed):
        raise SetupProblem(
            f"{name} is {text!r}.",
            f"Set it to a whole number from {allowed.start} to {allowed.stop - 1}.",
        )
    return int(text)


def _choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    text = env.get(name) or allowed[0]
    if text not in allowed:
        raise SetupProblem(f"{name} is {text!r}.", f"Set it to one of: {', '.join(allowed)}.")
    return text
