-- What people see of what is kept of them: how long points given by hand are good, what was sent to
-- a member in its order, letters that fail for now again and again, and who is forgotten in time.

-- ── points by hand ──────────────────────────────────────────────────────────────────────────────
alter table adjustment_request
    add column expires_on text not null default '';   -- a day, never, or '' as the program says

-- ── messages of one member, the latest first ────────────────────────────────────────────────────
create index delivery_of_member_in_order on delivery (program_id, member_id, delivery_id);
drop index delivery_of_member;

-- ── letters that failed for now ─────────────────────────────────────────────────────────────────
-- When the last ones did: so many within so many days, and the address is not written to any more.
alter table bounced_address add column soft_at timestamptz[] not null default '{}';

-- ── who is forgotten ────────────────────────────────────────────────────────────────────────────
-- Of whom nothing was heard for long: since when they know, and from when on they are erased.
create table erasure_notice (
    program_id integer     not null,
    member_id  uuid        not null,
    noticed_at timestamptz not null,
    due_at     timestamptz not null,
    primary key (program_id, member_id),
    check (due_at > noticed_at)
);
create index erasure_notice_due on erasure_notice (program_id, due_at, member_id);

-- Which nights were gone through, and how many were told, erased, and had come back.
create table retention_day (
    program_id integer     not null,
    day        date        not null,
    noticed    integer     not null check (noticed >= 0),
    erased     integer     not null check (erased >= 0),
    stayed     integer     not null check (stayed >= 0),
    at         timestamptz not null,
    primary key (program_id, day)
);

create function erases_erasure_notice(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from erasure_notice where program_id = here and member_id = who;
$$;
revoke execute on function erases_erasure_notice(integer, uuid, timestamptz, text[], text[]) from public;

grant select, insert, update, delete on erasure_notice, retention_day to regulars_app;
select fence(array['erasure_notice', 'retention_day']);
