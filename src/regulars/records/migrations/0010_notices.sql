-- Notice before expiry: messages in a member's inbox, and ends of lots that move.

do $$
begin
    perform allow_also('entry', 'kind', array['postpone']);
    perform allow_also('midnight_step', 'step', array['post_notices']);
    perform allow_also('parked_member', 'step', array['post_notices']);
end $$;

-- ── the inbox ───────────────────────────────────────────────────────────────────────────────
-- What lies ready for a member, and when it was shown to them.
create table message (
    program_id   integer     not null,
    member_id    uuid        not null,
    message_id   uuid        not null,          -- UUIDv7, so in order of making
    kind         text        not null check (kind in ('expiry_notice')),
    wallet       smallint    not null,
    points       bigint      not null check (points > 0),
    lapses_at    timestamptz not null,          -- as it was when the message was written
    recorded_at  timestamptz not null,
    delivered_at timestamptz,
    delivered_by text        not null default '', -- who showed it: a key, a channel
    primary key (program_id, member_id, message_id)
) with (fillfactor = 85);
create index message_by_id on message (program_id, message_id);

-- Of which lots a notice was written; once more only when a courtesy moved the end it told of.
create table notice_lot (
    program_id integer not null,
    member_id  uuid    not null,
    lot_id     uuid    not null,
    message_id uuid    not null,
    primary key (program_id, member_id, lot_id, message_id)
);

-- ── ends that moved ─────────────────────────────────────────────────────────────────────────
-- Points that did not lapse because nobody had told their member in time: from when, until when.
create table postponement (
    program_id integer     not null,
    member_id  uuid        not null,
    entry_id   uuid        not null,
    lot_id     uuid        not null,
    wallet     smallint    not null,
    points     bigint      not null check (points > 0),
    from_at    timestamptz not null,
    to_at      timestamptz not null,
    primary key (program_id, member_id, entry_id),
    constraint postponement_is_later check (to_at > from_at)
);
create index postponement_of_lot on postponement (program_id, member_id, lot_id);

create type message_row as (
    member_id uuid, message_id uuid, kind text, wallet smallint, points bigint,
    lapses_at timestamptz
);
create type notice_lot_row as (member_id uuid, lot_id uuid, message_id uuid);
create type postponement_row as (
    member_id uuid, entry_id uuid, lot_id uuid, wallet smallint, points bigint,
    from_at timestamptz, to_at timestamptz
);

-- Ends move with what remains of a lot, in one statement.
drop type lot_end_row;

-- ── erased members ──────────────────────────────────────────────────────────────────────────
-- Who showed a message is said in free words, which may name the one who read it.
create or replace function erase_beside(here integer, who uuid, names text[], texts text[])
returns void language plpgsql set search_path = public, pg_temp as $$
begin
    update consent set source = 'erased'
     where program_id = here and member_id = who and source <> 'erased';
    delete from import_row r
     where r.program_id = here
       and exists (select from unnest(names) n
                    where position(convert_to(n, 'UTF8') in r.packed) > 0);
    update import_slip s set wrong = 'erased', mend = ''
     where s.program_id = here
       and exists (select from unnest(names) n where position(n in lower(s.wrong || s.mend)) > 0);
    perform erase_unions(here, who, texts);
    update message set delivered_by = 'erased'
     where program_id = here and member_id = who and delivered_by <> '';
end $$;

alter table message alter column delivered_by set statistics 0;

do $$
declare
    t text;
begin
    foreach t in array array['notice_lot', 'postponement'] loop
        execute format('create trigger append_only before update or delete or truncate on %I '
                       'for each statement execute function refuse_change()', t);
        execute format('grant select, insert on %I to regulars_app', t);
    end loop;
    grant select, insert on message to regulars_app;
    grant update (delivered_at, delivered_by) on message to regulars_app;
    foreach t in array array['message', 'notice_lot', 'postponement'] loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy own_program on %I to regulars_app using '
            '(program_id = (select current_setting(''regulars.program_id'')::integer))', t);
        execute format('create policy owner on %I to regulars_owner using (true)', t);
    end loop;
end $$;
