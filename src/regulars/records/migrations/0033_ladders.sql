-- When somebody looks at a member of a further ladder, and what they were told of it (semantics E3).

do $$
begin
    perform allow_also('midnight_step', 'step', array['foretell_ladders']);
    perform allow_also('parked_member', 'step', array['foretell_ladders']);
    perform allow_also('message', 'kind', array['ladder_notice']);
end $$;

-- ── further ladders ─────────────────────────────────────────────────────────────────────────
-- When the night looks at a member of a further ladder. It lists everybody anew who has credit there.
create table ladder_clock (
    program_id integer     not null,
    member_id  uuid        not null,
    ladder     text        not null,            -- as in the program file
    version    integer     not null,            -- the terms that say when
    look_at    timestamptz not null,
    told_of    timestamptz,                     -- the end before which they were looked at
    primary key (program_id, member_id, ladder)
);
create index ladder_look on ladder_clock (program_id, version, look_at);
create type ladder_clock_row as (
    member_id uuid, ladder text, version integer, look_at timestamptz
);
create type ladder_looked_row as (
    member_id uuid, ladder text, version integer, look_at timestamptz, told_of timestamptz
);

alter table message
    add column about text not null default '';  -- the further ladder; '' for points and tiers
create type notice_row as (
    member_id uuid, message_id uuid, kind text, wallet smallint, points bigint,
    lapses_at timestamptz, about text
);

grant select, insert, update, delete on ladder_clock to regulars_app;
select fence(array['ladder_clock']);
