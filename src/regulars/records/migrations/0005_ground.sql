-- Ground, mended.

-- Who stands on no step of the ladder yet is found at once.
create index standing_without_tier on standing (program_id, member_id) where tier is null;

-- The landing page shows the program that was founded first. The application sees no programs side
-- by side, so the owner answers this one question for it, and nothing else.
create function first_program() returns integer
language sql stable security definer set search_path = pg_catalog, public
as $$ select min(program_id) from public.program $$;
revoke all on function first_program() from public;
grant execute on function first_program() to regulars_app;

-- ── the night, when it cannot end ───────────────────────────────────────────────────────────
-- A member with whom a step of the night could not end: left out for a while, shown, tried again.
create table parked_member (
    program_id integer     not null,
    step       text        not null check (step in ('lapse_holds', 'expire_lots', 'review_tiers')),
    member_id  uuid        not null,
    reason     text        not null,
    times      integer     not null default 1,  -- how often it was tried in vain
    parked_at  timestamptz not null,
    again_at   timestamptz not null,
    settled_at timestamptz,                     -- when the step could do its work after all
    primary key (program_id, step, member_id)
);
grant select, insert, update on parked_member to regulars_app;
alter table parked_member enable row level security;
alter table parked_member force row level security;
create policy own_program on parked_member to regulars_app using
    (program_id = (select current_setting('regulars.program_id')::integer));
create policy owner on parked_member to regulars_owner using (true);

-- A standing as it is kept: with the version it was read at, which must still stand (ADR 0017).
create type kept_standing_row as (
    member_id uuid, version bigint, tier text, tier_since timestamptz, tier_until timestamptz,
    was bigint
);
