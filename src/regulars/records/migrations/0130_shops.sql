-- Refunds that fail after all, and jobs by which Klaviyo takes many profiles (ADR 0887, 0870).

-- ── refunds that did not arrive ─────────────────────────────────────────────────────────────────
alter table membership_turn drop constraint membership_turn_what_check;
alter table membership_turn add constraint membership_turn_what_check check (what in (
    'started', 'paid', 'failed', 'refunded', 'cancelled', 'paused', 'resumed', 'changed',
    'told', 'past_due', 'ended', 'restored'));

-- ── many profiles at once ───────────────────────────────────────────────────────────────────────
-- The job that is on its way and what the ones before did not take, as JSON; empty without any.
alter table klaviyo add column bulk text not null default '' check (length(bulk) <= 100000);
