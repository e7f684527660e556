"""Lays a base backup out as a cluster and tells PostgreSQL how far to go."""

import json
import tarfile
from datetime import datetime
from pathlib import Path
from typing import Any

from regulars.runtime.backup.label import hash_of
from regulars.runtime.backup.making import run
from regulars.runtime.embedded.archive import check_archive, fetch_command
from regulars.runtime.embedded.place import Place
from regulars.runtime.embedded.unfinished import sign
from regulars.runtime.problems import SetupProblem

AUTO = "postgresql.auto.conf"


def unpack(backup: Path, draft: Path, place: Place, archive: Path | None) -> None:
    """The files of a base backup, each compared with what PostgreSQL itself noted of it."""
    draft.mkdir(mode=0o700)
    sign(draft, place)
    _extract(backup / "base.tar.gz", draft)
    (draft / "pg_wal").mkdir(exist_ok=True)
    _extract(backup / "pg_wal.tar.gz", draft / "pg_wal")
    for path in draft.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    noted = json.loads((backup / "backup_manifest").read_bytes())
    _compare(noted, draft)
    _read_log(noted, draft, place)
    if archive is not None:
        check_archive(archive, sorted(path.name for path in (draft / "pg_wal").glob("0*[0-9A-F]")))


def arrange_recovery(cluster: Path, archive: Path | None, to: datetime | None) -> None:
    """Have PostgreSQL fetch what follows from the archive, up to an instant or to the end."""
    # Logs of the installation that was copied would be taken for this one's.
    for old in (cluster / "log").glob("*.log"):
        old.unlink()
    if archive is None:
        return
    lines = [f"restore_command = {_quoted(fetch_command(archive))}", "hot_standby = off"]
    if to is not None:
        lines.append(f"recovery_target_time = '{to.isoformat()}'")
        lines.append("recovery_target_action = 'promote'")
    (cluster / AUTO).write_text("\n".join(lines) + "\n", "utf-8")
    (cluster / "recovery.signal").touch(mode=0o600)


def forget_recovery(cluster: Path) -> None:
    """The way here is over; the next start is an ordinary one."""
    (cluster / AUTO).write_text("", "utf-8")


def _extract(packed: Path, into: Path) -> None:
    with tarfile.open(packed, "r:gz") as tar:
        # Refuses what would land elsewhere, where this Python can tell.
        tar.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)
        tar.extractall(into)  # noqa: S202


def _compare(noted: dict[str, Any], draft: Path) -> None:
    for file in noted["Files"]:
        path = draft / file.get("Path", bytes.fromhex(file.get("Encoded-Path", "")).decode())
        if not path.is_file() or path.stat().st_size != file["Size"]:
            raise _damaged(f"{path.name} is missing or has another size")
        if file.get("Checksum-Algorithm") == "SHA256" and hash_of(path) != file["Checksum"]:
            raise _damaged(f"{path.name} is not what it was")


def _read_log(noted: dict[str, Any], draft: Path, place: Place) -> None:
    """Read the piece of log the copy needs from end to end, as PostgreSQL will."""
    for piece in noted["WAL-Ranges"]:
        command = [place.programs["pg_waldump"], "--quiet", "--path", str(draft / "pg_wal")]
        command += ["--timeline", str(piece["Timeline"])]
        command += ["--start", piece["Start-LSN"], "--end", piece["End-LSN"]]
        run(command, "The log in the backup cannot be read")


def _damaged(what: str) -> SetupProblem:
    return SetupProblem(f"The backup is damaged: {what}.", "Nothing was changed. Use another one.")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
