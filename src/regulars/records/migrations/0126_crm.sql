-- What was passed as the same sale and is another one; contracts of partners that end early.

-- ── another sale ────────────────────────────────────────────────────────────────────────────────
-- Which activities somebody said that an event does not tell (ADR 0871); it stays, so that nothing
-- takes it for one of them again.
alter table arrival add column apart uuid[] not null default '{}';

-- ── contracts that end early ────────────────────────────────────────────────────────────────────
-- What was agreed with a partner is never changed; that it ends before its time is a word of its own
-- (ADR 0874).
create table partner_contract_end (
    program_id  integer     not null,
    contract_id uuid        not null,
    partner_id  uuid        not null,
    ends_at     timestamptz not null,           -- from then on nothing is collected or spent by it
    made_at     timestamptz not null,
    actor       text        not null check (actor <> ''),
    reason      text        not null,
    primary key (program_id, contract_id)
);
create index partner_contract_end_of on partner_contract_end (program_id, partner_id, ends_at);
select never_change(array['partner_contract_end']);
select fence(array['partner_contract_end']);
