"""What the container's steps make in a bare Debian serves, backs up and stops in good order."""

from __future__ import annotations

import json
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
from typing import NamedTuple

import pytest
from tests.turns import NIGHTLY

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
CONTAINER = (PACKAGING / "Containerfile").read_text("utf-8")
KNOWN = {
    "FROM", "COPY", "RUN", "USER", "ENV", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK",
    "ENTRYPOINT", "CMD",
}  # fmt: skip
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
        release = steps(CONTAINER).release
        include = f"--include={','.join(packages())}"
        made = run("debootstrap", "--variant=minbase", include, release, folder)
        if made.returncode != 0:
            pytest.skip(f"debootstrap could not fetch {release}: {made.stdout[-300:]}")
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
    copy(folder)
    wheels = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:"]
    wheels += ["--python-version", "3.11", "--dest", str(folder / "wheels")]
    locked = run(*wheels, "--require-hashes", "-r", ROOT / "requirements.lock")
    assert locked.returncode == 0, locked.stdout
    build = run(*wheels, "setuptools>=80")
    assert build.returncode == 0, build.stdout


def copy(folder: Path) -> None:
    """The source, where the container has it; its last step takes it away."""
    ignored = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "tests", "bench")
    shutil.copytree(ROOT, folder / steps(CONTAINER).source[1:], ignore=ignored)


class Steps(NamedTuple):
    """What a container definition does: in which release, where the source is, and what is run."""

    release: str
    source: str
    runs: list[list[str]]


def steps(text: str) -> Steps:
    """The steps of a container definition; one that does more than run our script is refused."""
    lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    told = [line.split(maxsplit=1) for line in lines if line.strip()]
    assert {word for word, *_ in told} <= KNOWN, told
    (base,) = (rest for word, rest in told if word == "FROM")
    (copied,) = (rest.split() for word, rest in told if word in ("COPY", "ADD"))
    runs = [json.loads(rest) for word, rest in told if word == "RUN"]
    assert runs == [[f"{copied[1]}/packaging/image.sh", copied[1]]], runs
    release = re.fullmatch(r"debian:(\w+)-slim", base)
    assert release, base
    return Steps(release[1], copied[1], runs)


def packages() -> list[str]:
    """What the script wants of Debian, so that a chroot needs no network later."""
    script = (PACKAGING / "image.sh").read_text("utf-8")
    (found,) = re.findall(r'^packages="(.+)"$', script, re.MULTILINE)
    return str(found).split()


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
    copy(bare)
    status, said = inside(bare, "/source/packaging/install.sh", user="regulars")
    assert (status, "needs root" in said) == (1, True)


def install(bare: Path) -> str:
    """What the container definition runs, in its order."""
    if not (bare / "source").is_dir():
        copy(bare)
    said = ""
    for words in steps(CONTAINER).runs:
        status, more = inside(bare, *words, PIP_ARGS="--no-index --find-links=/wheels")
        assert status == 0, more
        said += more
    assert not (bare / "source").exists()
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
    text = CONTAINER
    assert steps(text).runs == [["/source/packaging/image.sh", "/source"]]
    script = (PACKAGING / "image.sh").read_text("utf-8")
    assert '\n"$source/packaging/install.sh" "$source"\n' in script
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
    for name in ("install.sh", "image.sh"):
        checked = run("/bin/sh", "-n", PACKAGING / name)
        assert checked.returncode == 0, checked.stdout
        assert os.access(PACKAGING / name, os.X_OK)


@pytest.mark.parametrize(
    ("healthy", "broken"),
    [
        ('RUN ["/source', 'RUN ["apt-get", "update"]\nRUN ["/source'),
        ('image.sh", "/source"]', 'install.sh", "/source"]'),
        ('RUN ["/source/packaging/image.sh", "/source"]', ""),
        ("USER regulars", "SHELL regulars"),
    ],
)
def test_control_a_container_that_does_anything_else_is_noticed(healthy: str, broken: str) -> None:
    assert healthy in CONTAINER
    with pytest.raises(AssertionError):
        steps(CONTAINER.replace(healthy, broken))


def test_the_steps_run_in_their_order_and_leave_no_source(tmp_path: Path) -> None:
    """Without a chroot: what the script would do, said by programs that only say it."""
    source, programs = tmp_path / "source", tmp_path / "programs"
    (source / "packaging").mkdir(parents=True)
    programs.mkdir()
    said = tmp_path / "said"
    for place, status in ((programs / "dpkg-query", 1), (programs / "apt-get", 0),
                          (source / "packaging/install.sh", 0)):  # fmt: skip
        place.write_text(f'#!/bin/sh\necho "{place.name} $*" >>"{said}"\nexit {status}\n')
        place.chmod(0o755)
    script = (PACKAGING / "image.sh").read_text("utf-8")
    here = script.replace("/var/lib/apt/lists", str(tmp_path / "lists"))
    copied = source / "packaging/image.sh"
    copied.write_text(here.replace("/root/.cache", str(tmp_path / "cache")))
    done = run("/bin/sh", copied, source, PATH=f"{programs}:{os.environ['PATH']}")
    assert done.returncode == 0, done.stdout
    told = [line.split()[0] for line in said.read_text("utf-8").splitlines()]
    assert told == ["dpkg-query", "apt-get", "apt-get", "install.sh"]
    assert not source.exists()
