-- What partners tell in feeds: which line an event became, by which other number a claim is known, and
-- what was settled with a partner, line by line (ADR 0796, 0797, 0798).

-- ── claims and what arrives later ───────────────────────────────────────────────────────────────
-- So many days either way an activity may lie from a claim and be what it misses; 0: its number alone.
alter table partner_contract add column match_days smallint not null default 0
    check (match_days between 0 and 30);

-- A claim and the number by which the partner told of the same: each stands for one line.
create table partner_claim_match (
    program_id  integer     not null,
    claim_id    uuid        not null,
    partner_id  uuid        not null,
    external_id text        not null,
    entry_id    uuid        not null,
    matched_at  timestamptz not null,
    primary key (program_id, claim_id)
);
create unique index partner_claim_match_once on partner_claim_match
    (program_id, partner_id, external_id);

create index partner_claim_of on partner_claim (program_id, partner_id, member_id);

-- Which line of a partner's account an event became; `first` where it was new by then.
create table arrival_partner_entry (
    program_id integer not null,
    arrival_id uuid    not null,
    entry_id   uuid    not null,
    first      boolean not null,
    primary key (program_id, arrival_id)
);
create index arrival_partner_entry_of on arrival_partner_entry (program_id, entry_id);

-- ── what was settled ────────────────────────────────────────────────────────────────────────────
-- A stretch of a partner's account, from the line after the settlement before it: every line is in
-- one and one alone. Its sums are kept, so that they can be held against the lines for ever.
create table partner_settlement (
    program_id        integer     not null,
    settlement_id     uuid        not null,
    partner_id        uuid        not null,
    number            integer     not null check (number > 0),
    after_step        integer     not null check (after_step >= 0),
    to_step           integer     not null check (to_step >= after_step),
    from_at           timestamptz,                     -- nothing: from the beginning
    until_at          timestamptz not null,
    opening_minor     bigint      not null,
    payments_minor    bigint      not null,
    accruals_minor    bigint      not null,
    redemptions_minor bigint      not null,
    returns_minor     bigint      not null,
    corrections_minor bigint      not null,
    closing_minor     bigint      not null,
    made_at           timestamptz not null,
    actor             text        not null,
    check (until_at > from_at),
    check (closing_minor = opening_minor + payments_minor + accruals_minor + redemptions_minor
                           + returns_minor + corrections_minor),
    primary key (program_id, settlement_id)
);
create unique index partner_settlement_number on partner_settlement (program_id, partner_id, number);

-- What the partner says of a settled line; of a disputed one there is a dispute beside it.
create table partner_answer (
    program_id  integer     not null,
    entry_id    uuid        not null,
    partner_id  uuid        not null,
    answer      text        not null check (answer in ('accepted', 'disputed')),
    reason      text        not null,
    answered_at timestamptz not null,
    actor       text        not null,
    primary key (program_id, entry_id)
);
create index partner_answer_of on partner_answer (program_id, partner_id);

-- ── when and where settlements are put ──────────────────────────────────────────────────────────
-- One row for each partner that gets them. What is secret is encrypted by a key that the database does
-- not know.
create table settlement_plan (
    program_id  integer     not null,
    partner_id  uuid        not null,
    every       text        not null check (every in ('day', 'week', 'month')),
    place       text        not null check (place in ('folder', 'sftp', 's3')),
    address     text        not null check (length(address) <= 500),
    endpoint    text        not null default '',
    region      text        not null default '',
    account     text        not null default '',
    keys        bytea       not null,
    host_key    text        not null default '',
    format      text        not null check (format in ('csv', 'parquet')),
    state       text        not null check (state in ('active', 'paused')),
    put_number  integer     not null default 0,        -- the last one that is there
    put_at      timestamptz,
    next_at     timestamptz not null,
    failures    integer     not null default 0,        -- in a row
    problem     text        not null default '',       -- of the last try
    version     integer     not null default 1,
    primary key (program_id, partner_id)
);
create index settlement_plan_due on settlement_plan (next_at) where state = 'active';

-- Their text may name whose line it is; it goes with the member.
alter table partner_answer alter column reason set statistics 0, alter column actor set statistics 0;

create trigger only_personal before update on partner_answer
    for each row execute function only_words('actor', 'reason');

select never_change(array['partner_claim_match', 'arrival_partner_entry', 'partner_settlement',
                          'partner_answer']);
grant select, insert, update, delete on settlement_plan to regulars_app;
select fence(array['partner_claim_match', 'arrival_partner_entry', 'partner_settlement',
                   'partner_answer', 'settlement_plan']);

create or replace function erases_partners(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update partner_entry set reason = '', actor = shown_actor(actor, texts)
     where program_id = here and member_id = who;
    update partner_claim set reason = '', actor = shown_actor(actor, texts)
     where program_id = here and member_id = who;
    update partner_answer a set reason = '', actor = shown_actor(a.actor, texts)
      from partner_entry e
     where a.program_id = here and e.program_id = here and e.entry_id = a.entry_id
       and e.member_id = who;
$$;
