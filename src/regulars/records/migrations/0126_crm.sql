-- What was passed as the same sale and is another one.

-- ── another sale ────────────────────────────────────────────────────────────────────────────────
-- Which activities somebody said that an event does not tell (ADR 0871); it stays, so that nothing
-- takes it for one of them again.
alter table arrival add column apart uuid[] not null default '{}';
