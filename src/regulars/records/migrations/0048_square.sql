-- Clients that were built for the Square Loyalty API: where they booked something, the bills they
-- tell, and what they know of customers.

-- ── connected tills ──────────────────────────────────────────────────────────────────────────────
-- At which store something was booked whose own row has no room for that: a correction, the end of a
-- redemption. Most of what is booked has an activity or a redemption that says it.
create table entry_place (
    program_id integer not null,
    member_id  uuid    not null,
    cause_id   uuid    not null,           -- as the entry has it
    kind       text    not null,           -- as the entry has it
    store      text    not null check (store <> ''),
    primary key (program_id, member_id, cause_id, kind)
);
select never_change(array['entry_place']);
select fence(array['entry_place']);

-- A bill as a connected till tells it before and after it is paid. What was earned for it and what
-- rewards took stands in the books; here is what was sold.
create table bill (
    program_id integer     not null,
    bill_id uuid        not null,
    member_id  uuid        not null,       -- nil when it is nobody's
    store      text        not null,
    state      text        not null check (state in ('open', 'paid')),
    version    integer     not null check (version > 0),
    body       jsonb       not null,       -- lines and discounts; nothing about anybody
    opened_at  timestamptz not null,
    changed_at timestamptz not null,
    closed_at  timestamptz check ((state = 'paid') = (closed_at is not null)),
    primary key (program_id, bill_id)
);

-- One payment of a bill, or of nothing we know: in cash or taken elsewhere, never a card's.
create table bill_payment (
    program_id integer     not null,
    payment_id uuid        not null,
    bill_id uuid        not null,       -- nil when it names none
    state      text        not null check (state in ('approved', 'completed')),
    kind       text        not null check (kind in ('cash', 'external')),
    amount_minor bigint    not null check (amount_minor >= 0),
    told       jsonb       not null,       -- what was supplied, and where it was taken
    store      text        not null,
    made_at    timestamptz not null,
    primary key (program_id, payment_id)
);
create index payment_of_bill on bill_payment (program_id, bill_id);

-- A reward that was made for a bill: paying it hands the reward over.
create table bill_reward (
    program_id    integer not null,
    redemption_id uuid    not null,
    bill_id    uuid    not null,
    primary key (program_id, redemption_id)
);
create index reward_of_bill on bill_reward (program_id, bill_id);

select never_change(array['bill_reward']);
grant select, insert, update on bill, bill_payment to regulars_app;
select fence(array['bill', 'bill_payment', 'bill_reward']);

-- A promotion that a connected system made: the words it was told in. What it gives is a rule of the
-- program under the same name, which decides.
create table promotion (
    program_id   integer     not null,
    promotion_id text        not null check (promotion_id <> ''),
    kind         text        not null check (kind in ('multiply', 'fixed')),
    told         jsonb       not null,
    starts_on    date        not null,
    ends_on      date        check (ends_on > starts_on),   -- exclusive; never when not said
    made_at      timestamptz not null,
    canceled_at  timestamptz,
    primary key (program_id, promotion_id)
);
grant select, insert, update on promotion to regulars_app;
select fence(array['promotion']);
