-- What a draft said before it was written last, so that one step can be taken back (ADR 0404); and
-- how much of the console somebody wants to see (ADR 0407).

-- ── drafts ─────────────────────────────────────────────────────────────────────────────────────
alter table program_draft add column before text;  -- nothing: it was written once

-- ── staff ──────────────────────────────────────────────────────────────────────────────────────
alter table staff add column full_view boolean not null default false;
