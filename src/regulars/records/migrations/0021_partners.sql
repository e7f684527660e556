-- Money that leaves and money between businesses: cashback paid to bank accounts (semantics G4), and
-- partners with their contracts, accounts and claims (H4).

-- ── pay-outs ────────────────────────────────────────────────────────────────────────────────
-- Where a member's money goes. Said anew it is usable again; an erasure takes it.
create table bank_account (
    program_id integer     not null,
    member_id  uuid        not null,
    holder     text        not null check (holder <> ''),
    iban       text        not null check (iban <> ''),
    bic        text        not null,
    set_at     timestamptz not null,
    usable     boolean     not null default true,
    why        text        not null default '',     -- the bank's reason why it is not
    primary key (program_id, member_id)
);

-- Everything that was paid out at once.
create table payout_run (
    program_id  integer     not null,
    run_id      uuid        not null,
    version     integer     not null,
    wallet      integer     not null,
    made_at     timestamptz not null,
    execute_on  date        not null,
    currency    text        not null,
    from_name   text        not null,
    from_iban   text        not null,
    from_bic    text        not null,
    says        text        not null,               -- what stands on the bank statement
    payouts     integer     not null check (payouts > 0),
    total_minor bigint      not null check (total_minor > 0),
    reference   text        not null,
    actor       text        not null,
    primary key (program_id, run_id)
);

-- What one member got; the redemption took it out of the wallet, and names it to the bank.
create table payout (
    program_id    integer not null,
    member_id     uuid    not null,
    redemption_id uuid    not null,
    run_id        uuid    not null,
    place         integer not null check (place > 0),
    amount_minor  bigint  not null check (amount_minor > 0),
    holder        text    not null,
    iban          text    not null,
    bic           text    not null,
    primary key (program_id, member_id, redemption_id)
);
create unique index payout_in_run on payout (program_id, run_id, place);
create unique index payout_by_redemption on payout (program_id, redemption_id);

-- What a bank sent back; each pay-out comes back once at most.
create table payout_return (
    program_id    integer     not null,
    member_id     uuid        not null,
    redemption_id uuid        not null,
    return_id     uuid        not null,
    reference     text        not null,             -- the bank's
    code          text        not null,             -- the bank's reason, such as AC04
    reason        text        not null,
    at            timestamptz not null,
    entry_id      uuid        not null,             -- the money in the wallet again
    amount_minor  bigint      not null check (amount_minor > 0),
    actor         text        not null,
    primary key (program_id, member_id, redemption_id)
);
create unique index payout_return_by_id on payout_return (program_id, return_id);
create unique index payout_return_once on payout_return (program_id, redemption_id);

create type bank_account_row as (
    member_id uuid, holder text, iban text, bic text, set_at timestamptz
);
create type payout_row as (
    member_id uuid, redemption_id uuid, run_id uuid, place int, amount_minor bigint, holder text,
    iban text, bic text
);
create type payout_return_row as (
    member_id uuid, redemption_id uuid, return_id uuid, reference text, code text, reason text,
    at timestamptz, entry_id uuid, amount_minor bigint, actor text
);

create trigger only_personal before update on payout
    for each row execute function only_personal('holder', 'iban', 'bic');
create trigger only_personal before update on payout_return
    for each row execute function only_personal('reason', 'actor');

create function erases_payouts(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from bank_account where program_id = here and member_id = who;
    update payout set holder = '', iban = '', bic = '' where program_id = here and member_id = who;
    update payout_return set reason = '', actor = shown_actor(actor, texts)
     where program_id = here and member_id = who;
$$;
revoke execute on function erases_payouts(integer, uuid, timestamptz, text[], text[]) from public;

alter table bank_account alter column holder set statistics 0, alter column iban set statistics 0,
                         alter column bic set statistics 0;
alter table payout alter column holder set statistics 0, alter column iban set statistics 0,
                   alter column bic set statistics 0;
alter table payout_return alter column reason set statistics 0, alter column actor set statistics 0;

select never_change(array['payout_run', 'payout', 'payout_return']);
grant select, insert, update, delete on bank_account to regulars_app;
select fence(array['bank_account', 'payout_run', 'payout', 'payout_return']);

-- ── partners ────────────────────────────────────────────────────────────────────────────────
-- Another business whose customers collect or spend points here (semantics H4). What stands between
-- the two is money in accounts of their own, never points of members.
create table partner (
    program_id integer     not null,
    partner_id uuid        not null,
    slug       text        not null,
    name       text        not null,
    made_at    timestamptz not null,
    actor      text        not null,
    primary key (program_id, partner_id)
);
create unique index partner_by_slug on partner (program_id, slug);

-- What both agreed on: so much money for so many units, from when until when.
create table partner_contract (
    program_id       integer     not null,
    contract_id      uuid        not null,
    partner_id       uuid        not null,
    kind             text        not null check (kind in ('accrual', 'redemption')),
    wallet           integer     not null,
    price_minor      bigint      not null check (price_minor >= 0),
    per_units        bigint      not null check (per_units > 0),
    from_at          timestamptz not null,
    until_at         timestamptz,
    limit_minor      bigint      check (limit_minor >= 0),  -- nothing: packs are paid beforehand
    name_check       boolean     not null,
    look_back_days   integer     not null check (look_back_days >= 0),
    claim_from_days  integer     not null check (claim_from_days >= 0),
    claim_until_days integer     not null check (claim_until_days >= claim_from_days),
    decide_days      integer     not null check (decide_days > 0),
    made_at          timestamptz not null,
    actor            text        not null,
    check (until_at > from_at),
    primary key (program_id, contract_id)
);
create index partner_contract_of on partner_contract (program_id, partner_id, kind, wallet);

-- The account between the two: each row moves money from one of our accounts to the partner's, or
-- back (below nothing), and says what stands there since. Steps have no gap.
create table partner_entry (
    program_id    integer     not null,
    partner_id    uuid        not null,
    step          integer     not null check (step > 0),
    entry_id      uuid        not null,
    kind          text        not null check (kind in
                      ('payment', 'accrual', 'redemption', 'return', 'correction')),
    account       text        not null check (account in ('paid', 'sold', 'owed')),
    occurred_at   timestamptz not null,
    booked_at     timestamptz not null,
    member_id     uuid,
    points_entry  uuid,                             -- the member's side, in the ledger
    contract_id   uuid,
    wallet        integer     not null default 0,
    units         bigint      not null default 0,   -- priced; below nothing they left the member
    moved         bigint      not null default 0,   -- of these, what the member's wallet could give
    amount_minor  bigint      not null,
    balance_minor bigint      not null,
    reverses      uuid,
    external_id   text        not null,
    actor         text        not null,
    reason        text        not null,
    primary key (program_id, partner_id, step)
);
create unique index partner_entry_by_id on partner_entry (program_id, entry_id);
-- The same activity cannot come twice, by whomever it is told.
create unique index partner_entry_once on partner_entry (program_id, partner_id, kind, external_id);
create index partner_entry_by_day on partner_entry (program_id, partner_id, booked_at);
create index partner_entry_reverses on partner_entry (program_id, reverses)
    where reverses is not null;
create index partner_entry_of on partner_entry (program_id, member_id) where member_id is not null;

-- A member misses an activity; decided within so many days, or it lapses by the clock.
create table partner_claim (
    program_id  integer     not null,
    member_id   uuid        not null,
    claim_id    uuid        not null,
    partner_id  uuid        not null,
    contract_id uuid        not null,
    units       bigint      not null check (units > 0),
    occurred_at timestamptz not null,
    filed_at    timestamptz not null,
    decide_by   timestamptz not null check (decide_by > filed_at),
    external_id text        not null,
    actor       text        not null,
    reason      text        not null,
    primary key (program_id, member_id, claim_id)
);
create unique index partner_claim_by_id on partner_claim (program_id, claim_id);
create unique index partner_claim_once on partner_claim (program_id, partner_id, external_id);

-- A partner disputes a line of its statement.
create table partner_dispute (
    program_id integer     not null,
    dispute_id uuid        not null,
    partner_id uuid        not null,
    entry_id   uuid        not null,
    opened_at  timestamptz not null,
    actor      text        not null,
    reason     text        not null,
    primary key (program_id, dispute_id)
);
create unique index partner_dispute_once on partner_dispute (program_id, entry_id);

-- What became of a claim or a dispute; once each.
create table partner_decision (
    program_id integer     not null,
    about_id   uuid        not null,            -- the claim, or the dispute
    decision   text        not null check (decision in ('granted', 'rejected')),
    decided_at timestamptz not null,
    entry_id   uuid,                            -- of the partner's account
    actor      text        not null,
    reason     text        not null,
    check ((decision = 'granted') = (entry_id is not null)),
    primary key (program_id, about_id)
);

create type partner_entry_row as (
    partner_id uuid, step int, entry_id uuid, kind text, account text, occurred_at timestamptz,
    booked_at timestamptz, member_id uuid, points_entry uuid, contract_id uuid, wallet int,
    units bigint, moved bigint, amount_minor bigint, balance_minor bigint, reverses uuid,
    external_id text, actor text, reason text
);
create type partner_claim_row as (
    member_id uuid, claim_id uuid, partner_id uuid, contract_id uuid, units bigint,
    occurred_at timestamptz, filed_at timestamptz, decide_by timestamptz, external_id text,
    actor text, reason text
);
create type partner_decision_row as (
    about_id uuid, decision text, decided_at timestamptz, entry_id uuid, actor text, reason text
);

create trigger only_personal before update on partner_entry
    for each row execute function only_personal('actor', 'reason');
create trigger only_personal before update on partner_claim
    for each row execute function only_personal('actor', 'reason');

create function erases_partners(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update partner_entry set reason = '', actor = shown_actor(actor, texts)
     where program_id = here and member_id = who;
    update partner_claim set reason = '', actor = shown_actor(actor, texts)
     where program_id = here and member_id = who;
$$;
revoke execute on function erases_partners(integer, uuid, timestamptz, text[], text[]) from public;

alter table partner_entry alter column reason set statistics 0, alter column actor set statistics 0;
alter table partner_claim alter column reason set statistics 0, alter column actor set statistics 0;

select never_change(array['partner_contract', 'partner_entry', 'partner_claim', 'partner_dispute',
                          'partner_decision']);
grant select, insert on partner to regulars_app;
grant update (name) on partner to regulars_app;
select fence(array['partner', 'partner_contract', 'partner_entry', 'partner_claim',
                   'partner_dispute', 'partner_decision']);
