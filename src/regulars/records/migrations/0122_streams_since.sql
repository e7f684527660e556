-- A stream that is read can be gone back in (ADR 0848).

-- ── from when on it was asked for ───────────────────────────────────────────────────────────────
-- Everything that lies there since then was asked for, once more where it was; nothing: nobody did.
alter table stream add column since timestamptz;
