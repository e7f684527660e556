"""Makes the dump of a release: run once, on the day of the release, and never again.

    python -m tests.upgrades.make_dump 125 tests/upgrades/dumps/0125_advocacy.dump.xz

The shops in it lived through a year of whatever the scenario of `regulars verify` has: sales,
returns, tiers, plans, campaigns, segments, inlets, tills. They have taken the first so many
migrations only. What ends in `.xz` is packed apart from PostgreSQL, to half the size.
"""

import asyncio
import lzma
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.insight.verify.scenario import a_year

from regulars.runtime.embedded import Cluster
from regulars.runtime.installation.settings import read_settings
from regulars.runtime.storage.migrator import FOLDER, migrate, read_migrations


def first_steps(most: int, folder: Path) -> Path:
    """The first so many migrations in a folder of their own."""
    folder.mkdir(exist_ok=True)
    for step in read_migrations()[:most]:
        for path in FOLDER.glob(f"{step}.*sql"):
            shutil.copy(path, folder)
    return folder


def make(most: int, target: Path) -> None:
    """Faults: ValueError for a file whose name does not say how it is packed."""
    if target.suffix != ".xz":
        raise ValueError(f"{target}: end its name in .xz, by which it is read")
    scratch = Path(tempfile.mkdtemp(prefix="regulars-dump-"))
    scratch.chmod(0o755)
    settings = read_settings(
        {"REGULARS_HOME": str(scratch / "home"), "REGULARS_SYSTEM_DIR": str(scratch / "system")}
    )
    cluster = Cluster(settings, durable=False).start()
    try:
        asyncio.run(migrate(cluster.owner_dsn, first_steps(most, scratch / "steps")))
        asyncio.run(a_year(cluster.owner_dsn, cluster.app_dsn))
        whole = scratch / "whole.dump"
        command = [cluster.place.programs["pg_dump"], "--format=custom", "--compress=none"]
        command += ["--dbname", cluster.dsn("postgres"), "--file", str(whole)]
        subprocess.run(command, check=True)
        target.write_bytes(lzma.compress(whole.read_bytes(), preset=9))
    finally:
        cluster.destroy()
        shutil.rmtree(scratch, ignore_errors=True)
    print(f"{target}: {target.stat().st_size:,} bytes, {datetime.now(UTC):%Y-%m-%d}")


if __name__ == "__main__":
    make(int(sys.argv[1]), Path(sys.argv[2]))
