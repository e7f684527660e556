-- ── reports that take long, told by night ────────────────────────────────────────────────────────

-- A usual question of a report, what the night answered, and how long that took (ADR 0795). Where it
-- took no time nothing is kept of the answer: it is worked out when it is asked for.
create table report_told (
    program_id integer     not null,
    report     text        not null check (length(report) between 1 and 40),
    question   text        not null check (length(question) between 1 and 200),  -- as typed: span=year&compare=previous
    day        date        not null,             -- the shop's, on which it was asked
    basis      text        not null check (length(basis) = 64),  -- of the terms it was asked by, SHA-256
    looked_at  timestamptz,                      -- up to which books
    took_ms    integer     not null check (took_ms >= 0),
    told       jsonb,
    primary key (program_id, report, question)
);
grant select, insert, update, delete on report_told to regulars_app;
select fence(array['report_told']);
