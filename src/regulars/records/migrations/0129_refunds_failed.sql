-- A refund that succeeded and then failed gives again what it took (ADR 0887).

-- ── refunds that did not arrive ─────────────────────────────────────────────────────────────────
alter table membership_turn drop constraint membership_turn_what_check;
alter table membership_turn add constraint membership_turn_what_check check (what in (
    'started', 'paid', 'failed', 'refunded', 'cancelled', 'paused', 'resumed', 'changed',
    'told', 'past_due', 'ended', 'restored'));
