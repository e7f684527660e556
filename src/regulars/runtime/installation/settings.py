"""Every setting in one place: this file alone reads the environment."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import platformdirs

from regulars.runtime.installation.sending import (
    SENDER_VARIABLES,
    SenderSettings,
    read_sender_settings,
)
from regulars.runtime.installation.variables import (
    Variable,
    address_in,
    choice_in,
    number_in,
    proxies_in,
)
from regulars.runtime.installation.walleting import (
    WALLET_VARIABLES,
    WalletSettings,
    read_wallet_settings,
)
from regulars.runtime.problems import SetupProblem
from regulars.surfaces.api.front.proxies import LOOPBACK, Proxies

SECRET_PREFIX: Final = "REGULARS_SECRET_"


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
        "REGULARS_BACKUPS",
        "none: nothing is archived",
        "Folder for backups of the embedded database; with it, every change is archived there "
        "within a minute.",
    ),
    Variable("REGULARS_TLS_CERTIFICATE", "none: plain HTTP", "PEM file with the certificates."),
    Variable("REGULARS_TLS_KEY", "none", "PEM file with the certificate's key, without password."),
    Variable(
        "REGULARS_TRUSTED_PROXIES",
        "loopback",
        "Whose X-Forwarded-For, -Proto and -Host are believed: addresses and networks with commas "
        "between; `loopback` is this machine, `private` also every private network, `none` nobody.",
    ),
    Variable(
        "REGULARS_METRICS",
        "bearer",
        "Who may read `/metrics`: `bearer`: who shows the secret `metrics_token`; `loopback`: "
        "who asks from this machine and through no proxy; `off`: nobody, and nothing is counted.",
    ),
    Variable(
        "REGULARS_TRACES",
        "none: no traces",
        "Address of an OpenTelemetry collector (OTLP over HTTP), as http://127.0.0.1:4318.",
    ),
    Variable(
        "REGULARS_LOG", "auto", "`json` for machines, `text` for people; auto: text on a terminal."
    ),
    Variable(
        "REGULARS_SEAL_SECONDS",
        "5",
        "How often what happened is sealed; each round with something new makes a checkpoint.",
    ),
    Variable(
        "REGULARS_ANCHOR_FILE",
        "none",
        "Each checkpoint is added to this file; let it lie on another machine.",
    ),
    Variable(
        "REGULARS_ANCHOR_URL",
        "none",
        "Each checkpoint is sent to this address by POST, signed; http or https, no redirects.",
    ),
    Variable(
        "REGULARS_PUBLIC_URL",
        "the address the server listens on",
        "Where members' browsers find it, as https://club.example.org; links of messages begin so.",
    ),
    Variable(
        "REGULARS_REQUEST_DAYS",
        "7",
        "So many days requests that changed something can be looked up; 0 takes none down.",
    ),
    Variable(
        "REGULARS_FEEDS_FOLDER",
        "none: no folder is looked at",
        "Folder below which each program has one, called by its name, whose files with events are "
        "read.",
    ),
    Variable(
        "REGULARS_EXTRACTS_FOLDER",
        "none: no folder is written to",
        "Folder below which each program has one, called by its name, for its extracts.",
    ),
    *SENDER_VARIABLES,
    *WALLET_VARIABLES,
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
    backups: Path | None = None
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    proxies: Proxies = LOOPBACK
    metrics: str = "bearer"
    traces: str | None = None
    seal_seconds: int = 5
    request_days: int = 7
    """How long requests can be looked up; 0 takes none down."""
    anchor_file: Path | None = None
    anchor_url: str | None = None
    public_url: str | None = None
    feeds_folder: Path | None = None
    extracts_folder: Path | None = None
    senders: SenderSettings = field(default_factory=SenderSettings)
    wallets: WalletSettings = field(default_factory=WalletSettings)
    secret_overrides: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def embedded(self) -> bool:
        """Whether Regulars brings its own database."""
        return self.database_url is None

    @property
    def base_url(self) -> str:
        """Where the server answers, as a browser writes it."""
        scheme = "http" if self.tls_certificate is None else "https"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"

    @property
    def secrets_dir(self) -> Path:
        """Where the secret files lie."""
        return self.home / "secrets"

    @property
    def uploads(self) -> Path:
        """Where files lie that were brought in the console."""
        return self.home / "uploads"

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
            "REGULARS_BACKUPS": _text(self.backups),
            "REGULARS_TLS_CERTIFICATE": _text(self.tls_certificate),
            "REGULARS_TLS_KEY": _text(self.tls_key),
            "REGULARS_TRUSTED_PROXIES": ",".join(map(str, self.proxies.networks)) or "none",
            "REGULARS_METRICS": self.metrics,
            "REGULARS_TRACES": self.traces,
            "REGULARS_SEAL_SECONDS": str(self.seal_seconds),
            "REGULARS_REQUEST_DAYS": str(self.request_days),
            "REGULARS_ANCHOR_FILE": str(self.anchor_file) if self.anchor_file else None,
            "REGULARS_ANCHOR_URL": self.anchor_url,
            "REGULARS_PUBLIC_URL": self.public_url,
            "REGULARS_FEEDS_FOLDER": _text(self.feeds_folder),
            "REGULARS_EXTRACTS_FOLDER": _text(self.extracts_folder),
            **self.senders.as_environment(),
            **self.wallets.as_environment(),
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
    certificate, key = _tls(env)
    return Settings(
        home=_folder(env.get("REGULARS_HOME"), lambda: platformdirs.user_data_path("regulars")),
        system_dir=_folder(env.get("REGULARS_SYSTEM_DIR"), lambda: Path("/var/lib/regulars")),
        database_url=database_url,
        owner_database_url=owner_database_url,
        host=env.get("HOST") or "127.0.0.1",
        port=number_in(env, "PORT", 8000, range(1, 65536)),
        workers=number_in(env, "REGULARS_WORKERS", 1, range(1, 65)),
        pool=number_in(env, "REGULARS_POOL", 4, range(1, 65)),
        readers=number_in(env, "REGULARS_READERS", 2, range(1, 65)),
        log=choice_in(env, "REGULARS_LOG", ("auto", "json", "text")),
        backups=_path(env, "REGULARS_BACKUPS"),
        tls_certificate=certificate,
        tls_key=key,
        proxies=proxies_in(env, "REGULARS_TRUSTED_PROXIES"),
        metrics=choice_in(env, "REGULARS_METRICS", ("bearer", "loopback", "off")),
        traces=address_in(env, "REGULARS_TRACES"),
        request_days=number_in(env, "REGULARS_REQUEST_DAYS", 7, range(366)),
        seal_seconds=number_in(env, "REGULARS_SEAL_SECONDS", 5, range(1, 3601)),
        anchor_file=_file(env.get("REGULARS_ANCHOR_FILE")),
        anchor_url=address_in(env, "REGULARS_ANCHOR_URL"),
        public_url=address_in(env, "REGULARS_PUBLIC_URL"),
        feeds_folder=_path(env, "REGULARS_FEEDS_FOLDER"),
        extracts_folder=_path(env, "REGULARS_EXTRACTS_FOLDER"),
        senders=read_sender_settings(env),
        wallets=read_wallet_settings(env),
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


def _path(env: Mapping[str, str], name: str) -> Path | None:
    return _folder(env[name], Path) if env.get(name) else None


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _tls(env: Mapping[str, str]) -> tuple[Path | None, Path | None]:
    """The certificate and its key: both, and readable, or neither."""
    names = ("REGULARS_TLS_CERTIFICATE", "REGULARS_TLS_KEY")
    certificate, key = (_path(env, name) for name in names)
    if (certificate is None) != (key is None):
        raise SetupProblem(
            f"Only one of {names[0]} and {names[1]} is set.",
            "Set both to PEM files, or neither and let a reverse proxy speak TLS.",
        )
    for name, path in zip(names, (certificate, key), strict=True):
        if path is not None and not os.access(path, os.R_OK):
            raise SetupProblem(
                f"{name} is {str(path)!r}, which cannot be read.",
                "Set it to a PEM file that the user who runs Regulars may read.",
            )
    return certificate, key


def _file(text: str | None) -> Path | None:
    return Path(os.path.abspath(Path(text).expanduser())) if text else None
