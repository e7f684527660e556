"""The two addresses of the database: one for its owner, one for the application."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from regulars.runtime.installation.secret_files import Secrets, read_secret, read_secrets
from regulars.runtime.installation.settings import Settings

OWNER_ROLE: Final = "regulars_owner"
APP_ROLE: Final = "regulars_app"


@dataclass(frozen=True, slots=True, repr=False)
class Addresses:
    """Where the database is reached; both hold passwords, so they are never printed."""

    owner: str
    app: str


def addresses(settings: Settings) -> Addresses:
    """The database's addresses, embedded or your own; whether it runs is another question."""
    if settings.database_url and settings.owner_database_url:
        return Addresses(owner=settings.owner_database_url, app=settings.database_url)
    from regulars.runtime.embedded.place import sockets_of

    sockets, kept = sockets_of(settings), read_secrets(settings)
    return Addresses(
        owner=embedded_dsn(sockets, kept, OWNER_ROLE),
        app=embedded_dsn(sockets, kept, APP_ROLE),
    )


def app_address(settings: Settings) -> str:
    """Where the application reaches the database; the owner's password is not even read."""
    if settings.database_url:
        return settings.database_url
    from regulars.runtime.embedded.place import sockets_of

    return _dsn(sockets_of(settings), APP_ROLE, read_secret(settings, "database_app_password"))


def embedded_dsn(sockets: Path, kept: Secrets, role: str, database: str = "regulars") -> str:
    """The address of one embedded database for one role (a superuser needs no password)."""
    passwords = {OWNER_ROLE: kept.database_owner_password, APP_ROLE: kept.database_app_password}
    return _dsn(sockets, role, passwords.get(role, ""), database)


def _dsn(sockets: Path, role: str, password: str, database: str = "regulars") -> str:
    login = f"{role}:{quote(password, safe='')}" if password else role
    return f"postgresql://{login}@/{quote(database, safe='')}?host={quote(str(sockets), safe='')}"
