-- Inactivity: points of members who do nothing for long lapse, once they were told.

do $$
begin
    perform allow_also('midnight_step', 'step', array['list_idle', 'look_at_idle']);
    perform allow_also('parked_member', 'step', array['list_idle', 'look_at_idle']);
    perform allow_also('courtesy', 'kind', array['spare']);
end $$;
-- Where one name alone was allowed there is no list yet.
alter table message drop constraint message_kind_check;
alter table message add constraint message_kind_check
    check (kind = any ('{expiry_notice,idle_notice}'::text[]));

-- ── points left alone ──────────────────────────────────────────────────────────────────────
-- When a member last did what keeps the points of a wallet alive, where it asks for that. In no
-- index, so that earning goes on changing a balance in place.
alter table balance
    add column last_qualifying_at timestamptz;  -- the last activity, as far as the wallet asks
alter type balance_row add attribute last_qualifying_at timestamptz;

-- When somebody has to look at a wallet next; nobody is looked at before.
create table idle_clock (
    program_id integer     not null,
    member_id  uuid        not null,
    wallet     smallint    not null,
    look_at    timestamptz not null,
    primary key (program_id, member_id, wallet)
);
create index idle_look on idle_clock (program_id, look_at);

-- How far the walk is through those who had points before a wallet asked for activity.
create table idle_walk (
    program_id integer     not null,
    wallet     smallint    not null,
    since      timestamptz not null,            -- of which promise
    days       integer     not null,
    last_id    uuid,
    done_at    timestamptz,
    primary key (program_id, wallet)
);

create type idle_clock_row as (member_id uuid, wallet smallint, look_at timestamptz);

grant select, insert, update, delete on idle_clock to regulars_app;
grant select, insert, update on idle_walk to regulars_app;
select fence(array['idle_clock', 'idle_walk']);
