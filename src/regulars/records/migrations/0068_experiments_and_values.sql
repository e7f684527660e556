-- What chance gives to one part of the members and not to the other, and what came of it (ADR 0601).

-- What we say of a member ourselves, beside what the shop said: which arm of an experiment they are
-- in. Rules ask for it as for any attribute; `null` is nothing, and costs a sale nothing.
alter table member add column derived jsonb check (derived <> '{}'::jsonb);
alter table member alter column derived set statistics 0;

-- ── experiments ──────────────────────────────────────────────────────────────────────────────────
create table experiment (
    program_id    integer     not null,
    experiment_id uuid        not null,
    code          text        not null check (code ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(code) <= 28),
    title         text        not null check (length(title) between 1 and 80),
    kind          text        not null check (kind in ('everybody', 'hold_out', 'split')),
    outcome       text        not null check (outcome in ('spend', 'orders', 'came')),
    arms          text[]      not null check (cardinality(arms) between 2 and 6),
    parts         integer[]   not null check (cardinality(parts) = cardinality(arms)),
    seed          bytea       not null check (octet_length(seed) = 16),
    wanted        integer     not null check (wanted >= 0),      -- members in each arm; 0: not said
    ends_at       timestamptz,                                   -- when it is planned to end
    made_at       timestamptz not null,
    made_by       text        not null check (made_by <> ''),
    begun_at      timestamptz,
    ended_at      timestamptz,
    ended_by      text        not null default '',
    emptied_at    timestamptz,                                   -- nobody is said to be in an arm any more
    why           text        not null default '' check (length(why) <= 200),
    primary key (program_id, experiment_id),
    check (ended_at is null or begun_at is not null)
);
create unique index experiment_code on experiment (program_id, code);
-- One part of the members is left alone for good, not two.
create unique index experiment_of_everybody on experiment (program_id)
    where kind = 'everybody' and begun_at is not null and ended_at is null;

-- Once put into an arm, for ever: nobody changes sides, whatever becomes of parts and members.
create table experiment_member (
    program_id    integer     not null,
    experiment_id uuid        not null,
    member_id     uuid        not null,
    arm           smallint    not null check (arm >= 0),
    since         timestamptz not null,
    primary key (program_id, experiment_id, member_id)
);
create index experiment_member_of on experiment_member (program_id, member_id);

-- What was seen when somebody looked; the last of a day.
create table experiment_look (
    program_id    integer     not null,
    experiment_id uuid        not null,
    day           date        not null,
    at            timestamptz not null,
    found         jsonb       not null,
    primary key (program_id, experiment_id, day)
);

create function erases_arms(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update member set derived = null where program_id = here and member_id = who;
$$;
revoke execute on function erases_arms(integer, uuid, timestamptz, text[], text[]) from public;

grant select, insert, update, delete on experiment, experiment_member, experiment_look to regulars_app;
select fence(array['experiment', 'experiment_member', 'experiment_look']);

-- ── what members are worth from now on ──────────────────────────────────────────────────────────
-- Reckoned anew every day from orders; never the truth, and all of it can be reckoned again.
create table value_run (
    program_id integer     not null,
    as_of      date        not null,           -- the last day that was looked at
    at         timestamptz not null,
    members    integer     not null,
    model      text        not null default '', -- '' where nothing could be said
    found      jsonb       not null,           -- how far off it was, how chances did, what is missing
    primary key (program_id, as_of)
);

create table member_value (
    program_id  integer  not null,
    member_id   uuid     not null,
    as_of       date     not null,
    chance      smallint check (chance between 0 and 1000),  -- of an order in 90 days, in thousandths
    orders      integer  not null,             -- expected in 90 days, in hundredths
    worth_minor bigint   not null,             -- of the next twelve months, in today's money
    since       integer  not null,             -- days since the last order
    gap         integer,                       -- the mean of their own gaps, in days
    health      text check (health in ('strong', 'steady', 'slipping', 'lost')),
    worth       text     not null check (worth in ('top-tenth', 'upper', 'middle', 'lower')),
    primary key (program_id, member_id)
) with (fillfactor = 80);
create index member_value_slipping on member_value (program_id, worth_minor desc) where health = 'slipping';

create function erases_values(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from member_value where program_id = here and member_id = who;
$$;
revoke execute on function erases_values(integer, uuid, timestamptz, text[], text[]) from public;

grant select, insert, update, delete on value_run, member_value to regulars_app;
select fence(array['value_run', 'member_value']);
