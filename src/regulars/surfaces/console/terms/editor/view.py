"""The form of a part, ready for its template: fields with their words, in groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from babel.dates import get_day_names
from msgspec import Struct
from msgspec.structs import replace

from regulars.surfaces.console.form import plain_number
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.editor.filling import Wrong, beside
from regulars.surfaces.console.terms.editor.labels import LABELS
from regulars.surfaces.console.terms.editor.leaves import (
    UNITS,
    WEEKDAYS,
    Desk,
    Typed,
    shown,
)
from regulars.surfaces.console.terms.editor.rows import (
    INSIDE,
    before_of,
    count_of,
    is_open,
    rows_of,
)
from regulars.surfaces.console.terms.editor.slots import MOST_ROWS, REFERS, TABLES, Slot, slots
from regulars.surfaces.console.terms.editor.words import CHOICES, HINTS, MONEY, THERE
from regulars.surfaces.console.words import N

Choices = list[tuple[str, str]]
_INSIDE: Final = frozenset({"All.of", "AnyOf.of", "Not.that"})
_STEPPED: Final = MappingProxyType(
    {
        "FurtherStep.at": "measure",
        "FurtherStep.for_life_at": "measure",
        "FurtherStep.or_at": "or_by.measure",
    }
)
"""What a step of a ladder takes, and the field of the form that says what that is counted in."""
_IN_THE_FILE: Final = N("This part is changed in the file.")
_GROUP: Final = N("Several conditions")


class Field(Struct, frozen=True):
    """One input, or a group of them (`rows` of groups where there are several alike)."""

    name: str
    label: str
    input: str
    value: str = ""
    values: tuple[str, ...] = ()
    choices: Choices = []
    unit: str = ""
    hint: str = ""
    wrong: str = ""
    needed: bool = False
    fields: tuple[Field, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    """What the form carries along unseen."""
    says: str = ""
    """With a part that is changed in the file only: what it says."""
    heads: Choices = []
    """With a table: its columns, each with what it is called."""
    inner: bool = False
    """Whether it is all of what is around it, and needs no heading of its own."""
    full: bool = False
    """Whether no further row has room."""


class Look(NamedTuple):
    """What the fields of one form are made from."""

    here: Here
    program: Mapping[str, Any]
    """The file as plain values; it may be wrong anywhere."""
    typed: Typed
    wrong: Wrong

    @property
    def desk(self) -> Desk:
        """How the reader writes numbers."""
        return desk_of(self.here)

    def say(self, text: str) -> str:
        """A sentence in the reader's language."""
        return self.here.reader.say(text)


def desk_of(here: Here) -> Desk:
    """How somebody writes and reads numbers."""
    signs = here.reader.separators
    return Desk(lambda text: plain_number(text, signs), signs[1], here.reader.say)


def fields_of(look: Look, part: type, was: Any, before: str = "") -> tuple[Field, ...]:
    """The fields of a part, in order; what the form cannot show is not among them."""
    was = was if isinstance(was, dict) else {}
    hidden = beside(part, was)
    return tuple(
        _field(look, slot, was.get(slot.name), before + slot.name)
        for slot in slots(part)
        if slot.name not in hidden and _means_something(look, slot, was)
    )


def _means_something(look: Look, slot: Slot, was: Mapping[str, Any]) -> bool:
    """Bounds in other currencies are asked for only where there are other currencies, and which
    status credit or amount counts where there is a choice."""
    if was.get(slot.name):
        return True
    if slot.about == "AmountIs.in_currency":
        return bool(look.program.get("currencies"))
    kind, least = REFERS.get(slot.about, ""), {"status": 1, "qualifying": 2}
    return kind not in least or len(_named(look, kind)) >= least[kind]


def called(fields: Iterable[Field], wrong: Wrong) -> Wrong:
    """What is wrong, each with the name of its field before it, in the order of the form."""
    found: Wrong = {}
    for one in fields:
        if one.name in wrong:
            found[one.name] = f"{one.label}: {wrong[one.name]}"
        found |= called(one.fields, wrong)
    return found


def _field(look: Look, slot: Slot, was: Any, name: str) -> Field:
    if slot.kind == "rows":
        return _rows(look, slot, was, name)
    if slot.kind in ("part", "kinds"):
        return _group(look, slot, was, name)
    value = look.typed.get(name)
    if value is None and slot.kind not in ("days", "yes", "prices"):
        value = shown(slot, name, slot.otherwise, look.desk)[name]
    words = LABELS.get(slot.about) or slot.label
    return Field(
        name=name,
        label=look.say(words),
        input="choice" if slot.kind == "refer" else slot.kind,
        value=(value or ("",))[-1],
        values=value or (),
        choices=_choices(look, slot, name),
        unit=_unit(look, slot),
        hint=_hint(look, slot),
        wrong=look.wrong.get(name, ""),
        needed=slot.needed,
        fields=_inner(look, slot, name),
    )


def _group(look: Look, slot: Slot, was: Any, name: str) -> Field:
    tag = (look.typed.get(f"{name}.{slot.tag}") or ("",))[-1] if slot.tag else ""
    kind = slot.part(tag)
    same = was if isinstance(was, dict) and str(was.get(slot.tag, "")) == tag else None
    choices: Choices = [] if slot.needed else [("", "–")]
    choices += [(str(one.tag), _choice(look, slot.tag, str(one.tag))) for one in slot.parts]
    fields = fields_of(look, kind.cls, same, name + ".") if kind else ()
    if slot.switched:
        told = (look.typed.get(f"{name}.there") or ("",))[-1]
        says = look.say(THERE[slot.about])
        fields = (Field(f"{name}.there", says, "yes", told), *fields)
    return Field(
        name=name,
        label=look.say(slot.label),
        input="kinds" if slot.tag else "part",
        value=tag,
        choices=choices if slot.tag else [],
        fields=fields,
        kept=((f"{name}.was", tag),) if slot.tag else (),
        hint=_hint(look, slot),
        wrong=look.wrong.get(name, ""),
    )


def _rows(look: Look, slot: Slot, was: Any, name: str) -> Field:
    there, rows = rows_of(slot, was), []
    for place in range(count_of(name, look.typed)):
        one = f"{name}.{place}"
        rows.append(_row(look, slot, before_of(slot, there, one, look.typed), one))
    return Field(
        name=name,
        label=look.say(slot.label),
        input="table" if slot.about in TABLES else "rows",
        hint=_hint(look, slot),
        heads=_heads(look, slot) if slot.about in TABLES else [],
        inner=slot.about in _INSIDE,
        full=len(rows) >= MOST_ROWS,
        fields=tuple(rows),
        choices=_kinds(look, slot),
        kept=((f"{name}.n", str(len(rows))),),
        wrong=look.wrong.get(name, ""),
    )


def _kinds(look: Look, slot: Slot) -> Choices:
    """What can be added to a list; those that hold others come last."""
    tags = [str(one.tag) for one in slot.parts if slot.tag]
    return [(tag, _choice(look, slot.tag, tag)) for tag in sorted(tags, key=lambda t: t in INSIDE)]


def _heads(look: Look, slot: Slot) -> Choices:
    """The columns of a table, each with what it is called."""
    return [(one.name, look.say(one.label)) for one in slots(slot.parts[0].cls)]


def _row(look: Look, slot: Slot, before: Any, one: str) -> Field:
    kept = ((f"{one}.is", (look.typed.get(f"{one}.is") or ("",))[-1]),)
    number = look.here.reader.number(int(one.rpartition(".")[2]) + 1)
    name = (look.typed.get(f"{one}.name") or ("",))[-1].strip()
    label = name or f"{look.say(slot.label)} · {number}"
    if before is not None and not is_open(slot, before):
        return Field(one, label, "closed", kept=kept, says=look.say(_IN_THE_FILE))
    tag = (look.typed.get(f"{one}.{slot.tag}") or ("",))[-1]
    kind = slot.part(tag)
    fields = fields_of(look, kind.cls, before, one + ".") if kind else ()
    found = Field(one, label, "part", fields=fields, wrong=look.wrong.get(one, ""))
    if not slot.tag:
        return replace(found, kept=kept)
    if tag not in INSIDE:
        label = _choice(look, slot.tag, tag)
        return replace(found, label=label, kept=(*kept, (f"{one}.{slot.tag}", tag)))
    choices = [(each, _choice(look, slot.tag, each)) for each in INSIDE]
    return replace(
        found, input="joined", label=look.say(_GROUP), value=tag, choices=choices,
        kept=(*kept, (f"{one}.was", tag)),
    )  # fmt: skip


def _inner(look: Look, slot: Slot, name: str) -> tuple[Field, ...]:
    """The inputs of which one field is made: a unit beside a number, an amount for each wallet."""
    if slot.kind == "span":
        units = [one for one in UNITS if not slot.long or one not in UNITS[:2]]
        told = look.typed.get(f"{name}.unit") or ("",)
        usual = shown(slot, name, slot.otherwise, look.desk)[f"{name}.unit"]
        choices = [(one, look.say(CHOICES[f"span.{one}"])) for one in units]
        return (
            Field(f"{name}.unit", look.say("Unit"), "choice", (told[-1] or usual[-1]), (), choices),
        )
    if slot.kind == "prices":
        return tuple(
            Field(
                f"{name}.{wallet}",
                said,
                "decimal",
                (look.typed.get(f"{name}.{wallet}") or ("",))[-1],
            )
            for wallet, said in _with_typed(_named(look, "wallets"), _prices(look, name))
        )
    return ()


def _prices(look: Look, name: str) -> list[str]:
    """The wallets in which somebody typed a price."""
    said = (one for one, told in look.typed.items() if one.startswith(name + ".") and any(told))
    return [one.removeprefix(name + ".") for one in said]


def _with_typed(known: Choices, typed: Iterable[str]) -> Choices:
    """What was typed can be chosen also where the file has no such part any more."""
    there = {one for one, _ in known}
    return [*known, *((one, one) for one in typed if one and one not in there)]


def _choices(look: Look, slot: Slot, name: str) -> Choices:
    if slot.kind == "days":
        names = get_day_names("wide", locale=look.here.reader.language.partition("-")[0])
        return [(day, names[place]) for place, day in enumerate(WEEKDAYS)]
    if slot.kind == "refer":
        known = _with_typed(_named(look, REFERS[slot.about]), look.typed.get(name) or ())
        return known if slot.needed or slot.otherwise is not None else [("", "–"), *known]
    if slot.kind != "choice":
        return []
    found = [(str(one), _choice(look, slot.name, str(one))) for one in slot.shape.values]
    return found if slot.otherwise is not None or slot.needed else [("", "–"), *found]


def _choice(look: Look, field: str, value: str) -> str:
    said = CHOICES.get(f"{field}.{value}")
    return look.say(said) if said else value


def _named(look: Look, kind: str) -> Choices:
    """The wallets, tiers or other parts of the file as it is, by the names members read."""
    found = look.program.get("wallets" if kind == "status" else kind)
    if kind == "status" and isinstance(found, dict):
        found = {k: v for k, v in found.items() if isinstance(v, dict) and v.get("kind") == kind}
    if kind == "tiers":
        found = found.get("steps") if isinstance(found, dict) else None
    if isinstance(found, dict):
        return [(str(k), _name(v) or str(k)) for k, v in found.items()]
    return [
        (str(one["id"]), _name(one) or str(one["id"]))
        for one in (found if isinstance(found, list) else [])
        if isinstance(one, dict) and "id" in one
    ]


def _name(part: Any) -> str:
    return str(part.get("name") or "") if isinstance(part, dict) else ""


def _unit(look: Look, slot: Slot) -> str:
    tiers = look.program.get("tiers")
    spend = isinstance(tiers, dict) and tiers.get("measure", "spend") == "spend"
    is_money = slot.about in MONEY or (slot.about in ("Tier.at", "Tier.for_life_at") and spend)
    is_money |= slot.about in _STEPPED and look.typed.get(_STEPPED[slot.about]) == ("spend",)
    return str(look.program.get("currency", "")) if is_money else ""


def _hint(look: Look, slot: Slot) -> str:
    said = HINTS.get(slot.about) or HINTS.get(slot.kind)
    return look.say(said) if said else ""
