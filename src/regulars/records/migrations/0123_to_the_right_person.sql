-- What waits reaches the right person: alerts can wait, and journeys leave tasks (ADR 0856, 0857);
-- a club is a team (ADR 0859).

-- ── members to look after ────────────────────────────────────────────────────────────────────────
-- Not before this day: whoever looked at it said so.
alter table member_alert add column snoozed_until date;

-- ── what is to be done for members ──────────────────────────────────────────────────────────────
-- A step of a journey leaves a task to whoever looks after the member or, where nobody does, to the
-- store of their last order: one for each run and step, however often it is walked.
alter table line_task
    alter column staff_id drop not null,            -- nobody wrote it down: a journey did
    add column store      text not null default '', -- of the last order when it was made
    add column journey_id uuid,
    add column run_id     uuid,
    add column step       text not null default '',
    add column done_by    text not null default '',
    add column result     text not null default '' check (length(result) <= 400),
    add constraint line_task_of_whom check ((staff_id is null) = (run_id is not null)),
    add constraint line_task_of_step check ((run_id is null) = (step = '')
                                            and (run_id is null) = (journey_id is null));
create unique index line_task_step on line_task (program_id, run_id, step) where run_id is not null;
create index line_task_due on line_task (program_id, due_on, task_id) where done_at is null;

-- ── words nobody answered ───────────────────────────────────────────────────────────────────────
-- What members write who have nobody stands before whoever keeps members, until somebody answers or
-- says that there is nothing to answer (ADR 0858).
alter table line_word add column heeded_at timestamptz;
alter table text_heard add column heeded_at timestamptz;
create index line_word_unheeded on line_word (program_id, written_at)
    where staff_id is null and heeded_at is null;
create index text_heard_unheeded on text_heard (program_id, heard_at)
    where word = 'other' and says <> '' and heeded_at is null;

-- ── clubs as teams ──────────────────────────────────────────────────────────────────────────────
-- A challenge for teams can be taken up for a club: one team of it, for whoever is in the club.
alter table team add column club_id uuid;
create unique index team_of_club on team (program_id, challenge, club_id) where club_id is not null;
