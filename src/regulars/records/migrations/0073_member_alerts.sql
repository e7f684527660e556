-- Members somebody of the shop should look at, each with reasons, and what became of it (ADR 0595).

-- ── members to look after ────────────────────────────────────────────────────────────────────────
-- Whoever slips or did something unusual; never the truth, and what became of it.
create table member_alert (
    program_id  integer     not null,
    alert_id    uuid        not null,
    member_id   uuid        not null,
    kind        text        not null check (kind in ('slipping', 'unusual')),
    shown       boolean     not null,           -- false: as likely, but beyond what the shop can reach
    as_of       date        not null,           -- the last day that was looked at
    raised_at   timestamptz not null,
    chance      smallint    check (chance between 0 and 1000),   -- of an order in 90 days
    worth_minor bigint      not null default 0, -- of the next twelve months, revenue
    sorts       text[]      not null,           -- of reasons, by which one is not told twice
    reasons     jsonb       not null,
    outcome     text        check (outcome in ('came', 'stayed_away', 'gone')),
    over_on     date,                           -- the day of the order, or the last day of waiting
    handled_at  timestamptz,
    handled_by  text        not null default '',
    note        text        not null default '' check (length(note) <= 500),
    primary key (program_id, alert_id),
    check ((outcome is null) = (over_on is null)),
    check (shown or kind = 'slipping'),
    check ((handled_at is null) = (handled_by = ''))
) with (fillfactor = 85);
-- Whoever slips is told of once, until it is known what became of it.
create unique index member_alert_open on member_alert (program_id, member_id)
    where kind = 'slipping' and outcome is null;
create unique index member_alert_unusual on member_alert (program_id, member_id, as_of)
    where kind = 'unusual';
create index member_alert_latest on member_alert (program_id, alert_id desc) where shown;
create index member_alert_of on member_alert (program_id, member_id, alert_id desc);

-- Which days were looked at.
create table member_alert_day (
    program_id integer     not null,
    day        date        not null,
    at         timestamptz not null,
    slipping   integer     not null,           -- told of
    beside     integer     not null,           -- as likely, left alone
    unusual    integer     not null,
    primary key (program_id, day)
);

-- What moved on one day, of everybody: what is far from usual is looked for there.
create index points_day_by_day on points_day (program_id, day, member_id);

create function erases_member_alerts(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from member_alert where program_id = here and member_id = who;
$$;
revoke execute on function erases_member_alerts(integer, uuid, timestamptz, text[], text[]) from public;

grant select, insert, update, delete on member_alert, member_alert_day to regulars_app;
select fence(array['member_alert', 'member_alert_day']);
