"""The page of a member's own matters, and who they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.benefits.show_associates import show_associates
from regulars.flows.membership.change_members import change_members
from regulars.records.community.gatherings import read
from regulars.records.members import read as members
from regulars.records.members.admission import read as admissions
from regulars.records.members.types import ChangeMember, MemberRef
from regulars.surfaces.card.community.forum import forums
from regulars.surfaces.card.desk import Desk, Sender, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.card.person.giving import gives
from regulars.surfaces.card.person.missing import sells
from regulars.surfaces.ui.words import LANGUAGES

PROFILE = "/card/me/profile"


def overview_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The overview, and the profile with its form."""
    return [
        desk.shows("/card/me", "me/me.html", look_at_me),
        desk.shows(PROFILE, "me/profile.html", look_at_profile),
        desk.acts(PROFILE, keep_profile),
    ]


async def look_at_me(tx: Tx, visit: Visit, __: Asked) -> Mapping[str, Any]:
    """Which pages there are for this member: only those the program has something on."""
    program = visit.program
    words = [one.choose_one for one in program.rewards]
    words += [one.choose_one for one in program.benefits]
    return {
        "has": {
            "benefits": bool(program.benefits or program.plans),
            "community": await read.any_planned(tx) or bool(await forums(tx)),
            "games": bool(program.challenges or program.streaks),
            "friends": program.referral is not None,
            "choices": any(words),
            "line": bool(await show_associates(tx, visit.terms, visit.member.id)),
            "causes": gives(visit.terms),
            "payouts": program.paying_out is not None,
            "missing": await sells(tx),
        }
    }


async def look_at_profile(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """Who the member is, and what they are found by."""
    id_ = visit.member.id
    names = (await members.identifiers_of(tx, [id_]))[id_]
    return {
        "names": [one for one in names if one.kind in ("email", "phone", "card")],
        "birthday": await _birthday(tx, visit),
        "form": Form(
            given_name=visit.member.given_name,
            family_name=visit.member.family_name,
            locale=visit.reader.language,
        ),
        "wrong": {},
        "done": request.query_params.get("done") == "yes",
    }


async def keep_profile(sender: Sender, form: Form) -> Response[Any]:
    """Names and language change; a birthday is said once."""
    known = await sender.desk.read(sender.program_id, lambda tx, _: _birthday(tx, sender.visit))
    wrong = _slips(sender, form, known)
    if not wrong:
        said = form["birthday"].strip()
        command = ChangeMember(
            MemberRef(id=sender.member_id),
            given_name=form["given_name"],
            family_name=form["family_name"],
            locale=form["locale"],
            asked=sender.by("profile"),
        )
        if said and not known:
            command = _with_birthday(command, said)
        try:
            await sender.do(_changing, command)
        except Invalid as fault:
            wrong = {fault.field.strip("/"): sender.visit.reader.say("This cannot be kept so")}
    if wrong:
        return await sender.show(
            look_at_profile, "me/profile.html", status=422, form=form, wrong=wrong
        )
    answer = moved(f"{PROFILE}?done=yes")
    answer.delete_cookie("lang", path="/")
    return answer


def _with_birthday(command: ChangeMember, said: str) -> ChangeMember:
    return ChangeMember(
        command.member, command.given_name, command.family_name, command.locale,
        attributes={"birthday": said}, asked=command.asked,
    )  # fmt: skip


def _slips(sender: Sender, form: Form, known: str) -> dict[str, str]:
    say, wrong = sender.visit.reader.say, {}
    if not form["given_name"].strip():
        wrong["given_name"] = say("Say what we may call you")
    if form["locale"] not in LANGUAGES:
        wrong["locale"] = say("Choose one of these")
    said = form["birthday"].strip()
    if said and not known:
        try:
            late = date.fromisoformat(said) >= sender.desk.given.now(sender.program_id).date()
        except ValueError:
            late = True
        if late:
            wrong["birthday"] = say("Say your birthday, as 1990-05-17")
    return wrong


async def _birthday(tx: Tx, visit: Visit) -> str:
    """The day they told, when they joined or later; nothing when they told none."""
    told = (await admissions.some(tx, [visit.member.id])).get(visit.member.id)
    if told is not None and told.birthday is not None:
        return told.birthday.isoformat()
    return str(visit.member.attributes.get("birthday", ""))


async def _changing(tx: Tx, terms: Terms, batch: Sequence[ChangeMember]) -> Sequence[Any]:
    return await change_members(tx, terms.versions[-1].program.country, batch, terms)
