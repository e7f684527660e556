-- Telephones hear when a pass changes; addresses whose letters come back are left alone.

-- ── passes ──────────────────────────────────────────────────────────────────────────────────────
-- How far the events of a program were looked at for passes; as in `delivery_reach`.
create table pass_reach (
    program_id integer     not null primary key,
    below_tx   bigint      not null,
    after_id   uuid        not null,
    cluster    bigint      not null,
    looked_at  timestamptz not null,
    floor_at   timestamptz not null
);

-- A telephone is told that there is something new, never what. A change that comes while it is
-- being told counts up, so that the telling does not end before it.
alter table pass_device
    add column changed integer  not null default 0 check (changed >= 0),
    add column tries   smallint not null default 0 check (tries >= 0),
    add column try_at  timestamptz;                 -- when it is told next; nothing: all is told
create index pass_device_due on pass_device (program_id, try_at) where try_at is not null;

-- ── letters that come back ──────────────────────────────────────────────────────────────────────
-- The address itself is not kept here: a keyed digest says which of the member's names is meant.
create table bounced_address (
    program_id  integer     not null,
    address     bytea       not null check (octet_length(address) = 32),
    member_id   uuid        not null,               -- whose letter came back
    reason      text        not null check (reason <> ''),
    bounced_at  timestamptz not null,
    primary key (program_id, address)
);
create index bounced_address_of_member on bounced_address (program_id, member_id);

create function erases_bounces(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from bounced_address where program_id = here and member_id = who;
$$;
revoke execute on function erases_bounces(integer, uuid, timestamptz, text[], text[]) from public;

grant select, insert, update, delete on pass_reach, bounced_address to regulars_app;
select fence(array['pass_reach', 'bounced_address']);
