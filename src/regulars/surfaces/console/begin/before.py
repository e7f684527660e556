"""The steps before there is a program: what it is, where, how generous, and whose it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from litestar import Response

from regulars.base.faults import Gone
from regulars.flows.terms.open_shop import type_step
from regulars.records.access.staff.tokens import form_token
from regulars.records.program.opening import read
from regulars.records.program.opening.types import NO_PROGRAM
from regulars.records.program.templates.fitting import QUARTERS, USUAL, Place
from regulars.surfaces.console.begin import costs, proposals
from regulars.surfaces.console.begin.founding import Owner, found
from regulars.surfaces.console.begin.link import PATH, is_right
from regulars.surfaces.console.begin.steps import BEFORE, START, way_before
from regulars.surfaces.console.door.guard import Form
from regulars.surfaces.console.door.paper import page, redirect
from regulars.surfaces.console.door.proving import House
from regulars.surfaces.console.door.session import Asking, cookie, fresh_token
from regulars.surfaces.console.words import N
from regulars.surfaces.ui.reader import Reader
from regulars.surfaces.ui.routes import reader_of
from regulars.surfaces.ui.words import LANGUAGES

Answers = Mapping[str, str]
SIGN_IN: Final = "/console/sign-in"
FIELDS: Final = {
    "program": ("template",),
    "shop": ("name", "country", "locale", "currency", "zone"),
    "points": ("rate", "usual", "visits"),
    "owner": ("name", "email"),
}
"""What is kept of each step; a password is kept nowhere."""
LINK_OVER: Final = N("This link is over: this house is set up, or has another link by now.")
_LONGEST_NAME: Final = 80
_NUMBER: Final = re.compile(r"[0-9]{1,3}")


class Begun(NamedTuple):
    """Somebody who sets up: their link, what they read, and what was typed so far."""

    word: str
    reader: Reader
    typed: Mapping[str, Answers]
    likely: proposals.Country

    def answers(self, step: str) -> dict[str, str]:
        """What stands in a step: as it was typed, else as we propose it."""
        return {**proposed(self, step), **self.typed.get(step, {})}

    @property
    def place(self) -> Place:
        """Where the shop is, as far as it was said."""
        said = self.answers("shop")
        return Place(said["name"].strip() or "My shop", *(said[one] for one in _PLACE))


_PLACE: Final = ("currency", "zone", "country", "locale")


async def begin(house: House, request: Asking) -> Response[Any]:
    """The link itself: on to the first step that is still open, also after a break."""
    begun = await _begun(house, request)
    if isinstance(begun, Response):
        return begun
    return redirect(f"{PATH}/{begun.word}/{BEFORE[min(_filled(begun), len(BEFORE) - 1)]}")


async def show(house: House, request: Asking) -> Response[Any]:
    """A step with what was typed there."""
    begun, step = await _begun(house, request), _step(request)
    if isinstance(begun, Response):
        return begun
    if BEFORE.index(step) > _filled(begun):
        return redirect(f"{PATH}/{begun.word}")
    return _page(house, request, begun, step, begun.answers(step), {})


async def do(house: House, request: Asking, form: Form) -> Response[Any]:
    """What was typed is kept as far as it is right; right as a whole leads on."""
    begun, step = await _begun(house, request), _step(request)
    if isinstance(begun, Response):
        return begun
    answers = {name: form.get(name) for name in FIELDS[step]}
    begun = begun._replace(typed={**begun.typed, step: answers})
    wrong = wrong_with(begun, step)
    # What is wrong is shown again and not kept: no page of the way ever meets it.
    right = {name: said for name, said in answers.items() if name not in wrong}
    async with house.given.database.transaction(NO_PROGRAM) as tx:
        await type_step(tx, step, right)
    if step == "owner" and not wrong:
        if _filled(begun) < len(BEFORE):
            return redirect(f"{PATH}/{begun.word}")
        return await _open(house, request, begun, form)
    if wrong or form.get("look"):
        return _page(house, request, begun, step, answers, wrong)
    return redirect(f"{PATH}/{begun.word}/{BEFORE[BEFORE.index(step) + 1]}")


async def cost(house: House, request: Asking) -> Response[Any]:
    """What a hundred customers would cost at this place of the slider, as a part of the page."""
    begun = await _begun(house, request)
    if isinstance(begun, Response):
        return begun
    asked = {name: str(request.query_params.get(name, "")) for name in FIELDS["points"]}
    begun = begun._replace(typed={**begun.typed, "points": {**begun.answers("points"), **asked}})
    told = None if wrong_with(begun, "points") else _costed(begun)
    return page(request, "_cost.html", room="begin", cost=told)


def wrong_with(begun: Begun, step: str) -> dict[str, str]:
    """What is wrong with a step, by field."""
    say, said = begun.reader.say, begun.answers(step)
    wrong: dict[str, str] = {}
    if step == "program" and said["template"] not in proposals.PROGRAMS:
        wrong["template"] = say("Choose a program")
    if step == "shop":
        wrong = _wrong_shop(begun, said)
    if step == "points":
        money = costs.money_typed(said["usual"], begun.reader, begun.place.currency)
        if not 0 <= _number(said["rate"]) < len(QUARTERS):
            wrong["rate"] = say("Choose a place on the slider")
        if money <= 0:
            wrong["usual"] = say("An amount is a number above zero, such as 50")
        if not 1 <= _number(said["visits"]) <= costs.MOST_VISITS:
            most = begun.reader.number(costs.MOST_VISITS)
            wrong["visits"] = say("Take a whole number from %(least)s to %(most)s",
                                  least=begun.reader.number(1), most=most)  # fmt: skip
        if not wrong and _costed(begun) is None:
            wrong["rate"] = say("This is too much or too little for this program; move it back")
    if step == "owner" and not said["name"].strip():
        wrong["name"] = say("Say your name")
    return wrong


def _number(typed: str) -> int:
    """A small whole number, all of it as it was typed; -1 for what is none."""
    return int(typed) if _NUMBER.fullmatch(typed) else -1


def _wrong_shop(begun: Begun, said: Answers) -> dict[str, str]:
    say, language = begun.reader.say, begun.reader.language
    name = said["name"].strip()
    found = {
        "name": bool(name) and len(name) <= _LONGEST_NAME and name.isprintable(),
        "country": said["country"] in {one.code for one in proposals.countries(language)},
        "locale": said["locale"] in LANGUAGES,
        "currency": said["currency"] in {code for code, _ in proposals.currencies(language)},
        "zone": said["zone"] in proposals.zones(),
    }
    words = {"name": say("Say what the shop is called, in at most 80 letters")}
    return {field: words.get(field, say("Choose one of these")) for field, ok in found.items()
            if not ok}  # fmt: skip


def proposed(begun: Begun, step: str) -> dict[str, str]:
    """What stands in a step that nobody has touched."""
    likely = begun.likely
    if step == "program":
        return {"template": next(iter(proposals.PROGRAMS))}
    if step == "shop":
        return {"name": "", "country": likely.code, "locale": begun.reader.language[:2],
                "currency": likely.currency, "zone": likely.zone}  # fmt: skip
    if step == "points":
        return {"rate": str(USUAL), "usual": _usual(begun), "visits": str(costs.VISITS)}
    return {"name": "", "email": ""}


def _usual(begun: Begun) -> str:
    """What a purchase of this program usually comes to, as one types it here."""
    place = begun.place
    one = costs.costed(begun.answers("program")["template"], place, USUAL, 0, 1)
    return begun.reader.typed_money(one.usual_minor if one else 0, place.currency)


def _costed(begun: Begun) -> costs.Shown | None:
    said, place = begun.answers("points"), begun.place
    spent = costs.money_typed(said["usual"], begun.reader, place.currency)
    one = costs.costed(
        begun.answers("program")["template"], place, _number(said["rate"]), spent,
        _number(said["visits"]),
    )  # fmt: skip
    return costs.shown(begun.reader, one) if one else None


async def _open(house: House, request: Asking, begun: Begun, form: Form) -> Response[Any]:
    """The program is founded, published and somebody's; they go on inside."""
    said = begun.answers("owner")
    owner = Owner(said["name"].strip(), said["email"], form.get("password"))
    place, rate = begun.place, _number(begun.answers("points")["rate"])
    wanted = (begun.answers("program")["template"], slug_of(place.name), place, rate)
    outcome = await found(house, request, wanted, owner)
    if isinstance(outcome, Mapping):
        wrong = {field: begun.reader.say(says) for field, says in outcome.items()}
        return _page(house, request, begun, "owner", said, wrong)
    if outcome is None:
        return redirect(SIGN_IN)
    answer = redirect(f"{START}/look")
    answer.set_cookie(cookie(request, outcome))
    return answer


def slug_of(name: str) -> str:
    """A short name for addresses, out of what the shop is called: `Café Ä` is `cafe-a`."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss").replace("ı", "i"))
    ascii_only = plain.encode("ascii", "ignore").decode()
    slug = "-".join(re.findall(r"[a-z0-9]+", ascii_only)).strip("-")[:40].strip("-")
    return slug if re.match(r"[a-z]", slug) else f"shop-{slug}".strip("-")[:40]


async def _begun(house: House, request: Asking) -> Begun | Response[Any]:
    """Who sets up; who comes after that signs in. Faults: Gone for a wrong link."""
    word = str(request.path_params["link"])
    if not is_right(house.given.keyed, word):
        raise Gone(LINK_OVER)
    async with house.given.database.transaction(NO_PROGRAM) as tx:
        empty, typed = await read.is_empty(tx), await read.typed(tx)
    if not empty:
        return redirect(SIGN_IN)
    reader = reader_of(request)
    likely = proposals.likely(request.headers.get("accept-language"))
    return Begun(word, reader, {step: one.answers for step, one in typed.items()}, likely)


def _step(request: Asking) -> str:
    step = str(request.path_params["step"])
    if step not in BEFORE:
        raise Gone(LINK_OVER)
    return step


def _filled(begun: Begun) -> int:
    """How many steps from the first on were typed, and are right."""
    for place, step in enumerate(BEFORE):
        if set(FIELDS[step]) - begun.typed.get(step, {}).keys() or wrong_with(begun, step):
            return place
    return len(BEFORE)


def _page(
    house: House, request: Asking, begun: Begun, step: str, typed: Answers, wrong: Answers
) -> Response[Any]:
    token = fresh_token(house.given, request, 1)
    answer = page(
        request, f"{step}.html", status=422 if wrong else 200, room="begin",
        form=form_token(token), word=begun.word, typed=typed, wrong=wrong,
        to=f"{PATH}/{begun.word}/{step}", place=begun.place,
        way=way_before(begun.reader, begun.word, step, _filled(begun)), **_more(begun, step),
    )  # fmt: skip
    answer.set_cookie(cookie(request, token))
    if request.query_params.get("lang") in LANGUAGES:
        year = 365 * 86_400
        answer.set_cookie("lang", begun.reader.language, max_age=year, samesite="lax")
    return answer


def _more(begun: Begun, step: str) -> dict[str, Any]:
    """What else a step shows."""
    language, place = begun.reader.language, begun.place
    template = begun.answers("program")["template"]
    if step == "program":
        return {"programs": _programs(begun), "first": proposals.FIRST_SHOWN}
    if step == "shop":
        return {
            "countries": proposals.countries(language),
            "currencies": proposals.currencies(language),
            "zones": proposals.zones(),
            "languages": LANGUAGES,
        }
    if step == "points":
        wrong = wrong_with(begun, "points")
        rate = USUAL if "rate" in wrong else _number(begun.answers("points")["rate"])
        return {
            "rate": rate,
            "rates": costs.rates(begun.reader, template, place)
            if costs.has_rate(template, place) else [],
            "usual_rate": USUAL,
            "cost": None if wrong else _costed(begun),
        }  # fmt: skip
    return {"program": begun.reader.say(proposals.PROGRAMS[template][0])}


def _programs(begun: Begun) -> list[dict[str, Any]]:
    """Every ready-made program, with what it would cost in this shop's money."""
    found = []
    for template, (name, says) in proposals.PROGRAMS.items():
        one = costs.costed(template, begun.place, USUAL, 0, costs.VISITS)
        told = costs.shown(begun.reader, one) if one else None
        found.append({"id": template, "name": begun.reader.say(name),
                      "says": begun.reader.say(says), "cost": told})  # fmt: skip
    return found
