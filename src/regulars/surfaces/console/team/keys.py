"""API keys: made and shown once, revoked."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault
from regulars.flows.access.api_keys import MOST_PER_MINUTE, CreateKey, create_keys, revoke_keys
from regulars.records.access import read
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.saying.scopes import groups, in_order

MAY_GIVE: Final = frozenset({"all"})
"""Only who may everything makes keys."""


async def keys(
    here: Here,
    fresh: str = "",
    wrong: Any = None,
    form: Form | None = None,
    *,
    again: bool = False,
) -> Response[str]:
    """All keys; a fresh one is shown once."""
    async with here.transaction as tx:
        kept = await read.keys(tx)
    return here.page(
        "team/keys.html",
        status=422 if wrong else 200,
        keys=[
            (shown("key", one.key_id), one, in_order(here.reader, one.scopes))
            for one in kept
            if not one.origins
        ],
        fresh=fresh,
        again=again,
        key=own_key(here.given.random_bytes),
        wrong=wrong or {},
        name=form.get("name") if form else "",
        chosen=form.all("scope") if form else (),
        mode=form.get("mode") if form else "test",
        per_minute=form.get("per_minute") if form else "",
        groups=groups(here.reader),
    )


async def make(here: Here, form: Form) -> Response[Any]:
    """A key is made."""
    wrong = {}
    if not form.all("scope"):
        wrong["scope"] = here.reader.say("Choose what the key may do")
    most = _most(form.get("per_minute"))
    if most is None:
        ends = {"least": "1", "most": here.reader.number(MOST_PER_MINUTE)}
        said = here.reader.say("Write a whole number from %(least)s to %(most)s", **ends)
        wrong["per_minute"] = said
    if most is None or wrong:
        return await keys(here, wrong=wrong, form=form)
    command = CreateKey(
        name=form.get("name").strip(),
        scopes=form.all("scope"),
        created_by=here.staff.principal,
        mode="live" if form.get("mode") == "live" else "test",
        may=MAY_GIVE,
        asked=here.asked(form.get("key")[:80]),
        per_minute=most,
        address=here.address,
    )
    async with here.transaction as tx:
        (outcome,) = await create_keys(tx, here.given.random_bytes, [command])
    if isinstance(outcome, Fault):
        return await keys(here, wrong={outcome.field.lstrip("/"): here.told(outcome)}, form=form)
    # Sent twice, the second answer has no key to show: only its digest was kept.
    return await keys(here, outcome.shown, again=outcome.replayed)


def _most(typed: str) -> int | None:
    """Requests a minute as typed, 0 for no limit; nothing for what is no number of ours."""
    said = typed.strip()
    if not said:
        return 0
    found = int(said) if said.isascii() and said.isdecimal() and len(said) < 8 else 0
    return found if 0 < found <= MOST_PER_MINUTE else None


async def revoke(here: Here, form: Form) -> Response[Any]:
    """A key opens nothing any more."""
    async with here.transaction as tx:
        (outcome,) = await revoke_keys(tx, [addressed("key", str(form.path["key_id"]))], here.by)
    if isinstance(outcome, Fault):
        raise outcome
    here.house.forget_keys()
    return redirect("/console/keys")
