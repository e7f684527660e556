"""What packaging/install.sh makes in a bare Debian serves, backs up and stops in good order."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
NIGHTLY = os.environ.get("REGULARS_TEST_SIZE") == "nightly"
PACKAGES = "python3,python3-venv,ca-certificates,gzip"
RELEASE = "bookworm"
IN_IT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "REGULARS_HOME": "/var/lib/regulars",
    "REGULARS_BACKUPS": "/var/backups/regulars",
    "PORT": "8097",
}
ASK = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8097/healthz').status)"


def why_not() -> str:
    """What keeps the drill from being made here; nothing where all is there."""
    if not NIGHTLY:
        return "takes minutes: REGULARS_TEST_SIZE=nightly"
    if os.geteuid() != 0:
        return "needs root, to make a chroot"
    if shutil.which("debootstrap") is None:
        return "needs debootstrap (apt install debootstrap)"
    return ""


@pytest.fixture(scope="module")
def bare() -> Iterator[Path]:
    """A bare Debian with the source and the wheels in it, and nothing of ours."""
    if why_not():
        pytest.skip(why_not())
    folder = Path(tempfile.mkdtemp(prefix="regulars-bare-", dir="/var/tmp"))
    folder.chmod(0o755)
    mounted: list[Path] = []
    try:
        made = run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", RELEASE, folder)
        if made.returncode != 0:
            pytest.skip(f"debootstrap could not fetch {RELEASE}: {made.stdout[-300:]}")
        fill(folder)
        for kind, place in (("proc", "proc"), ("tmpfs", "dev/shm")):
            (folder / place).mkdir(exist_ok=True)
            if run("mount", "-t", kind, kind, folder / place).returncode != 0:
                pytest.skip(f"{kind} cannot be mounted here")
            mounted.append(folder / place)
        yield folder
    finally:
        for place in reversed(mounted):
            run("umount", place)
        if not any(os.path.ismount(place) for place in mounted):
            shutil.rmtree(folder, ignore_errors=True)


def fill(folder: Path) -> None:
    """Put the source and all wheels into it; from here on it needs no network."""
    ignored = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "tests", "bench")
    shutil.copytree(ROOT, folder / "source", ignore=ignored)
    wheels = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:"]
    wheels += ["--python-version", "3.11", "--dest", str(folder / "wheels")]
    locked = run(*wheels, "--require-hashes", "-r", ROOT / "requirements.lock")
    assert locked.returncode == 0, locked.stdout
    build = run(*wheels, "setuptools>=80")
    assert build.returncode == 0, build.stdout


def run(*words: object, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, **more},
    )


def inside(bare: Path, *words: str, user: str = "root", **more: str) -> tuple[int, str]:
    """Run something in the bare system; its status and what it said."""
    who = [] if user == "root" else [f"--userspec={user}:{user}"]
    done = subprocess.run(
        ["chroot", *who, str(bare), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=IN_IT | more,
    )
    return done.returncode, done.stdout


@pytest.mark.slow
def test_a_bare_system_serves_after_the_script(bare: Path) -> None:
    said = install(bare)
    assert "Installed" in said
    status, said = inside(bare, "/opt/regulars/bin/regulars", "init", user="regulars")
    assert status == 0, said
    serving = subprocess.Popen(
        [
            "chroot",
            "--userspec=regulars:regulars",
            str(bare),
            "/opt/regulars/bin/regulars",
            "serve",
        ],
        env=IN_IT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert answers(bare), "it did not answer"
        for verb in (("backup",), ("backup", "--dump"), ("doctor",), ("verify",)):
            status, said = inside(bare, "/opt/regulars/bin/regulars", *verb, user="regulars")
            assert status == 0, (verb, said)
    finally:
        serving.send_signal(signal.SIGTERM)
        said, _ = serving.communicate(timeout=90)
    assert serving.returncode == 0, said
    assert "Stopped." in said
    assert list((bare / "var/backups/regulars").glob("*-base"))
    assert (bare / "var/lib/regulars/secrets").stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_doing_it_again_changes_no_settings(bare: Path) -> None:
    install(bare)
    settings = bare / "etc/regulars.env"
    settings.write_text(settings.read_text() + "PORT=8123\n")
    install(bare)
    assert settings.read_text().endswith("PORT=8123\n")


@pytest.mark.slow
def test_who_is_not_root_is_told_so(bare: Path) -> None:
    install(bare)
    status, said = inside(bare, "/source/packaging/install.sh", user="regulars")
    assert (status, "needs root" in said) == (1, True)


def install(bare: Path) -> str:
    words = ("/source/packaging/install.sh", "/source")
    status, said = inside(bare, *words, PIP_ARGS="--no-index --find-links=/wheels")
    assert status == 0, said
    return said


def answers(bare: Path) -> bool:
    give_up_at = time.monotonic() + 120
    while time.monotonic() < give_up_at:
        status, said = inside(bare, "/opt/regulars/bin/python", "-c", ASK)
        if (status, said.strip()) == (0, "200"):
            return True
        time.sleep(0.5)
    return False


def test_the_container_runs_the_very_script_with_an_init_and_no_root() -> None:
    text = (PACKAGING / "Containerfile").read_text("utf-8")
    assert "RUN /source/packaging/install.sh /source" in text
    assert re.search(r'^ENTRYPOINT \["/usr/bin/tini", "--", ', text, re.MULTILINE)
    assert re.search(r"^USER regulars$", text, re.MULTILINE)
    assert "healthz" in text


def test_units_and_script_name_the_same_places() -> None:
    script = (PACKAGING / "install.sh").read_text("utf-8")
    for unit in ("regulars.service", "regulars-backup.service"):
        text = (PACKAGING / unit).read_text("utf-8")
        assert unit in script
        assert "EnvironmentFile=/etc/regulars.env" in text
        assert "ReadWritePaths=/var/lib/regulars /var/backups/regulars" in text
        for place in ("/opt/regulars", "/var/lib/regulars", "/var/backups/regulars"):
            assert place in script
    assert "KillMode=mixed" in (PACKAGING / "regulars.service").read_text("utf-8")


def test_the_script_is_plain_shell() -> None:
    checked = run("/bin/sh", "-n", PACKAGING / "install.sh")
    assert checked.returncode == 0, checked.stdout
    assert os.access(PACKAGING / "install.sh", os.X_OK)
