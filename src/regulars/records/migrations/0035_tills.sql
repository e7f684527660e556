-- Stores, the tills that stand in them, and what those recorded while cut off (semantics I).

-- ── stores and tills ────────────────────────────────────────────────────────────────────────
-- A shop where things are sold; activities name it by its code, registered or not.
create table store (
    program_id      integer     not null,
    code            text        not null,       -- as activities and rules name it
    name            text        not null,
    zone            text        not null,
    offline_rewards text[]      not null,       -- what tills may reserve to hand over when cut off
    offline_most    integer     not null check (offline_most between 0 and 500),
    opened_at       timestamptz not null,
    closed_at       timestamptz,
    changed_by      text        not null,
    primary key (program_id, code)
);

-- A code by which one device becomes a till, once.
create table pairing (
    program_id integer     not null,
    code_hash  bytea       not null unique,     -- sha-256; the code itself is shown once
    store      text        not null,
    made_at    timestamptz not null,
    made_by    text        not null,
    ends_at    timestamptz not null,
    till_id    uuid,                            -- who used it
    primary key (program_id, code_hash)
);

-- A device that is paired with a store.
create table till (
    program_id integer     not null,
    till_id    uuid        not null,
    key_id     uuid        not null,            -- the API key the device shows
    store      text        not null,
    name       text        not null,
    public_key bytea       not null,            -- ECDSA P-256, the point as 65 bytes
    lookup_key bytea       not null,            -- names in its snapshot are digests under it
    state      text        not null check (state in ('paired', 'suspended', 'unpaired')),
    reason     text        not null,            -- why it is suspended or unpaired
    paired_at  timestamptz not null,
    paired_by  text        not null,
    changed_at timestamptz not null,
    seen_at    timestamptz not null,
    primary key (program_id, till_id),
    unique (program_id, key_id)
);

-- What a till told, once each; `signed` is empty once nothing has to be done with it any more.
create table till_record (
    program_id  integer     not null,
    record_id   uuid        not null,           -- of its till and its hash
    till_id     uuid        not null,
    sequence    bigint      not null check (sequence >= 0),
    hash        bytea       not null,           -- sha-256 of the signed text
    previous    bytea       not null,           -- the hash of the record before
    placed      boolean     not null,           -- it has its place in the chain
    kind        text        not null,
    key         text        not null,           -- made on the device
    cashier     text        not null,
    signed      text        not null,
    signature   bytea       not null,
    device_at   timestamptz,
    occurred_at timestamptz not null,           -- as we decided
    clock       text        not null,           -- '' or why the device's clock was not believed
    state       text        not null
                check (state in ('taken', 'applied', 'duplicate', 'quarantined', 'dismissed')),
    reason      text        not null,
    says        text        not null,
    whom        text        not null,           -- by which names, in normal form, a line each
    member_id   uuid,
    subject_id  uuid,                           -- the activity, redemption or member it became
    recorded_at timestamptz not null,
    ended_at    timestamptz,
    ended_by    text        not null,
    primary key (program_id, record_id)
);
create unique index till_record_place on till_record (program_id, till_id, sequence) where placed;
create unique index till_record_effect on till_record (program_id, subject_id)
    where state = 'applied';
create index till_record_open on till_record (program_id, recorded_at, record_id)
    where state in ('taken', 'quarantined');
-- What tills reserved beforehand.
create index redemption_reserved on redemption (program_id, actor) where state = 'held';

-- An erasure takes the text of what waits; that it was told stays, with its hash.
create function erases_till_records(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update till_record set signed = '', whom = '', says = '', cashier = '',
           state = case state when 'taken' then 'quarantined' else state end,
           reason = 'member_erased', subject_id = null
     where program_id = here and state in ('taken', 'quarantined', 'dismissed')
       and (member_id = who or string_to_array(whom, e'\n') && names
            or exists (select from unnest(names) n
                        where n <> '' and position('"' || n || '"' in signed) > 0));
    update till_record set cashier = shown_actor(cashier, texts)
     where program_id = here and member_id = who;
$$;
revoke execute on function erases_till_records(integer, uuid, timestamptz, text[], text[])
    from public;

-- Nothing of a text that is going to be blanked may stay in what the planner remembers.
alter table till_record alter column signed set statistics 0, alter column whom set statistics 0,
                        alter column says set statistics 0, alter column cashier set statistics 0;

grant select, insert, update on store, pairing, till, till_record to regulars_app;
select fence(array['store', 'pairing', 'till', 'till_record']);
-- A code is looked up before its program is known: by its digest and nothing else.
create policy by_digest on pairing for select to regulars_app using
    (code_hash = decode(current_setting('regulars.code_hash', true), 'hex'));
