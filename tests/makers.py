"""What tests share: a shop with its program in a real database, whose clock moves when told."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import uvloop
from tests.at_once import AtOnce

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust, Confirm, RecordActivity, Redeem, Settle
from regulars.flows.membership.join_members import join_members
from regulars.flows.midnight import STEPS
from regulars.flows.recording.confirm_activities import confirm_activities
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.terms.publish_program import Publication, Said, publish_program
from regulars.records.activity.types import Body, Line, ReturnedLine, SaleRef
from regulars.records.members.types import Asked, Identifier, JoinMember, MemberRef
from regulars.records.night import write as night
from regulars.records.program.reading import read_program
from regulars.runtime.serving.programs import Programs, found_program
from regulars.runtime.storage.database import Database, Transaction

Answer = TypeVar("Answer")
Flow = Callable[[Tx, Terms, Sequence[Any]], Awaitable[Sequence[Any]]]
Act = Callable[[Tx, Terms], Awaitable[Answer]]

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Made(Protocol):
    """A fresh database, as the fixtures of conftest.py make it."""

    @property
    def owner_dsn(self) -> str: ...
    @property
    def app_dsn(self) -> str: ...


class Shop:
    """One program in a real database, served one batch after the other."""

    def __init__(self, made: Made, runner: asyncio.Runner, database: Database) -> None:
        self.made = made
        # Not `runner.run`, which has somebody listen for Ctrl-C and leave off again each time.
        self.run = runner.get_loop().run_until_complete
        self.database = database
        self.program_id = 0
        self.now = NOON
        self.zone = ZoneInfo("UTC")
        self._runner = runner
        self._programs = Programs(database)
        self._owner: asyncpg.Connection | None = None
        database.clock = lambda: self.now

    @classmethod
    def open(cls, made: Made, source: str, *, now: datetime = NOON) -> Shop:
        """Found and publish this program in this database; its clock shows `now`."""
        runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        shop = cls(made, runner, runner.run(Database.connect(made.app_dsn, size=6)))
        shop.begin(source, now=now)
        return shop

    def begin(
        self,
        source: str,
        *,
        slug: str | None = None,
        now: datetime = NOON,
        accept: tuple[str, ...] = (),
    ) -> None:
        """Found another program in the same database and go on with it."""
        program = read_program(source)
        name = slug or program.program
        self.now, self.zone = now, ZoneInfo(program.zone)
        self.program_id = self.run(found_program(self.made.owner_dsn, name))
        self.publish(named(source, slug) if slug else source, accept=accept)

    def close(self) -> None:
        """Leave the database, so that it can be dropped."""
        if self._owner is not None:
            self.run(self._owner.close())
        self.run(self.database.close())
        self._runner.close()

    # --- the clock ------------------------------------------------------------------------

    def local(self, text: str) -> datetime:
        """What this reading of the shop's wall clock is as an instant: `2026-03-02 08:15`."""
        return datetime.fromisoformat(text).replace(tzinfo=self.zone).astimezone(UTC)

    def at(self, text: str) -> None:
        """Move the clock to this reading of the shop's wall clock."""
        self.now = self.local(text)

    # --- the flows ------------------------------------------------------------------------

    @property
    def terms(self) -> Terms:
        return self.run(self._programs.terms(self.program_id))

    def publish(
        self, source: str, *, effective_from: datetime | None = None, accept: tuple[str, ...] = ()
    ) -> Publication:
        """Publish a version, in force from now on or from then on."""
        said = Said(accept=accept)

        async def act(tx: Tx) -> Publication:
            return await publish_program(
                tx, source, effective_from=effective_from, by="owner", said=said
            )

        publication = self.run(self._alone(act))
        self.forget_terms()
        return publication

    def forget_terms(self) -> None:
        """Somebody published; the next to ask for the terms reads them anew."""
        self._programs.forget(self.program_id)

    def do(self, act: Act[Answer]) -> Answer:
        """One transaction: committed when `act` returns."""
        terms = self.terms

        async def alone(tx: Tx) -> Answer:
            return await act(tx, terms)

        return self.run(self._alone(alone))

    def ask(self, flow: Flow, *commands: Any) -> list[Any]:
        """These commands as one batch in one transaction."""

        async def act(tx: Tx, terms: Terms) -> list[Any]:
            return list(await flow(tx, terms, commands))

        return self.do(act)

    def join(self, *commands: JoinMember) -> list[Any]:
        country = self.terms.versions[-1].program.country
        return self.do(lambda tx, terms: join_members(tx, country, commands, terms))

    def joined(self, *externals: str, **told: Any) -> list[MemberRef]:
        """Members who join under these external ids, ready to be named."""
        for name in externals:
            self.join(JoinMember(identifiers=(Identifier("external", name),), **told))
        return [MemberRef(external=name) for name in externals]

    def record(self, *commands: RecordActivity) -> list[Any]:
        return self.ask(record_activities, *commands)

    def redeem(self, *commands: Redeem) -> list[Any]:
        return self.ask(redeem_rewards, *commands)

    def settle(self, *commands: Settle) -> list[Any]:
        return self.ask(redeem_rewards, *commands)

    def confirm(self, *commands: Confirm) -> list[Any]:
        return self.ask(confirm_activities, *commands)

    def adjust(self, *commands: Adjust) -> list[Any]:
        return self.ask(adjust_balances, *commands)

    def night(self, *steps: str, most: int = 100) -> dict[str, int]:
        """Do what time alone brings about, each step until nothing is left; how much was done."""
        done, night_on = {}, self.now.astimezone(self.zone).date()

        async def once(tx: Tx, terms: Terms, step: str) -> int:
            count = await STEPS[step](tx, terms, most)
            await tx.write(night.count(tx, night_on, step, count))  # as the worker does
            return count

        for step in steps or STEPS:
            done[step] = 0
            while count := self.do(lambda tx, terms, s=step: once(tx, terms, s)):
                done[step] += count
        return done

    def together(self, *acts: Act[Any]) -> list[Any]:
        """So many transactions at the same time, each on its own connection; see `AtOnce`."""
        return self.at_once(*acts)[0]

    def at_once(self, *acts: Act[Any]) -> tuple[list[Any], set[int]]:
        """The same, and who of them had to wait while the first was still open, by place."""
        terms = self.terms

        async def run() -> tuple[list[Any], set[int]]:
            once = AtOnce(self.database, self.program_id, await self.owning())
            deeds = [lambda tx, act=act: act(tx, terms) for act in acts]
            return await once.do(deeds), once.waited

        return self.run(run())

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        return self.database.transaction(self.program_id)

    # --- what is kept ---------------------------------------------------------------------

    def rows(self, sql: str, *args: Any) -> list[tuple[Any, ...]]:
        """What is kept of this program, as the owner of the database sees it; `$1` is it."""
        return [tuple(row) for row in self.run(self._rows(sql, args))]

    def counts(self) -> dict[str, int]:
        """How many rows each table has: what a refusal or a fault must leave as it was."""
        asked = ", ".join(f"(select count(*) from {t} where program_id = $1)" for t in TABLES)
        return dict(zip(TABLES, self.rows(f"select {asked}")[0], strict=True))

    def balances(self, external: str) -> dict[str, tuple[int, int, int]]:
        """Available, held and owed per wallet, wallets with nothing in them left out."""
        rows = self.rows(_BALANCES, external)
        return {name: (a, h, d) for name, a, h, d in rows if a or h or d}

    def pending(self, external: str) -> dict[str, int]:
        """What is pending per wallet, wallets with nothing pending left out."""
        return dict(self.rows(_PENDING, external))  # type: ignore[arg-type]

    def lots(self, external: str) -> list[tuple[str, int, int, datetime]]:
        """Wallet, remaining, pinned and end of each lot that is not empty, soonest first."""
        return self.rows(_LOTS, external)

    def told(self) -> list[str]:
        """The types of all events so far, in the order they were queued."""
        return [row[0] for row in self.rows(_TOLD)]

    async def _alone(self, act: Callable[[Tx], Awaitable[Answer]]) -> Answer:
        async with self.transaction() as tx:
            return await act(tx)

    async def _rows(self, sql: str, args: Sequence[Any]) -> list[Any]:
        return await (await self.owning()).fetch(sql, self.program_id, *args)

    async def owning(self) -> asyncpg.Connection:
        if self._owner is None:
            # What is asked of it is asked again and again, of tables that stay small.
            once = {"plan_cache_mode": "force_generic_plan"}
            self._owner = await asyncpg.connect(self.made.owner_dsn, server_settings=once)
        return self._owner


TABLES = (
    "activity", "adjustment_request", "adjustment_round", "alert", "alert_note", "arrival",
    "arrival_activity", "article", "automatic_clock", "automatic_walk", "balance", "bank_account",
    "benefit_associate", "benefit_grant", "benefit_use", "board_end", "board_place",
    "bounced_address", "catch_up", "code_shop", "shop_code", "outlet", "outlet_member",
    "came_along", "card_code", "card_letter", "challenge_part", "changeover_walk", "choice", "code_run", "counter", "deed", "delivery", "draw", "draw_entrant", "draw_list",
    "draw_prize", "entry", "entry_place", "errand", "gone_before", "goodwill",
    "experiment", "experiment_look", "experiment_member", "hold", "hold_lot", "hook", "hook_line", "hook_reach", "hook_replay", "hook_sending", "hook_try", "hook_wish",
    "identifier",
    "idle_clock", "idle_walk", "klaviyo", "import_made", "import_undo", "import_undone", "inlet", "ladder_clock", "lot", "lot_move", "member", "member_note", "member_session", "member_tag",
    "membership_turn", "erasure_notice", "retention_day", "member_alert", "member_alert_day", "member_value", "message", "message_choice", "message_words",
    "month_letter", "month_page", "notice_lot", "once", "outbox", "pairing", "partner", "partner_claim", "partner_contract",
    "partner_decision", "partner_dispute", "partner_entry", "partner_claim_match", "partner_settlement", "partner_answer", "arrival_partner_entry", "settlement_plan", "pass_device", "pass_reach", "push_device", "line_word", "line_task", "payout", "payout_return",
    "payout_run", "posting", "prize", "prize_clock", "program_draft", "promotion", "bill", "bill_payment", "bill_refund", "bill_reward", "redemption", "referral",
    "referral_code", "referral_mark",
    "referral_milestone", "retold_reach", "reward_code", "richness", "richness_reach", "sandbox",
    "category_day", "category_run", "cohort_month", "hour_month", "lot_month", "member_day", "member_good", "goods_reach", "member_orders",
    "order_gap", "owed_day", "points_day", "prepared_reach", "store_day", "store_points_day", "tier_day",
    "member_tally", "segment", "segment_listed", "segment_member", "segment_move",
    "segment_reach", "segment_touch",
    "segment_version",
    "club", "club_invitation", "club_place", "gathering", "seat", "lesson", "lesson_try", "member_post", "post_report", "service_case", "case_note", "reference_member", "reference_request", "reference_ask",
    "campaign", "campaign_message", "offer", "offer_member", "offer_choice", "offer_choice_made", "campaign_trial", "survey", "survey_answer", "survey_invitation", "text_heard",
    "saved_view", "setup_step", "shop_look", "sign_in_code", "staff", "staff_act", "staff_link",
    "staff_nonce", "staff_passkey", "staff_session", "staff_setting", "staff_try",
    "standing", "store", "team", "team_place", "terms_word",
    "tier_grant", "tier_move", "tier_turn", "till", "till_record", "trail", "unsent_letter", "upload", "used_before", "value_run", "version_withdrawal", "waiting_return",
)  # fmt: skip
_OF = """(select member_id from identifier
           where program_id = $1 and kind in ('external', 'card') and value = $2)"""
_BALANCES = f"""
select c.name, b.available, b.held, b.debt from balance b
  join program_code c on c.program_id = b.program_id and c.kind = 'wallet' and c.code = b.wallet
 where b.program_id = $1 and b.member_id = {_OF} order by c.name
"""
_PENDING = f"""
select c.name, b.pending from balance b
  join program_code c on c.program_id = b.program_id and c.kind = 'wallet' and c.code = b.wallet
 where b.program_id = $1 and b.member_id = {_OF} and b.pending > 0 order by c.name
"""
_LOTS = f"""
select c.name, l.remaining, l.pinned, l.expires_at from lot l
  join program_code c on c.program_id = l.program_id and c.kind = 'wallet' and c.code = l.wallet
 where l.program_id = $1 and l.member_id = {_OF} and l.remaining > 0
 order by l.expires_at, l.earned_at, l.lot_id
"""
_TOLD = "select type from outbox where program_id = $1 order by outbox_id"


# --- commands with little to say ------------------------------------------------------------


def named(source: str, slug: str) -> str:
    """The same program file under another name."""
    return re.sub(r"^program: .*$", f"program: {slug}", source, count=1, flags=re.MULTILINE)


def by(**said: str | UUID) -> MemberRef:
    """The member found by this."""
    return MemberRef(**said)  # type: ignore[arg-type]


def asked(key: str) -> Asked:
    """Asked by the till under this key."""
    return Asked("till", key)


def line(amount_minor: int, category: str = "", quantity: int = 1, **more: Any) -> Line:
    return Line(amount_minor=amount_minor, category=category, quantity=quantity, **more)


def buys(member: MemberRef | None, *lines: Line | int, receipt: str = "", **more: Any) -> Any:
    """A purchase: of these lines, or of one amount when only that is known."""
    if len(lines) == 1 and isinstance(lines[0], int):
        more["amount_minor"] = lines[0]
    else:
        more["body"] = Body(lines=lines, **more.pop("basket", {}))  # type: ignore[arg-type]
    return RecordActivity(
        kind="purchase", member=member, source="till", external_id=receipt, **more
    )


def ends(receipt: str, outcome: str = "confirmed", **more: Any) -> Confirm:
    """An activity that waits for an event is confirmed or cancelled."""
    return Confirm(SaleRef(source="till", external_id=receipt), outcome, **more)


def brings_back(sale: str | UUID, *pieces: tuple[int, int], receipt: str = "", **more: Any) -> Any:
    """A return: all that is left of a sale, or these (line, quantity)."""
    by_receipt = isinstance(sale, str)
    named = SaleRef(source="till", external_id=str(sale))
    if not by_receipt:
        named = SaleRef(id=sale)  # type: ignore[arg-type]
    body = Body(returned=tuple(ReturnedLine(place, quantity) for place, quantity in pieces))
    return RecordActivity(
        kind="return", sale=named, source="till", external_id=receipt, body=body, **more
    )
