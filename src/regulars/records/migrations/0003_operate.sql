-- Operating: the fence that a restore raises.

-- ── the installation ────────────────────────────────────────────────────────────────────────
-- A restore begins a further epoch of the installation. What lay in the outbox before it may have
-- been sent in the life that was cut off, so nothing recorded before the newest `raised_at` is
-- ever sent by itself. Not a program's but the installation's: no fence between programs here.
create table fence (
    epoch       integer     primary key check (epoch > 0),
    raised_at   timestamptz not null,
    reason      text        not null,
    restored_to timestamptz                     -- null: to the end of what was kept
);

create trigger append_only before update or delete or truncate on fence
    for each statement execute function refuse_change();
grant select on fence to regulars_app;
