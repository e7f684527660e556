-- Notices on members' devices: the browsers that may be told, and a further way to say something.

-- ── devices that are told ───────────────────────────────────────────────────────────────────────
-- A browser of a member that gave leave to show notices (RFC 8030): where its push service takes
-- them, and with what they are encrypted for it alone (ADR 0816). A browser is of one member: of
-- whoever gave leave last.
create table push_device (
    program_id integer     not null,
    device_id  uuid        not null,
    member_id  uuid        not null,
    digest     bytea       not null check (octet_length(digest) = 32),  -- of its address
    endpoint   text        not null check (length(endpoint) between 1 and 2000),
    receives   bytea       not null check (octet_length(receives) = 65), -- its public key
    secret     bytea       not null check (octet_length(secret) = 16),   -- what only it and we know
    name       text        not null check (length(name) <= 80),
    kept_at    timestamptz not null,
    primary key (program_id, device_id)
);
create unique index push_device_digest on push_device (program_id, digest);
create index push_device_of on push_device (program_id, member_id);

create function erases_devices(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from push_device where program_id = here and member_id = who;
$$;
revoke execute on function erases_devices(integer, uuid, timestamptz, text[], text[]) from public;

create function takes_back_devices(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    delete from push_device where program_id = here and member_id = any(members);
$$;
revoke execute on function takes_back_devices(integer, timestamptz, uuid[]) from public;

grant select, insert, update, delete on push_device to regulars_app;
select fence(array['push_device']);

do $$
begin
    perform allow_also('campaign', 'channel', array['push']);
    perform allow_also('delivery', 'channel', array['push']);
    perform allow_also('message_choice', 'ways', array['push']);
end $$;
