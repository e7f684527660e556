-- Choices: which of several offers a member is given, learned from what the others brought (ADR 0810).

-- ── choices ─────────────────────────────────────────────────────────────────────────────────────
-- Among what is chosen, for whom, by how much chance, and what is expected by now.
create table offer_choice (
    program_id      integer     not null,
    choice_id       uuid        not null,
    code            text        not null check (code ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(code) <= 30),
    name            text        not null check (length(name) between 1 and 80),
    segment_id      uuid        not null,          -- whoever is in it is chosen for, once
    offers          uuid[]      not null check (cardinality(offers) between 1 and 5),
    nothing         boolean     not null,          -- nothing is one of them, and the first
    explore_percent integer     not null check (explore_percent between 10 and 100),  -- so often by chance alone
    days            integer     not null check (days between 7 and 90),  -- what is spent in them is what it brought
    state           text        not null check (state in ('draft', 'open', 'closed')),
    version         integer     not null check (version >= 1),
    made_at         timestamptz not null,
    made_by         text        not null check (made_by <> ''),
    opened_at       timestamptz,
    opened_by       text,
    closed_at       timestamptz,
    closed_by       text,                          -- clock: one of its offers was given away, or over
    line_minor      bigint      not null default 0,  -- who spent so much in a year is among the larger half
    expects         jsonb,                         -- by cell what each is expected to bring; null: by chance alone
    expects_on      date,                          -- the day it was worked out, from what was over by then
    chosen_after    uuid,                          -- all of the segment up to this member were looked at
    chosen_at       timestamptz,                   -- when all of it were looked at last
    primary key (program_id, choice_id),
    check (cardinality(offers) + nothing::int >= 2),
    check ((state = 'draft') = (opened_at is null)),
    check ((state = 'closed') = (closed_at is not null))
);
create unique index offer_choice_code on offer_choice (program_id, code);
create index offer_choice_open on offer_choice (program_id) where state = 'open';

-- What was chosen for a member, with which chance; drawn once, and never again.
create table offer_choice_made (
    program_id integer     not null,
    choice_id  uuid        not null,
    member_id  uuid        not null,
    arm        smallint    not null check (arm between 0 and 5),   -- place among nothing and the offers
    best       smallint    check (best between 0 and 5),           -- what was expected to bring most then
    chance     smallint    not null check (chance >= 10),          -- of 100 for each of them: two of them make 200
    cell       smallint    not null,                               -- how lately, how often, how much: 321
    chosen_on  date        not null,
    at         timestamptz not null,
    primary key (program_id, choice_id, member_id)
);
create index choice_made_of on offer_choice_made (program_id, member_id);

-- How an erased member bought is said nowhere any more.
create function erases_offer_choices(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from offer_choice_made where program_id = here and member_id = who;
$$;
revoke execute on function erases_offer_choices(integer, uuid, timestamptz, text[], text[]) from public;

create function takes_back_offer_choices(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    delete from offer_choice_made where program_id = here and member_id = any(members);
$$;
revoke execute on function takes_back_offer_choices(integer, timestamptz, uuid[]) from public;

grant select, insert, update, delete on offer_choice, offer_choice_made to regulars_app;
select fence(array['offer_choice', 'offer_choice_made']);
