"""A shop's forum: members sign in there by their card, once they said what it may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Forbidden, KeyReused, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.link_identifiers import link_identifiers
from regulars.records.community.clubs import read as clubs
from regulars.records.community.clubs.rules import open_places
from regulars.records.inlets import read as inlets
from regulars.records.inlets.types import Inlet, secrets_of
from regulars.records.members import read as members
from regulars.records.members.types import Asked as By
from regulars.records.members.types import Identifier, LinkIdentifiers, MemberRef
from regulars.records.standing import read as standing
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.card.desk import SIGN_IN, Desk, Sender, SignedOut, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.connect.inlets.mapping import read_mapping
from regulars.surfaces.connect.inlets.providers.discourse.signing_in import (
    BEFORE,
    Person,
    SignInAsked,
    answered,
    asked_by,
    groups_of,
    packed,
    pseudonym,
    unpacked,
)
from regulars.surfaces.connect.inlets.providers.discourse.wishes import DISCOURSE, ForumMap
from regulars.surfaces.given import Given

FORUM: Final = "/card/forum/{inlet:str}"
TICKET: Final = FORUM + "/{ticket:str}"
_TEMPLATE: Final = "community/forum.html"


class Where(NamedTuple):
    """A forum, as it is entered."""

    inlet: Inlet
    forum: ForumMap


class Stands(NamedTuple):
    """A member before a forum: what it would be told."""

    where: Where
    person: Person
    """Without a name, which is told where they say so."""
    linked: bool
    """Whether they said before that it may be told."""


class Used(Forbidden):
    """A question was answered already."""


async def linking(tx: Tx, terms: Terms, batch: Sequence[LinkIdentifiers]) -> Sequence[Any]:
    """Members are known by a name there, as the gate calls flows."""
    return await link_identifiers(tx, terms.versions[-1].program.country, batch, terms)


def forum_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """Where a forum sends whoever signs in, and what they agreed to there."""

    @get(FORUM)
    async def come(request: Asked) -> Response[Any]:
        return await desk.answered(request, lambda: _come(desk, request))

    return [
        come,
        desk.acts(FORUM, stop),
        desk.shows(TICKET, _TEMPLATE, lambda tx, visit, asked: _look(desk, tx, visit, asked)),
        desk.acts(TICKET, go_on),
    ]


async def forums(tx: Tx) -> list[dict[str, str]]:
    """The forums of this program that members sign in to, each with its page here."""
    found = [(one, read_mapping(one.mapping).forum) for one in await inlets.inlets(tx)
             if one.kind == DISCOURSE and one.state == "active"]  # fmt: skip
    return [{"name": one.name, "to": _address(one)} for one, forum in found if forum is not None]


async def _come(desk: Desk, request: Asked) -> Response[Any]:
    """Whoever a forum sent, with its question; without one, what they agreed to.

    Order: the question is found to be the forum's own before anybody is asked who they are.
    Keeps: who agreed before goes straight back; nobody is told anything else than they agreed to.
    """
    sso, sig = (request.query_params.get(name, "") for name in ("sso", "sig"))
    if not sso:
        visit, seen = await desk.look(
            request, lambda tx, visit, asked: _look(desk, tx, visit, asked)
        )
        return desk.page(request, visit, _TEMPLATE, seen)
    program_id = await desk.program()
    where = await desk.read(program_id, lambda tx, _: _there(tx, request))
    try:
        _asked(desk.given, where, (sso, sig))
    except Forbidden:
        return await desk.open_page(request, "community/forum_no.html", status=403, used=False)
    ticket = f"{_address(where.inlet)}/{packed(sso, sig)}"
    try:
        inside = await desk.inside(request)
    except SignedOut:
        return moved(f"{SIGN_IN}?to={ticket}")
    stands = await desk.read(program_id, lambda tx, _: _stands(desk.given, tx, inside.visit, where))
    if not (stands.linked and stands.person.email):
        return moved(ticket)
    try:
        return moved(await _answer(inside, stands, (sso, sig), name=""))
    except (Used, KeyReused):
        return await desk.open_page(request, "community/forum_no.html", status=403, used=True)


async def go_on(sender: Sender, form: Form) -> Response[Any]:
    """The member agrees, and gets the way back: our forms lead to no other house, a link may."""
    desk = sender.desk
    question = unpacked(str(sender.request.path_params["ticket"]))
    where = await desk.read(sender.program_id, lambda tx, _: _there(tx, sender.request))
    visit = sender.visit
    stands = await desk.read(sender.program_id, lambda tx, _: _stands(desk.given, tx, visit, where))
    name = " ".join((visit.member.given_name, visit.member.family_name)).strip()
    wrong, way = "", ""
    try:
        if stands.person.email:
            told = name if form["name"] == "yes" else ""
            way = await _answer(sender, stands, question, name=told)
    except (Used, KeyReused):
        wrong = visit.reader.say("This sign-in was used already. Begin again on the forum.")

    async def seen(_tx: Tx, _visit: Visit, _request: Any) -> Mapping[str, Any]:
        return _words(stands, visit, sender.request.scope["path"], asks=not way) | {
            "way": way,
            "wrong": wrong,
        }

    return await sender.show(seen, _TEMPLATE, status=422 if wrong else 200)


async def stop(sender: Sender, form: Form) -> Response[Any]:
    """The forum is told nothing of this member any more, until they agree anew."""
    where = await sender.desk.read(sender.program_id, lambda tx, _: _there(tx, sender.request))
    name = _name(sender.desk.given, where, sender)
    wish = LinkIdentifiers(
        MemberRef(id=sender.member_id), unlink=(name,), asked=sender.by("forum-stop")
    )
    with suppress(NotFound):  # they had stopped already
        await sender.do(linking, wish)
    return moved(_address(where.inlet))


async def _answer(sender: Sender, stands: Stands, question: tuple[str, str], *, name: str) -> str:
    """The way back with the answer; a question is answered once.

    Faults: Used, KeyReused (somebody else was answered), Forbidden.
    """
    where, one = stands.where, stands.person
    asked = _asked(sender.desk.given, where, question)
    once = By(f"forum:{where.inlet.inlet_id.hex}", asked.nonce)
    link = Identifier("external", BEFORE + one.pseudonym)
    done = await sender.do(
        linking, LinkIdentifiers(MemberRef(id=sender.member_id), (link,), asked=once)
    )
    if done.replayed:
        raise Used("this question was answered already")
    told = Person(one.pseudonym, one.email, name, one.groups, one.not_groups)
    return answered(asked, told)


def _asked(given: Given, where: Where, question: tuple[str, str]) -> SignInAsked:
    secrets = secrets_of(given.keyed, where.inlet, given.now(where.inlet.program_id))
    return asked_by(secrets, where.forum.address, *question)


async def _look(desk: Desk, tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """What the forum would be told. Faults: NotFound, Forbidden for what it does not ask."""
    where = await _there(tx, request)
    ticket = request.path_params.get("ticket")
    if ticket is not None:
        _asked(desk.given, where, unpacked(str(ticket)))
    stands = await _stands(desk.given, tx, visit, where)
    return _words(stands, visit, request.scope["path"], asks=ticket is not None)


def _words(stands: Stands, visit: Visit, here: str, *, asks: bool) -> dict[str, Any]:
    return {
        "name": stands.where.inlet.name,
        "forum": stands.where.forum.address,
        "linked": stands.linked,
        "email": stands.person.email,
        "groups": stands.person.groups,
        "called": " ".join((visit.member.given_name, visit.member.family_name)).strip(),
        "asks": asks,
        "stops": _address(stands.where.inlet),
        "here": here,
        "way": "",
        "wrong": "",
    }


async def _stands(given: Given, tx: Tx, visit: Visit, where: Where) -> Stands:
    id_, wished = visit.member.id, where.forum.groups
    names = (await members.identifiers_of(tx, [id_])).get(id_, [])
    mine = pseudonym(given.keyed, where.inlet.inlet_id, id_)
    email = next((one.value for one in names if one.kind == "email"), "")
    groups, others = groups_of(wished, *await _groups(tx, visit)) if wished else ((), ())
    linked = Identifier("external", BEFORE + mine) in names
    return Stands(where, Person(mine, email, "", groups, others), linked)


async def _groups(tx: Tx, visit: Visit) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """On which tier and in which clubs a member is, and all there are."""
    id_ = visit.member.id
    rows = await standing.rows(tx, [id_])
    tier = rows[0]["tier"] if rows else None
    ladder = visit.version.program.tiers
    all_tiers = [one.id for one in ladder.steps] if ladder is not None else []
    found = await clubs.clubs(tx)
    places = (await clubs.places(tx, [id_])).get(id_, [])
    inside = [one.code for one in found
              if any(not each.rests for each in open_places(places, one.club_id))]  # fmt: skip
    mine = {"tier": [tier] if tier else [], "clubs": inside}
    return mine, {"tier": all_tiers, "clubs": [one.code for one in found]}


async def _there(tx: Tx, request: Asked) -> Where:
    """The forum of this address. Faults: NotFound."""
    id_ = meant("inl", str(request.path_params["inlet"]))
    one = None if id_ is None else await inlets.inlet(tx, id_)
    if one is None or one.kind != DISCOURSE or one.state != "active":
        raise NotFound("there is no such forum")
    forum = read_mapping(one.mapping).forum
    if forum is None:
        raise NotFound("there is no such forum")
    return Where(one, forum)


def _name(given: Given, where: Where, sender: Sender) -> Identifier:
    mine = pseudonym(given.keyed, where.inlet.inlet_id, sender.member_id)
    return Identifier("external", BEFORE + mine)


def _address(inlet: Inlet) -> str:
    return FORUM.replace("{inlet:str}", shown("inl", inlet.inlet_id))
