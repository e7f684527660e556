"""Mappings that the guide shows, on the payloads beside them; and mappings that are not right."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from regulars.runtime.cli import build_command
from regulars.surfaces.connect.inlets.kinds import root_of_text
from regulars.surfaces.connect.inlets.letters import mapping_for
from regulars.surfaces.connect.inlets.looking.trying import tried
from regulars.surfaces.connect.inlets.mapping import MappingFault, read_mapping
from regulars.surfaces.connect.inlets.reading import Place

SHOWN = Path(__file__).parents[4] / "docs/guides/developer/inlets"
PROVIDERS = ("amazon", "mailgun", "postmark", "sendgrid", "twilio")
LETTERS = sorted(path for name in PROVIDERS for path in SHOWN.rglob(f"{name}.*.json"))
PAYLOADS = sorted(set(SHOWN.glob("*.json")) - set(LETTERS))
WEB = (SHOWN / "web-shop.yaml").read_text("utf-8")


def told(path: Path) -> list[dict[str, Any]]:
    mapping = (SHOWN / f"{path.name.partition('.')[0]}.yaml").read_text("utf-8")
    at = datetime(2026, 3, 10, tzinfo=UTC)
    found = tried(root_of_text(path.read_bytes()), mapping, Place("EUR", "UTC"), at)
    assert found.fits, found
    shown: list[dict[str, Any]] = msgspec.to_builtins(found.activities)
    return shown


def test_every_payload_of_the_guide_is_read() -> None:
    assert {path.name: [one["activity"]["kind"] for one in told(path)] for path in PAYLOADS} == {
        "studio.paid.json": ["purchase"],
        "studio.reviewed.json": ["review"],
        "web-shop.order-paid.json": ["purchase"],
        "web-shop.order-returned.json": ["return"],
    }


def test_every_letter_of_the_guide_is_read() -> None:
    found = {}
    for path in LETTERS:
        mapping = (path.parent / f"{path.name.partition('.')[0]}.yaml").read_text("utf-8")
        at = datetime(2026, 3, 10, tzinfo=UTC)
        shown = tried(root_of_text(path.read_bytes()), mapping, Place("EUR", "UTC"), at)
        assert mapping_for(mapping, "letters").events
        assert shown.letter is not None, shown
        whose = shown.letter.phone or shown.letter.email
        assert whose in ("ada@example.org", "+4915112345678")
        assert (bool(shown.letter.email), shown.activities) == (not shown.letter.phone, [])
        found[path.name] = (shown.letter.kind, shown.letter.failed_at.isoformat())
    assert found == {
        "amazon.bounce.json": ("hard", "2026-03-02T11:00:00+00:00"),
        "mailgun.failed.json": ("hard", "2026-03-02T11:00:00+00:00"),
        "postmark.bounce.json": ("hard", "2026-03-02T11:00:00.123456+00:00"),
        "postmark.complaint.json": ("complaint", "2026-03-02T12:05:00+00:00"),
        "sendgrid.bounce.json": ("hard", "2026-03-02T11:00:00+00:00"),
        "sendgrid.spamreport.json": ("complaint", "2026-03-02T11:05:00+00:00"),
        "twilio.undelivered.json": ("hard", "2026-03-10T00:00:00+00:00"),
    }


def test_an_order_of_the_guide_is_exact_to_the_cent() -> None:
    (one,) = told(SHOWN / "web-shop.order-paid.json")
    said = one["activity"]
    assert [(row["amount_minor"], row.get("quantity", 1)) for row in said["lines"]] == [
        (2500, 2),
        (990, 1),
    ]
    assert (said["shipping_minor"], said["occurred_at"]) == (490, "2026-03-02T11:59:58Z")
    assert said["payments"][1] == {"kind": "stored_value", "amount_minor": 1000}
    # Beyond 2^53, and still the very customer.
    assert one["found_by"] == [{"email": "ada@example.org"}, {"card": "shop-9007199254740993"}]
    (back,) = told(SHOWN / "web-shop.order-returned.json")
    assert back["activity"]["returned"] == ({"line": 0, "quantity": 1},)
    (paid,) = told(SHOWN / "studio.paid.json")
    said = paid["activity"]
    assert (said["amount_minor"], said["occurred_at"]) == (4500, "2026-03-02T17:30:00Z")
    (review,) = told(SHOWN / "studio.reviewed.json")
    assert review["activity"]["details"] == {"rating": 5, "verified": True}


def test_the_verb_shows_what_fits_and_ends_with_one_where_it_does_not(tmp_path: Path) -> None:
    run, command = CliRunner(), build_command()
    names = [str(SHOWN / "web-shop.yaml"), *(str(SHOWN / p.name) for p in PAYLOADS[2:])]
    good = run.invoke(command, ["inlet-check", *names])
    assert (good.exit_code, '"W-1001"' in good.output) == (0, True), good.output
    odd = tmp_path / "odd.json"
    odd.write_text('{"type": "order.paid", "data": {"currency": "USD"}}')
    bad = run.invoke(command, ["inlet-check", names[0], str(odd)])
    assert (bad.exit_code, "data.currency" in bad.output) == (1, True)
    mapping = tmp_path / "odd.yaml"
    mapping.write_text(WEB.replace("external_id", "extrenal_id", 1))
    worse = run.invoke(command, ["inlet-check", str(mapping), names[1]])
    assert (worse.exit_code, "line 12" in worse.output) == (1, True), worse.output
    mapping.write_bytes(b"mapping: \xfc")
    worst = run.invoke(command, ["inlet-check", str(mapping), names[1]])
    assert str(worst.exception).endswith("odd.yaml is not text in UTF-8. Save it as UTF-8.")


@pytest.mark.parametrize(
    ("was", "now", "line", "says"),
    [
        ("mapping: web-shop", "maping: web-shop", 2, "did you mean mapping?"),
        ("unknown: card", "unknown: cards", 5, "did you mean card?"),
        ("kind: {constant: purchase}", "kind: {constant: purchase, colum: x}", 11, "column?"),
        ("        sale_id: data.order\n", "", 39, "names its sale"),
        ("sku: sku", "sku: ''", 22, "names no place"),
        ("discount: {column: discount,", "discount: {zone: Mars/X, column: discount,", 27, "zone"),
        ("events:", "events: *all\nother:", 6, "alias"),
        (WEB, "- a list", 1, "no mapping"),
        (WEB, "x: " + "y" * 70_000, 1, "64 KB"),
    ],
)
def test_a_mapping_that_is_not_right_says_where(was: str, now: str, line: int, says: str) -> None:
    assert was in WEB
    with pytest.raises(MappingFault) as found:
        read_mapping(WEB.replace(was, now, 1))
    told = [one for one in found.value.problems if says in str(one)]
    assert [one.line for one in told] == [line], found.value.says
