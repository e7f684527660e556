"""What is filled in quickly is letter by letter what Liquid writes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from regulars.records.outbox.campaigns.mailing import page
from regulars.records.outbox.campaigns.writing import (
    LARGEST,
    Unwritten,
    environment,
    filled,
    parts_of,
    rendered,
    write,
)

FIELDS = ["{{ member.name }}", "{{member.name}}", "{{ points.points }}", "{{ next.reward }}", "\n",
          "{{- member.name -}}", "{{ member['name'] }}", "<b>", " & ", "\r\n", "ç{ }"]  # fmt: skip
MORE = ["{{ member.name | upcase }}", "{% if points.points > 3 %}x{% endif %}", "{{ member.size }}",
        "{{ member.gone }}", "{{ member }}", "{{ 7 }}"]  # fmt: skip
SAID = st.one_of(st.none(), st.integers(), st.booleans(), st.text(max_size=9), st.floats(),
                 st.text(max_size=9).map(Markup), st.just(["a", "<"]))  # fmt: skip

NAMED = st.text(max_size=9).filter(lambda text: "\r" not in text)


def said(template: Any, values: Any) -> Any:
    try:
        return rendered(template, values)
    except Unwritten as why:
        return str(why)


@given(
    st.lists(st.sampled_from(FIELDS + MORE), max_size=8).map("".join),
    SAID, st.integers(), SAID, st.booleans(),
)  # fmt: skip
@settings(deadline=None, max_examples=80)
def test_it_is_what_liquid_writes(text: str, name: Any, points: int, reward: Any, on: bool) -> None:
    values = {"member": {"name": name}, "points": {"points": points}, "next": {"reward": reward}}
    template = environment(page=on).from_string(text)
    quick = filled(parts_of(template), values, escaped=on)
    assert quick in ("", said(template, values))


@given(
    st.lists(st.sampled_from([one for one in FIELDS if one != "\r\n"]), max_size=8).map("".join),
    NAMED, st.integers(), st.booleans(),
)  # fmt: skip
@settings(deadline=None, max_examples=40)
def test_what_is_plain_is_always_filled_in(text: str, name: str, points: int, on: bool) -> None:
    """Else a million letters would take ten times as long, and nobody would notice."""
    values = {"member": {"name": name}, "points": {"points": points}, "next": {"reward": name}}
    template = environment(page=on).from_string(text)
    assert filled(parts_of(template), values, escaped=on) == said(template, values)


def test_what_is_plain_is_filled_and_what_is_not_is_asked_of_liquid() -> None:
    plain = environment(page=True).from_string("Hi {{ member.name }}, {{ points.points }}")
    values = {"member": {"name": "<Ada>"}, "points": {"points": 7}}
    assert filled(parts_of(plain), values, escaped=True) == "Hi &lt;Ada&gt;, 7"
    for one in MORE:
        assert parts_of(environment().from_string(one)) is None or "gone" in one, one


def test_what_was_kept_and_can_be_read_no_more_is_not_written() -> None:
    """As after an upgrade that takes a tag away: whoever shows it says so, and it can be mended."""
    for text in ("{% include 'x' %}", "{{ member.name", "{% if %}"):
        with pytest.raises(Unwritten):
            write(text, {})
        with pytest.raises(Unwritten):
            page(f"<mj-section><mj-column><mj-text>{text}</mj-text></mj-column></mj-section>",
                 "en", {}, {"preview": "", "below": "", "stop": ""})  # fmt: skip
    with pytest.raises(Unwritten):
        page("<mj-section", "en", {}, {"preview": "", "below": "", "stop": ""})


@pytest.mark.parametrize("letter", ["x", "ş"])
def test_what_is_too_large_is_not_written(letter: str) -> None:
    many = LARGEST // len(letter.encode())
    values = {"member": {"name": letter * (many - 1)}}
    assert write("{{ member.name }}", values) == values["member"]["name"]
    with pytest.raises(Unwritten):
        write("{{ member.name }}" + letter * 2, values)
