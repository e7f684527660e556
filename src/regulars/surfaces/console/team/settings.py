"""What the shop decides beside its program: about staff, the counter and messages."""

from __future__ import annotations

from typing import Any, Final, get_args
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, NotFound
from regulars.flows.access.commands import ChangeSetting
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.telling.choose_messages import ChooseMessages, choose_messages, show_choices
from regulars.flows.telling.settle_deliveries import SendAgain, send_again
from regulars.records.access.staff import read
from regulars.records.access.staff.permissions import ROLES, Permission, permits
from regulars.records.access.staff.settings import NO_LIMIT, SETTINGS, Chosen, wrong_setting
from regulars.records.outbox.delivery import read as deliveries
from regulars.records.outbox.delivery.types import ALWAYS, UNLESS_CHOSEN, Ways
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import CHANNELS, KINDS_SENT, MEANS, WAYS, N
from regulars.surfaces.console.words import ROLES as ROLE_WORDS

MOST_PARKED: Final = 50
_BY_HAND: Final = tuple(role for role in ROLES if permits(role, Permission.ADJUST_WRITE))
"""Whose limits mean anything: who gives nothing by hand needs none."""
_RANGE: Final = N("Take a whole number from %(least)s to %(most)s")
_NO_MORE: Final = N("This is not parked any more; look at the list again")


async def settings(here: Here, wrong: dict[str, str] | None = None, typed: Any = None) -> Any:
    """The page: rules for staff, alerts, messages, and what the program says elsewhere."""
    async with here.transaction as tx:
        chosen = await read.chosen(tx)
        ways = await show_choices(tx, here.terms, None)
        assert not isinstance(ways, Fault), ways  # only a member can be unknown
        counts = await deliveries.how_many(tx)
        parked = await deliveries.page(tx, "parked", MOST_PARKED)
    program = here.version.program
    return here.page(
        "team/settings.html",
        status=422 if wrong else 200,
        wrong=wrong or {},
        single=[
            _field(here, chosen, typed, name) for name, one in SETTINGS.items() if not one.per_role
        ],
        by_role=[
            (
                here.reader.say(MEANS[name]),
                [_field(here, chosen, typed, name, role) for role in _BY_HAND],
            )
            for name, one in SETTINGS.items()
            if one.per_role
        ],
        messages=[(kind, here.reader.say(KINDS_SENT[kind]), ways[kind]) for kind in UNLESS_CHOSEN],
        ways=[(one, here.reader.say(WAYS[one])) for one in get_args(Ways)],
        channels=", ".join(here.reader.say(CHANNELS[one]) for one in sorted(here.given.channels)),
        counts=counts,
        parked=[(one, one.kind not in ALWAYS, KINDS_SENT[one.kind]) for one in parked],
        program=program,
    )


async def change(here: Here, form: Form) -> Response[Any]:
    """Every setting that was changed holds from now on; none of them if one may not be so."""
    async with here.transaction as tx:
        chosen = await read.chosen(tx)
    wishes, wrong = [], {}
    for name, about in _names():
        field = _named(name, about)
        text = form.get(field, "").strip()
        value = NO_LIMIT if SETTINGS[name].most == NO_LIMIT and not text else _whole(text)
        if wrong_setting(name, about, value):
            least, most = SETTINGS[name].least, SETTINGS[name].most
            places = {"least": here.reader.number(least), "most": here.reader.number(most)}
            wrong[field] = here.reader.say(_RANGE, **places)
        elif value != chosen.of(name, about):
            wishes.append(ChangeSetting(name, value, here.by, about, here.asked()))
    if wrong:
        return await settings(here, wrong, form)
    for wish in wishes:
        await here.do(keep_staff, wish)
    return redirect("/console/settings")


async def change_messages(here: Here, form: Form) -> Response[Any]:
    """What is sent to members who chose nothing."""
    for kind in UNLESS_CHOSEN:
        ways = form.get(kind)
        if ways in get_args(Ways):
            await here.do(choose_messages, ChooseMessages(kind, ways))  # type: ignore[arg-type]
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


def _field(here: Here, chosen: Chosen, typed: Form | None, name: str, about: str = "") -> Any:
    value = chosen.of(name, about)
    shown = "" if value == NO_LIMIT else str(value)
    words = ROLE_WORDS[about] if about else MEANS[name]
    field = _named(name, about)
    return {
        "field": field,
        "says": here.reader.say(words),
        "value": shown if typed is None else typed.get(field),
    }
