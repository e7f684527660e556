-- An import is taken back: which members it made, and what became of each of them.

-- ── who came by which import ────────────────────────────────────────────────────────────────────
create table import_made (
    program_id integer not null,
    import_id  uuid    not null,
    member_id  uuid    not null,
    primary key (program_id, import_id, member_id)
);
select never_change(array['import_made']);

-- ── an import that is taken back ────────────────────────────────────────────────────────────────
create table import_undo (
    program_id integer     not null,
    import_id  uuid        not null,
    actor      text        not null,
    begun_at   timestamptz not null,
    done_at    timestamptz,
    primary key (program_id, import_id)
);

-- Everybody the import gave something: who waits for it, from whom it was taken, and who keeps it
-- and why. All of a member, or nothing: what is half taken back could not come again.
create table import_undone (
    program_id integer not null,
    import_id  uuid    not null,
    member_id  uuid    not null,
    made       boolean not null,                    -- the import made this member
    state      text    not null default 'waiting' check (state in ('waiting', 'undone', 'kept')),
    reason     text    not null default '',         -- why it is kept, one word
    primary key (program_id, import_id, member_id),
    check ((state = 'kept') = (reason <> ''))
);
create index import_undone_waiting on import_undone (program_id, import_id, member_id)
    where state = 'waiting';

grant select, insert, update on import_undo, import_undone to regulars_app;
select fence(array['import_made', 'import_undo', 'import_undone']);

-- ── members who are nobody again ────────────────────────────────────────────────────────────────
-- As of an erasure, but of several members at once: each row still has to be of one that is named.
create or replace function only_personal() returns trigger language plpgsql as $$
begin
    if to_jsonb(old) - tg_argv::text[] is distinct from to_jsonb(new) - tg_argv::text[]
       or position(old.member_id::text in current_setting('regulars.erasing', true)) = 0
       or current_setting('regulars.erasing', true) is null
       or not exists (select from erasure e
                       where e.program_id = old.program_id and e.member_id = old.member_id) then
        raise exception '% is append-only: an erasure takes personal texts of its member alone',
            tg_table_name using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

-- Once all is taken back, the receipts of what was taken back move aside, under keys of their own:
-- they stand for what they stood for, and a mended file meets none of them.
create function let_come_again(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    here constant integer := current_setting('regulars.program_id')::integer;
begin
    if not exists (select from import_undo where program_id = here and import_id = which
                      and done_at is null) then
        raise exception 'receipts move once, at the end' using errcode = 'restrict_violation';
    end if;
    delete from once o using import_undone u
     where u.program_id = here and u.import_id = which and u.state = 'undone' and u.made
       and o.program_id = here and o.member_id = u.member_id and o.subject_id = u.member_id;
    update once o set key = md5(o.key::text || which::text)::uuid,
           content = case when u.made then '00000000-0000-0000-0000-000000000000' else content end
      from import_undone u
     where u.program_id = here and u.import_id = which and u.state = 'undone'
       and o.program_id = here and o.member_id = u.member_id
       and (u.made or exists (select from entry e
                               where e.program_id = here and e.member_id = o.member_id
                                 and e.entry_id = o.subject_id and e.kind = 'open'
                                 and e.cause_id = which));
    delete from import_slip where program_id = here and import_id = which;
    update import set fingerprint = sha256(fingerprint || uuid_send(which))
     where program_id = here and import_id = which;
end $$;
revoke all on function let_come_again(uuid) from public;
grant execute on function let_come_again(uuid) to regulars_app;

-- ── it is long work that somebody asks for ──────────────────────────────────────────────────────
alter table errand drop constraint errand_kind_check;
alter table errand add constraint errand_kind_check
    check (kind in ('trial', 'check', 'import', 'undo_check', 'undo'));
