"""What the shop decides beside its program: about staff, the counter and messages."""

from __future__ import annotations

from typing import Any, Final, get_args
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, NotFound
from regulars.flows.access.commands import ChangeSetting
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.membership.office.forget_inactive import silence_of
from regulars.flows.telling.choose_messages import ChooseMessages, choose_messages, show_choices
from regulars.flows.telling.settle_deliveries import SendAgain, send_again
from regulars.insight.people import inactive
from regulars.records.access.staff import read
from regulars.records.access.staff.permissions import ROLES, Permission, permits
from regulars.records.access.staff.settings import (
    NO_LIMIT,
    SETTINGS,
    Chosen,
    Sort,
    wrong_setting,
)
from regulars.records.members.erasure.notices import read as notices
from regulars.records.outbox.delivery import read as deliveries
from regulars.records.outbox.delivery.types import ALWAYS, UNLESS_CHOSEN, Ways
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.meanwhile import Sides, crossing, seen
from regulars.surfaces.console.words import CHANNELS, KINDS_SENT, MEANS, WAYS, N
from regulars.surfaces.console.words import ROLES as ROLE_WORDS

MOST_PARKED: Final = 50
_BY_HAND: Final = tuple(role for role in ROLES if permits(role, Permission.ADJUST_WRITE))
"""Whose limits mean anything: who gives nothing by hand needs none."""
_RANGE: Final = N("Take a whole number from %(least)s to %(most)s")
_OR_OFF: Final = N("Take a whole number from %(least)s to %(most)s, or 0")
CHOICES: Final = {
    "inactive_points_too": (("0", N("are left alone")), ("1", N("are erased, too"))),
}
"""Settings of which each number has its own words."""
_UNASKED: Final = "-"
COUNTED: Final = ("inactive_months", "inactive_points_too")
"""What says whom the shop forgets."""
_NO_MORE: Final = N("This is not parked any more; look at the list again")


async def settings(
    here: Here,
    wrong: dict[str, str] | None = None,
    typed: Any = None,
    silent: int | None = None,
    *,
    status: int = 422,
) -> Any:
    """The page: rules for staff, alerts, messages, and what the program says elsewhere."""
    async with here.transaction as tx:
        chosen = await read.chosen(tx)
        ways = await show_choices(tx, here.terms, None)
        assert not isinstance(ways, Fault), ways  # only a member can be unknown
        counts = await deliveries.how_many(tx)
        parked = await deliveries.page(tx, "parked", MOST_PARKED)
        waiting = await notices.waiting(tx)
    program = here.version.program
    return here.page(
        "team/settings.html",
        status=status if wrong else 200,
        wrong=wrong or {},
        single={
            sort: [
                _field(here, chosen, typed, name)
                for name, one in SETTINGS.items()
                if not one.per_role and one.sort == sort
            ]
            for sort in get_args(Sort)
        },
        silent=silent,
        waiting=waiting,
        by_role=[
            (
                here.reader.say(MEANS[name]),
                [_field(here, chosen, typed, name, role) for role in _BY_HAND],
            )
            for name, one in SETTINGS.items()
            if one.per_role
        ],
        messages=[
            (kind, here.reader.say(KINDS_SENT[kind]), _left(typed, kind, ways[kind]), ways[kind])
            for kind in UNLESS_CHOSEN
        ],
        ways=[(one, here.reader.say(WAYS[one])) for one in get_args(Ways)],
        channels=", ".join(here.reader.say(CHANNELS[one]) for one in sorted(here.given.channels)),
        counts=counts,
        parked=[(one, one.kind not in ALWAYS, KINDS_SENT[one.kind]) for one in parked],
        program=program,
    )


async def change(here: Here, form: Form) -> Response[Any]:
    """Every setting that was changed holds from now on; none of them if one may not be so.

    Keeps: what a colleague changed since the page was shown; only who saw it changes it again.
    """
    async with here.transaction as tx:
        chosen = await read.chosen(tx)
    wishes, wrong, crossed = [], {}, False
    for name, about in _names():
        field = _named(name, about)
        text = form.get(field, _UNASKED).strip()
        if text == _UNASKED:
            continue  # a page from before this setting was there changes nothing about it
        value = NO_LIMIT if SETTINGS[name].most == NO_LIMIT and not text else _whole(text)
        if wrong_setting(name, about, value):
            least, most = SETTINGS[name].least, SETTINGS[name].most
            places = {"least": here.reader.number(least), "most": here.reader.number(most)}
            says = _OR_OFF if least and SETTINGS[name].fits(0) else _RANGE
            wrong[field] = here.reader.say(says, **places)
            continue
        sides = Sides(_text(value), _text(chosen.of(name, about)))
        told = seen(form, field, sides)
        if told.crossed:
            wrong[field], crossed = crossing(here, _said(here, name, sides)), True
        elif told.wished:
            wishes.append(ChangeSetting(name, value, here.by, about, here.asked()))
    if wrong:
        return await settings(here, wrong, form, status=409 if crossed else 422)
    if form.get("count"):
        return await _counted(here, form)
    for wish in wishes:
        await here.do(keep_staff, wish)
    return redirect("/console/settings")


async def _counted(here: Here, form: Form) -> Response[Any]:
    """How many members would be forgotten by what is typed; nothing of it is kept."""
    typed = Chosen({(name, ""): _whole(form.get(name)) for name in COUNTED})
    silence = silence_of(here.terms, here.now, typed)
    if silence is None:
        return await settings(here, {}, form, 0)
    async with here.transaction as tx:
        found = await inactive.how_many(tx, silence)
    return await settings(here, {}, form, found)


async def change_messages(here: Here, form: Form) -> Response[Any]:
    """What is sent to members who chose nothing."""
    async with here.transaction as tx:
        now = await show_choices(tx, here.terms, None)
    assert not isinstance(now, Fault), now  # only a member can be unknown
    wishes: list[ChooseMessages] = []
    wrong: dict[str, str] = {}
    for kind in UNLESS_CHOSEN:
        ways = form.get(kind)
        if ways not in get_args(Ways):
            continue
        told = seen(form, kind, Sides(ways, now[kind]))
        if told.crossed:
            sides = Sides(here.reader.say(WAYS[ways]), here.reader.say(WAYS[now[kind]]))
            wrong[kind] = crossing(here, sides)
        elif told.wished:
            wishes.append(ChooseMessages(kind, ways))  # type: ignore[arg-type]
    if wrong:
        return await settings(here, wrong, form, status=409)
    for wish in wishes:
        await here.do(choose_messages, wish)
    return redirect("/console/settings#messages")


async def again(here: Here, form: Form) -> Response[Any]:
    """A message that was parked is tried again. Faults: NotFound."""
    try:
        wish = SendAgain(UUID(hex=str(form.path["delivery_id"])))
    except ValueError:
        raise NotFound(_NO_MORE) from None
    async with here.transaction as tx:
        (outcome,) = await send_again(tx, [wish])
    if isinstance(outcome, Fault):
        return await settings(here, {"": here.reader.say(_NO_MORE)})
    return redirect("/console/settings#parked")


def _names() -> list[tuple[str, str]]:
    """Each setting, and the role it is about where it is of roles."""
    return [
        (name, about)
        for name, one in SETTINGS.items()
        for about in (_BY_HAND if one.per_role else ("",))
    ]


def _named(name: str, about: str) -> str:
    return f"{name}-{about}" if about else name


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def _text(value: int) -> str:
    """A setting as its field shows it: none for no limit."""
    return "" if value == NO_LIMIT else str(value)


def _said(here: Here, name: str, sides: Sides) -> Sides:
    """Both in words, where a setting has words for its numbers."""
    words = {n: here.reader.say(says) for n, says in CHOICES.get(name, ())}
    return Sides(*(words.get(one, one) for one in sides))


def _left(typed: Form | None, field: str, now: str) -> str:
    """What a field shows: what is kept, or what somebody typed over it."""
    if typed is None or typed.get(field, _UNASKED) == _UNASKED:
        return now
    return seen(typed, field, Sides(typed.get(field), now)).left


def _field(here: Here, chosen: Chosen, typed: Form | None, name: str, about: str = "") -> Any:
    now = _text(chosen.of(name, about))
    words = ROLE_WORDS[about] if about else MEANS[name]
    field = _named(name, about)
    return {
        "field": field,
        "says": here.reader.say(words),
        "value": _left(typed, field, now),
        "was": now,
        "choices": [(n, here.reader.say(words)) for n, words in CHOICES.get(name, ())],
    }
