"""What was done, in words: every act there can be has some."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

import regulars
from regulars.records.errands.types import Kind
from regulars.surfaces.console.team.deed_words import DID
from regulars.surfaces.console.team.event_words import SAYS
from regulars.surfaces.languages.voices import LANGUAGES
from regulars.surfaces.ui.reader import Reader

FLOWS = Path(regulars.__file__).parent / "flows"
_CODE = re.compile(r"[a-z]+\.[a-z_]+\Z")


def written() -> Iterator[str]:
    """Every code in a flow that writes down what staff do, as far as it is no event."""
    for path in FLOWS.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if not re.search(r"\b(acted|acted_on)\(|\bDeed\(|\bDone\($", text, re.MULTILINE):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and _CODE.match(str(node.value)):
                yield str(node.value)


def test_every_act_has_words() -> None:
    codes = set(written())
    assert {"session.begun", "staff.added", "redemption.approved", "look.changed"} <= codes
    assert codes - set(DID) - set(SAYS) == set()
    assert {f"{kind}.asked" for kind in get_args(Kind)} <= set(DID)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_no_act_is_told_in_english_to_others(language: str) -> None:
    reader = Reader(language)
    assert [says for says in DID.values() if reader.say(says) == says] == []


def test_an_act_says_who_did_what_to_whom(counter: Counter) -> None:
    owner, boss, other = Browser(counter), somebody(counter), somebody(counter, "support")
    owner.sign_in(boss.email)
    page = f"/console/team/{other.staff_id.hex}"
    owner.get(page)
    assert owner.post(page, {"name": "Sofia", "role": "manager", "every": "yes"}).status_code == 303
    audit = owner.get("/console/audit?did=staff.changed").text
    row = audit[audit.index("<tbody>") : audit.index("</tbody>")]
    told = " ".join(re.sub(r"<[^>]+>", " ", row).split())
    assert f"Changed what somebody is called or may Sofia {boss.name} " in told
    assert "Role Support Manager" in told
    assert "Signed in" not in row
    assert "Signed in" in owner.get("/console/audit").text
    # What nobody knows narrows nothing.
    assert "Signed in" in owner.get("/console/audit?did=no.such").text
