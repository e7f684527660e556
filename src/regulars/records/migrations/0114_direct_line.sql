-- The direct line: what a member and whoever looks after them say to each other.

-- ── the direct line ─────────────────────────────────────────────────────────────────────────────
-- One row for each word, in the order it was written (ADR 0817). What members write by text message
-- stands where all of these do, and is read beside it. Of what goes out by letter, text message or
-- as a notice there is a delivery of the same number.
create table line_word (
    program_id integer     not null,
    line_id    uuid        not null,
    member_id  uuid        not null,
    staff_id   uuid,                           -- who wrote it; nobody: the member
    way        text        not null check (way in ('inbox', 'email', 'sms', 'push')),
    says       text        not null check (length(says) between 1 and 1600),
    written_at timestamptz not null,
    primary key (program_id, line_id)
);
create index line_word_of on line_word (program_id, member_id, written_at desc);

-- What whoever looks after a member means to do for them, and by which day.
create table line_task (
    program_id integer     not null,
    task_id    uuid        not null,
    member_id  uuid        not null,
    staff_id   uuid        not null,           -- who wrote it down
    says       text        not null check (length(says) between 1 and 400),
    due_on     date        not null,
    made_at    timestamptz not null,
    done_at    timestamptz,
    primary key (program_id, task_id)
);
create index line_task_of on line_task (program_id, member_id, due_on) where done_at is null;

create function erases_lines(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from line_word where program_id = here and member_id = who;
    delete from line_task where program_id = here and member_id = who;
$$;
revoke execute on function erases_lines(integer, uuid, timestamptz, text[], text[]) from public;

create function takes_back_lines(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    delete from line_word where program_id = here and member_id = any(members);
    delete from line_task where program_id = here and member_id = any(members);
$$;
revoke execute on function takes_back_lines(integer, timestamptz, uuid[]) from public;

grant select, insert, update, delete on line_word, line_task to regulars_app;
select fence(array['line_word', 'line_task']);

do $$
begin
    perform allow_also('delivery', 'kind', array['line']);
end $$;
