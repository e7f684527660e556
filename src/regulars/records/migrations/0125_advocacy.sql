-- Service cases, references, sorts of gatherings, and offers of campaigns (ADR 0861, 0862, 0863).

-- ── service cases ───────────────────────────────────────────────────────────────────────────────
-- A trouble of a member that somebody of the shop takes care of. Of an erased member no word is
-- left.
create table service_case (
    program_id integer     not null,
    case_id    uuid        not null,
    member_id  uuid        not null,
    subject    text        not null check (length(subject) <= 120),
    reason     text        not null default '' check (reason = '' or reason ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(reason) <= 40),
    store      text        not null default '',
    priority   smallint    not null check (priority between 1 and 3), -- 1 first
    tier       text        not null default '', -- on which they stood as it was opened
    state      text        not null check (state in ('open', 'closed', 'forgotten')),
    outcome    text        not null default '' check (outcome in ('', 'solved', 'answered', 'unsolved', 'withdrawn')),
    opened_at  timestamptz not null,
    opened_by  text        not null check (opened_by <> ''),
    due_at     timestamptz not null,            -- until then somebody should have answered
    closed_at  timestamptz,
    closed_by  text        not null default '',
    booked     boolean     not null default false, -- that it was closed is an activity
    primary key (program_id, case_id),
    check (state = 'forgotten' or subject <> ''),
    check (state <> 'closed' or (closed_at is not null and outcome <> '')),
    check (state <> 'open' or (closed_at is null and outcome = '' and not booked))
);
create index service_case_open on service_case (program_id, priority, due_at, case_id) where state = 'open';
create index service_case_of on service_case (program_id, member_id);
create index service_case_over on service_case (program_id, closed_at, case_id) where state = 'closed';

-- What was said and done meanwhile.
create table case_note (
    program_id integer     not null,
    case_id    uuid        not null,
    note_id    uuid        not null,
    says       text        not null check (length(says) between 1 and 4000),
    made_at    timestamptz not null,
    made_by    text        not null check (made_by <> ''),
    primary key (program_id, case_id, note_id),
    foreign key (program_id, case_id) references service_case (program_id, case_id)
);

-- ── references ──────────────────────────────────────────────────────────────────────────────────
-- Who said that prospects may ask them.
create table reference_member (
    program_id integer     not null,
    member_id  uuid        not null,
    agreed_at  timestamptz not null,
    agreed_by  text        not null check (agreed_by <> ''),
    primary key (program_id, member_id)
);

-- Somebody who thinks of buying wants to hear from who has bought.
create table reference_request (
    program_id integer     not null,
    request_id uuid        not null,
    prospect   text        not null check (length(prospect) between 1 and 120),
    wants      jsonb       not null,            -- attributes a member must have, by name
    state      text        not null check (state in ('open', 'asked', 'given', 'withdrawn')),
    member_id  uuid,                            -- who is asked, or gave it
    made_at    timestamptz not null,
    made_by    text        not null check (made_by <> ''),
    ended_at   timestamptz,
    ended_by   text        not null default '',
    primary key (program_id, request_id),
    check (state <> 'asked' or member_id is not null),
    check ((state in ('given', 'withdrawn')) = (ended_at is not null))
);
create index reference_request_lately on reference_request (program_id, made_at, request_id);
create index reference_request_of on reference_request (program_id, member_id) where member_id is not null;

-- Who was asked for which, and what they said.
create table reference_ask (
    program_id integer     not null,
    request_id uuid        not null,
    member_id  uuid        not null,
    asked_at   timestamptz not null,
    outcome    text        not null default '' check (outcome in ('', 'given', 'declined', 'withdrawn')),
    ended_at   timestamptz,
    primary key (program_id, request_id, member_id),
    foreign key (program_id, request_id) references reference_request (program_id, request_id),
    check ((outcome = '') = (ended_at is null))
);
create index reference_ask_of on reference_ask (program_id, member_id, asked_at);

create function forgets_care(here integer, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    -- The cases first: whoever notes something holds its case, and what they note goes with it.
    update service_case set subject = '', reason = '', tier = '', state = 'forgotten'
     where program_id = here and member_id = any(members) and state <> 'forgotten';
    delete from case_note n using service_case c
     where c.program_id = here and c.member_id = any(members)
       and n.program_id = here and n.case_id = c.case_id;
    delete from reference_member where program_id = here and member_id = any(members);
    delete from reference_ask where program_id = here and member_id = any(members);
    -- Whoever was asked is not there to answer: the next one is asked.
    update reference_request set state = case when state = 'asked' then 'open' else state end,
           member_id = null
     where program_id = here and member_id = any(members);
$$;

create function erases_care(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    select forgets_care(here, array[who]);
$$;
revoke execute on function erases_care(integer, uuid, timestamptz, text[], text[]) from public;

create function takes_back_care(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    select forgets_care(here, members);
$$;
revoke execute on function takes_back_care(integer, timestamptz, uuid[]) from public;

grant select, insert, update, delete on service_case, case_note, reference_member,
      reference_request, reference_ask to regulars_app;
select fence(array['service_case', 'case_note', 'reference_member', 'reference_request', 'reference_ask']);

-- ── sorts of gatherings ─────────────────────────────────────────────────────────────────────────
-- A tasting, a talk, a test of a product, an evening on which the shop listens.
alter table gathering add column sort text not null default 'event'
    check (sort in ('event', 'talk', 'product-test', 'feedback-session'));

-- ── offers of campaigns ─────────────────────────────────────────────────────────────────────────
-- Which offer whoever is written to has, by way; empty: none.
alter table campaign add column offers text[] not null default '{}'
    check (cardinality(offers) <= 4);
alter table offer_member drop constraint offer_member_how_check;
alter table offer_member add constraint offer_member_how_check
    check (how in ('segment', 'hand', 'journey', 'choice', 'merge', 'campaign'));
