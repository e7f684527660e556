"""What stores and tills do: to be failed at every statement."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from tests.isolation.scenes import Ask, key, of
from tests.makers import Shop
from tests.surfaces.tills.device import Signer, sale

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import Adjust
from regulars.flows.tills.commands import (
    HandIn,
    HandOver,
    KeepStore,
    MakePairing,
    PairTill,
    TellPoints,
    ToldPoints,
)
from regulars.flows.tills.hand_over import hand_over
from regulars.flows.tills.keep_stores import keep_stores
from regulars.flows.tills.look_up import LookUp, look_up
from regulars.flows.tills.note_approvals import NoteApproval, note_approvals
from regulars.flows.tills.pair_tills import make_pairings, pair_tills
from regulars.flows.tills.take_records import take_records
from regulars.flows.tills.tell_points import tell_points
from regulars.records.members.types import MemberRef
from regulars.records.tills.pairing import code_hash
from regulars.records.tills.signing import first_previous, plain
from regulars.surfaces.till.sync.reading import told_of
from regulars.surfaces.till.sync.wire import RecordSent


def opens(n: int, _: Any) -> Ask:
    return keep_stores, [KeepStore(f"store-{n}", "mia", name="A store")]


async def _codes(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return await make_pairings(tx, batch)


async def _pairs(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return await pair_tills(tx, os.urandom, batch)


def with_records(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """A till for each, and two records that it made."""
    shop.ask(keep_stores, KeepStore("main", "mia", name="Main Street"))
    codes = shop.ask(_codes, *[MakePairing("main", "mia") for _ in ns])
    signers = [Signer() for _ in ns]
    wishes = [
        PairTill(code_hash(made.code), "Counter", signer.point)
        for made, signer in zip(codes, signers, strict=True)
    ]
    given = []
    for n, signer, done in zip(ns, signers, shop.ask(_pairs, *wishes), strict=True):
        till = done.till
        signer.id, signer.previous = till.principal, plain(first_previous(till.till_id))
        records = [signer.links(shop.now, "activity", sale(f"T{n}", minor)) for minor in (1, 2)]
        told = tuple(told_of(RecordSent(**one), till, shop.terms) for one in records)
        given.append(SimpleNamespace(till_id=till.till_id, told=told))
    return given


def takes(_: int, given: Any) -> Ask:
    return take_records, [HandIn(given.till_id, given.told)]


def approves(n: int, _: Any) -> Ask:
    return note_approvals, [NoteApproval(UUID(int=n), of("a", n), "coffee", "til_1")]


def looks(n: int, _: Any) -> Ask:
    """A till looks for somebody whom nobody knows."""
    return look_up, [LookUp(UUID(int=n + 1), (MemberRef(card=f"nobody-{n}"),))]


async def _tells(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    """Only what is answered the same again; when it was booked is said the first time alone."""
    told = await tell_points(tx, terms, batch)
    return [one.adjusted if isinstance(one, ToldPoints) else one for one in told]


def tells_points(n: int, _: Any) -> Ask:
    points = Adjust(of("a", n), "points", 7, "by a till", "mia", asked=key(n, "told"), earned=True)
    return _tells, [TellPoints(points, "main")]


def hands_over(n: int, held: Any) -> Ask:
    return hand_over, [HandOver(held.redemption_id, "main", 1, key(n, "handed"))]
