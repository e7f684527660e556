"""A member's account, as clients of Salesforce's loyalty resources know it.

Source: Salesforce Loyalty Management, Member Profile, `GET loyalty-programs/{name}/members`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from regulars.base.faults import Fault, Invalid
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.show_standing import Standing, show_standing
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import Identifier, Member, MemberRef
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.connect.outlets.salesforce.spoken.errors import PREFIX
from regulars.surfaces.connect.outlets.salesforce.spoken.journals import is_meant
from regulars.surfaces.connect.outlets.salesforce.spoken.wire import (
    ContactTold,
    CurrencyTold,
    ProfileQuery,
    ProfileTold,
    TierTold,
    day_of,
    points,
)

_STATES: Final[Mapping[str, str]] = {"active": "Active", "blocked": "Inactive"}
_LADDER: Final = "main"


async def profile(call: Call) -> Reply:
    """One member, by id or by number."""
    query: ProfileQuery = call.query
    ref = _ref(query)

    async def look(tx: Tx, terms: Terms) -> ProfileTold:
        name = is_meant(terms, call)
        country = terms.versions[-1].program.country
        (found,) = await members.whom(tx, country, [ref], field=_field(query))
        if isinstance(found, Fault):
            raise found
        standing = await show_standing(tx, terms, found)
        one = (await members.members(tx, [standing.member_id]))[standing.member_id]
        names = (await members.identifiers_of(tx, [one.id]))[one.id]
        return _told(terms, name, (one, names), standing, query.program_currency_name)

    return Reply(await call.read(look))


def _field(query: ProfileQuery) -> str:
    return "/membershipNumber" if query.membership_number else "/memberId"


def _ref(query: ProfileQuery) -> MemberRef:
    if query.membership_number:
        return MemberRef(number=query.membership_number)
    id_ = meant("mem", query.member_id or "")
    if id_ is None:
        mend = "Send membershipNumber, or the memberId of a profile"
        raise Invalid("Nothing says whose profile it is", field="/membershipNumber", mend=mend)
    return MemberRef(id=id_)


def _told(
    terms: Terms,
    name: str,
    who: tuple[Member, list[Identifier]],
    stands: Standing,
    currency: str | None,
) -> ProfileTold:
    one, names = who
    zone = terms.at(stands.as_of).zone
    email = next((each.value for each in names if each.kind == "email"), None)
    joined = day_of(one.joined_at, zone)
    assert joined is not None
    return ProfileTold(
        loyalty_program_name=name,
        loyalty_program_member_id=shown("mem", one.id),
        membership_number=one.number,
        member_status=_STATES.get(one.state, "Inactive"),
        member_type="Individual",
        enrollment_date=joined,
        associated_contact=ContactTold(None, one.given_name, one.family_name, email),
        associated_account=None,
        member_currencies=_currencies(terms, stands, currency),
        member_tiers=_tiers(terms, stands),
        can_receive_promotions=one.state == "active",
        additional_loyalty_program_member_fields={},
    )


def _currencies(terms: Terms, stands: Standing, wanted: str | None) -> list[CurrencyTold]:
    """Each wallet of the program, or the one that is asked for by its name."""
    program = terms.at(stands.as_of).program
    found = []
    for name, balance in stands.balances.items():
        wallet = program.wallets.get(name)
        if wallet is None or wanted not in (None, "", name, wallet.name):
            continue
        lapses = stands.lapses_next.get(name)
        units = (
            balance.available - balance.debt, balance.pending, balance.earned,
            0 if lapses is None else lapses.units,
        )  # fmt: skip
        counted = (points(count, wallet.scale) for count in units)
        found.append(CurrencyTold(name, name, wallet.name or name, *counted))
    return found


def _tiers(terms: Terms, stands: Standing) -> list[TierTold]:
    tier, version = stands.tier, terms.at(stands.as_of)
    if tier is None:
        return []
    steps = version.program.tiers.steps if version.program.tiers is not None else ()
    place = next((at for at, step in enumerate(steps, 1) if step.id == tier.id), 0)
    since, until = (day_of(at, version.zone) for at in (stands.tier_since, stands.tier_until))
    return [TierTold(tier.id, tier.name or tier.id, _LADDER, place, since, until)]


OPERATIONS = (
    Operation(
        method="GET",
        path=f"{PREFIX}/services/data/{{version}}/loyalty-programs/{{program}}/members",
        name="salesforce_get_member_profile",
        tag="Salesforce",
        says="A member's account",
        scopes=(Scope.MEMBERS_READ,),
        query=ProfileQuery,
        answers={200: ProfileTold},
        do=profile,
    ),
)
