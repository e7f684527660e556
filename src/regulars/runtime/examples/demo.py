"""The coffee shop everyone can try: a program, regulars with a few weeks of visits, a test key.

All of it goes through the real flows; what is there already stays as it is, so a second start, on
whatever day and with whatever release, changes nothing.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Final

from regulars.base.faults import Fault
from regulars.flows.access.api_keys import CreateKey, create_keys
from regulars.flows.access.commands import AddStaff, MakeLink, UseLink
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.commands import RecordActivity, Redeem
from regulars.flows.membership.join_members import join_members
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.terms.publish_program import publish_program
from regulars.records.access.keys import key_hash
from regulars.records.access.read import by_digest
from regulars.records.access.staff import read as people
from regulars.records.access.staff.passwords import SALT_BYTES, is_right, kept_form
from regulars.records.access.staff.tokens import SECRET_BYTES, make_token, token_hash
from regulars.records.access.staff.types import By
from regulars.records.activity import read as activities
from regulars.records.activity.types import Body, Line
from regulars.records.members.types import Asked, Identifier, JoinMember, MemberRef
from regulars.records.program import read as program
from regulars.records.program.templates import load_template
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.installation.settings import Settings
from regulars.runtime.serving.programs import Programs, found_program
from regulars.runtime.storage.database import Database

PROGRAM: Final = "coffee-shop"
OWNER: Final = "owner@demo.example"
SINCE: Final = datetime(2026, 1, 1, tzinfo=UTC)
WEEKS: Final = 6
_NAMES: Final = [
    "Ada",
    "Bruno",
    "Clara",
    "Deniz",
    "Emil",
    "Frida",
    "Gül",
    "Hana",
    "Ivo",
    "Jana",
    "Kofi",
    "Lea",
    "Milo",
    "Nora",
    "Olga",
    "Paul",
    "Rosa",
    "Sami",
    "Tara",
    "Umut",
    "Vera",
    "Wim",
    "Yara",
    "Zeki",
]
_DRINKS: Final = (
    ("espresso", "coffee", 250), ("cappuccino", "coffee", 380), ("flat-white", "coffee", 420),
    ("croissant", "bakery", 290), ("banana-bread", "bakery", 360), ("beans-250g", "beans", 950),
)  # fmt: skip


async def prepare_demo(settings: Settings, where: Addresses, now: datetime) -> dict[str, Any]:
    """Make the shop ready and say how to reach it; what is there already stays as it is."""
    program_id = await found_program(where.owner, PROGRAM)
    database = await Database.connect(where.app, size=2)
    try:
        async with database.transaction(program_id) as tx:
            if not await program.latest(tx):
                await publish_program(
                    tx, load_template(PROGRAM), effective_from=SINCE, by="regulars demo"
                )
        await _fill(database, program_id, now)
        key = await _key(database, program_id, settings.home / "demo.json")
        password = await _owner(database, program_id, settings.home / "demo.json")
    finally:
        await database.close()
    told = {
        "base_url": settings.base_url,
        "api_key": key,
        "program": PROGRAM,
        "owner": OWNER,
        "owner_password": password,
    }
    write_private(settings.home / "demo.json", json.dumps(told, indent=2) + "\n")
    return told


async def _fill(database: Database, program_id: int, now: datetime) -> None:
    """Members and their visits; who asks for a free coffee gets one."""
    terms = await Programs(database).terms(program_id)
    country = terms.versions[-1].program.country
    chance = random.Random(PROGRAM)  # noqa: S311 - a made-up shop, not a secret
    async with database.transaction(program_id) as tx:
        _all_done(await join_members(tx, country, [_joiner(name) for name in _NAMES], terms))
    visits = sorted(
        (_visit(chance, name, now) for name in _NAMES for _ in range(chance.randint(3, 30))),
        key=lambda visit: str(visit.occurred_at),
    )
    async with database.transaction(program_id) as tx:
        # Visits are told by the day of the start; those of an earlier start stay as they are.
        if not await activities.latest(tx, 1):
            _all_done(await record_activities(tx, terms, visits))
    thirsty = [
        Redeem(MemberRef(external=_external(name)), reward, capture=True, asked=_once(f"{name}1"))
        for name in _NAMES[::3]
        for reward in list(terms.versions[-1].rewards)[:1]
    ]
    async with database.transaction(program_id) as tx:
        await redeem_rewards(tx, terms, thirsty)  # who has too few points is refused, and stays


def _all_done(outcomes: Sequence[Any]) -> None:
    """A shop whose members or visits were not taken in would be an empty stage."""
    for outcome in outcomes:
        if isinstance(outcome, Fault):
            raise outcome


def _once(key: str) -> Asked:
    return Asked("regulars demo", key)


def _external(name: str) -> str:
    """The id of another system: plain letters only, so a number for each name."""
    return f"demo-{_NAMES.index(name) + 1:02d}"


def _joiner(name: str) -> JoinMember:
    known_by = (Identifier("external", _external(name)),)
    return JoinMember(identifiers=known_by, given_name=name, source="demo", asked=_once(name))


def _visit(chance: random.Random, name: str, now: datetime) -> RecordActivity:
    """One visit of the last weeks."""
    drawn = chance.sample(_DRINKS, chance.randint(1, 3))
    lines = tuple(Line(minor, sku, category) for sku, category, minor in drawn)
    receipt = f"demo-{chance.randrange(10**9):09d}"
    ago = timedelta(minutes=chance.randrange(WEEKS * 7 * 24 * 60))
    return RecordActivity(
        kind="purchase",
        member=MemberRef(external=_external(name)),
        occurred_at=max(now.replace(hour=0, minute=0, second=0, microsecond=0) - ago, SINCE),
        source="demo",
        external_id=receipt,
        store="corner",
        channel="till",
        body=Body(lines=lines),
    )


async def _key(database: Database, program_id: int, kept: Path) -> str:
    """The test key of an earlier start if it still opens the door, else a new one."""
    try:
        known = str(json.loads(kept.read_text())["api_key"])
    except (OSError, ValueError, KeyError):
        known = ""
    if known:
        async with database.transaction(0) as tx:
            found = await by_digest(tx, key_hash(known))
        if found is not None and found.is_open:
            return known
    wish = CreateKey(
        name="demo",
        scopes=("all",),
        created_by="regulars demo",
        mode="test",
        may=frozenset({"all"}),
    )
    async with database.transaction(program_id) as tx:
        (made,) = await create_keys(tx, os.urandom, [wish])
    return str(made.shown)  # type: ignore[union-attr]


async def _owner(database: Database, program_id: int, kept: Path) -> str:
    """The password of the shop's owner: of an earlier start if it still fits, else another one."""
    try:
        known = str(json.loads(kept.read_text())["owner_password"])
    except (OSError, ValueError, KeyError):
        known = ""
    terms = await Programs(database).terms(program_id)
    async with database.transaction(program_id) as tx:
        staff = await people.by_email(tx, OWNER)
        secrets = await people.secrets_of(tx, staff.staff_id) if staff else None
        if known and secrets is not None and is_right(known, secrets.password):
            return known
        password = token_urlsafe(15)
        link = token_hash(make_token(program_id, os.urandom(SECRET_BYTES)))
        by = By(words="regulars demo")
        wishes = [
            MakeLink(staff.staff_id, link, by)
            if staff
            else AddStaff("Olga", OWNER, "owner", link, by),
            UseLink(link, kept_form(password, os.urandom(SALT_BYTES))),
        ]
        _all_done(await keep_staff(tx, terms, wishes))
    return password


def write_private(path: Path, text: str) -> None:
    """Replace a file that only its owner may read, whole or not at all."""
    beside = path.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    beside.replace(path)
