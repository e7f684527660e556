"""The page to join by, from the code on the counter or a friend's link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple
from uuid import UUID

from babel import Locale
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.join_by_codes import MayProve
from regulars.flows.points.referring.commands import NameReferral
from regulars.flows.points.referring.name_referrals import name_referrals
from regulars.records.members.identify import normal_or_fault
from regulars.records.members.referrals import read as referrals
from regulars.records.members.referrals.lettering import meant
from regulars.records.members.types import Asked as By
from regulars.records.members.types import Identifier, IdentifierTaken, JoinMember, MemberRef
from regulars.records.program.types import Join
from regulars.surfaces.card.coming_in.sign_in import code_address, let_in, way_of
from regulars.surfaces.card.desk import Desk, moved
from regulars.surfaces.card.forms import Form, form_of, visitor
from regulars.surfaces.card.inside import Asked, reader_for, token_of
from regulars.surfaces.ui.coming import machine_of
from regulars.surfaces.ui.words import LANGUAGES

OPEN = Join()


class Wrong(NamedTuple):
    """What is wrong with a field, as the template words it."""

    field: str
    kind: str
    facts: Mapping[str, Any] = {}


def join_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page to join by."""
    page = JoinPage(desk)
    return [desk.open(get, "/join", page.show), desk.open(post, "/join", page.sent)]


class JoinPage:
    """Lets people join as far as the program does."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, request: Asked) -> Response[Any]:
        """What is asked; a friend's code may come with the address."""
        return await self._page(request, Form({"friend": request.query_params.get("friend", "")}))

    async def sent(self, request: Asked) -> Response[Any]:
        """Somebody joins, and proves that the address is theirs."""
        form = await form_of(request, self._desk.keyed, visitor(request))
        program_id = await self._desk.program()
        terms = await self._desk.given.programs.terms(program_id)
        version = terms.at(self._desk.given.now(terms.program_id))
        policy = version.program.join or OPEN
        slips = slips_of(form, policy, terms.versions[-1].program.country)
        if slips:
            return await self._page(request, form, slips, status=422)
        friend = await self._friend(program_id, form["friend"])
        if form["friend"].strip() and friend is None:
            return await self._page(request, form, [Wrong("friend", "no_friend")], status=422)
        language = reader_for(request, version).language
        command = command_of(form, policy, friend, language[:2])
        outcome = await self._joined(request, program_id, command)
        if isinstance(outcome, Refused) and outcome.code == "too_many_codes":
            return await self._page(request, form, [Wrong("address", "too_many")], status=429)
        if isinstance(outcome, Refused | Fault) and not isinstance(outcome, IdentifierTaken):
            return await self._page(request, form, [slip_of(outcome, policy)], status=422)
        joined = outcome.joined if isinstance(outcome, MayProve) else outcome
        if not isinstance(joined, Fault) and joined is not None and friend is not None:
            told = NameReferral(MemberRef(id=joined.member_id), meant(form["friend"]))
            await self._desk.given.gate.submit(program_id, name_referrals, told)
        return await self._in(request, form, program_id, outcome)

    async def _joined(self, request: Asked, program_id: int, command: JoinMember) -> Any:
        """Who joins is sent a code with it, where one can be sent."""
        by = way_of(command.identifiers[0].value)
        machine, door = machine_of(request), self._desk.door
        if _channel(by) in self._desk.given.channels:
            return await door.join(program_id, command, by, machine)
        return await door.join_uncoded(program_id, command, by, machine)

    async def _in(self, request: Asked, form: Form, program_id: int, outcome: Any) -> Response[Any]:
        """To the digits, alike for who is new and who was here already.

        Where nothing can be sent, who is new is in at once: their card is empty, as only a card's
        own number finds cards without a name. Nobody else is in by typing an address.
        """
        agrees = _channel(way_of(form["address"])) if form["agrees"] == "yes" else ""
        if isinstance(outcome, MayProve):
            return moved(code_address(outcome.asked.code_id, "", agrees))
        if isinstance(outcome, Fault):
            return await self._page(request, form, [Wrong("address", "counter")], status=422)
        joined, door = outcome, self._desk.door
        slips = await self._desk.agree_unproved(program_id, joined.member_id, agrees)
        handed = await door.hand_link(program_id, MemberRef(id=joined.member_id))
        assert not isinstance(handed, Fault), handed
        inside = await door.by_link(program_id, handed.link, had=token_of(request))
        assert not isinstance(inside, Refused), inside
        return let_in(request, inside, "", slips)

    async def _friend(self, program_id: int, said: str) -> UUID | None:
        """Whose code a friend gave."""
        code = meant(said) if said.strip() else ""
        if not code:
            return None

        async def look(tx: Tx, _: Terms) -> UUID | None:
            found = await referrals.by_code(tx, [code])
            return found[code].member_id if code in found else None

        return await self._desk.read(program_id, look)  # type: ignore[no-any-return]

    async def _page(
        self, request: Asked, form: Form, slips: Sequence[Wrong] = (), *, status: int = 200
    ) -> Response[Any]:
        terms = await self._desk.given.programs.terms(await self._desk.program())
        version = terms.at(self._desk.given.now(terms.program_id))
        program, policy = version.program, version.program.join or OPEN
        names = territories(reader_for(request, version).language)
        return await self._desk.open_page(
            request, "door/join.html", status=status, form=form, slips=slips,
            policy=policy, friends=program.referral is not None,
            countries=[(one, names.get(one, one)) for one in policy.countries],
        )  # fmt: skip


def slips_of(form: Form, policy: Join, country: str | None) -> list[Wrong]:
    """Every field that is not right yet, so that all of them are said at once."""
    slips = []
    if not form["given_name"].strip():
        slips.append(Wrong("given_name", "no_name"))
    if isinstance(
        normal_or_fault(way_of(form["address"]), form["address"], country, field=""), Fault
    ):
        slips.append(Wrong("address", "no_address"))
    if asks_birthday(policy) and not form["birthday"].strip():
        slips.append(Wrong("birthday", "no_birthday"))
    if policy.countries and form["country"] not in policy.countries:
        slips.append(Wrong("country", "no_country"))
    slips += [Wrong(one, "needed") for one in policy.needs if not form[one].strip()]
    if policy.by == "invitation" and not form["friend"].strip():
        slips.append(Wrong("friend", "no_friend"))
    if form["terms"] != "yes":
        slips.append(Wrong("terms", "no_terms"))
    return slips


def command_of(
    form: Form, policy: Join, friend: UUID | None, language: str, source: str = "card"
) -> JoinMember:
    """What is asked of the program. Whoever asks for themself may come back after an erasure."""
    name = Identifier(way_of(form["address"]), form["address"].strip())
    answers = form["guardian"].strip()
    return JoinMember(
        identifiers=(name,),
        given_name=form["given_name"],
        family_name=form["family_name"],
        locale=language,
        attributes={one: form[one].strip() for one in policy.needs},
        source=source,
        again=True,
        birthday=form["birthday"].strip() if asks_birthday(policy) else "",
        country=form["country"] if policy.countries else "",
        guardian=MemberRef(number=answers) if answers else None,
        invited_by=MemberRef(id=friend) if friend and policy.by == "invitation" else None,
        asked=By(source),
    )


def territories(language: str) -> Mapping[str, str]:
    """The names of countries in a language."""
    locale = Locale.parse(language if language in LANGUAGES else "en")
    return {str(code): str(name) for code, name in locale.territories.items()}


def asks_birthday(policy: Join) -> bool:
    """Whether everybody tells their birthday."""
    return policy.minimum_age is not None or policy.guardian_for_minors


def slip_of(outcome: Refused | Fault, policy: Join) -> Wrong:
    """At which field a refusal of the program is told."""
    if isinstance(outcome, Refused):
        field, kind = _REFUSED.get(outcome.code, ("address", "counter"))
        return Wrong(field, kind, {"age": policy.minimum_age or 0, **outcome.facts})
    if isinstance(outcome, Invalid):
        field = outcome.field.strip("/").split("/")[0]
        return Wrong(_FIELDS.get(field, field if field in _OWN else "address"), "not_right")
    return Wrong("guardian" if "guardian" in outcome.field else "address", "not_right")


def _channel(by: str) -> Literal["email", "sms"]:
    return "email" if by == "email" else "sms"


_OWN = frozenset({"given_name", "family_name", "birthday", "country", "guardian"})
_FIELDS = {"identifiers": "address", "invited_by": "friend"}
_REFUSED = {
    "too_young": ("birthday", "too_young"),
    "guardian_needed": ("guardian", "guardian_needed"),
    "country_closed": ("country", "no_country"),
    "invitation_needed": ("friend", "no_friend"),
    "detail_needed": ("birthday", "no_birthday"),
    "staff_only": ("", "staff_only"),
}
