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

-- ── erased members ──────────────────────────────────────────────────────────────────────────
-- Who showed a message is said in free words, which may name the one who read it.
create function erases_messages(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update message set delivered_by = 'erased'
     where program_id = here and member_id = who and delivered_by <> ''
$$;

alter table message alter column delivered_by set statistics 0;

revoke execute on function erases_messages(integer, uuid, timestamptz, text[], text[]) from public;

select never_change(array['notice_lot', 'postponement']);
grant select, insert on message to regulars_app;
grant update (delivered_at, delivered_by) on message to regulars_app;
select fence(array['message', 'notice_lot', 'postponement']);
