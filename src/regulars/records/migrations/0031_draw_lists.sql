-- The list of a draw, closed and published before anybody knows the words (semantics H3).

-- ── draws ───────────────────────────────────────────────────────────────────────────────────
-- Who takes part with how many tickets, in the order of the list; written once, and drawn from.
create table draw_list (
    program_id integer     not null,
    draw       text        not null,           -- as in the program file
    closed_at  timestamptz not null,
    closed_by  text        not null,
    digest     text        not null,           -- SHA-256 of the list
    members    uuid[]      not null check (cardinality(members) > 0),
    tickets    bigint[]    not null check (cardinality(tickets) = cardinality(members)),
    primary key (program_id, draw)
);

select never_change(array['draw_list']);
select fence(array['draw_list']);
