-- Prepared rows: what screens about retention ask for, worked out of the books some seconds behind.
--
-- All of it can be worked out again (`regulars rebuild`), so nothing here is ever the truth. Days are
-- the shop's business days: of the zone of the store, where it is known, else of the program.

-- ── how far it goes ─────────────────────────────────────────────────────────────────────────────
-- A merged member is who they stand as now. How far it follows the books, as in `richness_reach`.
create table prepared_reach (
    program_id integer     not null primary key,
    cluster    bigint      not null,           -- whose numbers of transactions these are
    zones      text        not null,           -- digest of the zones by which days were cut
    below_tx   bigint      not null,           -- all that was booked below it is in the rows
    after_id   uuid,                           -- while all are folded anew: everybody up to this one is
    stood_on   date,                           -- the last day as of whose end it was counted who stood where
    looked_at  timestamptz not null            -- when, the last time
) with (fillfactor = 70);

-- ── by member ───────────────────────────────────────────────────────────────────────────────────
create table member_day (
    program_id integer not null,
    member_id  uuid    not null,
    day        date    not null,
    store      text    not null,
    sales      integer not null,               -- purchases told of
    orders     smallint not null check (orders in (0, 1)),  -- something paid for is left of them
    paid_minor bigint  not null,               -- what they came to
    net_minor  bigint  not null,               -- of that, what did not come back, whenever
    pieces     bigint  not null,               -- articles that did not come back
    returns    integer not null,               -- returns made on this day, of whatever day
    visits     integer not null,               -- activities of any other kind
    primary key (program_id, member_id, day, store)
);
create index member_day_by_day on member_day (program_id, day, member_id);

create table points_day (
    program_id integer  not null,
    member_id  uuid     not null,
    day        date     not null,
    store      text     not null,
    wallet     smallint not null,
    issued     bigint   not null,              -- less what returns took back
    redeemed   bigint   not null,
    expired    bigint   not null,
    adjusted   bigint   not null,              -- given by hand; taken is negative
    other      bigint   not null,              -- brought over, moved, written off
    primary key (program_id, member_id, day, store, wallet)
);

-- A row for whoever ever had an order; orders are merged by day, whatever the store.
create table member_orders (
    program_id integer not null,
    member_id  uuid    not null,
    first_on   date    not null,
    last_on    date    not null,
    orders     integer not null,
    net_minor  bigint  not null,
    primary key (program_id, member_id)
) with (fillfactor = 85);

-- ── sums ────────────────────────────────────────────────────────────────────────────────────────
-- By store and day, members and sales to nobody apart.
create table store_day (
    program_id integer not null,
    day        date    not null,
    store      text    not null,
    named      boolean not null,
    sales      bigint  not null,
    orders     bigint  not null,               -- to nobody: sales of which something is left
    paid_minor bigint  not null,
    net_minor  bigint  not null,
    pieces     bigint  not null,
    returns    bigint  not null,
    visits     bigint  not null,
    primary key (program_id, day, store, named)
) with (fillfactor = 70);

create table store_points_day (
    program_id integer  not null,
    day        date     not null,
    store      text     not null,
    wallet     smallint not null,
    issued     bigint   not null,
    redeemed   bigint   not null,
    expired    bigint   not null,
    adjusted   bigint   not null,
    other      bigint   not null,
    primary key (program_id, day, store, wallet)
) with (fillfactor = 70);

-- Of members whose first order was in one month: how many ordered in another, how often, for what.
create table cohort_month (
    program_id  integer not null,
    first_month date    not null,
    month       date    not null,
    buyers      bigint  not null,
    orders      bigint  not null,
    net_minor   bigint  not null,
    primary key (program_id, first_month, month)
) with (fillfactor = 70);

-- Of points earned in one month: what was given, and what left in another; moves between members
-- cancel out. All of a row's earned month together is what is left of it.
create table lot_month (
    program_id   integer  not null,
    wallet       smallint not null,
    earned_month date     not null,
    month        date     not null,
    given        bigint   not null,
    redeemed     bigint   not null,            -- less what refunds gave back
    expired      bigint   not null,
    other        bigint   not null,            -- gone otherwise: taken back, given away, moved
    primary key (program_id, wallet, earned_month, month)
) with (fillfactor = 70);

-- What was sold of each category, less what came back; and at which hours of the week.
create table category_day (
    program_id integer not null,
    day        date    not null,
    store      text    not null,
    category   text    not null,               -- '' for what has none, shipping and tips
    sales      bigint  not null,
    pieces     bigint  not null,
    net_minor  bigint  not null,
    primary key (program_id, day, store, category)
) with (fillfactor = 70);

create table hour_month (
    program_id integer  not null,
    month      date     not null,
    store      text     not null,
    weekday    smallint not null check (weekday between 1 and 7),  -- 1 is Monday
    hour       smallint not null check (hour between 0 and 23),
    sales      bigint   not null,
    net_minor  bigint   not null,
    primary key (program_id, month, store, weekday, hour)
) with (fillfactor = 70);

-- ── where everybody stood as a day ended ────────────────────────────────────────────────────────
create table tier_day (
    program_id integer not null,
    day        date    not null,
    ladder     text    not null,               -- '' for the tiers of the program
    tier       text    not null,               -- '' for who is on none
    members    bigint,                         -- nothing where nobody counted as it ended
    came       bigint  not null,               -- moved up or down to it on this day
    went       bigint  not null,
    primary key (program_id, day, ladder, tier)
) with (fillfactor = 85);

create table owed_day (
    program_id  integer  not null,
    day         date     not null,
    wallet      smallint not null,
    lapse_month date     not null,             -- 9999-12-01 for what never lapses
    units       bigint   not null,
    primary key (program_id, day, wallet, lapse_month)
);

-- ── what is left of a sale ──────────────────────────────────────────────────────────────────────
-- By category, after returns: each of them a list of lines and pieces, or nothing for all the rest.
-- The discount on the whole lies on the lines by what they cost; what stays of each line is rounded
-- down; shipping, tips and what rounding left stay until the last piece is back. A piece that
-- was free comes back last. A sale without lines is one line of so many minor units.
create function sale_left(amount bigint, body jsonb, back jsonb[])
returns table (category text, pieces bigint, minor bigint)
language sql immutable parallel safe as $$
    with line as (
        select place - 1 as place, coalesce(l ->> 'category', '') as category,
               coalesce((l ->> 'quantity')::numeric, 1) as quantity,
               greatest(coalesce((l ->> 'quantity')::numeric, 1)
                        - coalesce((l ->> 'free')::numeric, 0), 1) as paid,
               (l ->> 'amount_minor')::numeric
                   - coalesce((l ->> 'discount_minor')::numeric, 0) as worth, 1 as counts
          from jsonb_array_elements(body -> 'lines') with ordinality as t (l, place)
        union all
        select 0, '', whole, whole, amount, 0
          from (select greatest(coalesce((body #>> '{paid_in,amount_minor}')::numeric, amount), 1)
                       as whole) one
         where not body ? 'lines'
    ), gone as (
        select (b ->> 'line')::integer as place, sum((b ->> 'quantity')::numeric) as quantity
          from unnest(back) as r (parts), jsonb_array_elements(r.parts) as b
         where r.parts is not null group by 1
    ), told as (
        select coalesce(bool_or(parts is null or parts = '[]'), false) as whole
          from unnest(back) as r (parts)
    ), came as (
        select l.*, case when t.whole then l.quantity
                         else least(l.quantity, coalesce(g.quantity, 0)) end as back,
               sum(l.worth) over () as all_worth,
               sum(l.worth) over () - coalesce((body ->> 'order_discount_minor')::numeric, 0)
                   as after_discount
          from line l cross join told t left join gone g using (place)
    ), kept as (
        select c.category, c.counts * (c.quantity - c.back) as pieces,
               bool_and(c.back = c.quantity) over () as empty,
               case when c.all_worth > 0
                    then div(c.worth * c.after_discount, c.all_worth) else 0 end as share,
               case when c.all_worth > 0
                    then div(c.worth * greatest(c.paid - c.back, 0) * c.after_discount,
                             c.paid * c.all_worth) else 0 end as stays
          from came c
    ), parts as (
        select category, pieces, case when empty then 0 else stays end as minor from kept
        union all
        select '', 0, amount - sum(share) from kept having not bool_and(empty)
    )
    select category, sum(pieces)::bigint, sum(minor)::bigint from parts group by category
$$;

-- ── which members something happened to that no entry tells of ──────────────────────────────────
alter table erasure add column recorded_tx bigint;
alter table erasure alter column recorded_tx
    set default (pg_current_xact_id()::text::bigint);

grant select, insert, update, delete on
    prepared_reach, member_day, points_day, member_orders, store_day, store_points_day, cohort_month,
    lot_month, category_day, hour_month, tier_day, owed_day to regulars_app;
select fence(array['prepared_reach', 'member_day', 'points_day', 'member_orders', 'store_day',
                   'store_points_day', 'cohort_month', 'lot_month', 'category_day', 'hour_month',
                   'tier_day', 'owed_day']);
