-- Late activities: what was decided after them is decided anew, and the differences are booked.

-- A member's activities in the order they happened: asked for the last of them by every batch of a
-- program with tiers, and for all of them when one came late. Sales to nobody are left out.
create index activity_of_member on activity (program_id, member_id, occurred_at)
    where member_id <> '00000000-0000-0000-0000-000000000000';

-- ── decisions that were made again ───────────────────────────────────────────────────────────
-- A decision that was made again, beside the first one in `trail`: the steps it came to, and for
-- which late activity it was made again. What it booked is an entry `restate`.
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
create trigger append_only before update or delete or truncate on restatement
    for each statement execute function refuse_change();
grant select, insert on restatement to regulars_app;
alter table restatement enable row level security;
alter table restatement force row level security;
create policy own_program on restatement to regulars_app using
    (program_id = (select current_setting('regulars.program_id')::integer));
create policy owner on restatement to regulars_owner using (true);
create type restatement_row as (
    member_id uuid, activity_id uuid, restatement_id uuid, late_id uuid, version int, packed bytea
);

alter table entry drop constraint entry_kind_check;
alter table entry add constraint entry_kind_check check (kind in
    ('earn', 'return', 'hold', 'capture', 'void', 'lapse', 'expire', 'adjust',
     'activate', 'cancel', 'open', 'restate'));
alter table tier_move drop constraint tier_move_reason_check;
alter table tier_move add constraint tier_move_reason_check check (reason in
    ('reached', 'kept', 'lost', 'returned', 'brought_over', 'restated'));
