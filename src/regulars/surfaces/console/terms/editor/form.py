"""The form of one sentence: shown, and what was typed put into the draft where the part stands."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from litestar import Response
from msgspec import Struct

from regulars.base.faults import NotFound
from regulars.flows.terms.keep_drafts import DraftChanged, KeepDraft, keep_draft, no_draft
from regulars.records.program.changes import read as drafts
from regulars.records.program.changes.types import Draft
from regulars.records.program.parsing.editing import UneditableError, add, remove, rewrite
from regulars.records.program.parsing.nodes import parse
from regulars.records.program.problems import Path, ProgramFault, text_of
from regulars.records.program.reading import problems_of, read
from regulars.records.program.types import Ladder
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.editor.climbing import fresh, in_order, with_ids
from regulars.surfaces.console.terms.editor.filling import (
    Wrong,
    field_of,
    typed_of,
    unseen,
    value_of,
)
from regulars.surfaces.console.terms.editor.leaves import Typed
from regulars.surfaces.console.terms.editor.places import (
    LISTS,
    OTHERS,
    Kind,
    Place,
    any_kind,
    former,
    fresh_id,
    kinds,
    place_of,
)
from regulars.surfaces.console.terms.editor.rows import turned, with_row
from regulars.surfaces.console.terms.editor.sentences import HEADINGS, says, told_by
from regulars.surfaces.console.terms.editor.untold import without_steps
from regulars.surfaces.console.terms.editor.view import Look, called, desk_of, fields_of
from regulars.surfaces.console.words import N

CHANGED: Final = N(
    "Somebody changed this draft since you read it. What you typed is still here; keep it, and it "
    "is put into the draft as it is now."
)
BY_HAND: Final = N(
    "This is written in a way that only the file itself can be changed. Edit the file."
)
NOT_THERE: Final = N("This part is not in the draft any more.")
GONE: Final = N(
    "This part is not in the draft any more. What you typed is still here; keep it, and it is put "
    "into the draft as a new part."
)
UNREADABLE: Final = N(
    "The file of this draft cannot be read as it is now. What you typed is still here; mend the "
    "file in another window, then keep it."
)
_TAKEN_OUT: Final = N("A part that was taken out")
_OTHER_KIND: Final = N("These are the fields of the kind you chose. Nothing is kept yet.")
_TABLES: Final = {OTHERS: HEADINGS[OTHERS]}
"""Parts whose sentence is as long as their table."""
_STEP: Final = re.compile(r"\.([^.\[]+)|\[([0-9]+)\]")
Spot = tuple[str, str]


class Note(NamedTuple):
    """What is said above a form, and the revision it was read at."""

    revision: int = 0
    says: str = ""
    problem: str = ""


NOTHING: Final = Note()


class Asked(NamedTuple):
    """A draft and the part of it that somebody has before them."""

    draft: Draft
    tree: Any
    place: Place
    kind: Kind | None
    """What is being added; nothing where it is there already."""


async def form(here: Here, name: str) -> Response[Any]:
    """The form of a part (`?at=`), of something new (`?add=`), or the choice of what to add."""
    kept = await _draft(here, name)
    tree = parse(kept.source)
    if tree.problems:
        return redirect(f"/console/program/drafts/{name}")
    at, adds = here.query.get("at", ""), here.query.get("add", "")
    if not at and not adds:
        return here.page("terms/adding.html", one=kept, to_add=kinds(tree.value))
    asked = _asked(kept, tree.value, (at, adds))
    typed: Typed = typed_of(asked.place.part, asked.place.value, desk_of(here))
    if asked.kind and asked.place.field:  # a table nobody wrote in yet begins with a row
        typed = with_row(typed, asked.place.field, 0)
    return _page(here, asked, typed)


async def keep(here: Here, sent: Form) -> Response[Any]:
    """What was typed, put into the draft; or the form again, with what is wrong under its field."""
    kept = await _draft(here, str(sent.path["name"]))
    tree = _readable(kept.source)
    revision, spot = sent.whole("revision"), (sent.get("_at"), sent.get("_add"))
    try:
        asked = _asked(kept, tree, spot)
    except NotFound:
        known = _readable(kept.before or "") if tree is None else tree
        return _without(here, _again(kept, known or {}, spot[0] or spot[1]), sent, tree)
    typed = turned(sent.fields, sent.get("do"))
    if typed is not None:
        return _page(here, asked, typed, note=Note(revision, here.reader.say(_OTHER_KIND)))
    typed, was = sent.fields, asked.place
    if was.part is Ladder:
        typed = in_order(typed, desk_of(here))
    value, wrong = value_of(was.part, typed, was.value, desk_of(here))
    if wrong:
        return _page(here, asked, typed, wrong, note=Note(revision))
    try:
        source, path = _put(asked, value)
    except UneditableError:
        return _page(here, asked, typed, {"": here.reader.say(BY_HAND)}, note=Note(revision))
    ill = _ill(kept.source, source, was._replace(path=path))
    if ill:
        return _page(here, asked, typed, ill, note=Note(revision))
    return await _keep(here, asked, typed, (source, revision))


def _readable(source: str) -> dict[str, Any] | None:
    """The file as plain values; nothing where it cannot be read."""
    found = parse(source)
    return found.value if isinstance(found.value, dict) and not found.problems else None


def _without(here: Here, asked: Asked | None, sent: Form, tree: Any) -> Response[Any]:
    """What was typed is shown once more, as there is no part to put it into."""
    if asked is None:
        return redirect(f"/console/program/drafts/{sent.path['name']}?said=gone")
    says = here.reader.say(UNREADABLE if tree is None else GONE)
    return _page(here, asked, sent.fields, note=Note(asked.draft.revision, problem=says))


async def _keep(here: Here, asked: Asked, typed: Typed, told: tuple[str, int]) -> Response[Any]:
    source, revision = told
    kept = asked.draft
    try:
        async with here.transaction as tx:
            if source != kept.source or revision != kept.revision:
                await keep_draft(tx, KeepDraft(kept.name, source, revision, here.staff.principal))
    except DraftChanged:
        says = here.reader.say(CHANGED)
        return _page(here, asked, typed, note=Note(kept.revision, problem=says))
    return redirect(f"/console/program/drafts/{kept.name}?said=kept")


def _page(
    here: Here, asked: Asked, typed: Typed, wrong: Wrong | None = None, note: Note = NOTHING
) -> Response[Any]:
    place, wrong = asked.place, wrong or {}
    fields = fields_of(Look(here, asked.tree, typed, wrong), place.part, place.value)
    label, problem = (asked.kind.label if asked.kind else ""), note.problem
    return here.page(
        "terms/form.html",
        status=409 if problem else 422 if wrong else 200,
        one=asked.draft,
        place=place,
        kind=asked.kind,
        title=here.reader.say(label or _TABLES[place.at])
        if label or place.at in _TABLES
        else _now(here, asked),
        now=_now(here, asked) if problem and not asked.kind else "",
        fields=fields,
        wrong={**wrong, **called(fields, wrong)},
        revision=note.revision or asked.draft.revision,
        notice=note.says,
        problem=problem,
        beside=[] if asked.kind else unseen(place.part, place.value),
    )


async def _draft(here: Here, name: str) -> Draft:
    async with here.transaction as tx:
        kept = await drafts.draft(tx, name)
    if kept is None:
        raise no_draft(name)
    return kept


def _asked(kept: Draft, tree: Any, spot: Spot) -> Asked:
    """The part that is meant. Faults: NotFound."""
    at, adds = spot
    if tree is None:
        raise NotFound(NOT_THERE)
    place = place_of(tree, at or adds)
    if place is not None:
        return Asked(kept, tree, place, None)
    kind = next((one for one in kinds(tree) if one.key == adds), None)
    found = _added(kept, tree, kind) if kind else _again(kept, tree, adds)
    if at or found is None:
        raise NotFound(NOT_THERE)
    return found


def _added(kept: Draft, tree: Any, kind: Kind) -> Asked:
    if kind.into not in LISTS:
        place = former(kind.into) or Place("", (), Struct, {})
        return Asked(kept, tree, place._replace(value=dict(kind.begins)), kind)
    return Asked(kept, tree, Place("", *LISTS[kind.into], dict(kind.begins)), kind)


def _again(kept: Draft, tree: Any, name: str) -> Asked | None:
    """A part that is gone, as one to be added; what its form does not show is as the draft had it
    before it was last kept."""
    place, kind = former(name), any_kind(name)
    if place is None:
        return _added(kept, tree, kind) if kind else None
    before = place_of(parse(kept.before or "").value, name)
    begins = {k: v for k, v in before.value.items() if k != "id"} if before else {}
    into = name.rpartition(".")[0]
    kind = Kind(name, _TAKEN_OUT, into if into in LISTS else "", begins)
    return Asked(kept, tree, place._replace(value=begins), kind)


def _put(asked: Asked, value: dict[str, Any]) -> tuple[str, Path]:
    """The file with the part as it is meant now, and where it stands. Faults: UneditableError."""
    place, source = asked.place, asked.draft.source
    if asked.kind is None and value == place.value:
        return source, place.path
    if place.part is Ladder:
        return _put_ladder(asked, value)
    if asked.kind is None or asked.kind.into not in LISTS:
        return _put_there(asked, value), place.path
    base = asked.kind.key.rpartition(".")[2]
    value = {"id": fresh_id(asked.tree, asked.kind.into, base), **value}
    parent, name = asked.tree, place.path[-1]
    for step in place.path[:-1]:
        parent = parent.get(step) or {}
    number = len(parent.get(name) or ())
    if len(place.path) > 1 and not parent:
        return rewrite(source, place.path[:-1], {name: [value]}), (*place.path, 0)
    return add(source, place.path, value), (*place.path, number)


def _put_there(asked: Asked, value: dict[str, Any]) -> str:
    """The file with a part that stands in no list, or is no more. Faults: UneditableError."""
    place, source = asked.place, asked.draft.source
    inside = place.inside(value)
    if inside is not None:
        return rewrite(source, place.path, inside)
    return remove(source, place.path) if place.field in asked.tree else source


def _put_ladder(asked: Asked, value: dict[str, Any]) -> tuple[str, Path]:
    """The file with a further ladder and its steps. Faults: UneditableError."""
    source, (into, name) = asked.draft.source, asked.place.path
    there = asked.tree.get(into) or {}
    name = name or fresh(str(value.get("name") or ""), there, "ladder")
    value = with_ids(value, asked.tree)
    if there:
        made = rewrite(source, (into, name), value)
    else:
        made = rewrite(source, (into,), {name: value})
    return without_steps(made, asked.tree), (into, name)


def _ill(before: str, after: str, place: Place) -> Wrong:
    """What is wrong with the part now and was not before, by the name of its field."""
    known = {(one[0], one[1]) for one in _slips(before, place)}
    return {
        field: f"{says} ({mend})" if mend else says
        for field, says, mend in _slips(after, place)
        if (field, says) not in known
    }


def _slips(source: str, place: Place) -> list[tuple[str, str, str]]:
    try:
        problems = problems_of(read(source))
    except ProgramFault as fault:
        problems = list(fault.problems)
    begins, value = text_of(place.path), _at(parse(source).value, place.path)
    value, field = ({place.field: value}, (place.field,)) if place.field else (value, ())
    return [
        (
            field_of(place.part, value, (*field, *_steps(one.path.removeprefix(begins)))),
            one.says,
            one.mend,
        )
        for one in problems
        if one.severity == "error" and (one.path + ".").startswith((begins + ".", begins + "["))
    ]


def _at(tree: Any, path: Path) -> Any:
    """What stands there; nothing where the file has no such place."""
    try:
        for step in path:
            tree = tree[step]
    except (KeyError, IndexError, TypeError):
        return None
    return tree


def _steps(path: str) -> tuple[str | int, ...]:
    """`.limits[0].per` as `limits`, 0, `per`."""
    found = _STEP.findall(path)
    return tuple(int(number) if number else name for name, number in found)


def _now(here: Here, asked: Asked) -> str:
    """What the part says in the draft as it is now."""
    return says(here, told_by(asked.draft.source), asked.place)
