-- Pending points: lots that cannot be spent yet, and the two ways in which that ends.

alter table lot
    add column state text not null default 'open' check (state in
        ('open', 'pending', 'cancelled')),
    add column activates_at timestamptz,        -- from when they can be spent, once that is known
    add column cancels_at   timestamptz,        -- cancelled then, unless confirmed before
    add constraint lot_waits_for_something check
        (state <> 'pending' or (activates_at is null) <> (cancels_at is null)),
    add constraint lot_of_cancelled_is_empty check (state <> 'cancelled' or remaining = 0),
    add constraint lot_pending_is_not_held check (state <> 'pending' or pinned = 0);
-- Partial: a shop without pending points never has a row in it.
create index lot_to_turn on lot (program_id, coalesce(activates_at, cancels_at))
    where state = 'pending' and remaining > 0;

alter table entry drop constraint entry_kind_check;
alter table entry add constraint entry_kind_check check (kind in
    ('earn', 'return', 'hold', 'capture', 'void', 'lapse', 'expire', 'adjust',
     'activate', 'cancel'));
alter table midnight_step drop constraint midnight_step_step_check;
alter table midnight_step add constraint midnight_step_step_check check (step in
    ('activate_pending', 'lapse_holds', 'expire_lots', 'review_tiers'));

-- Lots that wait travel in shapes of their own, so that all others stay as small as they were.
create type lot_waiting_row as (
    member_id uuid, wallet smallint, lot_id uuid, entry_id uuid, cause_id uuid, version int,
    amount bigint, remaining bigint, pinned bigint, earned_at timestamptz,
    expires_at timestamptz, state text, activates_at timestamptz, cancels_at timestamptz
);
create type lot_turn_row as (
    member_id uuid, wallet smallint, lot_id uuid, remaining bigint, pinned bigint,
    expires_at timestamptz, state text, activates_at timestamptz
);

alter table parked_member drop constraint parked_member_step_check;
alter table parked_member add constraint parked_member_step_check check (step in
    ('activate_pending', 'lapse_holds', 'expire_lots', 'review_tiers'));
