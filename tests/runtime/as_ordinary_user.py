"""Run by test_ordinary_user.py: gives up root, then starts the embedded database."""

import asyncio
import os
import sys
from pathlib import Path

import asyncpg
import uvloop  # noqa: F401  # everything is imported while the files can still be read

from regulars.runtime.embedded import Cluster, place
from regulars.runtime.embedded.wheel import Programs
from regulars.runtime.installation.settings import read_settings


async def whoami(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    try:
        return str(await connection.fetchval("SELECT current_user"))
    finally:
        await connection.close()


def main() -> None:
    home, site, uid, gid = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    # asyncio and the password exchange import more as they go.
    asyncio.run(asyncio.sleep(0))
    __import__("asyncpg.protocol.protocol")
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    place.find_programs = lambda: Programs(site=site, release="copy")
    settings = read_settings({"REGULARS_HOME": str(home), "HOME": str(home)})
    cluster = Cluster(settings, durable=False).start()
    assert cluster.place.folder == home / "pg"
    assert asyncio.run(whoami(cluster.app_dsn)) == "regulars_app"
    assert asyncio.run(whoami(cluster.dsn("postgres"))) == "postgres"
    cluster.kill()
    assert asyncio.run(whoami(cluster.start().owner_dsn)) == "regulars_owner"
    cluster.leave()
    assert not cluster.alive()
    print("done")


if __name__ == "__main__":
    main()
