"""The table of rules names modules, tests and stories that are there, and leaves no rule out."""

from __future__ import annotations

import re
from pathlib import Path

from regulars.flows.midnight import STEPS

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs/guides/developer/inside/rules.md").read_text("utf-8")
_ROW = re.compile(r"^\| ([A-K]\d+) \| `([^`]+)` \| (.+) \|$", re.M)
_LABEL = re.compile(r"^- \*\*([A-K]\d+)\b", re.M)


_ABSENT = re.compile(r"^Known by a label, and not there: (.+?)\.", re.M)


def missing(table: str) -> list[str]:
    """What a table names that is not there."""
    found = []
    for _, module, tests in _ROW.findall(table):
        if not (ROOT / "src/regulars" / module).is_file():
            found.append(module)
        for test in re.findall(r"`([^`]+)`", tests):
            file, _, name = test.partition("::")
            path = ROOT / file
            if not path.is_file() or (name and f"def {name}(" not in path.read_text("utf-8")):
                found.append(test)
    return found


def test_what_the_table_names_is_there() -> None:
    assert missing(TABLE) == []


def test_midnight_is_written_down_in_its_order() -> None:
    rule = (ROOT / "docs/semantics.md").read_text("utf-8").partition("**A5 ")[2]
    assert re.findall(r"`(\w+)`", rule.partition("- **A6")[0]) == list(STEPS)


def test_no_rule_is_left_out() -> None:
    rules = set(_LABEL.findall((ROOT / "docs/semantics.md").read_text("utf-8")))
    assert rules - {label for label, *_ in _ROW.findall(TABLE)} == set()
    assert {"A1", "D4"} <= rules


def lies(table: str, semantics: str) -> set[str]:
    """Labels that a table calls absent although they have a line, or a rule that is written."""
    found = _ABSENT.search(table)
    absent = set(found[1].split(", ")) if found else set()
    return absent & ({label for label, *_ in _ROW.findall(table)} | set(_LABEL.findall(semantics)))


def test_what_is_called_absent_is_not_there() -> None:
    semantics = (ROOT / "docs/semantics.md").read_text("utf-8")
    assert _ABSENT.search(TABLE) is not None
    assert lies(TABLE, semantics) == set()
    assert lies("Known by a label, and not there: B3, D4.", semantics) == {"D4"}


def test_a_name_that_is_gone_is_noticed() -> None:
    rotten = (
        "| A1 | `engine/gone.py` | `tests/stories/gone.story`, "
        "`tests/docs/test_rules.py::test_gone` |\n"
    )
    assert missing(rotten) == [
        "engine/gone.py",
        "tests/stories/gone.story",
        "tests/docs/test_rules.py::test_gone",
    ]
