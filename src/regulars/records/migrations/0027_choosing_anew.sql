-- What somebody chose binds them for as long as it can be had: where it is taken out of the program
-- they choose anew, and both words are kept (semantics F3, G2).

alter table choice
    drop constraint choice_pkey,
    add primary key (program_id, member_id, word, period, chosen);

-- ── rewards that are taken by themselves: who had enough before ─────────────────────────────
-- How far the walk is through those whose balances had reached the price of such a reward before a
-- version promised it; one walk for each version.
create table automatic_walk (
    program_id integer not null,
    version    integer not null,
    last_id    uuid,                            -- the last member who was looked at
    done_at    timestamptz,
    primary key (program_id, version)
);
grant select, insert, update on automatic_walk to regulars_app;
select fence(array['automatic_walk']);
