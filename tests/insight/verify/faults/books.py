"""Faults in the ledger and its lots."""

from tests.insight.verify.planting import ELSE, LAPSED_CARD, at, one, planted

BOOKS = {
    "a posting is raised": planted(
        at("update posting set amount = amount + 1", "posting", "account = 1"),
        "entries_balance",
        "balances_follow",
        "trial_balance",
        "lots_match_entries",
    ),
    "the program's side is lowered": planted(
        at("update posting set amount = amount - 1", "posting", "account = 11"),
        "entries_balance",
        "earned_follows",
        "trial_balance",
        "points_explained",
    ),
    "both sides are raised, so the entry still balances": planted(
        """update posting p set amount = amount + sign(amount)::int
            where entry_id = (select entry_id from posting join entry using (entry_id)
                               where kind = 'earn' group by entry_id, wallet
                              having count(*) = 2 order by entry_id limit 1)
              and wallet = 1""",
        "balances_follow",
        "earned_follows",
        "trial_balance",
        "lots_match_entries",
        "points_explained",
    ),
    "an entry loses its postings": planted(
        """delete from posting where entry_id =
                  (select entry_id from entry where kind = 'adjust' order by 1 limit 1)""",
        "entries_have_postings",
        "balances_follow",
        "trial_balance",
        "lots_match_entries",
        "points_told",
    ),
    "an entry is deleted": planted(
        at("delete from entry", "entry", "kind = 'adjust'"),
        "postings_have_entries",
        "lots_are_whole",
        "once_for_ever",
        "points_told",
    ),
    "an entry moves to another member": planted(
        at(f"update entry set member_id = {ELSE}", "entry", "kind = 'adjust'"),
        "entries_have_postings",
        "postings_have_entries",
        "lots_are_whole",
        "members_exist",
        "points_told",
    ),
    "an entry moves to the other program": planted(
        at("update entry set program_id = 3 - program_id", "entry", "kind = 'adjust'"),
        "entries_have_postings",
        "postings_have_entries",
        "lots_are_whole",
        "members_exist",
        "once_for_ever",
        "points_told",
    ),
    "a purchase is deleted": planted(
        at("delete from activity", "activity", "external_id = 'a3'"),
        "causes_exist",
        "activities_have_trails",
        "once_for_ever",
        "deeds_listed",
        "prizes_fit",
    ),
    "an adjustment names something else": planted(
        at(f"update entry set cause_id = {ELSE}", "entry", "kind = 'adjust'"),
        "causes_exist",
    ),
    "a wallet without a name": planted(
        "insert into balance (program_id, member_id, wallet) "
        "select program_id, member_id, 99 from member limit 1",
        "names_known",
    ),
    "a counter without a name": planted(
        "insert into counter select program_id, member_id, 99, 0, 0 from member limit 1",
        "names_known",
    ),
    "an account without a name": planted(
        at("update posting set account = 99", "posting", "account = 14"),
        "names_known",
        "trial_balance",
        "points_told",
    ),
    "a balance is raised": planted(
        at("update balance set available = available + 1", "balance", "available > 0"),
        "balances_follow",
        "trial_balance",
        "lots_are_balances",
    ),
    "a debt is forgiven quietly": planted(
        "update balance set debt = 0 where debt > 0", "balances_follow", "trial_balance"
    ),
    "a balance is deleted": planted(
        at("delete from balance", "balance", "available > 0 and held = 0 and earned > 0"),
        "balances_follow",
        "earned_follows",
        "trial_balance",
        "lots_are_balances",
    ),
    "the lifetime figure is raised": planted(
        at("update balance set earned = earned + 1", "balance"), "earned_follows"
    ),
    "somebody has less than nothing": planted(
        f"""alter table balance drop constraint balance_available_check;
            update balance set available = -1 where {one("balance", "available = 0")}""",
        "never_below_zero",
        "balances_follow",
        "trial_balance",
        "lots_are_balances",
    ),
    "an amount beyond what readers keep exactly": planted(
        f"""alter table posting drop constraint posting_amount_check;
            update posting set amount = 9007199254740992
             where {one("posting", "account = 12")}""",
        "amounts_in_range",
        "entries_balance",
        "trial_balance",
        "redemptions_booked",
    ),
    "a posting of nothing": planted(
        """alter table posting drop constraint posting_amount_check;
           insert into posting
           select program_id, member_id, entry_id, 99, wallet, account, 0 from posting limit 1""",
        "amounts_in_range",
    ),
    "a reversal of more than there was": planted(
        """update entry set reverses = (select entry_id from entry where kind = 'hold'
                                          and member_id = e.member_id order by 1 limit 1)
             from entry e where e.entry_id = entry.entry_id and entry.entry_id =
                  (select entry_id from entry where kind = 'adjust' order by 1 limit 1)""",
        "reversals_fit",
    ),
    "a reversal of a reversal": planted(
        """update entry set reverses = cause.entry_id from (
                  select member_id, min(entry_id::text)::uuid as entry_id from entry
                   where kind = 'void' group by member_id order by 2 limit 1) as cause
            where entry.member_id = cause.member_id and entry.kind = 'adjust';
           update entry set reverses = (select entry_id from entry e where e.kind = 'earn'
                                           and e.member_id = entry.member_id order by 1 limit 1)
            where kind = 'void' and program_id = 1""",
        "reversals_fit",
    ),
    "a correction without a reason": planted(
        at("update entry set reason = ' '", "entry", "kind = 'adjust'"),
        "corrections_say_why",
    ),
}

LOTS = {
    "a lot is deleted": planted(
        at(
            "delete from lot",
            "lot",
            "remaining = amount and lot_id not in (select lot_id from hold_lot)"
            " and lot_id not in (select lot_id from notice_lot)"
            " and state = 'open' and activates_at is null",
        ),
        "lots_match_entries",
        "lots_are_balances",
    ),
    "a lot's entry is another": planted(
        at(f"update lot set entry_id = {ELSE}", "lot", "remaining = amount"),
        "lots_are_whole",
        "lots_match_entries",
    ),
    "a move of a lot is deleted": planted(
        at(
            "delete from lot_move",
            "lot_move",
            LAPSED_CARD,
        ),
        "lots_add_up",
        "lots_match_entries",
    ),
    "a move is of a lot that is not there": planted(
        at(f"update lot_move set lot_id = {ELSE}", "lot_move", LAPSED_CARD),
        "lots_are_whole",
        "lots_add_up",
        "lapsed_on_time",
    ),
    "a lapsed lot is deleted": planted(
        """delete from lot using entry e join member m using (member_id)
            where lot.lot_id = e.cause_id and e.kind = 'expire' and m.state = 'unregistered'""",
        "causes_exist",
        "lots_are_whole",
        "lots_match_entries",
        "points_explained",
    ),
    "more remains of a lot": planted(
        at(
            "update lot set remaining = remaining + 1",
            "lot",
            "remaining between 1 and amount - 1 and expires_at > '3000-01-01'",
        ),
        "lots_add_up",
        "lots_are_balances",
    ),
    "a pin is forgotten": planted(
        at("update lot set pinned = pinned - 1", "lot", "pinned > 0"),
        "lots_are_balances",
        "pins_are_holds",
    ),
    "later points were taken while sooner ones were there": planted(
        """update lot set earned_at = earned_at - interval '1 day' where wallet = 1 and cause_id =
                  (select activity_id from activity where external_id = 'a2' and program_id = 1)""",
        "soonest_first",
    ),
    "points lapsed before their end": planted(
        """update lot set expires_at = expires_at + interval '1 year' from member m
            where m.state = 'unregistered' and m.program_id = 1 and lot.member_id = m.member_id
              and lot.wallet = 1""",
        "lapsed_on_time",
    ),
    "points were spent after their end": planted(
        """update hold set opened_at = opened_at + interval '90 days'
            where hold_id = (select hold_id from hold where wallet = 1 and state = 'voided'
                              order by 1 limit 1)""",
        "lapsed_on_time",
    ),
    "waiting points are called usable": planted(
        at("update lot set state = 'open'", "lot", "state = 'pending' and remaining > 0"),
        "pending_ends_once",
        "lots_are_balances",
    ),
    "a pending balance is raised": planted(
        at("update balance set pending = pending + 1", "balance", "pending > 0"),
        "balances_follow",
        "trial_balance",
        "lots_are_balances",
    ),
    "what was confirmed was cancelled as well": planted(
        at("update entry set kind = 'cancel'", "entry", "kind = 'activate'"),
        "pending_ends_once",
        "points_told",
    ),
    "points are confirmed twice": planted(
        """insert into entry
           select program_id, member_id, '01900000-0000-7000-8000-000000000001', kind, cause_id,
                  reverses, occurred_at, recorded_at, actor, reason
             from entry where kind = 'activate' order by entry_id desc limit 1;
           insert into posting
           select program_id, member_id, '01900000-0000-7000-8000-000000000001', line, wallet,
                  account, amount
             from posting where entry_id = (select entry_id from entry where kind = 'activate'
                                           order by entry_id desc limit 1)""",
        "pending_ends_once",
        "balances_follow",
        "points_told",
    ),
    "points were usable before their time": planted(
        at("update lot set activates_at = activates_at + interval '1 day'", "lot", "wallet = 6"),
        "pending_on_time",
    ),
    "points were cancelled after their time": planted(
        at(
            "update lot set cancels_at = cancels_at - interval '40 days'",
            "lot",
            "wallet = 5 and state = 'cancelled'",
        ),
        "pending_on_time",
    ),
    "the night forgot that points waited": planted(
        at("update lot set cancels_at = '2025-12-01'", "lot", "wallet = 4 and state = 'pending'"),
        "pending_not_overdue",
    ),
    "the night forgot a lot": planted(
        """update lot set expires_at = '2025-12-01' where lot_id =
                  (select lot_id from lot join entry using (entry_id)
                    where remaining > 0 and wallet = 2 and recorded_at < '2025-12-01'
                    order by lot_id limit 1)""",
        "nothing_overdue",
    ),
}
