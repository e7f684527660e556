-- Journeys that name a segment wait for it, and hold no other (ADR 0745).

-- ── how far for journeys that name a segment ────────────────────────────────────────────────────
-- Nothing: as far as for all others.
alter table journey_reach add column waits_tx bigint;
