"""Bugs of the member's card, and the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_MEMBERS = """
select member_id from identifier where program_id = $1 and kind = 'external' order by value
"""
CARDS = (
    Bug(
        "a code of a card is taken as often as it is shown",
        "flows/access/use_card_codes.py",
        "if before is not None and before.asked != one.asked:",
        "if False:",
        "checks.a_card_code_counts_once",
    ),
    Bug(
        "a screenshot of a card is good for long",
        "records/access/cards/types.py",
        "STEPS_GOOD: Final = 2",
        "STEPS_GOOD: Final = 2000",
        "checks.a_card_code_is_soon_over",
    ),
    Bug(
        "all cards have one key",
        "records/access/cards/spelling.py",
        'digest_of(keyed, "card", str(holder.program_id), holder.member_id.bytes)',
        'digest_of(keyed, "card", str(holder.program_id))',
        "checks.nobody_shows_anothers_card",
    ),
    Bug(
        "a form of the card needs no proof",
        "surfaces/card/forms.py",
        "if not held or not same(form[PROOF], proof_of(keyed, held)):",
        "if False:",
        "checks.a_form_of_the_card_is_proven",
    ),
    Bug(
        "who joins is told whether an address is a member's",
        "flows/membership/join_by_codes.py",
        "return isinstance(outcome, Joined | IdentifierTaken)",
        "return isinstance(outcome, Joined)",
        "checks.joining_tells_nobody_who_is_in",
    ),
    Bug(
        "an address to go on to may begin a header or a field",
        "surfaces/card/desk.py",
        "if _OWN.fullmatch(plain) and",
        'if plain.startswith("/card") and',
        "checks.an_address_to_go_on_to_is_nothing_else",
    ),
    Bug(
        "over TLS a cookie that a neighbour planted lets in",
        "surfaces/ui/coming.py",
        "        if name.startswith(HOST_ONLY)\n",
        "",
        "checks.over_tls_one_name_is_believed",
    ),
)


def _shown(shop: Shop, name: str) -> tuple[Any, Any]:
    """A shop of this process's own with two members; a key of codes, and whose card is asked."""
    from regulars.base.keyed import key_from
    from regulars.records.access.cards.spelling import Holder
    from regulars.records.members.types import Identifier, JoinMember
    from regulars.records.program.templates import load_template

    shop.begin(load_template("coffee-shop"), slug=f"c{os.getpid()}-{name}")
    for who in ("ada", "bob"):
        shop.join(JoinMember(identifiers=(Identifier("external", who),), given_name=who))
    rows = shop.rows(_MEMBERS)
    holders = [Holder(shop.program_id, UUID(str(one[0]))) for one in rows]
    return key_from(b"a secret of the installation", "card"), holders


def _take(shop: Shop, key: Any, code: str, by: int) -> str:
    from regulars.base.ids import id_of
    from regulars.flows.access.use_card_codes import UseCardCode, use_card_codes

    async def use(tx: Any, _: Any) -> Any:
        return await use_card_codes(tx, key, [UseCardCode(code, id_of(bytes([by]) * 16))])

    return str(getattr(shop.do(use)[0], "code", "shown"))


def a_card_code_counts_once(shop: Shop) -> None:
    from regulars.records.access.cards.spelling import code_at, step_of

    key, (ada, _) = _shown(shop, "once")
    code = code_at(key, ada, step_of(shop.now))
    assert [_take(shop, key, code, by) for by in (1, 2)] == ["shown", "card_code_used"]


def a_card_code_is_soon_over(shop: Shop) -> None:
    from regulars.records.access.cards.spelling import code_at, step_of

    key, (ada, _) = _shown(shop, "over")
    code = code_at(key, ada, step_of(shop.now))
    shop.now += timedelta(minutes=1)
    assert _take(shop, key, code, 1) == "card_code_wrong"


def nobody_shows_anothers_card(shop: Shop) -> None:
    from base64 import b32decode, b32encode

    from regulars.records.access.cards.spelling import code_at, step_of

    key, (ada, bob) = _shown(shop, "other")
    own = b32decode(code_at(key, bob, step_of(shop.now))[4:])
    forged = f"RG1:{b32encode(ada.member_id.bytes + own[16:]).decode()}"
    assert _take(shop, key, forged, 1) == "card_code_wrong"


def a_form_of_the_card_is_proven(shop: Shop) -> None:
    from tests.surfaces.card.pocket import Pocket
    from tests.surfaces.counter import Counter

    _, (ada, _) = _shown(shop, "proof")
    pocket = Pocket(Counter(shop), f"mem_{ada.member_id.hex}")
    assert pocket.post("/card/sign-out").status_code == 403


def joining_tells_nobody_who_is_in(shop: Shop) -> None:
    from tests.surfaces.card.pocket import Pocket
    from tests.surfaces.counter import Counter

    _shown(shop, "joining")
    counter = Counter(shop, channels=frozenset({"email"}))
    known = {"identifiers": [{"kind": "email", "value": "ada@example.org"}]}
    assert counter.post("/v1/members", known).status_code == 201
    told = {"given_name": "Eve", "terms": "yes"}
    answers = [
        Pocket(counter).send("/join", address=address, **told).status_code
        for address in ("ada@example.org", "eve@example.org")
    ]
    assert answers == [303, 303]


def an_address_to_go_on_to_is_nothing_else(shop: Shop) -> None:
    from regulars.surfaces.card.desk import own_address

    assert own_address("/card/history") == "/card/history"
    for said in ("/card/x\nset-cookie: a=b", "/card/x&agrees=sms", "/card//evil.test"):
        assert own_address(said) == "", said


def over_tls_one_name_is_believed(shop: Shop) -> None:
    from tests.surfaces.card.pocket import Pocket
    from tests.surfaces.counter import Counter

    _, (ada, _) = _shown(shop, "tls")
    pocket = Pocket(Counter(shop), f"mem_{ada.member_id.hex}")
    assert pocket.get("/card/me/data").status_code == 200
    assert pocket.get("/card/me/data", x_forwarded_proto="https").status_code == 303


SHOWING: dict[str, Callable[[Shop], None]] = {
    one.__name__: one
    for one in (
        a_card_code_counts_once,
        a_card_code_is_soon_over,
        nobody_shows_anothers_card,
        a_form_of_the_card_is_proven,
        joining_tells_nobody_who_is_in,
        an_address_to_go_on_to_is_nothing_else,
        over_tls_one_name_is_believed,
    )
}
