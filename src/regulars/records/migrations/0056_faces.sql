-- What was reserved and not taken in time is found by its end, also where nothing was paid for it;
-- what was won and not fetched, by whose it is.
create index redemption_lapsing on redemption (program_id, lapses_at) where state = 'held';
create index redemption_won on redemption (program_id, member_id)
    where state = 'held' and actor in ('game', 'draw');

-- ── members by what they have ───────────────────────────────────────────────────────────────
-- What each member has in the first wallet of the program, less what they owe: follows the books
-- some seconds behind, so that a list by points has an index and who earns pays nothing (ADR 0535).
create table richness (
    program_id integer not null,
    member_id  uuid    not null,
    units      bigint  not null,
    primary key (program_id, member_id)
);
create index richness_in_order on richness (program_id, units desc, member_id desc);

-- How far it follows: everything that was booked below this transaction is in it. While everybody
-- is listed for the first time, after whom to go on.
create table richness_reach (
    program_id integer  not null,
    wallet     smallint not null,
    cluster    bigint   not null,
    below_tx   bigint   not null,
    after_id   uuid,
    primary key (program_id)
);
grant select, insert, update, delete on richness, richness_reach to regulars_app;
select fence(array['richness', 'richness_reach']);
