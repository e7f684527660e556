-- Milestones: points as soon as so much came together, booked under a kind of their own.
-- Draws: a promise to keep to before anybody can know who wins, and a record anybody can check.
-- Leaderboards: who has most, found by counters whose periods are below zero; no others pay for it.

do $$
begin
    perform allow_also('entry', 'kind', array['milestone']);
end $$;

create index counter_of_board on counter (program_id, counter, period, value desc, member_id)
    where period < 0;

-- ── draws ───────────────────────────────────────────────────────────────────────────────────
-- A draw: announced with the digest of a secret, and drawn once with that secret.
create table draw (
    program_id   integer     not null,
    draw         text        not null,           -- as in the program file
    version      integer     not null,           -- whose promise it is
    secret       text        not null,           -- told to nobody before it is drawn
    commitment   text        not null,           -- SHA-256 of the secret, for everybody to see
    announced_at timestamptz not null,
    announced_by text        not null,
    public       text,                           -- words nobody could know before
    list_digest  text,                           -- SHA-256 of the list of who takes part
    tickets      bigint      check (tickets > 0),
    drawn_at     timestamptz,
    drawn_by     text,
    check (num_nulls(public, list_digest, tickets, drawn_at, drawn_by) in (0, 5)),
    primary key (program_id, draw)
);

-- Who took part in a draw, in the order of the list, with how many tickets, and what they won.
create table draw_entrant (
    program_id integer not null,
    draw       text    not null,
    place      integer not null check (place > 0),
    member_id  uuid    not null,
    alias      text    not null,                 -- how they stand on the list; told to nobody else
    tickets    bigint  not null check (tickets > 0),
    won        integer not null check (won >= 0), -- the how-manieth prize; 0 for none
    primary key (program_id, draw, place)
);
create unique index draw_entrant_once on draw_entrant (program_id, draw, member_id);

create function only_drawn() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.drawn_at is null and new.drawn_at is not null
       and to_jsonb(old) - '{public,list_digest,tickets,drawn_at,drawn_by}'::text[]
           = to_jsonb(new) - '{public,list_digest,tickets,drawn_at,drawn_by}'::text[]
    then
        return new;
    end if;
    raise exception 'a draw is announced once and drawn once'
        using errcode = 'restrict_violation';
end $$;
create trigger only_drawn before update or delete on draw
    for each row execute function only_drawn();

grant select, insert, update on draw to regulars_app;
grant select, insert on draw_entrant to regulars_app;
select fence(array['draw', 'draw_entrant']);
