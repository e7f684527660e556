-- Lessons with a quiz (ADR 0828).

-- ── lessons ─────────────────────────────────────────────────────────────────────────────────────
-- Something to learn, and questions about it; which choice is right leaves the house for nobody.
create table lesson (
    program_id integer     not null,
    lesson_id  uuid        not null,
    code       text        not null check (code ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(code) <= 40),
    name       text        not null check (length(name) between 1 and 80),
    says       jsonb       not null,           -- by language what is taught
    questions  jsonb       not null check (jsonb_array_length(questions) between 1 and 20),
    needed     smallint    not null check (needed between 1 and 20), -- so many right answers pass
    club_id    uuid,                           -- for whoever is in this club
    state      text        not null check (state in ('open', 'closed')),
    version    integer     not null check (version >= 1),
    made_at    timestamptz not null,
    made_by    text        not null check (made_by <> ''),
    changed_at timestamptz not null,
    changed_by text        not null check (changed_by <> ''),
    primary key (program_id, lesson_id),
    check (needed <= jsonb_array_length(questions))
);
create unique index lesson_code on lesson (program_id, code);

-- How often somebody tried, and since when they have passed: one row, so nobody passes twice.
create table lesson_try (
    program_id integer     not null,
    member_id  uuid        not null,
    lesson_id  uuid        not null,
    tries      integer     not null check (tries >= 1),
    last_at    timestamptz not null,
    best       smallint    not null check (best >= 0), -- most right answers
    passed_at  timestamptz,
    primary key (program_id, member_id, lesson_id)
);
create index lesson_try_in on lesson_try (program_id, lesson_id, passed_at);

-- Of an erased member the numbers stay; of whom an import is undone, nothing.
create function takes_back_lessons(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    delete from lesson_try where program_id = here and member_id = any(members);
$$;
revoke execute on function takes_back_lessons(integer, timestamptz, uuid[]) from public;

grant select, insert, update, delete on lesson, lesson_try to regulars_app;
select fence(array['lesson', 'lesson_try']);
