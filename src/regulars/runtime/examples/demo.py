"""The coffee shop everyone can try: a program, a year of guests, staff, a till, a test key.

All of it goes through the real flows; what is there already stays as it is, so a second start, on
whatever day and with whatever release, changes nothing but the code for a till and the link to a
card, which are good for a quarter of an hour.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from regulars.base.faults import Fault
from regulars.flows.access.api_keys import CreateKey, create_keys
from regulars.flows.terms.publish_program import publish_program
from regulars.records.access.keys import key_hash
from regulars.records.access.read import by_digest
from regulars.records.access.types import Scope
from regulars.records.activity import read as activities
from regulars.records.members.types import MemberRef
from regulars.records.program import read as program
from regulars.records.program.opening import read as opening
from regulars.records.program.templates import load_template
from regulars.runtime.examples.shop.guests import SHOWN
from regulars.runtime.examples.shop.lived.terms import with_more
from regulars.runtime.examples.shop.lived.week import House
from regulars.runtime.examples.shop.staff import PIN, hire, open_store
from regulars.runtime.examples.shop.tried import with_rule
from regulars.runtime.examples.shop.window.opening import IN_THE_WINDOW, open_window
from regulars.runtime.examples.shop.year import Clock, began, live
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.installation.settings import Settings
from regulars.runtime.problems import SetupProblem
from regulars.runtime.serving.asgi import given_with
from regulars.runtime.serving.programs import Programs, found_program
from regulars.runtime.storage.database import Database
from regulars.runtime.working.senders import keyed_of
from regulars.surfaces.signing_in import SigningIn

PROGRAM: Final = "coffee-shop"
SQUARE: Final = (
    Scope.SQUARE_READ, Scope.SQUARE_WRITE, Scope.SQUARE_PROMOTE, Scope.WEBHOOKS_WRITE,
)  # fmt: skip


async def prepare_demo(settings: Settings, where: Addresses, now: datetime) -> dict[str, Any]:
    """Make the shop ready and say how to reach it; what is there already stays as it is."""
    program_id = await found_program(where.owner, PROGRAM, made_up=True)
    await _still_made_up(where, program_id)
    kept = _kept(settings.home / "demo.json")
    known = {one["email"]: one["password"] for one in kept.get("logins", [])}
    known |= await _year(settings, where, program_id, now)
    database = await Database.connect(where.app, size=2)
    try:
        key = await _key(database, program_id, str(kept.get("api_key", "")))
        token = await _key(database, program_id, str(kept.get("square_token", "")), SQUARE)
        terms = await Programs(database).terms(program_id)
        async with database.transaction(program_id) as tx:
            passwords = await hire(tx, terms, known)
            code = await open_store(tx, terms)
        shop_key = await open_window(database, program_id, settings.base_url)
        card = await _card(settings, database, program_id)
    finally:
        await database.close()
    base = settings.base_url
    told = {
        "base_url": base,
        "api_key": key,
        "square_url": f"{base}/compat/square",
        "square_token": token,
        "program": PROGRAM,
        "console_url": f"{base}/console",
        "till_url": f"{base}/till",
        "till_code": code,
        "till_pin": PIN,
        "portal_url": f"{base}{card}",
        "shop_url": f"{base}/demo-shop",
        "shop_key": shop_key,
        "logins": [{"email": email, "password": one} for email, one in passwords.items()],
    }
    write_private(settings.home / "demo.json", json.dumps(told, indent=2) + "\n")
    return told


async def _still_made_up(where: Addresses, program_id: int) -> None:
    """No guests are invented for a shop that is real. Raises: SetupProblem."""
    database = await Database.connect(where.app, size=1)
    try:
        async with database.transaction(program_id) as tx:
            made_up = await opening.is_made_up(tx)
    finally:
        await database.close()
    if not made_up:
        raise SetupProblem(
            f"The program {PROGRAM} here is a real shop, and no demo.",
            "Run it with `regulars serve`; for a demo beside it, set REGULARS_HOME elsewhere.",
        )


async def _year(
    settings: Settings, where: Addresses, program_id: int, now: datetime
) -> dict[str, str]:
    """The program since its first morning, who works there, and everything that happened since;
    once. Shape: passwords by e-mail, where it was now that they were hired."""
    clock, passwords = Clock(began(now)), dict[str, str]()
    database = await Database.connect(where.app, size=2, clock=clock)
    try:
        async with database.transaction(program_id) as tx:
            if not await program.latest(tx):
                source = with_more(with_rule(load_template(PROGRAM)) + IN_THE_WINDOW)
                await publish_program(tx, source, effective_from=clock.at, by="regulars demo")
            lived = bool(await activities.latest(tx, 1))
        if not lived:
            terms = await Programs(database).terms(program_id)
            async with database.transaction(program_id) as tx:
                passwords = await hire(tx, terms, {})
                await open_store(tx, terms)
            house = House(database, terms, keyed_of(settings))
            await live(house, clock, now, PROGRAM)
    finally:
        await database.close()
    return passwords


async def _card(settings: Settings, database: Database, program_id: int) -> str:
    """Where a guest's card is opened by whoever starts the demo: a link as the counter hands it."""

    async def shown() -> int | None:
        return program_id

    given = given_with(database, shown, width=1, keyed=keyed_of(settings))
    handed = await SigningIn(given).hand_link(program_id, MemberRef(external=SHOWN))
    await given.gate.drain()
    if isinstance(handed, Fault):
        raise handed
    return f"/card/in?link={handed.link}"


def _kept(path: Path) -> dict[str, Any]:
    """What an earlier start wrote down; nothing where that cannot be read."""
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


async def _key(
    database: Database, program_id: int, known: str, scopes: tuple[str, ...] = (Scope.ALL,)
) -> str:
    """The test key of an earlier start if it still opens the door, else a new one."""
    if known:
        async with database.transaction(0) as tx:
            found = await by_digest(tx, key_hash(known))
        if found is not None and found.is_open:
            return known
    wish = CreateKey(
        name="demo" if Scope.ALL in scopes else "demo, for clients of Square",
        scopes=scopes,
        created_by="regulars demo",
        mode="test",
        may=frozenset({"all"}),
    )
    async with database.transaction(program_id) as tx:
        (made,) = await create_keys(tx, os.urandom, [wish])
    return str(made.shown)  # type: ignore[union-attr]


def write_private(path: Path, text: str) -> None:
    """Replace a file that only its owner may read, whole or not at all."""
    beside = path.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    beside.replace(path)
