"""Lines that tell of members: who they are, what they are found by, what they allow, their tier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from regulars.base.faults import Fault
from regulars.flows.importing.commands import (
    BringConsent,
    BringMember,
    BringName,
    BringTier,
    once_of,
)
from regulars.records.imports.types import Part, StagedLine, StagedName
from regulars.records.members import profile
from regulars.records.members.types import Attributes, Identifier
from regulars.records.once.types import digest
from regulars.surfaces.connect.moving.fields import (
    Columns,
    Ref,
    Staged,
    Teller,
    Values,
    among,
    lane_of,
    needed,
)
from regulars.surfaces.connect.moving.mapping import REFS
from regulars.surfaces.connect.moving.wrong import Wrong

_pack = msgspec.msgpack.Encoder().encode
_STATES = ("active", "unregistered", "blocked")


def members(at: Columns) -> Teller:
    """Each line is a member; it is found by whatever of id, e-mail, telephone and card is there."""
    ways = [(at.text(n), at.name_reader(n, at.column(n)), n) for n in REFS if at.has(n)]
    texts = {n: at.text(n) for n in ("given_name", "family_name", "locale", "zone", "number")}
    state, joined = at.text("state", "active"), at.instant("joined_at")
    attributes = _attributes(at)

    def tell(line: int, values: Values) -> list[Staged]:
        found = [read(told) for text, read, _ in ways if (told := text(values))]
        if not found:
            raise Wrong(at.column(ways[0][2]), "this line names nobody", "Give an id or an address")
        stands: Any = among(state(values), _STATES, at.column("state"), "state")
        texts_told: Any = {name: text(values) for name, text in texts.items()}
        command = BringMember(
            identifiers=_names(found),
            attributes=attributes(values),
            joined_at=joined(values),
            state=stands,
            id=next((ref.member.id for ref in found if ref.kind == "id" and ref.member), None),
            source=at.mapping.source,
            **texts_told,
        )
        _check_profile(at, command)
        key = found[0].key
        names = [(ref.kind, ref.value) for ref in found]
        names += [("number", command.number)] if command.number else []
        staged = _line(at, line, Part.MEMBERS, Ref(None, "", "", key), label="", command=command)
        return [
            staged._replace(key=once_of(command)),
            *(StagedName(at.number, line, Part.MEMBERS, key, *name) for name in names),
        ]

    return tell


def _names(found: Sequence[Ref]) -> tuple[Identifier, ...]:
    told: Any = [(ref.kind, ref.value) for ref in found if ref.kind != "id"]
    return tuple(Identifier(kind, value) for kind, value in told)


def _check_profile(at: Columns, command: BringMember) -> None:
    """What would be refused when it is booked is told now, at its column."""
    checks = {
        "given_name": lambda: profile.person_name(command.given_name, ""),
        "family_name": lambda: profile.person_name(command.family_name, ""),
        "locale": lambda: profile.locale(command.locale),
        "zone": lambda: profile.zone(command.zone),
        "attributes": lambda: profile.attributes(command.attributes),
        "joined_at": lambda: profile.joined_at(command.joined_at, at.place.now),
    }
    for name, check in checks.items():
        try:
            check()
        except Fault as fault:
            raise Wrong(at.column(name), fault.says, str(fault.facts["mend"])) from None


def _attributes(at: Columns) -> Any:
    named = [name for name in at.fields if name.startswith("attributes.")]
    texts = [(name.removeprefix("attributes."), at.text(name)) for name in named]
    whole = at.json("attributes", Attributes, {})

    def read(values: Values) -> Attributes:
        found = dict(whole(values))
        for name, text in texts:
            told = text(values)
            if told:
                found[name] = told == "true" if told in ("true", "false") else told
        return found

    return read


def identifiers(at: Columns) -> Teller:
    """Each line is one more name a member is found by."""
    ref, kind, value = at.ref(), at.text("kind"), at.text("value")
    kinds = ("number", "phone", "email", "card", "external")

    def tell(line: int, values: Values) -> list[Staged]:
        who = needed_ref(at, ref(values))
        named: Any = among(kind(values), kinds, at.column("kind"), "kind of name")
        text = needed(value(values), at.column("value"))
        way = at.name_reader("member_id" if named == "external" else named, at.column("value"))
        spelled = text if at.mapping.ids == "ours" and named == "external" else way(text).value
        command = BringName(needed_member(who), named, spelled)
        return [
            _line(at, line, Part.IDENTIFIERS, who, label=named, command=command),
            StagedName(at.number, line, Part.IDENTIFIERS, who.key, named, spelled),
        ]

    return tell


def consents(at: Columns) -> Teller:
    """Each line is a member's word about a channel; an empty one is no word."""
    ref, channel, state = at.ref(), at.text("channel"), at.text("state")
    source, changed = at.text("source", at.mapping.source), at.instant("changed_at")

    def tell(line: int, values: Values) -> list[Staged]:
        word: Any = state(values)
        if not word:
            return []
        among(word, ("given", "withdrawn"), at.column("state"), "state of a consent")
        who, over = needed_ref(at, ref(values)), needed(channel(values), at.column("channel"))
        when = in_time(at, "changed_at", changed(values)) or at.place.now
        command = BringConsent(needed_member(who), over, word, source(values), when)
        return [_line(at, line, Part.CONSENTS, who, label=f"{over} {word}", command=command)]

    return tell


def tiers(at: Columns) -> Teller:
    """Each line is the step a member stands on; an empty one is none."""
    ref, tier, since, until = at.ref(), at.text("tier"), at.instant("since"), at.instant("until")
    by_rule = at.file.no_until == "program"

    def tell(line: int, values: Values) -> list[Staged]:
        step = tier(values)
        if not step:
            return []
        among(step, at.place.tiers, at.column("tier"), "tier")
        who, end = needed_ref(at, ref(values)), until(values)
        begin = in_time(at, "since", since(values))
        if end is not None and end <= (begin or at.place.now):
            raise Wrong(at.column("until"), "the tier is over before it begins", "Check the dates")
        command = BringTier(needed_member(who), step, begin, end, by_rule and end is None)
        staged = _line(at, line, Part.TIERS, who, label=step, command=command)
        key, content = digest("tier", who.key.bytes), digest(staged.packed)
        ruled = int(command.by_rule)
        return [staged._replace(at=begin, key=key, content=content, units=ruled, ends=end)]

    return tell


def needed_ref(at: Columns, ref: Ref) -> Ref:
    """A line of this kind is about somebody."""
    if ref.member is None:
        name = next(each for each in REFS if at.has(each))
        raise Wrong(at.column(name), "this line names nobody", "Say which member it is about")
    return ref


def needed_member(ref: Ref) -> Any:
    """The member a line names, which `needed_ref` has made sure of."""
    assert ref.member is not None, ref
    return ref.member


def in_time(at: Columns, name: str, when: Any) -> Any:
    """An instant of the past; a date in the future is a slip of the file or of its format."""
    if when is not None and not at.earliest <= when <= at.latest:
        raise Wrong(
            at.column(name),
            f"{when:%Y-%m-%d} lies ahead of us" if when > at.latest else "this is before 1970",
            "Check the date, and whether day and month are told in the right order",
        )
    return when


def _line(at: Columns, line: int, part: Part, ref: Ref, *, label: str, command: Any) -> StagedLine:
    return StagedLine(
        at.number, line, part, lane_of(ref.key), ref.key, None, None, None, None, label, 0, None,
        ref.kind, ref.value, _pack(command),
    )  # fmt: skip
