"""Who belongs to whom, where they stand and what they may."""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace
from tests.makers import asked
from tests.stories.reading import Unreadable
from tests.stories.verbs.known import Deed, Known, member, said

from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.benefits.keep_appointments import miss_uses, move_uses
from regulars.flows.membership.benefits.use_benefits import undo_uses, use_benefits
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import (
    BlockMember,
    EnterHousehold,
    FoundHousehold,
    GrantBenefit,
    Guest,
    LeaveHousehold,
    MergeMembers,
    MissUse,
    MoveUse,
    UndoUse,
    UnmergeMember,
    UseBenefit,
)
from regulars.flows.membership.deliver_messages import Deliver, deliver_messages
from regulars.flows.membership.keep_households import (
    enter_households,
    found_households,
    leave_households,
)
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.membership.plans.commands import StartMembership, TurnMembership
from regulars.flows.membership.plans.keep_memberships import start_memberships, turn_memberships
from regulars.flows.membership.tiers.give_tiers import give_tiers, turn_grants
from regulars.flows.membership.tiers.tier_commands import Challenge, GiveTier, TurnGrant
from regulars.flows.membership.unmerge_members import unmerge_members
from regulars.flows.points.choosing.choose_one import choose_one
from regulars.flows.points.choosing.commands import ChooseOne
from regulars.flows.points.gaming.commands import TakePart
from regulars.flows.points.gaming.keep_teams import form_teams, join_teams, leave_teams
from regulars.flows.points.gaming.take_part import take_part
from regulars.flows.points.gaming.team_commands import FormTeam, JoinTeam, LeaveTeam
from regulars.flows.points.referring.commands import GiveCode, NameReferral
from regulars.flows.points.referring.name_referrals import give_codes, name_referrals
from regulars.records.members.types import Identifier, JoinMember

_WITH = re.compile(r"with (phone|email|card) (\S+(?: \d+)*)")
_FOR = re.compile(r" for ([a-z][a-z-]*)$")
_GRANTED = re.compile(r"(\S+?)(?: (\d+) times)?(?: until (\d{4}-\d\d-\d\d \d\d:\d\d))?: (.+)$")
_UNREAD = """
select m.message_id from message m join identifier i using (program_id, member_id)
 where program_id = $1 and i.kind = 'external' and i.value = $2 and m.delivered_at is null
 order by m.message_id limit 1
"""
_WAITING = """
select g.grant_id from tier_grant g join identifier i using (program_id, member_id)
 where g.program_id = $1 and i.value = $2 and g.kind = 'invited'
 order by g.grant_id desc limit 1
"""
_MEMBERSHIP = """
select t.membership_id from membership_turn t join identifier i using (program_id, member_id)
 where t.program_id = $1 and i.value = $2 order by t.recorded_at desc, t.step desc limit 1
"""
_TEAM = """
select t.code from team t join team_place p using (program_id, team_id)
  join identifier i on i.program_id = p.program_id and i.member_id = p.member_id
 where t.program_id = $1 and i.value = $2 and t.challenge = $3 and p.until is null
"""


class Belonging(Known):
    """Verbs of a story: who belongs to whom, where they stand and what they may."""

    def _joins(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        names = [Identifier("external", who.lower())]
        rest, attributes = said(rest)
        names += [Identifier(kind, value) for kind, value in _WITH.findall(rest)]
        return None, JoinMember(identifiers=tuple(names), attributes=attributes)

    def _merges(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        gone, stays = member(who), member(rest)
        assert gone is not None, who
        assert stays is not None, rest
        return merge_members, MergeMembers(gone, stays, "one person", "Olga")

    def _parts(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        return unmerge_members, UnmergeMember(self.merged[who], "two after all", "Olga")

    def _is_blocked(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        return self._block(who, True)

    def _is_let_go(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        return self._block(who, False)

    def _block(self, who: str, blocked: bool) -> Deed:
        whom = member(who)
        assert whom is not None, who
        return block_members, BlockMember(whom, blocked, "seen on camera", "Olga")

    def _founds(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        whom = member(who)
        assert whom is not None, who
        return found_households, FoundHousehold(whom, rest)

    def _enters(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        whom = member(who)
        assert whom is not None, who
        """`enters Acme as-buyer with points=300`: with a limit of their own."""
        rest, limits = said(rest)
        household, _, role = rest.partition(" as-")
        return enter_households, EnterHousehold(
            self.households[household],
            whom,
            role or "member",  # type: ignore[arg-type]
            limits={name: int(most) for name, most in limits.items()},
        )

    def _leaves(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        whom = member(who)
        assert whom is not None, who
        return leave_households, LeaveHousehold(self.households[rest], whom)

    def _names(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`names Ada`: a newcomer names Ada's code, which she gets for it if she has none."""
        whom, referrer = member(who), member(rest)
        if whom is None or referrer is None:
            raise Unreadable(f"who is {rest!r}? Write `names Ada`")
        (given,) = self.shop.ask(give_codes, GiveCode(referrer))
        return name_referrals, NameReferral(whom, given.code, asked=asked(tails.get("key", "")))

    def _chooses(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`chooses ticket of gift`: one of several, for this period."""
        whom = member(who)
        option, _, word = rest.partition(" of ")
        if whom is None or not word:
            raise Unreadable("write `chooses ticket of gift`")
        return choose_one, ChooseOne(whom, word, option, asked=asked(tails.get("key", "")))

    def _plays(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        whom = member(who)
        if whom is None:
            raise Unreadable("who takes part? Write a name")
        return take_part, TakePart(whom, rest, asked=asked(tails.get("key", "")))

    def _teams(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`teams up for hundred`, `teams up with Ada for hundred`, `teams no more for hundred`."""
        whom, key = member(who), asked(tails.get("key", ""))
        how, _, challenge = rest.rpartition(" for ")
        if whom is None or not challenge:
            raise Unreadable("write `teams up for hundred`")
        if how == "up":
            return form_teams, FormTeam(whom, challenge, asked=key)
        if how == "no more":
            return leave_teams, LeaveTeam(whom, challenge, asked=key)
        mate = how.removeprefix("up with ").lower()
        ((code,),) = self.shop.rows(_TEAM, mate, challenge)
        return join_teams, JoinTeam(whom, code, asked=key)

    def _is_given_tier(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`is put on gold until 2026-09-01 00:00`."""
        tier, _until, day = rest.partition(" until ")
        return self._tier(who, "granted", tier, until_at=self.when(day or None))

    def _is_matched(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`is matched gold for 150.00 in 90 days`."""
        tier, _for, asked_for = rest.partition(" for ")
        amount, days = asked_for.removesuffix(" days").split(" in ")
        challenge = Challenge(self.money(amount), int(days))
        return self._tier(who, "matched", tier, challenge=challenge, proof="their card")

    def _is_invited(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        return self._tier(who, "invited", rest)

    def _tier(self, who: str, kind: Any, tier: str, **more: Any) -> Deed:
        whom = member(who)
        assert whom is not None, who
        return give_tiers, GiveTier(whom, kind, tier, "our best", "Olga", **more)

    def _accepts(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """The latest invitation that waits for them."""
        grant_id = self.shop.rows(_WAITING, who.lower())[0][0]
        return turn_grants, TurnGrant(grant_id, "accepted", who)

    def _reads(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """The oldest message that was not shown to them yet."""
        return deliver_messages, Deliver(self.shop.rows(_UNREAD, who.lower())[0][0], "card")

    def _uses(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`uses companion with name=Ben`, `uses early-drop for shoes by web`, `uses lounge bringing
        Nil and Ece`, `uses stylist booked 2026-07-09 10:00`."""
        rest, _, booked = rest.partition(" booked ")
        rest, _, along = rest.partition(" bringing ")
        rest, details = said(rest)
        found = _FOR.search(rest)
        category = found[1] if found else ""
        whom = member(who)
        assert whom is not None, who
        return use_benefits, UseBenefit(
            whom,
            rest[: found.start()] if found else rest,
            store=tails.get("at", ""),
            channel=tails.get("by", ""),
            category=category,
            details={name: str(value) for name, value in details.items()},
            asked=asked(tails.get("key", "")),
            guests=tuple(Guest(name) for name in along.split(" and ") if name),
            from_at=self.when(booked or None),
        )

    def _rebooks(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`rebooks U1 to 2026-07-10 10:00`, as another name: ` as U2`."""
        name, _, to = rest.partition(" to ")
        at = self.when(to)
        assert at is not None, rest
        return move_uses, MoveUse(self.uses[name], at, asked(tails.get("key", "")))

    def _stays_away(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        return miss_uses, MissUse(self.uses[rest], asked(tails.get("key", "")))

    def _undoes(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        return undo_uses, UndoUse(self.uses[rest], asked=asked(tails.get("key", "")))

    def _is_granted(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        found, whom = _GRANTED.match(rest), member(who)
        if found is None or whom is None:
            raise Unreadable(f"what is {rest!r}? Write `lounge 2 times: for the delay`")
        times, until = int(found[2] or 1), self.when(found[3])
        return grant_benefits, GrantBenefit(
            whom, found[1], found[4], "Olga", times=times, until_at=until
        )

    def _starts(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`starts plus`: the first term is paid."""
        whom = member(who)
        assert whom is not None, who
        return start_memberships, StartMembership(whom, rest, asked=asked(tails.get("key", "")))

    def _tries(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`tries plus`: the trial begins."""
        flow, command = self._starts(who, rest, tails)
        return flow, replace(command, trial=True)

    def _ends(self, who: str, rest: str, tails: dict[str, str]) -> Deed:
        """`ends now`, `ends at period end`: a paid membership is cancelled."""
        return self._has_plan_turned(who, f"cancelled {rest}", tails)

    def _has_plan_turned(self, who: str, rest: str, _: dict[str, str]) -> Deed:
        """`has paid`, `has refunded 5.00`, `has cancelled now`, `has changed to club now`."""
        what, _space, more = rest.partition(" ")
        amount = re.search(r"(\d+\.\d+)", more)
        plan = re.search(r"to (\S+)", more)
        (found,) = self.shop.rows(_MEMBERSHIP, who.lower())
        return turn_memberships, TurnMembership(
            found[0],
            what,  # type: ignore[arg-type]
            amount_minor=self.money(amount[1]) if amount else None,
            currency=self.shop.terms.versions[-1].program.currency,
            at="now" if more.endswith("now") else "period_end",
            plan=plan[1] if plan else "",
        )
