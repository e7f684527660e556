-- Journeys give offers (ADR 0809).

-- ── offers of journeys ──────────────────────────────────────────────────────────────────────────
-- Whether chance holds somebody out of what a version offers, as decided when it was published.
alter table journey_version add column holds_out boolean not null default false;
