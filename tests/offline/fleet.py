"""A fleet of tills, a day of theirs with every trouble at once, and the reckoning afterwards."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from tests.books import explained, look_at_books
from tests.makers import NOON, Made, Shop
from tests.offline.line import Cut, Line, Mortal
from tests.offline.till import Killed, Till, hash_of
from tests.surfaces.counter import Counter, coffee
from tests.surfaces.tills.device import STORE, plain

from regulars.records.program.templates import load_template
from regulars.records.tills.clock import SLACK
from regulars.runtime.serving.gate import Gate
from regulars.runtime.serving.programs import Programs

YEAR = timedelta(days=365)
CLOCKS = (timedelta(0), -YEAR, YEAR, timedelta(hours=7))
REWARD = "tenth-coffee-free"
EXPECTED = frozenset({"fork", "suspended", "not_reserved", "identifier_taken"})
"""Why a record may be set aside whatever else was told."""


class Size(NamedTuple):
    tills: int
    ops: int
    kills: float = 0.015
    """How often a till, and a server at each of its steps, is killed."""


@dataclass
class Reckoning:
    """What came of a day."""

    records: int = 0
    ended: Tally[str] = field(default_factory=Tally)
    reasons: Tally[str] = field(default_factory=Tally)
    kills: tuple[int, int] = (0, 0)
    met: Tally[str] = field(default_factory=Tally)
    forks: tuple[int, int] = (0, 0)
    """Found, and planted."""
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    """Neither in the books nor set aside with a reason that can be."""
    beside: list[str] = field(default_factory=list)
    """Dated before the day began, or after now."""
    books: str = ""

    @property
    def right(self) -> bool:
        wrong = self.lost or self.doubled or self.loose or self.beside or self.books
        return self.forks[0] == self.forks[1] and not wrong

    def __str__(self) -> str:
        return (
            f"{self.records} records: {dict(self.ended)}, set aside for {dict(self.reasons)}; "
            f"tills killed {self.kills[0]}, servers {self.kills[1]}, the line {dict(self.met)}; "
            f"forks found/planted {self.forks[0]}/{self.forks[1]}; lost {self.lost[:5]}, doubled "
            f"{self.doubled[:5]}, loose {self.loose[:5]}, misdated {self.beside[:5]}; "
            f"books {self.books or 'right'}"
        )


class Fleet:
    """Tills of one store, their day and what came of it."""

    def __init__(self, counter: Counter, line: Line, folder: Path, size: Size) -> None:
        self.counter, self.line, self.folder, self.size = counter, line, folder, size
        self.chance = line.chance
        self.often = 0.0
        self.tills: list[Till] = []
        self.copies: list[Till] = []
        self.reserved: dict[str, str] = {}
        """What was reserved, and at which till."""

    # --- the morning ------------------------------------------------------------------------

    def opens(self) -> None:
        """Members who have a reward each, tills, and what is reserved at them."""
        store = {"name": "Main Street", "offline_rewards": [REWARD], "offline_most": 50}
        assert self.counter.ask("PUT", f"/v1/stores/{STORE}", store).status_code == 200
        for n in range(self.size.tills):
            self.counter.joined(f"c-{n}")
            self.counter.post("/v1/activities", coffee(f"c-{n}", cups=9))
        self.tills = [self._paired(n) for n in range(self.size.tills)]
        for n in range(self.size.tills):
            self._reserves(n)

    def _paired(self, n: int) -> Till:
        file, off = self.folder / f"till-{n}", CLOCKS[n % len(CLOCKS)]
        till = Till(file, "", off, lambda: self.chance.random() < self.often)
        till.clock = lambda: self.counter.shop.now
        code = self.counter.post(f"/v1/stores/{STORE}/codes").json()["code"]
        body = {"name": f"till {n}", "public_key": plain(till.point)}
        said = self.counter.post("/v1/till/pair", body, key=code).json()
        till.token = said["token"]
        till.begins(said["id"], said["first_previous"])
        till.heard_at, till.offset_ms = said["server_at"], -off // timedelta(milliseconds=1)
        return till

    def _reserves(self, n: int) -> None:
        """One member's only reward, asked for at two tills at once: one of them has it."""
        one, other = self.tills[n], self.tills[(n + 1) % len(self.tills)]
        body = {"members": [{"card": f"c-{n}"}]}
        path = "/v1/till/allowances"
        asks = [partial(self.counter.send, "POST", path, body, key=till.token)
                for till in (one, other)]  # fmt: skip
        answers = self.counter.at_once(asks)
        items = [answer.json()["items"][0] for answer in answers]
        got = [(till, item["redemption_id"]) for till, item in zip((one, other), items, strict=True)
               if "redemption_id" in item]  # fmt: skip
        assert len(got) == 1, items
        self.reserved[got[0][1]] = got[0][0].id

    # --- the day ----------------------------------------------------------------------------

    async def day(self) -> None:
        """Everybody at once, with every trouble; then the line is mended and all is told."""
        self.often = self.line.gate.often = self.size.kills
        await asyncio.gather(*(self._shift(n, till) for n, till in enumerate(self.tills)))
        self.often = 0.0
        self.line.mended()
        for till in [*self.tills, *self.copies]:
            await till.tells_all(self.line, self.chance)
        await self.line.delivers_late()

    async def _shift(self, n: int, till: Till) -> None:
        copied_at = self.size.ops // 3 if n % 3 == 2 else -1
        for number in range(self.size.ops):
            self.counter.shop.now += timedelta(seconds=7)
            if number == copied_at:
                self.copies.append(till.copied(self.folder / f"copy-{n}", self.chance))
            if copied_at > 0 and number == 2 * copied_at:  # somebody puts the old copy to work
                for again in range(4):
                    await self._works(self.copies[-1], n, number + again)
            await self._works(till, n, number)
            if self.chance.random() < 0.02:
                till.off = self.chance.choice(CLOCKS)

    async def _works(self, till: Till, n: int, number: int) -> None:
        try:
            self._something(till, n, number)
            while self.chance.random() < 0.3 and till.waiting():
                # Two pages of one device tell the same queue.
                pages = 2 if self.chance.random() < 0.2 else 1
                turns = (till.hands_in(self.line, self.chance) for _ in range(pages))
                for ended in await asyncio.gather(*turns, return_exceptions=True):
                    if isinstance(ended, BaseException):
                        raise ended
        except Cut:
            return
        except Killed:
            till.starts_again()

    def _something(self, till: Till, n: int, number: int) -> None:
        drawn, chance = self.chance.random(), self.chance
        card = {"card": f"c-{chance.randrange(self.size.tills)}"}
        if drawn < 0.08:
            self._joins(till, n, number)
        elif drawn < 0.16:
            phone = {"phone": f"+4930700{chance.randrange(self.size.tills):03}{number // 8:02}"}
            till.records("activity", bought(phone, 500 + number))
        elif drawn < 0.28:  # a receipt that another till, or this one, tells as well
            receipt = chance.randrange(self.size.tills * 2)
            named = {"source": "pos", "external_id": f"R-{receipt}"}
            till.records("activity", bought({"card": f"c-{receipt % 3}"}, 700 + receipt) | named)
        elif drawn < 0.38:
            self._takes_back(till)
        elif drawn < 0.45:
            held = chance.choice(list(self.reserved))
            till.records("redeem", {"redemption": held})
        else:
            till.records("activity", bought(card, 300 + chance.randrange(900)))

    def _joins(self, till: Till, n: int, number: int) -> None:
        phone = f"+4930700{n:03}{number // 8:02}"
        names = [{"kind": "phone", "value": phone}]
        till.records("join", {"identifiers": names, "given_name": "Ada"})

    def _takes_back(self, till: Till) -> None:
        mine = [json.loads(one) for one in till.made()[-12:]]
        sold = [one for one in mine if one["kind"] == "activity"]
        if not sold:
            return
        sale = self.chance.choice(sold)
        till.records("void", {"sale": name_of(sale)})

    # --- the reckoning ----------------------------------------------------------------------

    def reckons(self) -> Reckoning:
        """Each record has an end, each effect is there once, and the books are right."""
        found = Reckoning(met=self.line.met)
        made = {hash_of(text): json.loads(text)
                for till in [*self.tills, *self.copies] for text in till.made()}  # fmt: skip
        kept = {row[0]: row[1:] for row in self.counter.shop.rows(_ENDS)}
        found.records = len(made)
        found.kills = (sum(one.kills for one in self.tills), self.line.gate.kills)
        booked: dict[tuple[str, str, str], int] = {}
        for hash_, record in made.items():
            state, reason = kept.get(hash_, ("lost", ""))
            found.ended[state] += 1
            if state == "lost":
                found.lost.append(f"{record['till'][-4:]} {record['sequence']}")
            elif state == "quarantined":
                found.reasons[reason] += 1
                if reason not in EXPECTED and not explains(record, reason, made, kept):
                    found.loose.append(f"{record['kind']} {reason}")
            elif state not in ("applied", "duplicate"):
                found.loose.append(state)
            elif record["kind"] in ("activity", "void"):
                booked |= effect_of(record)
        self._effects(found, booked)
        self._forks(found)
        today = (NOON - SLACK, self.counter.shop.now)
        found.beside = [f"{at}" for (at,) in self.counter.shop.rows(_MISDATED, *today)]
        report = self.counter.shop.run(look_at_books(self.counter.shop.made.owner_dsn))
        found.books = "" if report.right else explained(report)
        return found

    def _effects(self, found: Reckoning, booked: dict[tuple[str, str, str], int]) -> None:
        there: Tally[tuple[str, str, str]] = Tally()
        amounts: dict[tuple[str, str, str], int] = {}
        for kind, source, external_id, minor in self.counter.shop.rows(_BOOKED):
            there[kind, source, external_id] += 1
            amounts[kind, source, external_id] = minor
        for name, minor in booked.items():
            if not there[name]:
                found.lost.append(" ".join(name))
            elif name[0] == "purchase" and amounts[name] != minor:
                found.lost.append(f"{name} {amounts[name]} instead of {minor}")
        found.doubled += [" ".join(one) for one, times in there.items() if times > 1]
        found.doubled += [" ".join(one) for one in there if one not in booked]
        kinds = {one[0] for one in there}
        assert kinds == {"purchase", "return"}, "nothing was sold, or nothing taken back"
        for redemption, times in self.counter.shop.rows(_HANDED_OVER):
            if times > 1:
                found.doubled.append(f"redemption {redemption}")

    def _forks(self, found: Reckoning) -> None:
        planted = sum(copy.sequence > 0 and forked(copy, self.tills) for copy in self.copies)
        rows = self.counter.shop.rows(_SUSPENDED)
        found.forks = (rows[0][0], planted)


_ENDS = """
select rtrim(translate(encode(hash, 'base64'), '+/', '-_'), '='), state, reason
  from till_record where program_id = $1
"""
_BOOKED = """
select kind, source, external_id, coalesce(amount_minor, 0)::bigint
  from activity where program_id = $1 and source <> ''
 union all
select 'return', 'til_' || replace(r.till_id::text, '-', ''), r.key, 0
  from waiting_return w join till_record r on r.program_id = w.program_id
   and r.subject_id = w.activity_id where w.program_id = $1 and w.settled_at is null
"""
"""What is in the books, and what was taken back before it was sold and waits for its sale."""
_HANDED_OVER = """
select cause_id::text, count(*) from entry where program_id = $1 and kind = 'capture' group by 1
"""
_MISDATED = """
select occurred_at from till_record where program_id = $1 and occurred_at not between $2 and $3
"""
_SUSPENDED = "select count(*) from till where program_id = $1 and reason = 'fork'"


def explains(
    record: dict[str, Any], reason: str, made: dict[str, dict[str, Any]], kept: dict[str, Any]
) -> bool:
    """Whether what others told is why it is set aside."""
    others = [one for one in made.values() if one is not record]
    content = record["content"]
    if reason == "unknown_member":  # nobody ever joined with this telephone
        phone = {"kind": "phone", "value": content["member"]["phone"]}
        return not any(
            one["kind"] == "join" and phone in one["content"]["identifiers"]
            and kept.get(hash_, ("lost",))[0] == "applied"
            for hash_, one in made.items()
        )  # fmt: skip
    if reason == "key_reused":  # somebody told this receipt at another time
        named = content.get("external_id")
        return named is not None and any(
            one["content"].get("external_id") == named for one in others
        )
    if reason == "too_much_returned":  # it was taken back before
        return any(one["content"].get("sale") == content["sale"] for one in others)
    return False


def bought(member: dict[str, str], minor: int) -> dict[str, Any]:
    return {"kind": "purchase", "member": member, "amount": {"minor": minor, "currency": "EUR"}}


def name_of(sale: dict[str, Any]) -> dict[str, str]:
    """How a sale of a till is named: by its receipt, else by the till and the record's key."""
    content = sale["content"]
    if "external_id" in content:
        return {"source": content["source"], "external_id": content["external_id"]}
    return {"source": sale["till"], "external_id": sale["key"]}


def effect_of(record: dict[str, Any]) -> dict[tuple[str, str, str], int]:
    if record["kind"] == "void":
        return {("return", record["till"], record["key"]): 0}
    named = name_of(record)
    minor = record["content"]["amount"]["minor"]
    return {("purchase", named["source"], named["external_id"]): minor}


def forked(copy: Till, tills: list[Till]) -> bool:
    """Whether the copy said something else than the till it was copied from."""
    (own,) = [one for one in tills if one.id == copy.id]
    mine, theirs = set(copy.made()), set(own.made())
    return bool(mine - theirs) and bool(theirs - mine)


@contextmanager
def fleet(made: Made, folder: Path, size: Size, seed: int) -> Iterator[Fleet]:
    """A store with its tills in the morning."""
    chance = random.Random(seed)
    shop = Shop.open(made, load_template("coffee-shop"))
    gate = Mortal(Gate(shop.database, Programs(shop.database), width=3), chance)
    counter = Counter(shop, gate=gate)
    one = Fleet(counter, Line(counter, gate, chance), folder, size)
    try:
        one.opens()
        yield one
    finally:
        for till in [*one.tills, *one.copies]:
            till.disk.close()
        counter.close()
