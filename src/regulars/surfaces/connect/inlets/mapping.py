"""The mapping file of an inlet: which place of a payload is which field of an activity.

The words are those of the mappings of imports: `column` is where a value stands, in an event the
way to it, steps parted by dots (`data.customer.email`, `refunds.0.id`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from regulars.base.faults import Fault
from regulars.flows.inlets.book_arrivals import Unknown
from regulars.records.program.parsing.nodes import parse
from regulars.records.program.parsing.shapes import fitted
from regulars.records.program.problems import Finding, Path, Problem, ProgramFault
from regulars.surfaces.connect.inlets.places.checks import (
    parts_of,
    wrong_fields,
    wrong_in_activity,
    wrong_same_as,
    wrong_zone,
)
from regulars.surfaces.connect.inlets.places.pieces import (
    AnswerMap,
    CartMap,
    From,
    PartnerMap,
    Said,
    Written,
)
from regulars.surfaces.connect.inlets.places.sense import wrong_in_partner
from regulars.surfaces.connect.inlets.places.told import REFS, ActivityMap, SameAs
from regulars.surfaces.connect.inlets.providers.discourse.wishes import ForumMap, wrong_in_forum
from regulars.surfaces.connect.inlets.providers.keys import public_key
from regulars.surfaces.connect.inlets.providers.names import MAILGUN, TOPIC, TWILIO
from regulars.surfaces.connect.moving.mapping import Decimal, Skip
from regulars.surfaces.connect.outlets.crm.shapes import (
    CasesMap,
    SignsInMap,
    wrong_in_cases,
    wrong_in_signs_in,
)
from regulars.surfaces.connect.outlets.mapping import MembersMap, wrong_in_members
from regulars.surfaces.connect.outlets.salesforce.shapes import JournalsMap, wrong_in_journals

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
LONGEST: Final = 64 * 1024
BY_SOURCE: Final = "{source}"
"""In a prefix: the name of the source."""


class LetterMap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A letter or a text message that failed, as whoever carried it tells."""

    email: Said | None = None
    """The address it was sent to."""
    phone: Said | None = None
    """In its place, of a text message: the telephone it was sent to."""
    kind: Said
    """`hard` (the address is wrong), `soft` (it failed for now) or `complaint` (whoever reads there
    called it unwanted); translate theirs with `values`."""
    occurred_at: Said | None = None
    """When it failed; when the event came in where nothing is said."""
    reason: Said | None = None
    """What is shown to whoever asks why nothing is written there any more."""


class NamesMap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who a customer of the other system is here: found by one name, known by another from then on.

    So a customer of two shops who is one person becomes one member.
    """

    member_id: Said
    """What the other system calls its customer; where somebody else is called so, they stay two."""
    number: Said | None = None
    email: Said | None = None
    phone: Said | None = None
    card: Said | None = None
    known_as: Said | None = None
    """By a name they were given before, such as the one they sign in to a forum by."""


class MembershipMap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A subscription of a payment provider, as the membership it pays for."""

    plans: dict[str, str]
    """Which price there is which plan of the program."""
    member: Said | None = None
    """Our own id of the member: mem_…"""
    member_id: Said | None = None
    """What the provider calls its customer."""
    number: Said | None = None
    email: Said | None = None
    phone: Said | None = None
    card: Said | None = None


class EventMap(Struct, frozen=True, forbid_unknown_fields=True):
    """What events of one type tell; nothing at all where there is nothing to book."""

    gives: tuple[ActivityMap, ...] = ()
    letter: LetterMap | None = None
    """In place of activities: a letter that failed. Its address is marked, nothing is booked."""
    names: NamesMap | None = None
    """In place of activities: who a customer of that system is."""
    membership: MembershipMap | None = None
    """In place of activities: a subscription, of a source of the kind stripe."""
    partner: PartnerMap | None = None
    """In place of activities: what a partner tells of a member with its sale."""
    answer: AnswerMap | None = None
    """In place of activities: what a partner answers to a line of a settlement."""
    skip: tuple[Skip, ...] = ()
    """Events that are left aside on purpose: those with one of these values in this place."""
    says: str = ""


class Mapping(Struct, frozen=True, forbid_unknown_fields=True):
    """How the events of one system are read."""

    mapping: Name
    title: str
    source: Name
    """The name of that system in our books; receipts are known by it, so it never changes."""
    events: dict[str, EventMap]
    """By their type. `*` stands for all that are not named."""
    type: str = "type"
    """Where an event says what happened."""
    unknown: Unknown = "refuse"
    """Who is known by nothing an event names: `refuse` keeps the event until they are, `card` lets
    the card it names collect as a new one, `nobody` books a sale to nobody."""
    zone: str = ""
    """By whose clock instants without an offset are; the program's where nothing is said."""
    dates: str | tuple[str, ...] = "iso"
    """`iso`, `epoch`, or formats such as `%d.%m.%Y %H:%M`, tried in this order."""
    decimal: Decimal = "plain"
    signed_by: str = ""
    """Of a source of letters, whose signature it needs besides the secret: `mailgun`, `twilio`, the
    ARN of an Amazon SNS topic, or the public key of SendGrid's Signed Event Webhook, as it is shown
    there."""
    members: MembersMap | None = None
    """Of a CRM: what it is told of members."""
    same_as: SameAs | None = None
    """By what a sale is known to be one that another source told before, where the two have no
    receipt in common; it looks at what is booked by then."""
    cases: CasesMap | None = None
    """Of a source of the kind crm: how it is asked for cases that its webhooks did not tell."""
    signs_in: SignsInMap | None = None
    """Of a source of the kind crm: how an app is given tokens that end within the hour."""
    journals: JournalsMap | None = None
    """Of a source of the kind salesforce: what happens is told there as transaction journals."""
    cart: CartMap | None = None
    """Of a source of the kind magento: what carts are made cheaper by."""
    forum: ForumMap | None = None
    """Of a source of the kind discourse: where members sign in with their card."""
    file: Written = Written()
    """Of a source of files: how they are written."""
    says: str = ""


LETTER_KINDS: Final = ("hard", "soft", "complaint")


class MappingFault(ProgramFault):
    """The mapping cannot be used; every problem that was found is listed with its line."""

    code = "bad_mapping"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda one: (one.line, one.column)))
        more = f" — and {len(problems) - 1} more" if len(problems) > 1 else ""
        says = f"The mapping has a problem at {self.problems[0]}{more}"
        Fault.__init__(self, says, field="/mapping")


@lru_cache(maxsize=256)  # asked for with each event
def read_mapping(text: str) -> Mapping:
    """A mapping from its words.

    Faults: MappingFault with every problem found: its line, what it is, what to write instead.
    """
    if len(text) > LONGEST:
        raise MappingFault([Problem(1, 1, "", "the mapping is larger than 64 KB", "shorten it")])
    tree = parse(text)
    if tree.problems:
        raise MappingFault(tree.problems)
    if not isinstance(tree.value, dict):
        mend = "begin with `mapping: web-shop`"
        raise MappingFault([Problem(1, 1, "", "this is no mapping", mend)])
    mapping, found = fitted(_named_by(tree.value, tree.value.get("source")), Mapping)
    found = found or _checked(mapping)
    if found:
        raise MappingFault([tree.marks.problem(one) for one in found])
    return mapping  # type: ignore[no-any-return]


def _named_by(found: Any, source: Any) -> Any:
    """The same, with the name of the source in every prefix that is to bear it."""
    if isinstance(found, list):
        return [_named_by(one, source) for one in found]
    if not isinstance(found, dict) or not isinstance(source, str):
        return found
    made = {name: _named_by(one, source) for name, one in found.items()}
    if isinstance(before := made.get("prefix"), str):
        made["prefix"] = before.replace(BY_SOURCE, source)
    return made


def _checked(mapping: Mapping) -> list[Finding]:
    """What the shape alone does not say."""
    found = [*wrong_zone(("zone",), mapping.zone), *wrong_in_members(mapping.members)]
    found += [*wrong_in_forum(mapping.forum), *wrong_same_as(("same_as",), mapping.same_as)]
    found += [*wrong_in_cases(mapping.cases), *wrong_in_signs_in(mapping.signs_in)]
    found += wrong_in_journals(mapping.journals)
    if mapping.signed_by and not _signs(mapping.signed_by):
        mend = "`mailgun`, `twilio`, a topic as arn:aws:sns:…, or the key shown there: MFkwEwYH…"
        found.append(Finding(("signed_by",), "this is no public key (ECDSA, P-256)", mend))
    if not mapping.events:
        found.append(Finding(("events",), "no event is read", "name a type and what it gives"))
    for type_, event in mapping.events.items():
        found += _letter(("events", type_), event)
        found += _names(("events", type_), event)
        found += _membership(("events", type_), event)
        found += _partner(("events", type_), event)
        for place, activity in enumerate(event.gives):
            path: Path = ("events", type_, "gives", place)
            found += wrong_in_activity(path, activity)
            found += [
                each
                for name, part in parts_of(activity)
                for each in wrong_fields((*path, *name), part)
            ]
    return found


def _signs(by: str) -> bool:
    return by in (MAILGUN, TWILIO) or TOPIC.fullmatch(by) is not None or public_key(by) is not None


def _letter(path: Path, event: EventMap) -> list[Finding]:
    one = event.letter
    if one is None:
        return []
    found = wrong_fields((*path, "letter"), one)
    if (one.email is None) == (one.phone is None):
        says = "a letter went to an `email`, or a text message to a `phone`"
        found.append(Finding((*path, "letter"), says, "name the place of one of them"))
    if event.gives:
        says = "an event tells activities or a letter that failed, and not both"
        found.append(Finding((*path, "letter"), says, "keep one of them"))
    meant = one.kind if isinstance(one.kind, From) else From()
    said = [meant.constant, meant.default or None, *(meant.values or {}).values()]
    for kind in said:
        if kind is not None and kind not in (*LETTER_KINDS, "*"):
            mend = f"write one of {', '.join(LETTER_KINDS)}"
            says = f"no letter fails as {str(kind)[:40]!r}"
            found.append(Finding((*path, "letter", "kind"), says, mend))
    return found


def _names(path: Path, event: EventMap) -> list[Finding]:
    one = event.names
    if one is None:
        return []
    found = wrong_fields((*path, "names"), one)
    if not (one.number or one.email or one.phone or one.card or one.known_as):
        says, mend = "nobody is found by what they are not known by yet", "add `email:` or `phone:`"
        found.append(Finding((*path, "names"), says, mend))
    if event.gives or event.letter is not None:
        says = "an event tells who somebody is, and nothing beside it"
        found.append(Finding((*path, "names"), says, "keep one of them"))
    return found


def _membership(path: Path, event: EventMap) -> list[Finding]:
    one, place = event.membership, (*path, "membership")
    if one is None:
        return []
    found = wrong_fields(place, one)
    if event.gives or event.letter:
        says = "an event tells a membership or something else, and not both"
        found.append(Finding(place, says, "keep one of them"))
    if not any(getattr(one, name) for name in ("member", *REFS)):
        mend = "add `email:` with its place"
        found.append(Finding(place, "nothing says whose membership it is", mend))
    return found


def _partner(path: Path, event: EventMap) -> list[Finding]:
    found = []
    for name, part in (("partner", event.partner), ("answer", event.answer)):
        if part is None:
            continue
        found += wrong_fields((*path, name), part)
        if event.gives or event.letter or event.membership or (event.partner and event.answer):
            says = "an event tells of a partner or of something else, and not both"
            found.append(Finding((*path, name), says, "keep one of them"))
    found += wrong_in_partner((*path, "partner"), event.partner)
    return found
