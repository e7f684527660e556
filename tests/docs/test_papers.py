"""What is written for people is true: links lead somewhere, commands exist, no machine is named."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "src/**/*.md", "bench/*.md", "tests/**/*.md")
    for path in ROOT.glob(pattern)
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```", re.M | re.S)
_TYPED = re.compile(r"^make ([a-z][a-z-]*)", re.M)
_QUOTED = re.compile(r"`make ([a-z][a-z-]*)")
_TARGET = re.compile(r"^([a-z][a-z-]*):.*## ", re.M)
_REGULARS = re.compile(r"`regulars ([a-z]+)(?: ([a-z]+))?[^`]*`")

# In pieces, so that this file does not name what it looks for.
_MACHINES = re.compile(
    r"(?<![\w.])/(?:wo" + r"rk|ho" + r"me|Us" + r"ers|mn" + r"t)/[a-z]"
    r"|files\.python" + r"hosted|py" + r"pi\.org/simple|(?:extra-)?index" + r"-url\s*="
    r"|registry\.[a-z]|artifact" + r"ory|trusted" + r"-host\s*="
)
_NO_MACHINE = {"https://json-schema.org"}


def links(text: str) -> list[str]:
    """Every link of a page that leads to a file of ours."""
    found = _LINK.findall(_FENCED.sub("", text))
    return [link.split("#")[0] for link in found if "://" not in link and link[0] != "#"]


def broken(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    return [x for x in links(page.read_text("utf-8")) if not (page.parent / x).exists()]


def test_every_link_leads_somewhere() -> None:
    found = {str(page.relative_to(ROOT)): broken(page) for page in PAPERS}
    assert {page: gone for page, gone in found.items() if gone} == {}


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[there](page.md#top) [gone](none.md) [web](https://example.org)", "utf-8")
    assert broken(page) == ["none.md"]


def makes(text: str) -> set[str]:
    """The verbs of make that a page tells people to type."""
    fenced = "\n".join(_FENCED.findall(text))
    return {*_TYPED.findall(fenced), *_QUOTED.findall(text)}


def test_every_make_verb_that_is_told_exists() -> None:
    known = set(_TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
    told = {verb for page in PAPERS for verb in makes(page.read_text("utf-8"))}
    assert {"demo", "test"} <= told
    assert told - known == set()


def test_a_make_verb_nobody_made_is_noticed() -> None:
    assert makes("Type `make coffee PORT=1` and\n```sh\nmake tea\n```") == {"coffee", "tea"}


def test_every_verb_of_the_command_line_that_is_told_exists() -> None:
    known = (ROOT / "docs/reference/cli.md").read_text("utf-8")
    told = {
        " ".join(("regulars", verb, more) if verb == "program" else ("regulars", verb)).strip()
        for page in PAPERS
        for verb, more in _REGULARS.findall(page.read_text("utf-8"))
    }
    assert "regulars verify" in told
    assert [verb for verb in sorted(told) if f"`{verb}" not in known] == []


def tracked() -> list[Path]:
    """Every file that is in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a repository; nothing to look through")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in tracked():
        if path.suffix in (".png", ".ico", ".woff2") or not path.is_file():
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            named = _MACHINES.search(line)
            if named:
                found.append(f"{path.relative_to(ROOT)}:{number}: {named.group()}")
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "see /wo" + "rk/main/README",
        "--index" + "-url = x",
        "https://files.python" + "hosted.org/a",
        "/ho" + "me/ada/regulars",
        "registry" + ".example.org",
    ],
)
def test_a_named_machine_is_found(line: str) -> None:
    assert _MACHINES.search(line)


def labels(text: str) -> set[str]:
    """The labels of semantics that a text refers to: `semantics D3`, or `(E4)` in a comment."""
    return set(re.findall(r"semantics ([A-J][0-9]+)", text)) | set(
        re.findall(r"\(([A-J][0-9]+)\)", text)
    )


def test_every_label_that_code_refers_to_is_explained() -> None:
    explained = set(
        re.findall(r"^- \*\*([A-J][0-9]+)", (ROOT / "docs/semantics.md").read_text("utf-8"), re.M)
    )
    used = {
        label: path.name
        for folder in ("src", "tests")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for label in labels(path.read_text("utf-8"))
    }
    assert "C1" in used
    assert {label: place for label, place in used.items() if label not in explained} == {}


def test_labels_are_found_in_code() -> None:
    assert labels("by the book (sem" + "antics D3), see (E" + "4)") == {"D3", "E4"}


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    index = (folder / "0000-index.md").read_text("utf-8")
    pages = sorted(page.name for page in folder.glob("0*.md") if page.name != "0000-index.md")
    assert [name for name in pages if f"]({name})" not in index] == []


def test_every_dependency_has_its_line() -> None:
    told = (ROOT / "docs/adr/0009-dependencies.md").read_text("utf-8")
    for name in ("requirements.in", "requirements-dev.in"):
        for line in (ROOT / name).read_text("utf-8").splitlines():
            package = re.match(r"[A-Za-z][\w-]*", line)
            if package:
                assert package.group() in told, f"{package.group()} of {name}"


_ESTIMATORS = ROOT / "src/regulars/insight/estimators"
_NO_ESTIMATE = {"saying", "columns", "climbing", "histories", "themes"}
"""Words, checks and a climb that all of them share, and what is counted and no more."""


def lacking(page: str) -> list[str]:
    """What the docstring of an estimator does not tell: symbols, what is taken for granted, who
    said so."""
    told = ast.get_docstring(ast.parse(page)) or ""
    says = {"symbols": "Symbols:", "assumptions": "Assum", "source": "Source:"}
    return [name for name, word in says.items() if word not in told]


def test_every_estimator_tells_its_symbols_what_it_assumes_and_its_source() -> None:
    pages = [
        one for one in _ESTIMATORS.rglob("*.py") if one.stem not in {"__init__", *_NO_ESTIMATE}
    ]
    assert len(pages) > 25
    found = {one.name: lacking(one.read_text("utf-8")) for one in pages}
    assert {name: missing for name, missing in found.items() if missing} == {}


def test_an_estimator_that_tells_half_is_found() -> None:
    assert lacking('"""A mean.\n\nSymbols: x. Source: Gauss (1809)."""') == ["assumptions"]
