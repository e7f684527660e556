-- Terms that change: drafts, changeovers, what was taken back, and what members were told of it.

do $$
begin
    perform allow_also('tier_move', 'reason', array['terms']);
    perform allow_also('midnight_step', 'step', array['move_over']);
    perform allow_also('parked_member', 'step', array['move_over']);
end $$;

-- The last change of the terms a member came through; empty while none moved or met them.
alter table standing add column moved_at timestamptz;
alter type kept_standing_row add attribute moved_at timestamptz;

-- ── before a version is published ──────────────────────────────────────────────────────────
-- Program files somebody works on. Each change raises the revision, and names the one it read.
create table program_draft (
    program_id integer     not null,
    name       text        not null,
    revision   integer     not null check (revision > 0),
    based_on   integer     not null,            -- the newest version when it was begun; 0: none
    source     text        not null,            -- as it was written, right or wrong
    author     text        not null,
    created_at timestamptz not null,
    changed_by text        not null,
    changed_at timestamptz not null,
    primary key (program_id, name)
);

-- ── a version that was published and taken back ────────────────────────────────────────────
-- What it replaced is published anew from the same instant on, so that it never rules.
create table version_withdrawal (
    program_id   integer     not null,
    version      integer     not null,
    restored_as  integer     not null,          -- the version that stands in its place
    withdrawn_by text        not null,
    reason       text        not null,
    withdrawn_at timestamptz not null,
    primary key (program_id, version)
);

-- How far the walk is that brings members through a version's change of the ladder.
create table changeover_walk (
    program_id integer     not null,
    version    integer     not null,
    cut_at     timestamptz not null,            -- of which change
    last_id    uuid,
    moved      bigint      not null,            -- so many stand elsewhere or longer by it
    done_at    timestamptz,
    primary key (program_id, version, cut_at)
);

-- ── what members were told of a version, and what they said to it ──────────────────────────
create table terms_word (
    program_id  integer     not null,
    member_id   uuid        not null,
    word_id     uuid        not null,
    version     integer     not null,
    word        text        not null check (word = any ('{told,accepted,declined}'::text[])),
    channel     text        not null,
    said_at     timestamptz not null,           -- when it was told or said, in the world
    actor       text        not null,
    recorded_at timestamptz not null,
    primary key (program_id, member_id, word_id)
);
create index terms_word_of_version on terms_word (program_id, version, word, word_id);

create trigger only_personal before update on terms_word
    for each row execute function only_personal('actor');
create function erases_terms(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update terms_word set actor = shown_actor(actor, texts)
     where program_id = here and member_id = who and actor <> shown_actor(actor, texts);
$$;
revoke execute on function erases_terms(integer, uuid, timestamptz, text[], text[]) from public;
alter table terms_word alter column actor set statistics 0;

select never_change(array['version_withdrawal', 'terms_word']);
grant select, insert, update, delete on program_draft to regulars_app;
grant select, insert, update on changeover_walk to regulars_app;
select fence(array['program_draft', 'version_withdrawal', 'changeover_walk', 'terms_word']);
