-- The member's card: codes that change every half minute, and passes in a telephone's wallet.

-- ── cards ──────────────────────────────────────────────────────────────────────────────────────
-- A code of a card that was shown and taken; neither code nor key is kept (ADR 0380).
create table card_code (
    program_id integer     not null,
    member_id  uuid        not null,
    step       bigint      not null check (step > 0),  -- half minutes since 1970
    asked      uuid        not null,                   -- who took it; asked again, the same answer
    used_at    timestamptz not null,
    primary key (program_id, member_id, step)
);

-- A telephone that has the pass of a member and wants to hear when it changes (ADR 0381).
create table pass_device (
    program_id    integer     not null,
    device        text        not null check (length(device) between 1 and 100),
    member_id     uuid        not null,
    push_token    text        not null check (length(push_token) between 1 and 200),
    registered_at timestamptz not null,
    primary key (program_id, device, member_id)
);
create index pass_device_of_member on pass_device (program_id, member_id);

create function erases_cards(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    delete from card_code where program_id = here and member_id = who;
    delete from pass_device where program_id = here and member_id = who;
$$;
revoke execute on function erases_cards(integer, uuid, timestamptz, text[], text[]) from public;

grant select, insert, update, delete on card_code, pass_device to regulars_app;
select fence(array['card_code', 'pass_device']);
