"""The embedded database starts for an ordinary user, without any right on the machine."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from regulars.runtime.embedded.wheel import copy_programs, find_programs


@pytest.mark.skipif(
    os.geteuid() != 0, reason="as an ordinary user all other tests here show it already"
)
def test_it_starts_for_an_ordinary_user(scratch: Path) -> None:
    user = pwd.getpwnam("nobody")
    home = scratch / "ordinary"
    home.mkdir()
    os.chown(home, user.pw_uid, user.pw_gid)
    # The checkout may be closed to other users (under /root), so the programs are lent.
    programs = copy_programs(find_programs(), scratch / "lent")
    script = Path(__file__).with_name("as_ordinary_user.py")
    ran = subprocess.run(
        [sys.executable, script, home, programs.site, str(user.pw_uid), str(user.pw_gid)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "done\n"), ran.stderr
    assert (home / "pg" / "cluster").stat().st_uid == user.pw_uid
