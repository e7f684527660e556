-- A lesson may be held: taught at events with seats, and read and answered by whoever came (ADR 0897).

-- ── lessons that are held ───────────────────────────────────────────────────────────────────────
-- Which lesson an event teaches, by its code; none where empty.
alter table gathering add column lesson text not null default '';
create index gathering_of_lesson on gathering (program_id, lesson) where lesson <> '';
-- Whether only whoever came to an event that teaches it reads it and answers its quiz.
alter table lesson add column held boolean not null default false;

alter table gathering drop constraint gathering_sort_check;
alter table gathering add constraint gathering_sort_check
    check (sort in ('event', 'class', 'talk', 'product-test', 'feedback-session'));
