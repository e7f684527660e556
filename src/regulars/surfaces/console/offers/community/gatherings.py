"""Events: what comes and what is over, and one with its seats, who came, and how it was."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.engine.words.explain import amount_in_words
from regulars.flows.community.check_in import check_in_members
from regulars.flows.community.commands import CheckIn, GiveUpSeat, KeepGathering, TakeSeat
from regulars.flows.community.keep_gatherings import keep_gatherings
from regulars.flows.community.take_seats import give_up_seats, take_seats
from regulars.flows.community.told import points_of
from regulars.records.access.staff.permissions import Permission
from regulars.records.community.clubs import read as clubs
from regulars.records.community.gatherings import read
from regulars.records.community.gatherings.types import AROUND, SORTS, Gathering, Seated
from regulars.records.community.lessons import read as lessons
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.records.program.changes.offers.types import PREFIX
from regulars.records.program.parts.rewards import at_gatherings
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.offers.community.typed import (
    clubs_of,
    instant_of,
    stores_of,
    texts_of,
    tiers_of,
    typed_instant,
    whom,
)
from regulars.surfaces.console.offers.community.words import (
    EVERYWHERE,
    NO_CLUB,
    NO_LESSON,
    NO_PRICE,
    POINTS,
    SEATS,
    SORT_WORDS,
)
from regulars.surfaces.console.people.members import name_of
from regulars.surfaces.console.terms.campaigns.tongues import own_tongue, tongues
from regulars.surfaces.in_words.agreed import price_of, price_typed

PAGE: Final = "/console/gatherings"
MOST: Final = 200
MOST_PAST: Final = 20
_TIMES: Final = ("begins_at", "ends_at", "opens_at", "early_at", "back_until")


async def listed(
    here: Here, form: Form | None = None, wrong: dict[str, str] | None = None
) -> Response[str]:
    """What comes next and what was last, and a form to plan one."""
    async with here.transaction as tx:
        coming = await read.gatherings(tx, here.now, None, MOST)
        past = await read.past(tx, MOST_PAST)
        many = await read.seated(tx, [one.gathering_id for one in (*coming, *past)])
    return here.page(
        "offers/community/gatherings.html",
        status=422 if wrong else 200,
        parts=[
            [(one, many[one.gathering_id]) for one in some] for some in (coming, past)
        ],
        **await _plan(here, form or Form({})),
        wrong=wrong or {},
    )  # fmt: skip


async def begin(here: Here, form: Form) -> Response[Any]:
    """An event is planned."""
    code = form.get("code").strip()
    async with here.transaction as tx:
        there = await read.gathering(tx, code)
    if there is not None:
        no = Invalid("There is an event of this code already; choose another", field="/code")
        return await listed(here, form, {"code": here.told(no)})
    kept = await _kept(here, code, form)
    if isinstance(kept, dict):
        return await listed(here, form, kept)
    return redirect(f"{PAGE}/{kept.code}")


async def gathering(
    here: Here,
    code: str,
    form: Form | None = None,
    wrong: dict[str, str] | None = None,
    door: dict[str, str] | None = None,
) -> Response[str]:
    """One event: its seats in the order they were asked for, who came, and what it is."""

    async def look(tx: Tx, _: Terms) -> dict[str, Any]:
        found = await _there(tx, code)
        seats = await read.seats_at(tx, found.gathering_id, "", 0, MOST + 1)
        people = await members.members(tx, {one.member_id for one in seats})
        of = await clubs.by_id(tx, [found.club_id]) if found.club_id else {}
        return {
            "one": found,
            "club": of.get(found.club_id) if found.club_id else None,
            "many": (await read.seated(tx, [found.gathering_id])).get(found.gathering_id, Seated()),
            "seats": [(shown("mem", one.member_id), one) for one in seats[:MOST]],
            "more": len(seats) > MOST,
            "names": {who: name_of(one) or one.number for who, one in people.items()},
        }

    seen = await here.read(look)
    one: Gathering = seen["one"]
    as_it_is = _typed(here, one, seen["club"].code if seen["club"] else "")
    return here.page(
        "offers/community/gathering.html",
        status=422 if wrong or door else 200,
        key=own_key(here.given.random_bytes),
        begun=here.now >= one.begins_at,
        door_open=one.state == "open"
        and one.begins_at - AROUND <= here.now <= one.ends_at + AROUND,
        seat_words=SEATS,
        points_words=POINTS,
        points_of=points_of,
        price=dict(_rewards(here, one.reward)).get(one.reward, "") if one.reward else "",
        came_in=here.query.get("came", "")[:80],
        **seen,
        **await _plan(here, form or as_it_is, as_it_is),
        wrong=wrong or {},
        door=door or {},
    )


async def change(here: Here, form: Form) -> Response[Any]:
    """An event is changed, called off, or it is said how it was."""
    code = str(form.path["gathering"])
    async with here.transaction as tx:
        there = await _there(tx, code)
        of = await clubs.by_id(tx, [there.club_id]) if there.club_id else {}
    club = of[there.club_id].code if there.club_id else ""
    as_it_is = _typed(here, there, club)
    if form.get("does") == "cancel":
        kept = await _kept(here, code, as_it_is, there, state="cancelled")
    elif form.get("does") == "recap":
        words = {name: value for name, value in form.fields.items() if name.startswith("recap_")}
        rest = {name: value for name, value in as_it_is.fields.items()
                if not name.startswith("recap_")}  # fmt: skip
        kept = await _kept(here, code, Form({**rest, **words}), there)
    else:
        kept = await _kept(here, code, form, there)
    if isinstance(kept, dict):
        return await gathering(here, code, form if form.get("name") else None, kept)
    return redirect(f"{PAGE}/{code}")


async def at_the_door(here: Here, form: Form) -> Response[Any]:
    """Somebody is here, is given a seat, or gives theirs up."""
    code = str(form.path["gathering"])
    async with here.transaction as tx:
        await _there(tx, code)
    asked, agreed = here.asked(form.get("key")), price_of(form.get("price"))
    may_pay = here.may(Permission.TILL_SERVE)
    who: MemberRef | None = None
    try:
        who = (
            MemberRef(id=addressed("mem", form.get("member")))
            if form.get("member")
            else await whom(here, form.get("who"), form.get("key"))
        )
        if form.get("does") == "give_up":
            done = await here.do(give_up_seats, GiveUpSeat(who, code, asked))
        elif form.get("does") == "take":
            done = await here.do(
                take_seats, TakeSeat(who, code, asked, shown=agreed, may_pay=may_pay)
            )
        else:
            came = CheckIn(who, code, here.staff.principal, asked, agreed, may_pay)
            done = await here.do(check_in_members, came)
    except Fault as fault:
        done = fault
    except No as no:
        done = no.refused
    if isinstance(done, Fault | Refused):
        return await gathering(here, code, door=_no_seat(here, form, who, done))
    told = "came" if done.came_at is not None else done.state
    told = "spent" if done.state == "given_up" and done.points == "spent" else told
    return redirect(f"{PAGE}/{code}?came={told}#seats")


def _no_seat(here: Here, form: Form, who: MemberRef | None, no: Fault | Refused) -> dict[str, str]:
    """Why somebody has none; where it takes points, how many: only once they agreed to that, and it
    was pressed again with that price before them, they are taken."""
    told = {"who": here.told(no)}
    price = no.facts["price"] if isinstance(no, Refused) and no.code == "price_changed" else None
    if price is None or who is None or who.id is None:
        return told
    program = here.version.program
    said = [amount_in_words(program, wallet, n, here.voice) for wallet, n in price.items()]
    again = {"member": shown("mem", who.id), "does": form.get("does"), "price": price_typed(price)}
    return {**told, **again, "takes": here.voice.all_of(said)}


async def _kept(
    here: Here, code: str, form: Form, there: Gathering | None = None, state: Any = None
) -> Any:
    """The event as it is now, or what is wrong by field."""
    at = {name: instant_of(here, form.get(name)) for name in _TIMES}
    wrong = {
        name: here.reader.say("This is no date with a time")
        for name, when in at.items()
        if when is None and (form.get(name).strip() or name in ("begins_at", "ends_at"))
    }
    seats = form.get("capacity").strip()
    if not (seats.isascii() and seats.isdigit() and len(seats) < 7):
        wrong["capacity"] = here.reader.say("A whole number of seats")
    if wrong:
        return wrong
    begins, ends = at["begins_at"], at["ends_at"]
    assert begins is not None, form
    assert ends is not None, form
    if there is not None:  # a form knows minutes; what was not changed stays to the microsecond
        at |= {name: _same(here, getattr(there, name), at[name]) for name in _TIMES}
        begins, ends = at["begins_at"] or begins, at["ends_at"] or ends
    wish = KeepGathering(
        code=code, name=form.get("name"), says=texts_of(form, "says"), begins_at=begins,
        ends_at=ends, capacity=int(seats), by=here.by, club=form.get("club"),
        store=form.get("store"), at_place=form.get("at_place"), opens_at=at["opens_at"],
        early_at=at["early_at"], early_tiers=tuple(form.all("early_tiers")),
        recap=texts_of(form, "recap"),
        state=state or ("open" if there is None else there.state),
        reward=form.get("reward"), back_until=at["back_until"] if form.get("reward") else None,
        lesson=form.get("lesson"),
        sort=sort if (sort := form.get("sort")) in SORTS else "event",  # type: ignore[arg-type]
    )  # fmt: skip
    try:
        done = await here.do(keep_gatherings, wish)
    except Fault as fault:
        done = fault
    if isinstance(done, Fault):
        field = done.field.strip("/").replace("/", "_")
        return {f"says_{own_tongue(here)}" if field == "says" else field: here.told(done)}
    return {"": here.told(done)} if isinstance(done, Refused) else done


def _same(here: Here, was: Any, now: Any) -> Any:
    """What was there, where the form shows nothing else."""
    return was if typed_instant(here, was) == typed_instant(here, now) else now


async def _plan(here: Here, form: Form, as_it_is: Form | None = None) -> dict[str, Any]:
    """What the form of an event shows; what it has stays there to be chosen."""
    has = as_it_is or Form({})
    return {
        "form": form,
        "own": own_tongue(here),
        "written_in": tongues(here),
        "stores": [("", here.reader.say(EVERYWHERE)), *await stores_of(here, has.get("store"))],
        "clubs": [("", here.reader.say(NO_CLUB)), *await clubs_of(here, has.get("club"))],
        "tiers": tiers_of(here, has.all("early_tiers")),
        "rewards": _rewards(here, has.get("reward")),
        "lessons": await _lessons(here, has.get("lesson")),
        "zone": here.reader.zone,
        "sorts": [(name, here.reader.say(SORT_WORDS[name])) for name in SORTS],
    }


async def _lessons(here: Here, stays: str) -> list[tuple[str, str]]:
    """What may be taught there: nothing, a lesson that is open, and what stays chosen."""
    async with here.transaction as tx:
        found = await lessons.lessons(tx)
    known = [(one.code, one.name) for one in found if one.state == "open" or one.code == stays]
    return [("", here.reader.say(NO_LESSON)), *known]


def _rewards(here: Here, stays: str) -> list[tuple[str, str]]:
    """What a seat may take: nothing, a reward of the program for it, and what stays chosen."""
    some = [one for one in here.version.program.rewards if not one.id.startswith(PREFIX)]
    known = {one.id: one.name for one in some if at_gatherings(one)}
    free = [("", here.reader.say(NO_PRICE))]
    return [*free, *(known | ({stays: stays} if stays and stays not in known else {})).items()]


def _typed(here: Here, one: Gathering, club: str) -> Form:
    """An event as its form shows it."""
    texts = {
        f"{name}_{language}": (text,)
        for name in ("says", "recap")
        for language, text in getattr(one, name).items()
    }
    times = {name: (typed_instant(here, getattr(one, name)),) for name in _TIMES}
    plain = {"name": (one.name,), "capacity": (str(one.capacity),), "club": (club,),
             "store": (one.store,), "sort": (one.sort,), "at_place": (one.at_place,),
             "reward": (one.reward,), "lesson": (one.lesson,)}  # fmt: skip
    return Form({**plain, **texts, **times, "early_tiers": tuple(one.early_tiers)})


async def _there(tx: Tx, code: str) -> Gathering:
    found = await read.gathering(tx, code)
    if found is None:
        raise NotFound("there is no such event; look at the list again")
    return found


PAGES: Final = (
    (PAGE, Permission.MEMBERS_READ, lambda here, _: listed(here)),
    (
        PAGE + "/{gathering:str}",
        Permission.MEMBERS_READ,
        lambda here, path: gathering(here, path["gathering"]),
    ),
)
FORMS_DONE: Final = (
    (PAGE, Permission.MESSAGES_WRITE, begin),
    (PAGE + "/{gathering:str}", Permission.MESSAGES_WRITE, change),
    (PAGE + "/{gathering:str}/seats", Permission.MEMBERS_WRITE, at_the_door),
)
