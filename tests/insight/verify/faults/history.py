"""Faults in redemptions, in what happened and why."""

from tests.insight.verify.planting import ELSE, NOBODY, at, one, planted

REWARDS = {
    "a refund names another sale's redemption": planted(
        at(f"update redemption set paid_for = {ELSE}", "redemption", "state = 'returned'"),
        "refunds_fit",
    ),
    "a redemption that came back in part is called returned": planted(
        at(
            "update redemption set state = 'returned'",
            "redemption",
            "state = 'captured' and paid_for is not null",
        ),
        "refunds_fit",
        "reward_limits",
        "stock_counts",
    ),
    "more comes back than was taken": planted(
        """update lot_move set delta = delta + 100 where entry_id =
                  (select entry_id from entry where kind = 'refund' order by 1 limit 1)""",
        "refunds_fit",
        "lots_add_up",
        "lots_match_entries",
    ),
    "a payment in dollars pays for a sale in euro": planted(
        at(
            """update redemption set terms = terms || '{"currency": "USD"}'""",
            "redemption",
            "paid_for is not null",
        ),
        "paid_as_told",
    ),
    "a hold without its redemption": planted(
        at(f"update hold set redemption_id = {ELSE}", "hold", "state = 'open'"),
        "holds_are_whole",
        "redemptions_hold",
        "redemptions_booked",
    ),
    "a redemption is deleted": planted(
        """with gone as (delete from redemption where redemption_id =
                  (select redemption_id from redemption where state = 'captured'
                      and reward = 'tote' order by 1 limit 1) returning redemption_id)
           delete from once where subject_id in (select redemption_id from gone)""",
        "causes_exist",
        "holds_are_whole",
        "redemptions_hold",
        "rewards_told",
    ),
    "a reserved lot that is not there": planted(
        at(f"update hold_lot set lot_id = {ELSE}", "hold_lot"),
        "holds_are_whole",
    ),
    "a reserved lot without its hold": planted(
        at(f"update hold_lot set hold_id = {ELSE}", "hold_lot"),
        "holds_are_whole",
        "holds_add_up",
    ),
    "a reserved part is smaller": planted(
        "update hold_lot set amount = amount - 1 where "
        + one("hold_lot", "hold_id in (select hold_id from hold where state = 'voided')"),
        "holds_add_up",
    ),
    "a hold that ended is still open": planted(
        at("update hold set state = 'open'", "hold", "state = 'voided'"),
        "holds_add_up",
        "redemptions_hold",
        "redemptions_booked",
        "pins_are_holds",
    ),
    "a redemption is captured, its hold is not": planted(
        """update redemption set state = 'captured', closed_at = opened_at
            where redemption_id = (select redemption_id from redemption where state = 'held'
                                    order by 1 limit 1)""",
        "redemptions_hold",
        "redemptions_booked",
        "rewards_told",
    ),
    "the price was another": planted(
        "update redemption set terms = jsonb_set(terms, '{price,points}', '1') where "
        + one("redemption"),
        "redemptions_hold",
    ),
    "a capture is booked twice": planted(
        """insert into entry select program_id, member_id, gen_random_uuid(), kind, cause_id,
                  reverses, occurred_at, recorded_at, actor, reason
             from entry where kind = 'capture' order by entry_id limit 1""",
        "entries_have_postings",
        "redemptions_booked",
    ),
    "a piece vanished from the shelf": planted(
        at("update reward_stock set remaining = remaining - 1", "reward_stock"),
        "stock_counts",
    ),
    "a limit's count is too low": planted(
        """update counter set value = value - 1 where ctid =
                  (select c.ctid from counter c join program_code k on k.code = c.counter
                      and k.program_id = c.program_id and k.kind = 'counter'
                    where k.name like 'reward:%' and value > 0 order by 1 limit 1)""",
        "reward_limits",
    ),
    "more of a reward than its limit": planted(
        """insert into redemption
           select program_id, member_id, gen_random_uuid(), reward, version,
                  jsonb_set(terms, '{price}', '{}'), 'held', store, channel, actor, opened_at,
                  lapses_at, null
             from redemption, generate_series(1, 4)
            where redemption_id = (select redemption_id from redemption
                                    where reward = 'mug' and state = 'captured'
                                    order by 1 limit 1)""",
        "reward_limits",
        "stock_counts",
        "rewards_told",
    ),
}
HISTORY = {
    "a trail is deleted": planted(
        "delete from trail where "
        + one("trail", "activity_id in (select activity_id from activity where kind = 'visit')"),
        "activities_have_trails",
        "points_explained",
        "counters_follow",
    ),
    "a decision of what nobody did is lost, and one before it is there": planted(
        """insert into activity select program_id, '00000000-0000-0000-0000-000000000000', uuidv7(),
                  kind, source, '', null, occurred_at, recorded_at + n * interval '1 minute', store,
                  channel, 0, '{}', actor
             from (select * from activity where kind = 'visit' and program_id = 1 limit 1) a,
                  generate_series(1, 2) n;
           insert into trail select a.program_id, a.member_id, a.activity_id, null, version, engine,
                  packed, a.recorded_at
             from (select * from activity where kind = 'visit' and program_id = 1
                      and member_id = '00000000-0000-0000-0000-000000000000'
                    order by recorded_at limit 1) a,
                  (select * from trail where program_id = 1 and sale_id is null
                      and member_id = '00000000-0000-0000-0000-000000000000' limit 1) t""",
        "activities_have_trails",
    ),
    "a return of somebody else's sale": planted(
        at(f"update activity set sale_id = {ELSE}", "activity", "external_id = 'rb1'"),
        "returns_name_sales",
        "activities_have_trails",
        "points_explained",
    ),
    "a piece came back twice": planted(
        """insert into activity select program_id, member_id, uuidv7(), kind, source, '', sale_id,
                  occurred_at, recorded_at, store, channel, amount_minor, body, actor
             from activity where external_id = 'ra1' and program_id = 1;
           insert into trail select program_id, member_id,
                  (select max(activity_id::text)::uuid from activity where program_id = 1), sale_id,
                  version, engine, packed, recorded_at
             from trail where activity_id = (select activity_id from activity
                                              where external_id = 'ra1' and program_id = 1)""",
        "returned_pieces",
        "points_told",
    ),
    "a counter is off": planted(
        """update counter set value = value + 1 where ctid =
                  (select c.ctid from counter c join program_code k on k.code = c.counter
                      and k.program_id = c.program_id and k.kind = 'counter'
                    where k.name like 'credit:%' and c.value > 0 order by 1 limit 1)""",
        "counters_follow",
    ),
    "a counter of a member about whom nothing was decided": planted(
        f"""insert into counter select program_id, {NOBODY}, code, 0, 5 from program_code
             where kind = 'counter' and name like 'limit:%' limit 1""",
        "counters_follow",
        "members_exist",
    ),
    "a budget nobody drew on": planted(
        """insert into budget select program_id, code, 0, 5 from program_code
            where kind = 'counter' and name like 'limit:%' limit 1""",
        "budgets_follow",
    ),
    "a remainder beyond its range": planted(
        """update counter set value = 1000000 where ctid =
                  (select c.ctid from counter c join program_code k on k.code = c.counter
                      and k.program_id = c.program_id and k.kind = 'counter'
                    where k.name like 'remainder:%' order by 1 limit 1)""",
        "counters_follow",
    ),
    "a receipt is kept twice": planted(
        "update activity set external_id = 'a3' where " + one("activity", "external_id = 'a4'"),
        "once_for_ever",
    ),
    "a key is forgotten": planted(
        """delete from once where subject_id = (select activity_id from activity
                                                 where external_id = 'a3' and program_id = 1)""",
        "once_for_ever",
    ),
    "a key stands for nothing": planted(
        at(
            f"update once set subject_id = {ELSE}",
            "once",
            "subject_id in (select entry_id from entry where kind = 'adjust')",
        ),
        "once_for_ever",
    ),
    "a return waits although its purchase is here": planted(
        """update waiting_return set settled_at = null where settled_at is not null;
           delete from activity where external_id = 'early';
           delete from trail t using waiting_return w where w.activity_id = t.activity_id""",
        "budgets_follow",
        "returns_do_not_wait",
        "causes_exist",
        "points_told",
        "points_explained",
        "counters_follow",
    ),
    "a return that was taken still waits": planted(
        """update waiting_return set settled_at = null where settled_at is not null;
           delete from once using waiting_return w where once.key = w.sale_key;
           insert into once select program_id, gen_random_uuid(), content, member_id,
                  activity_id, '', recorded_at
             from (select a.program_id, a.member_id, a.activity_id, a.recorded_at, a.activity_id
                          as content from activity a where external_id = 'a2') as again""",
        "returns_settled",
    ),
    "a return that waits was lost": planted(
        "update waiting_return set settled_at = recorded_at where settled_at is null",
        "returns_settled",
    ),
}
