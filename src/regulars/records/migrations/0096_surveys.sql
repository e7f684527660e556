-- Surveys: what members are asked, who was asked, and what they said (ADR 0755).

-- ── surveys ─────────────────────────────────────────────────────────────────────────────────────
-- What is asked: a score first, then what follows from it, in each language.
create table survey (
    program_id integer     not null,
    survey_id  uuid        not null,
    code       text        not null check (code ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(code) <= 40),
    name       text        not null check (length(name) between 1 and 80),
    kind       text        not null check (kind in ('nps', 'csat', 'feedback')),
    asks       jsonb       not null,           -- by language what the score is asked with
    questions  jsonb       not null,           -- what follows, each for some scores or all
    thanks     jsonb       not null,           -- by language what is said in the end
    state      text        not null check (state in ('open', 'closed')),
    version    integer     not null check (version >= 1),
    made_at    timestamptz not null,
    made_by    text        not null check (made_by <> ''),
    changed_at timestamptz not null,
    changed_by text        not null check (changed_by <> ''),
    primary key (program_id, survey_id)
);
create unique index survey_code on survey (program_id, code);

-- Who was asked, until when they may answer. What opens a link is not here: it is worked out from
-- the id and a key outside the database.
create table survey_invitation (
    program_id    integer     not null,
    invitation_id uuid        not null,
    survey_id     uuid        not null,
    member_id     uuid        not null,
    store         text        not null default '',  -- which visit it is about
    made_at       timestamptz not null,
    made_by       text        not null check (made_by <> ''),
    expires_at    timestamptz not null check (expires_at > made_at),
    primary key (program_id, invitation_id)
);
create index survey_invitation_of on survey_invitation (program_id, member_id, made_at);
create index survey_invitation_in on survey_invitation (program_id, survey_id, invitation_id);

-- What was said: one row for an invitation, so nobody answers twice.
create table survey_answer (
    program_id    integer     not null,
    invitation_id uuid        not null,
    survey_id     uuid        not null,
    member_id     uuid        not null,
    answered_at   timestamptz not null,
    score         smallint    check (score between 0 and 10),  -- none where none is asked
    says          jsonb       not null default '{}',           -- by question
    language      text        not null,
    tier          text        not null default '',             -- on which they stood
    store         text        not null default '',
    due_at        timestamptz,                 -- somebody should see to it by then
    owner         text        not null default '',  -- who sees to it
    done_at       timestamptz,
    done_by       text,
    outcome       text        not null default '' check (outcome in ('', 'solved', 'unsolved', 'not_reached')),
    note          text        not null default '',
    primary key (program_id, invitation_id),
    check ((done_at is null) = (outcome = '')),
    check (done_at is null or (done_by <> '' and due_at is not null))
);
create index survey_answer_in on survey_answer (program_id, survey_id, answered_at, invitation_id);
create index survey_answer_of on survey_answer (program_id, member_id, answered_at);
create index survey_answer_due on survey_answer (program_id, due_at) where due_at is not null and done_at is null;

-- Of an erased member the score still counts; what they wrote, and what was written of them, goes.
create function erases_surveys(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from survey_invitation i where program_id = here and member_id = who
       and not exists (select from survey_answer a
                        where a.program_id = here and a.invitation_id = i.invitation_id);
    update survey_answer set says = '{}', note = ''
     where program_id = here and member_id = who;
$$;
revoke execute on function erases_surveys(integer, uuid, timestamptz, text[], text[]) from public;

-- Nor of one whose import is undone.
create function takes_back_surveys(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    delete from survey_invitation i where program_id = here and member_id = any(members)
       and not exists (select from survey_answer a
                        where a.program_id = here and a.invitation_id = i.invitation_id);
    update survey_answer set says = '{}', note = ''
     where program_id = here and member_id = any(members);
$$;
revoke execute on function takes_back_surveys(integer, timestamptz, uuid[]) from public;

grant select, insert, update, delete on survey, survey_invitation, survey_answer to regulars_app;
select fence(array['survey', 'survey_invitation', 'survey_answer']);
