-- Prizes may be rewards; milestones have prizes beside points; leaderboards pay their places.

do $$
begin
    perform allow_also('prize', 'game', array['milestone', 'board']);
    perform allow_also('midnight_step', 'step', array['close_boards']);
    perform allow_also('parked_member', 'step', array['close_boards']);
end $$;

-- ── prizes ──────────────────────────────────────────────────────────────────────────────────
alter table prize
    add column about text not null default '',   -- of a board its store, of a milestone its step
    add column reward text not null default '',  -- '' for none
    add column redemption_id uuid,
    alter column deed_id drop not null,          -- a sum or a place is reached by no one deed
    add check ((deed_id is null) = (game in ('milestone', 'board'))),
    add check (redemption_id is null or reward <> '');
create index prize_of_redemption on prize (program_id, redemption_id)
    where redemption_id is not null;
drop index prize_once;
create unique index prize_once on prize (program_id, member_id, game, name, about, began_on, place)
    where undone_at is null;
alter type prize_row
    add attribute about text, add attribute reward text, add attribute redemption_id uuid;

-- ── leaderboards that pay ───────────────────────────────────────────────────────────────────
-- A period of a board that is over and was looked at: what its places have is decided, once.
create table board_end (
    program_id integer     not null,
    board      text        not null,             -- as in the file
    store      text        not null,             -- '' where it is of all of the program
    began_on   integer     not null,             -- first day of the period
    version    integer     not null,             -- whose promise it is
    paid       integer     not null check (paid >= 0),   -- how many have something
    closed_at  timestamptz not null,
    primary key (program_id, board, store, began_on)
);

-- Who had a place that has something, as it was then; what was booked for it is a prize.
create table board_place (
    program_id integer     not null,
    member_id  uuid        not null,
    board      text        not null,
    store      text        not null,
    began_on   integer     not null,
    rank       integer     not null check (rank > 0),
    score      bigint      not null check (score > 0),
    prize      integer     not null check (prize >= 0),  -- which of the prizes in the file, from 0
    units      bigint      not null check (units >= 0),  -- points, where it is points
    needs      bigint      not null check (needs between 1 and score),
    primary key (program_id, member_id, board, store, began_on)
);
create index board_place_of_end on board_place (program_id, board, store, began_on);

select fence(array['board_end', 'board_place']);
select never_change(array['board_end', 'board_place']);
