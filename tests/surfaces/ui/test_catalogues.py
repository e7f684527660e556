"""Every sentence of a screen is said in every language, with the same places in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2 import nodes

from regulars.surfaces.ui.paper import templates
from regulars.surfaces.ui.words import LANGUAGES, SOURCES

VENDORS = ("address.html", "asked.html", "tokens.html")
TOP = Path(str(files("regulars.surfaces")))
ENGLISH_ONLY = frozenset({"ui/templates/gallery.html", "pages"})
"""What is for those who build: the page of components, and the reference."""
KEYWORDS: dict[str, Any] = {"_": None, "_n": (1, 2), "say": None, "say_many": (1, 2), "N": None}
_KEY = re.compile(r"[a-z_]+\.[a-z_.]*")
_PLACE = re.compile(r"%\((\w+)\)s")


@cache
def sentences(face: str) -> set[tuple[str, ...]]:
    """What a face says: one sentence, or both forms of one about a count."""
    return {told for path in written(face) for told in spoken(path)}


def written(face: str) -> Iterator[Path]:
    found = [*(TOP / face).rglob("*")]
    if face == "console":  # the folder of a vendor says what its page in the console does
        found += [one for name in VENDORS for one in (TOP / "connect").rglob(name)]
    for path in sorted(found):
        name = path.relative_to(TOP).as_posix()
        if path.suffix in (".html", ".py") and not ENGLISH_ONLY & {name, face}:
            yield path


def spoken(path: Path) -> Iterator[tuple[str, ...]]:
    method = "jinja2" if path.suffix == ".html" else "python"
    for _, told, *_ in extract(method, BytesIO(path.read_bytes()), keywords=KEYWORDS):
        forms = (told,) if isinstance(told, str) else tuple(one for one in told if one)
        # A key of the voice of rules is no sentence: `kind.purchase`.
        if path.suffix == ".html" or not _KEY.fullmatch(forms[0]):
            yield forms


@cache
def catalogue(face: str, language: str) -> dict[str, tuple[str, ...]]:
    path = TOP / face / "words" / f"{language}.po"
    if not path.is_file():
        return {}
    kept = read_po(BytesIO(path.read_bytes()), locale=language)
    return {
        one.id[0] if isinstance(one.id, tuple) else one.id: (one.string,)
        if isinstance(one.string, str)
        else tuple(one.string)
        for one in kept
        if one.id
    }


def places(text: str) -> set[str]:
    return set(_PLACE.findall(text))


def wrong(face: str, language: str) -> Iterator[str]:
    """What a catalogue lacks, and what it says with other places."""
    ours = catalogue("ui", language) | catalogue(face, language)
    for forms in sorted(sentences(face)):
        said = ours.get(forms[0], ())
        if not said or not all(said):
            yield f"lacks {forms[0]!r}"
        # A form about exactly one or two may leave the number out, no other place.
        for one in said:
            if places(one) | {"n"} != places(forms[-1]) | {"n"}:
                yield f"says {one!r} for {forms[-1]!r}"


FACES = sorted(
    face
    for face in SOURCES
    if face not in ENGLISH_ONLY and ((TOP / face / "templates").is_dir() or face == "shop")
)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
@pytest.mark.parametrize("face", FACES)
def test_every_sentence_is_said(face: str, language: str) -> None:
    assert list(wrong(face, language)) == []


@pytest.mark.parametrize("face", FACES)
def test_no_catalogue_keeps_what_nobody_says(face: str) -> None:
    said = {forms[0] for forms in sentences(face)}
    for language in LANGUAGES:
        assert set(catalogue(face, language)) <= said


def test_the_extractor_finds_what_is_said() -> None:
    assert ("Show at the till",) in sentences("card")
    assert ("%(n)s visit", "%(n)s visits") in sentences("card")


def test_another_place_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = catalogue("card", "de")
    bad = {**kept, "Worth %(money)s": ("Wert",)}
    del bad["Rewards"]
    monkeypatch.setitem(globals(), "catalogue", lambda face, _: bad if face == "card" else {})
    found = list(wrong("card", "de"))
    assert "lacks 'Rewards'" in found
    assert "says 'Wert' for 'Worth %(money)s'" in found


OF_TABLES = {
    "begin/real.html": {"role_names[]"},
    "console.html": {"role_names[]"},
    "errands/_now.html": {"says", "stages[]"},
    "errands/ask.html": {"says", "too_large"},
    "errands/imports.html": {"says", "too_large"},
    "errands/trials.html": {"says"},
    "offers/chosen/list.html": {"words"},
    "offers/chosen/one.html": {"words"},
    "offers/community/_parts.html": {"words"},
    "offers/community/club.html": {"joins_words[]"},
    "offers/community/clubs.html": {"joins_words[]"},
    "offers/community/gathering.html": {"points_words[]", "seat_words[]"},
    "offers/caring/cases.html": {"outcome_words[]", "words"},
    "offers/caring/references.html": {"words"},
    "offers/line.html": {"names[]"},
    "offers/community/posts.html": {"kind_words[]"},
    "offers/partners/partner.html": {"contract_words[]", "every_words[]"},
    "offers/partners/plan.html": {"every_words[]", "words"},
    "offers/partners/settlement.html": {"contract_words[]", "line_words[]"},
    "offers/reward_codes.html": {"kind", "says", "stands"},
    "offers/promised/list.html": {"kind", "words"},
    "offers/promised/one.html": {"called", "kind_words", "says", "words"},
    "people/activity.html": {"one.words", "words"},
    "people/adjust.html": {"typed.reason"},
    "people/member.html": {"ended", "kinds[]", "states[]"},
    "people/members.html": {"states[]"},
    "experiments/list.html": {"kind_names[]", "words"},
    "experiments/one.html": {"words"},
    "terms/campaigns/list.html": {"channel_words[]", "words"},
    "terms/campaigns/one.html": {
        "by",
        "channel",
        "channel_words[]",
        "called",
        "not_tried[]",
        "warning",
        "words",
        "says",
        "written_in[]",
    },
    "terms/journeys/list.html": {"words"},
    "terms/journeys/one.html": {
        "called",
        "channel_words[]",
        "each.says",
        "not_tried[]",
        "seen.says",
        "words",
    },
    "terms/surveys/list.html": {"kind_words[]"},
    "terms/surveys/one.html": {"called", "kind_words[]", "outcome_words[]"},
    "terms/segments/_count.html": {"looked.warning"},
    "terms/segments/list.html": {"kind_words[]", "words"},
    "offers/partners/contract.html": {"words"},
    "terms/segments/one.html": {"says", "why", "words"},
    "people/round.html": {"round.says"},
    "people/round_form.html": {"typed.reason"},
    "sources/event.html": {"says"},
    "sources/extracts.html": {"says", "run_kinds[]"},
    "sources/klaviyo.html": {"says"},
    "sources/source.html": {"says", "word"},
    "sources/sources.html": {"says"},
    "team/alerts.html": {"one.says"},
    "team/_hook_form.html": {"says", "group"},
    "team/hook.html": {"says"},
    "team/hook_event.html": {"says"},
    "team/hooks.html": {"says"},
    "team/me.html": {"role_names[]"},
    "team/one.html": {"role_names[]"},
    "team/requests.html": {"one.says"},
    "team/settings.html": {"says"},
    "team/team.html": {"role_names[]"},
    "terms/_draft.html": {"fates[]", "kind.label", "turns[]"},
    "terms/adding.html": {"kind.label"},
}
"""Of the console: what `_()` is given besides a sentence. Each was looked up: its sentences come
from a table of ours, marked with N, never from a file, a row or a form."""


def other_than_sentences(source: str) -> set[str]:
    """What a template gives `_()` and `_n()` that is not written there."""
    found: set[str] = set()
    for call in templates().parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "_n"):
            for one in call.args[: 1 if call.node.name == "_" else 2]:
                found |= _not_written(one)
    return found


def _not_written(one: nodes.Expr) -> set[str]:
    if isinstance(one, nodes.Const):
        return set()
    if isinstance(one, nodes.CondExpr):
        return _not_written(one.expr1) | (_not_written(one.expr2) if one.expr2 else set())
    if isinstance(one, nodes.Getattr) and isinstance(one.node, nodes.Name):
        return {f"{one.node.name}.{one.attr}"}
    if isinstance(one, nodes.Getitem) and isinstance(one.node, nodes.Name):
        return {f"{one.node.name}[]"}
    return {one.name if isinstance(one, nodes.Name) else repr(one)}


def test_what_is_said_is_written_in_the_template_or_comes_from_a_table_of_ours() -> None:
    found: dict[str, set[str]] = {}
    for path in sorted(TOP.rglob("*.html")):
        name = path.relative_to(TOP).as_posix().removeprefix("console/templates/")
        if others := other_than_sentences(path.read_text("utf-8")):
            found[name] = others
    assert found == OF_TABLES


def test_what_comes_from_elsewhere_is_noticed() -> None:
    bad = """{{ _("Fine") }}{{ _(one.says if one else "Fine") }}{{ _n(each[0], "Fine", 2) }}"""
    assert other_than_sentences(bad) == {"one.says", "each[]"}
