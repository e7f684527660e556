"""`make` and what it runs are plain: macOS has GNU make 3.81 and the tools of BSD."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = ("Makefile", ".ci/run")
ONLY_GNU = {
    "make younger than 3.81": r"^\.ONESHELL|^undefine |!=|\$\((file|let|intcmp) |&:|::=",
    "bash": r"\[\[|\becho -e|<<<|<\(|(^|[;&|])\s*source |\bfunction \w+|\$'|\bpipefail\b",
    "sed": r"\bsed (-[a-zA-Z]* )*(-i|-r|-z|--)",
    "grep": r"\bgrep (-[a-zA-Z]*P|--)",
    "find": r"\bfind\b.*(-printf|-regextype|-executable|-quit)",
    "programs": r"\b(nproc|realpath|timeout(?!=)|setsid|tac|sha256sum|numfmt|shuf|taskset|flock)\b",
    "files": r"\b(readlink -f|stat -c|stat --|cp --|ln -[a-z]*r|mktemp --|touch -d|du -[a-z]*b)",
    "texts": r"\b(date -d|date --|xargs -[a-z]*[rd]|sort -[a-z]*V|head -n -|tail --|gensub\()",
}


def only_gnu(text: str) -> list[str]:
    """What of a file of make or of the shell macOS does not understand."""
    lines = [line for line in text.splitlines() if not line.lstrip("\t ").startswith("#")]
    return [
        f"{what}: {line.strip()}"
        for line in lines
        for what, pattern in ONLY_GNU.items()
        if re.search(pattern, line)
    ]


@pytest.mark.parametrize("name", FILES)
def test_what_is_typed_first_asks_for_nothing_only_gnu_has(name: str) -> None:
    assert only_gnu((ROOT / name).read_text("utf-8")) == []


def test_the_script_of_continuous_integration_is_plain_shell() -> None:
    script = ROOT / ".ci/run"
    assert script.read_text("utf-8").startswith("#!/bin/sh\n")
    checked = subprocess.run(["/bin/sh", "-n", script], capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    "line",
    [
        "\tsed -i s/a/b/ file",
        "\tsed -n -i s/a/b/ file",
        "NOW != date",
        ".ONESHELL:",
        "\t[[ -f here ]] && true",
        "\tpytest -n $$(nproc)",
        "\tcd $$(readlink -f .)",
        "\tfind . -printf %p",
        "\tls | xargs -r rm",
        "one two &: three",
        "\tgrep -oP 'a' file",
        "\tdate -d yesterday",
        "\tsource .venv/bin/activate",
    ],
)
def test_control_a_line_that_macos_does_not_understand_is_noticed(line: str) -> None:
    assert only_gnu(line)
