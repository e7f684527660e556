-- What members are worth may be missing by itself: chances are said without it (ADR 0888).

-- ── of whom nobody can say what they are worth ──────────────────────────────────────────────────
alter table member_value
    alter column orders drop not null,       -- no model of buying holds in this shop
    alter column worth_minor drop not null,  -- nor one of money
    alter column worth drop not null,
    add column soon_minor bigint;            -- what of worth_minor is of the next 90 days
alter table member_alert alter column worth_minor drop not null;
