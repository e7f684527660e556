"""What a part of a program asks for, as the types of the language say it: one slot for a field."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Literal

from msgspec import NODEFAULT, Struct, defstruct
from msgspec import inspect as look
from msgspec.structs import fields, replace

from regulars.surfaces.console.terms.editor.keyed import with_key
from regulars.surfaces.console.terms.editor.labels import LABELS
from regulars.surfaces.console.terms.editor.words import CHOICES

Kind = Literal[
    "text", "decimal", "whole", "yes", "day", "span", "choice", "names", "values", "days",
    "lines", "refer", "prices", "part", "kinds", "rows",
]  # fmt: skip
NESTED: Final = ("part", "kinds", "rows")
MOST_ROWS: Final = 200
"""A longer list has no room on a form, and is changed in the file."""
REFERS: Final = MappingProxyType(
    {
        "Rule.wallet": "wallets",
        "Budget.wallet": "wallets",
        "Tiers.wallet": "status",
        "Ladder.wallet": "status",
        "Measure.wallet": "status",
        "Tiers.qualifying": "qualifying",
        "Ladder.qualifying": "qualifying",
        "Measure.qualifying": "qualifying",
        "TierIs.at_least": "tiers",
        "CodeIs.of": "rewards",
        "Reward.tier": "tiers",
        "Benefit.tier": "tiers",
        "Benefit.plan": "plans",
        "PlanIs.runs": "plans",
        "BenefitPoints.wallet": "wallets",
        "Prize.wallet": "wallets",
        "Prize.benefit": "benefits",
        "DeedMilestone.wallet": "wallets",
        "DrawPrize.wallet": "wallets",
        "DrawPrize.reward": "rewards",
    }
)
"""Fields that name another part of the program."""
TABLES: Final = frozenset({"ByTable.rows", "Currencies.currencies", "AmountIs.in_currency"})
"""Lists that a form shows as a table: many rows, each of a few short fields."""
_JOINS: Final = MappingProxyType({"Not.that": "any"})
"""How several conditions in the place of one are joined, where not all of them are meant."""
_LINES: Final = frozenset({"Tier.perks", "FurtherStep.perks"})
_NARROWED: Final = MappingProxyType({"Ladder.changeover": ("members", "until_on")})
"""Parts of which only this can be said at this place."""
_DAY: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


class Slot(Struct, frozen=True):
    """One field of a part, as a form asks for it."""

    name: str
    about: str
    """Part and field, such as `Rule.says`."""
    label: str
    kind: Kind
    shape: Any
    needed: bool
    otherwise: Any = None
    """What holds where nothing is said."""
    tag: str = ""
    """With `kinds`, and rows of them: the field that says which."""
    parts: tuple[look.StructType, ...] = ()
    """What is in it: one part, or one of several kinds."""
    long: bool = False
    """A length in days or more, without minutes and hours."""
    joins: str = ""
    """With rows of conditions in the place of one: `all` of them are meant, or `any`."""

    @property
    def keyed(self) -> bool:
        """With rows: whether the file has them by currency."""
        return self.kind == "rows" and isinstance(self.shape, look.DictType)

    @property
    def several(self) -> bool:
        """With rows by currency: whether a currency may have more than one."""
        return self.keyed and _is_list(_bare(self.shape.value_type))

    @property
    def switched(self) -> bool:
        """Whether it is there or not must be said, as all of it could be as usual."""
        if self.kind != "part" or self.needed or self.otherwise is not None:
            return False
        inner = slots(self.parts[0].cls)
        return any(one.otherwise not in _NOTHING for one in inner) and not any(
            one.needed and one.kind != "choice" for one in inner
        )

    def part(self, tag: str) -> look.StructType | None:
        """The kind of this tag that a form can show; the only one where there is no choice."""
        if not self.tag:
            return self.parts[0]
        return next((one for one in self.parts if one.tag == tag), None)


@cache
def slots(part: type) -> tuple[Slot, ...]:
    """The slots of a part that have a name on forms, in the order of the names."""
    shape = look.type_info(part)
    assert isinstance(shape, look.StructType), part
    order = list(LABELS)

    def place(one: Slot) -> int:
        return order.index(one.about if one.about in LABELS else one.name)

    return tuple(sorted(_slots(shape), key=place))


def _slots(shape: look.StructType) -> Iterator[Slot]:
    for field in shape.fields:
        about = f"{shape.cls.__name__}.{field.encode_name}"
        label = LABELS.get(about) or LABELS.get(field.encode_name)
        if label is None:
            continue
        slot = _slot(field.type, field.encode_name, about, label)
        if slot is not None:
            yield _with_default(slot, field)


def _with_default(slot: Slot, field: look.Field) -> Slot:
    default = field.default
    if default is NODEFAULT and field.default_factory is not NODEFAULT:
        default = field.default_factory()
    otherwise = None if default is NODEFAULT else default
    return replace(slot, needed=field.required, otherwise=otherwise)


def _slot(shape: Any, name: str, about: str, label: str) -> Slot | None:
    shape = _bare(shape)
    kind, inner = _kind(shape)
    if kind is None or (
        kind == "choice" and not all(f"{name}.{one}" in CHOICES for one in shape.values)
    ):
        return None
    inner = [_narrowed(one, _NARROWED[about]) for one in inner] if about in _NARROWED else inner
    kind = "refer" if about in REFERS else "lines" if about in _LINES else kind
    parts = tuple(one for one in inner if _sayable(one))
    tag = inner[0].tag_field or "" if inner else ""
    if inner and not parts:
        return None
    long = kind == "span" and "minute" not in (shape.pattern or "")
    joins = _JOINS.get(about, "all") if tag == "if" and not _is_list(shape) else ""
    return Slot(name, about, label, kind, shape, False, None, tag, parts, long, joins)


def _narrowed(part: look.StructType, names: tuple[str, ...]) -> look.StructType:
    """The same part, of which a form shows these fields only; the others stay in the file."""
    told: list[Any] = [
        (one.name, one.type, one.default) for one in fields(part.cls) if one.name in names
    ]
    found = look.type_info(defstruct(part.cls.__name__, told, frozen=True))
    assert isinstance(found, look.StructType), part
    return found


def _is_list(shape: Any) -> bool:
    return isinstance(shape, look.VarTupleType)


def _sayable(part: look.StructType) -> bool:
    return part.tag is None or f"{part.tag_field}.{part.tag}" in CHOICES


def _bare(shape: Any) -> Any:
    """Without bounds around it and without the choice of nothing."""
    while True:
        if isinstance(shape, look.Metadata):
            shape = shape.type
            continue
        if isinstance(shape, look.UnionType):
            some = [one for one in shape.types if not isinstance(one, look.NoneType)]
            if len(some) == 1:
                shape = some[0]
                continue
        return shape


def _kind(shape: Any) -> tuple[Kind | None, list[look.StructType]]:
    if isinstance(shape, look.StructType):
        return "part", [shape]
    if isinstance(shape, look.UnionType):
        return _kind_of_union(shape)
    if isinstance(shape, look.VarTupleType):
        return _kind_of_list(_bare(shape.item_type))
    if isinstance(shape, look.DictType):
        return _kind_of_dict(_bare(shape.value_type))
    if isinstance(shape, look.StrType):
        return _kind_of_text(shape.pattern or ""), []
    return _PLAIN.get(type(shape)), []


def _kind_of_union(shape: look.UnionType) -> tuple[Kind | None, list[look.StructType]]:
    some = [_bare(one) for one in shape.types if not isinstance(one, look.NoneType)]
    structs = [one for one in some if isinstance(one, look.StructType)]
    if structs:
        # The conditions of a rule are a list on the form, though one alone stands by itself.
        return ("rows" if structs[0].tag_field == "if" else "kinds"), structs
    return ("decimal" if {type(one) for one in some} <= _NUMBERS else None), []


def _kind_of_dict(value: Any) -> tuple[Kind | None, list[look.StructType]]:
    if _kind(value)[0] == "decimal":
        return "prices", []
    part = _bare(value.item_type) if _is_list(value) else value
    return ("rows", [with_key(part.cls)]) if isinstance(part, look.StructType) else (None, [])


def _kind_of_list(item: Any) -> tuple[Kind | None, list[look.StructType]]:
    if isinstance(item, look.StructType):
        return "rows", [item]
    if isinstance(item, look.UnionType):
        structs = [_bare(one) for one in item.types if isinstance(_bare(one), look.StructType)]
        return ("rows", structs) if structs else ("values", [])
    if isinstance(item, look.LiteralType):
        return "days", []
    return ("names" if isinstance(item, look.StrType) else "values"), []


def _kind_of_text(pattern: str) -> Kind:
    if pattern == _DAY:
        return "day"
    return "span" if "year)s?$" in pattern else "text"


_NOTHING: Final = (None, "", (), False)
_NUMBERS: Final = {look.StrType, look.IntType}
_PLAIN: Final[dict[type, Kind]] = {
    look.IntType: "whole",
    look.BoolType: "yes",
    look.LiteralType: "choice",
}
