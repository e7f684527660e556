-- Who works here, how they come in, what they did, and what is watched at the counter.

-- The application sees no programs side by side; whoever signs in says which one they work for.
create function program_named(wanted text) returns integer
language sql stable security definer set search_path = pg_catalog, public
as $$ select program_id from public.program where slug = wanted $$;
revoke all on function program_named(text) from public;
grant execute on function program_named(text) to regulars_app;

-- ── staff ───────────────────────────────────────────────────────────────────────────────────
-- Who works here. Of somebody who left, name and address are taken out after a while.
create table staff (
    program_id integer     not null,
    staff_id   uuid        not null,
    name       text        not null,
    email      text        not null,            -- in small letters; '' once taken out
    role       text        not null check (role in
        ('owner', 'manager', 'marketer', 'finance', 'support', 'cashier', 'auditor')),
    stores     text[],                          -- nothing: every store
    state      text        not null check (state in ('invited', 'active', 'closed')),
    member_id  uuid,                            -- their own membership, once they told
    password   text        not null default '', -- argon2id with its parameters and salt
    pin        text        not null default '', -- the same, of four to eight digits
    made_at    timestamptz not null,
    made_by    text        not null,
    closed_at  timestamptz,
    check ((state = 'closed') = (closed_at is not null)),
    primary key (program_id, staff_id)
);
create unique index staff_by_email on staff (program_id, email) where email <> '';

-- Somebody is signed in, in one browser. The token is in their cookie; its digest is here.
create table staff_session (
    program_id   integer     not null,
    session_id   uuid        not null,
    staff_id     uuid        not null,
    token_hash   bytea       not null,
    how          text        not null check (how in ('password', 'passkey', 'link')),
    address      text        not null,          -- of the browser, cut short
    made_at      timestamptz not null,
    seen_at      timestamptz not null,
    idle_minutes integer     not null check (idle_minutes > 0),
    ends_at      timestamptz not null,          -- however busy they are
    ended_at     timestamptz,
    primary key (program_id, session_id)
);
create unique index staff_session_by_token on staff_session (program_id, token_hash);
create index staff_session_of on staff_session (program_id, staff_id) where ended_at is null;

-- A link that lets somebody set their password, once.
create table staff_link (
    program_id integer     not null,
    link_hash  bytea       not null,
    staff_id   uuid        not null,
    made_at    timestamptz not null,
    made_by    text        not null,
    ends_at    timestamptz not null,
    used_at    timestamptz,
    primary key (program_id, link_hash)
);
create index staff_link_of on staff_link (program_id, staff_id) where used_at is null;

-- A key in somebody's device or browser, in place of a password.
create table staff_passkey (
    program_id    integer     not null,
    credential_id bytea       not null,
    staff_id      uuid        not null,
    public_key    bytea       not null,
    uses          bigint      not null,         -- as the device counts; 0 where it does not
    name          text        not null,
    made_at       timestamptz not null,
    used_at       timestamptz,
    ended_at      timestamptz,
    why_ended     text        not null default '',
    primary key (program_id, credential_id)
);
create index staff_passkey_of on staff_passkey (program_id, staff_id);

-- A question a passkey has to sign; it is taken away by the first answer.
create table staff_nonce (
    program_id integer     not null,
    nonce_hash bytea       not null,
    staff_id   uuid,                            -- who adds a passkey; nobody: somebody signs in
    ends_at    timestamptz not null,
    primary key (program_id, nonce_hash)
);

-- How often it was tried to come in, by whom and from where, since when; both as digests.
create table staff_try (
    program_id integer     not null,
    kind       text        not null check (kind in ('account', 'address', 'pin')),
    subject    bytea       not null,
    began_at   timestamptz not null,
    tries      integer     not null check (tries > 0),
    primary key (program_id, kind, subject)
);

-- What staff did: who, what, to whom or what, and how it was before and after. No texts of people.
create table staff_act (
    program_id integer     not null,
    act_id     uuid        not null,            -- grows with time
    staff_id   uuid,                            -- nobody: the command line
    actor      text        not null,
    did        text        not null,            -- such as staff.role_changed
    about      text        not null,            -- what sort of thing: staff, member, setting, …
    about_id   text        not null,
    before     jsonb       not null,
    after      jsonb       not null,
    address    text        not null,            -- of the browser, cut short
    at         timestamptz not null,
    primary key (program_id, act_id)
);
create index staff_act_of on staff_act (program_id, staff_id, act_id);
create index staff_act_about on staff_act (program_id, about, about_id, act_id);

-- What a shop decided otherwise than we do.
create table staff_setting (
    program_id integer     not null,
    name       text        not null,
    about      text        not null,            -- a role where it is of each role; else ''
    value      bigint      not null check (value >= 0),
    set_at     timestamptz not null,
    set_by     text        not null,
    primary key (program_id, name, about)
);

-- ── by hand ─────────────────────────────────────────────────────────────────────────────────
-- What somebody gave by hand in a month, of one wallet: never more than their budget.
create table goodwill (
    program_id integer not null,
    staff_id   uuid    not null,
    wallet     text    not null,
    month_on   date    not null,                -- its first day, in the program's zone
    given      bigint  not null check (given >= 0),
    primary key (program_id, staff_id, wallet, month_on)
);

-- An adjustment that waits for somebody else to say yes.
create table adjustment_request (
    program_id integer     not null,
    request_id uuid        not null,
    member_id  uuid        not null,
    wallet     text        not null,
    units      bigint      not null check (units <> 0),
    reason     text        not null,
    asked_by   uuid        not null,
    asked_at   timestamptz not null,
    state      text        not null check (state in ('waiting', 'booked', 'rejected')),
    decided_by uuid,
    decided_at timestamptz,
    entry_id   uuid,                            -- what was booked
    note       text        not null default '',
    check (decided_by <> asked_by),
    check ((state = 'waiting') = (decided_at is null)),
    check ((state = 'booked') = (entry_id is not null)),
    primary key (program_id, request_id)
);
create index adjustment_request_waiting on adjustment_request (program_id, asked_at)
    where state = 'waiting';

-- ── alerts ──────────────────────────────────────────────────────────────────────────────────
-- Something at the counter that somebody should look at.
create table alert (
    program_id integer     not null,
    alert_id   uuid        not null,
    kind       text        not null check (kind in ('velocity', 'share', 'joins')),
    subject    text        not null,            -- the member, the cashier, or where they joined
    place      text        not null,            -- the store or source
    began_at   timestamptz not null,            -- of the stretch it is about
    count      bigint      not null,            -- how often; of a share how many of `out_of`
    out_of     bigint      not null,
    raised_at  timestamptz not null,
    closed_at  timestamptz,
    closed_by  uuid,
    primary key (program_id, alert_id)
);
create unique index alert_once on alert (program_id, kind, subject, place, began_at);
create index alert_open on alert (program_id, raised_at) where closed_at is null;

-- What somebody wrote beside an alert.
create table alert_note (
    program_id integer     not null,
    note_id    uuid        not null,
    alert_id   uuid        not null,
    staff_id   uuid        not null,
    says       text        not null,
    at         timestamptz not null,
    primary key (program_id, note_id)
);
create index alert_note_of on alert_note (program_id, alert_id, note_id);

-- Of an erased member nothing is kept by which staff would know them, and no word about them.
create function erases_staff(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update staff set member_id = null where program_id = here and member_id = who;
    update adjustment_request set reason = '', note = '' where program_id = here and member_id = who;
    delete from alert_note n using alert a
     where n.program_id = here and a.program_id = here and a.alert_id = n.alert_id
       and a.subject = who::text;
$$;
revoke execute on function erases_staff(integer, uuid, timestamptz, text[], text[]) from public;

alter table staff alter column name set statistics 0, alter column email set statistics 0,
                  alter column password set statistics 0, alter column pin set statistics 0;
alter table adjustment_request alter column reason set statistics 0,
                               alter column note set statistics 0;
alter table alert_note alter column says set statistics 0;
alter table staff_session alter column address set statistics 0;
alter table staff_act alter column address set statistics 0;

select never_change(array['staff_act']);
grant select, insert, update on staff, staff_session, staff_passkey, staff_setting, goodwill,
    adjustment_request, alert to regulars_app;
grant select, insert, update, delete on staff_link, staff_nonce, staff_try to regulars_app;
grant select, insert on alert_note to regulars_app;
select fence(array['staff', 'staff_session', 'staff_link', 'staff_passkey', 'staff_nonce',
                   'staff_try', 'staff_act', 'staff_setting', 'goodwill', 'adjustment_request',
                   'alert', 'alert_note']);
