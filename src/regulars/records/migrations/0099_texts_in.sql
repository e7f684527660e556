-- Text messages that come in: STOP, START, HELP, and what members write (ADR 0736).

-- ── text messages that come in ──────────────────────────────────────────────────────────────────
-- One row for each, so nobody is answered twice. Of a number that is nobody's only a keyed digest.
create table text_heard (
    program_id integer     not null,
    text_id    uuid        not null,           -- from the inlet and what the provider calls it
    sender     bytea       not null,           -- a keyed digest of who sent it
    member_id  uuid,                           -- whose number it is, if anybody's
    word       text        not null check (word in ('stop', 'start', 'help', 'other')),
    says       text        not null default '' check (length(says) <= 1600),
    answered   boolean     not null,
    heard_at   timestamptz not null,
    primary key (program_id, text_id),
    check (says = '' or (member_id is not null and word = 'other'))
);
create index text_heard_from on text_heard (program_id, sender, heard_at);
create index text_heard_of on text_heard (program_id, member_id, heard_at) where member_id is not null;

-- Of an erased member nothing of it stays: that they took their word back stands with their consents.
create function erases_texts(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from text_heard where program_id = here and member_id = who;
$$;
revoke execute on function erases_texts(integer, uuid, timestamptz, text[], text[]) from public;

create function takes_back_texts(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    delete from text_heard where program_id = here and member_id = any(members);
$$;
revoke execute on function takes_back_texts(integer, timestamptz, uuid[]) from public;

grant select, insert, update, delete on text_heard to regulars_app;
select fence(array['text_heard']);
