"""Faults where points moved: gifts, courtesy, members who are one, households."""

from tests.insight.verify.planting import ELSE, at, planted

_GIVEN = "entry_id in (select entry_id from entry where kind = 'transfer')"
_DAN = """(select member_id from member where state = 'merged' order by 1 limit 1)"""
_POOLED = """role = 'member' and exists (
    select from entry e where e.member_id = household_member.member_id and e.kind = 'pool')"""

MOVING = {
    "a gift arrives smaller than it was given": planted(
        """update posting p set amount = p.amount - sign(p.amount)::int from lot l
            where l.entry_id = p.entry_id and l.lot_id = (
                  select lot_id from lot where """
        + _GIVEN
        + """ order by 1 limit 1);
           update lot set amount = amount - 1, remaining = remaining - 1 where lot_id = (
                  select lot_id from lot where """
        + _GIVEN
        + " order by 1 limit 1)",
        "transfers_pair",
        "moved_keep_life",
        "balances_follow",
        "trial_balance",
        "lots_are_balances",
        "points_told",
    ),
    "a gift lives longer than it did": planted(
        at(
            "update lot set expires_at = expires_at + interval '1 day'",
            "lot",
            _GIVEN,
        ),
        "moved_keep_life",
    ),
    "a gift forgets where it came from": planted(
        at(f"update lot set cause_id = {ELSE}", "lot", _GIVEN),
        "moved_keep_life",
    ),
    "more counts against a limit on gifts than was given": planted(
        """update counter set value = value + 1 from program_code c
            where c.program_id = counter.program_id and c.code = counter.counter
              and c.kind = 'counter' and c.name like 'transfer:%' and value > 0
              and counter.program_id = 1""",
        "gifts_counted",
    ),
    "points are given by the back door of a forgiven debt": planted(
        """update posting set account = 1 where account = 4 and entry_id =
                  (select entry_id from entry where kind = 'write_off' order by 1 limit 1)""",
        "debts_forgiven",
        "balances_follow",
        "lots_match_entries",
    ),
    "a forgiven debt says no reason": planted(
        at("update entry set reason = ''", "entry", "kind = 'write_off'"), "corrections_say_why"
    ),
    "an end was moved and nobody said so": planted(
        """update lot set expires_at = expires_at + interval '1 day' from courtesy c
            where c.lot_id = lot.lot_id and c.kind = 'extend' and lot.program_id = 1""",
        "courtesy_fits",
        "moved_keep_life",
    ),
    "more lives again than had lapsed": planted(
        at("update courtesy set points = points + 100", "courtesy", "kind = 'reinstate'"),
        "courtesy_fits",
    ),
    "a courtesy without an entry": planted(
        """insert into courtesy select program_id, member_id, uuidv7(), kind, lot_id, wallet, 0 + 1,
                  from_at, to_at, 0 from courtesy where kind = 'reinstate' limit 1""",
        "courtesy_fits",
    ),
    "a merged member still has points": planted(
        f"update balance set available = 5 where member_id = {_DAN} and wallet = 1",
        "merged_are_empty",
        "balances_follow",
        "lots_are_balances",
        "trial_balance",
    ),
    "a merged member's card leads nowhere": planted(
        f"""update identifier i set member_id = m.member_id from member m
             where m.member_id = {_DAN} and i.kind = 'number' and i.value = m.number""",
        "merged_are_empty",
        "numbers_find",
    ),
    "an alias is lost": planted(
        at("delete from member_alias", "member_alias"),
        "merged_are_empty",
        "numbers_find",
        "causes_exist",
        "counters_follow",
        "earned_follows",
        "points_explained",
        "points_told",
        "gifts_counted",
        "benefits_counted",
    ),
    "a merge is of somebody else": planted(
        at(f"update member_merge set merge_id = {ELSE}", "member_merge", "unmerged_at is not null"),
        "causes_exist",
    ),
    "somebody is blocked and nobody said so": planted(
        "update member set state = 'blocked' where state = 'active' and program_id = 1",
        "blocks_told",
        "active_alone",
    ),
    "a block says no name": planted(
        at("update block set actor = ' '", "block"), "corrections_say_why"
    ),
    "a household without a head": planted(
        at("update household_member set role = 'member'", "household_member", "role = 'head'"),
        "households_whole",
    ),
    "points of a pool come from a stranger": planted(
        f"""update household_member set household_id = {ELSE}
             where place_id = (select place_id from household_member where role = 'member'
                                order by 1 limit 1)""",
        "causes_exist",
        "households_whole",
    ),
    "who left a household gives on": planted(
        at(
            "update household_member set left_at = timestamptz '2000-01-01'",
            "household_member",
            _POOLED,
        ),
        "causes_exist",
    ),
    "who takes from a household came only later": planted(
        at(
            "update household_member set joined_at = joined_at + interval '1 year', "
            "place_id = 'ffffffff-ffff-7fff-bfff-ffffffffffff'",
            "household_member",
            _POOLED,
        ),
        "causes_exist",
    ),
    "a gift was not told": planted(
        at("delete from outbox", "outbox", "type = 'points.transferred'"), "points_told"
    ),
}
