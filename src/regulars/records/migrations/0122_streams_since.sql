-- A stream that is read can be gone back in (ADR 0848).

-- ── from when on a stream was asked for ─────────────────────────────────────────────────────────
-- Entered again, everything that lies there since then is read once more.
alter table stream
    add column since timestamptz;  -- everything since then was asked for; nothing: nobody did
