-- Late activities: what was decided after them is decided anew, and the differences are booked.

do $$
begin
    perform allow_also('entry', 'kind', array['restate']);
    perform allow_also('tier_move', 'reason', array['restated']);
end $$;

-- A member's activities in the order they happened: asked for the last of them by every batch of a
-- program with tiers, and for all of them when one came late. Sales to nobody are left out.
create index activity_of_member on activity (program_id, member_id, occurred_at)
    where member_id <> '00000000-0000-0000-0000-000000000000';

-- Whether a member was ever part of a merge, also of one that was undone.
create index merge_of_who_stays on member_merge (program_id, into_id);
create index merge_of_who_left on member_merge (program_id, from_id);

-- ── decisions that were made again ──────────────────────────────────────────────────────────
-- A decision that was made again, beside the first one in `trail`: the steps it came to, and for
-- which late activity it was made again. What it booked is an entry `restate`. The attributes of
-- its member stand in the first trail alone, so that an erasure takes them at one place.
create table restatement (
    program_id     integer     not null,
    member_id      uuid        not null,
    activity_id    uuid        not null,           -- the deed that was decided again
    restatement_id uuid        not null,
    late_id        uuid        not null,           -- what came late
    version        integer     not null,
    engine         smallint    not null,
    packed         bytea       not null,
    recorded_at    timestamptz not null,
    primary key (program_id, member_id, activity_id, restatement_id)
);
create type restatement_row as (
    member_id uuid, activity_id uuid, restatement_id uuid, late_id uuid, version int, packed bytea
);

select never_change(array['restatement']);
select fence(array['restatement']);
