"""Rewards: what there is to have, reserved, handed over or given back."""

from __future__ import annotations

from typing import Final

from msgspec import UNSET, UnsetType

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.rewarding.paying import Quote
from regulars.engine.terms import Terms
from regulars.engine.words.entries import reward_in_words
from regulars.flows.commands import Redeem, Settle
from regulars.flows.points.quote_payment import quote_household, quote_payment
from regulars.flows.points.quote_reward import RewardQuote, quote_reward
from regulars.flows.points.wishing import ill_told
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.program.translations import in_language
from regulars.records.rewards import read
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.front.by_when import saying_by_when
from regulars.surfaces.api.operations.examples import choosing
from regulars.surfaces.api.operations.examples import every_day as examples
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.strict.showing import showing
from regulars.surfaces.api.wire.parts import LanguageQuery, member_of
from regulars.surfaces.api.wire.rewarding.freeing import lines_of, named_of
from regulars.surfaces.api.wire.rewarding.paying import QuoteShown, quote_shown
from regulars.surfaces.api.wire.rewarding.rewards import (
    CaptureSent,
    QuoteSent,
    RedemptionDone,
    RedemptionSent,
    RedemptionShown,
    RewardQuoteSent,
    RewardQuoteShown,
    RewardsShown,
    VoidSent,
    basket_of,
    paid_in,
    redemption_done,
    redemption_shown,
    reward_quote_shown,
    reward_shown,
)
from regulars.surfaces.in_words.rewards import reward_terms_in_words
from regulars.surfaces.languages.voices import voice_for


async def rewards(call: Call) -> Reply:
    """All rewards of the program in force."""
    now = call.now
    version = (await call.terms()).at(now)
    query: LanguageQuery = call.query
    language = query.language or version.program.locale
    program, voice = in_language(version.program, language), voice_for(language)
    async with call.transaction as tx:
        stock = await read.stock(tx)
    items = [
        reward_shown(version, one, stock, (now, reward_terms_in_words(program, one, voice)))
        for one in program.rewards
    ]
    return Reply(RewardsShown(items))


async def redeem(call: Call) -> Reply:
    """A member wants a reward."""
    sent: RedemptionSent = call.sent
    terms = await call.terms()
    currency = terms.at(call.now).program.currency
    told = "" if isinstance(sent.currency, UnsetType) else sent.currency
    pay = None
    if not isinstance(sent.pay, UnsetType):
        if sent.price is not UNSET:
            raise Invalid("only a reward has a price that was shown", field="/price")
        if told and told != sent.pay.basket.currency:
            raise Invalid("the basket says its currency; leave this out", field="/currency")
        told = paid_in(sent.pay, terms)
        pay = basket_of(sent.pay, told)
    command = Redeem(
        member=member_of(sent.member),
        reward="" if isinstance(sent.reward, UnsetType) else sent.reward,
        pay=pay,
        store=sent.store,
        channel=sent.channel,
        capture=sent.capture,
        lines=lines_of(sent.lines, currency),
        named=named_of(sent.free),
        asked=showing(call, sent.card_code),
        signed_in=sent.signed_in,
        currency="" if told == currency else told,
        shown=None if sent.price is UNSET else sent.price,
    )
    async with saying_by_when(call, command.member, command.reward):
        answer = await call.do(redeem_rewards, command)
    body = redemption_done(answer)
    return Reply(body, 201, answer.replayed, f"/v1/redemptions/{body.id}")


async def _currency(call: Call) -> str:
    return (await call.terms()).at(call.now).program.currency


async def quote(call: Call) -> Reply:
    """What could be paid of a basket with points; nothing is held."""
    sent: QuoteSent = call.sent
    terms = await call.terms()
    currency = terms.at(call.now).program.currency
    told = paid_in(sent.pay, terms)
    basket = basket_of(sent.pay, told)
    wrong = ill_told(Redeem(member_of(sent.member), pay=basket))
    if wrong is not None:
        raise wrong

    async def look(tx: Tx, terms: Terms) -> Quote | Refused:
        country = terms.versions[-1].program.country
        (who,) = await members.whom(tx, country, [member_of(sent.member)])
        if isinstance(who, Fault):
            raise who
        there = "" if told == currency else told
        quoting = quote_household if sent.together else quote_payment
        return await quoting(tx, terms, who, basket, there)

    if sent.together:
        found = granted(await call.read(look))
    else:
        async with saying_by_when(call, member_of(sent.member)):
            found = granted(await call.read(look))
    return Reply(quote_shown(found, currency))


async def quote_one(call: Call) -> Reply:
    """What a reward would be for a member, and which pieces of the basket free; nothing is held."""
    sent: RewardQuoteSent = call.sent
    currency = await _currency(call)
    command = Redeem(
        member=member_of(sent.member),
        reward=sent.reward,
        store=sent.store,
        channel=sent.channel,
        lines=lines_of(sent.lines, currency),
        named=named_of(sent.free),
        currency="" if sent.currency in (UNSET, currency) else str(sent.currency),
    )

    async def look(tx: Tx, terms: Terms) -> RewardQuote | Refused:
        country = terms.versions[-1].program.country
        (who,) = await members.whom(tx, country, [member_of(sent.member)])
        if isinstance(who, Fault):
            raise who
        return await quote_reward(tx, terms, who, command)

    async with saying_by_when(call, command.member, command.reward):
        found = granted(await call.read(look))
    return Reply(reward_quote_shown(found, currency))


async def one(call: Call) -> Reply:
    """One redemption."""
    id_ = addressed("red", call.ids["redemption_id"])
    terms = await call.terms()
    async with call.transaction as tx:
        owners = await read.whose(tx, [id_])
        found = await read.some(tx, list(owners.values()), [id_])
    if id_ not in found:
        raise NotFound("there is no such redemption here; check the id for a slip")
    kept = found[id_]
    program = terms.numbered(kept.version).program
    promised, voice = kept.promised, voice_for(program.locale)
    name = reward_in_words(promised.kind, promised.name, voice)
    return Reply(redemption_shown(kept, program.currency, name))


async def capture(call: Call) -> Reply:
    """The reward was handed over."""
    sent: CaptureSent | None = call.sent
    return await _settle(call, "captured", None if sent is None else sent.part)


async def void(call: Call) -> Reply:
    """The reward was not handed over; the points go back."""
    return await _settle(call, "voided", None)


async def _settle(call: Call, outcome: str, part: dict[str, int] | None) -> Reply:
    id_ = addressed("red", call.ids["redemption_id"])
    command = Settle(redemption_id=id_, outcome=outcome, part=part, asked=call.asked)
    answer = await call.do(redeem_rewards, command)
    return Reply(redemption_done(answer), 200, answer.replayed)


_REDEEM = (Scope.REDEMPTIONS_WRITE,)
_CARD: Final = ("card_needed", "card_code_wrong", "card_code_used")
"""Of what is handed over; a quote asks for no proof."""
WHY_NOT: Final = (
    "unknown_member", "unknown_reward", "member_erased", "member_blocked", "only_issued",
    "with_a_seat", "not_here", "not_now", "not_for_you", "tier_too_low", "chosen_otherwise",
    "limit_reached", "minor_limit", "buyer_limit", "too_soon",
    "out_of_stock", "no_codes_left", "not_enough_points", "debt_first", "nothing_fits", "name_it",
    *_CARD,
)  # fmt: skip
"""Why a reward is not handed over, by whichever address it is asked for."""
PAYING_WHY_NOT: Final = (
    "member_erased", "member_blocked", "points_do_not_pay", "not_stored_value", "debt_first",
    "share_exceeded",
    "discount_is_better", "below_minimum", "not_enough_points", "minor_limit", "buyer_limit",
)  # fmt: skip
"""Why nothing of a basket is paid with points."""

OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/rewards",
        name="list_rewards",
        tag="Rewards",
        says="What members can have",
        scopes=(Scope.PROGRAMS_READ, Scope.REDEMPTIONS_WRITE),
        query=LanguageQuery,
        answers={200: RewardsShown},
        answer_example={"items": [examples.REWARD]},
        do=rewards,
    ),
    Operation(
        method="POST",
        path="/v1/redemptions",
        name="redeem_reward",
        tag="Rewards",
        says="Reserve a reward for a member, or hand it over at once",
        notes="The price is reserved until it is captured or voided, or the reservation lapses "
        "(`lapses_at`). With `capture` it is taken at once. A reward that gives a code tells it "
        "when it is handed over.",
        scopes=_REDEEM,
        sent=RedemptionSent,
        answers={201: RedemptionDone},
        example=examples.REDEMPTION,
        answer_example=examples.REDEEMED,
        codes=tuple(dict.fromkeys((*WHY_NOT, "price_changed", *PAYING_WHY_NOT))),
        do=redeem,
    ),
    Operation(
        method="POST",
        path="/v1/redemption-quotes",
        name="quote_payment",
        once=Once.LOOKS,
        tag="Rewards",
        says="What can be paid of this basket with points?",
        notes="Nothing is held. `POST /v1/redemptions` with the same `pay` reserves it; the sale's "
        "payment in points then names that redemption and says its value. A basket in another "
        "currency is quoted in that one, where the program file says so, and `counts` is what that "
        "comes to in the program's; the sale is then told in the same currency. With `together`, "
        "the points of the member's household pay, as `POST /v1/households/{id}/redemptions` takes "
        "them.",
        scopes=_REDEEM,
        sent=QuoteSent,
        answers={200: QuoteShown},
        example=examples.QUOTE,
        answer_example=examples.QUOTED,
        codes=("unknown_member", "not_found", *PAYING_WHY_NOT, "no_households", "head_only"),
        do=quote,
    ),
    Operation(
        method="POST",
        path="/v1/reward-quotes",
        name="quote_reward",
        once=Once.LOOKS,
        tag="Rewards",
        says="What would this reward be, and which pieces of the basket free?",
        notes="Nothing is held. `POST /v1/redemptions` with the same lines reserves it; the sale "
        "then says at its lines how many pieces are `free`, by which `redemption`, and their value "
        "as the lines' discount.",
        scopes=_REDEEM,
        sent=RewardQuoteSent,
        answers={200: RewardQuoteShown},
        example=choosing.REWARD_QUOTE,
        answer_example=choosing.REWARD_QUOTED,
        codes=tuple(one for one in WHY_NOT if one not in _CARD),
        do=quote_one,
    ),
    Operation(
        method="GET",
        path="/v1/redemptions/{redemption_id}",
        name="get_redemption",
        tag="Rewards",
        says="One redemption",
        scopes=(Scope.BOOKS_READ, Scope.REDEMPTIONS_WRITE),
        answers={200: RedemptionShown},
        answer_example=examples.REDEMPTION_KEPT,
        do=one,
    ),
    Operation(
        method="POST",
        path="/v1/redemptions/{redemption_id}/capture",
        name="capture_redemption",
        tag="Rewards",
        says="It was handed over: take the points",
        notes="Capturing again changes nothing, but for what was won: any counter may hand it "
        "over, so the second is told `already_captured`. The body may be left out.",
        scopes=_REDEEM,
        sent=CaptureSent,
        body_optional=True,
        answers={200: RedemptionDone},
        example={},
        answer_example=examples.REDEEMED | {"state": "captured"},
        codes=(
            "hold_lapsed",
            "already_voided",
            "already_captured",
            "keeps_its_seat",
            "off_an_order",
        ),
        do=capture,
    ),
    Operation(
        method="POST",
        path="/v1/redemptions/{redemption_id}/void",
        name="void_redemption",
        tag="Rewards",
        says="It was not handed over: give the points back",
        notes="Voiding again changes nothing. The body may be left out.",
        scopes=_REDEEM,
        sent=VoidSent,
        body_optional=True,
        answers={200: RedemptionDone},
        example={},
        answer_example=examples.REDEEMED | {"state": "voided"},
        codes=("already_captured", "keeps_its_seat", "off_an_order"),
        do=void,
    ),
)
