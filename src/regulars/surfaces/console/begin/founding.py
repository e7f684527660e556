"""The moment a shop comes to be: its program is founded, published, and belongs to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from regulars.base.faults import Fault, Refused
from regulars.engine.changing.following import codes_for
from regulars.engine.checking.mending import opening
from regulars.engine.terms import terms_of
from regulars.flows.access.commands import AddStaff, UseLink
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.terms.open_shop import found_shop
from regulars.flows.terms.publish_program import checked, publish_program
from regulars.records.access.staff.passwords import wrong_password
from regulars.records.access.staff.tokens import SECRET_BYTES, make_token, shortened, token_hash
from regulars.records.access.staff.types import By, principal_of
from regulars.records.program.opening.types import NO_PROGRAM
from regulars.records.program.templates.fitting import Place
from regulars.surfaces.console.door.proving import Entered, House, Typed, sign_in
from regulars.surfaces.console.door.session import Asking, token_of
from regulars.surfaces.in_words.refusals import told_to
from regulars.surfaces.ui.coming import address_of
from regulars.surfaces.ui.routes import reader_of


class Owner(NamedTuple):
    """Whose shop it is, as they typed it."""

    name: str
    email: str
    password: str


Wanted = tuple[str, str, Place, int]
"""The template, the program's short name, where the shop is, and how generous it is."""


async def found(
    house: House, request: Asking, wanted: Wanted, owner: Owner
) -> str | Mapping[str, str] | None:
    """The token of the owner's first session; what is wrong by field; nothing when it is too late.

    Order: program, version and owner are there together or not at all. Of two pages that do it at
    once the second finds a shop, and its owner signs in.
    """
    wrong = wrong_password(owner.password, owner.name, owner.email)
    if wrong:
        return {"password": wrong}
    kept = await house.prover.kept(owner.password)
    source = opening(*wanted)
    _, compiled = await house.given.aside(checked, source)
    by = By(words="setting up", address=shortened(address_of(request)))
    try:
        async with house.given.database.transaction(NO_PROGRAM) as tx:
            number = await found_shop(tx, wanted[1])
            if number is None:
                return None
            terms = terms_of(
                number, wanted[1], [(1, tx.now, compiled)], codes_for({}, compiled), {1: tx.now}
            )
            link = token_hash(make_token(number, house.given.random_bytes(SECRET_BYTES)))
            wishes = (
                AddStaff(owner.name, owner.email, "owner", link, by),
                UseLink(link, kept, by.address),
            )
            for wish in wishes:
                (outcome,) = await keep_staff(tx, terms, [wish])
                if isinstance(outcome, Fault):
                    raise outcome
                assert not isinstance(outcome, Refused), outcome
                owner_id = outcome.staff_id
            assert owner_id is not None, wishes
            await publish_program(tx, source, by=principal_of(owner_id))
    except Fault as fault:
        return {fault.field.lstrip("/"): told_to(reader_of(request), fault)}
    typed = Typed(owner.email, owner.password, address_of(request), token_of(request))
    inside = await sign_in(house, number, typed)
    return inside.token if isinstance(inside, Entered) else None
