-- Fold these members anew from the books, and put right what is kept of them and what sums of them.
--
-- $1 program, $2 everybody concerned (also who stands under another now), $3 the program's zone,
-- $4 from which transaction, $5 below which: of these only the days are folded on which something
-- they did was told then (a return tells of its sale's day, too). Without $4, all days are.
-- What was told from $5 on is left to the next round, however much of it is to be seen: sums by
-- category and hour have no more either, and two screens never say two things.
-- Rows that are due have sign 1, rows that are kept -1: every sum changes by what both come to, so a
-- row that is as it was changes nothing.
{united}), told as materialized (
    select t.member_id, t.activity_id, t.sale_id, t.store, t.occurred_at
      from activity t
     where t.program_id = $1::int and t.recorded_tx >= $4::bigint and t.recorded_tx < $5::bigint
       and t.member_id = any ($2::uuid[])
), wanted as materialized (
    -- Of each day its hours by whatever clock; none is further from the others than this.
    select member_id, day,
           coalesce(day::timestamp at time zone 'UTC' - interval '15 hours', '-infinity') as since,
           coalesce(day::timestamp at time zone 'UTC' + interval '39 hours', 'infinity') as until
      from (select member_id, null::date as day from roots where $4::bigint is null
            union
            select coalesce(i.into_id, t.member_id),
                   (t.occurred_at at time zone coalesce(s.zone, $3::text))::date
              from (select member_id, store, occurred_at from told
                    union all
                    select t.member_id, a.store, a.occurred_at
                      from told t
                     cross join lateral (
                           select * from activity a
                            where a.program_id = $1::int and a.activity_id = t.sale_id offset 0) a
                     where t.sale_id is not null) t
              left join member_alias i on i.program_id = $1::int and i.member_id = t.member_id
              left join store s on s.program_id = $1::int and s.code = t.store) d
), act as materialized (
    select * from (
        select o.root, a.member_id, a.activity_id, a.kind, a.sale_id, a.store, a.amount_minor,
               a.body, w.day as wanted,
               (a.occurred_at at time zone coalesce(s.zone, $3::text))::date as day
          from wanted w
          join own o on o.root = w.member_id
         cross join lateral (
               select * from activity a
                where a.program_id = $1::int and a.member_id = o.member_id
                  and a.recorded_tx < $5::bigint
                  and a.member_id <> '00000000-0000-0000-0000-000000000000'
                  and a.occurred_at >= w.since and a.occurred_at < w.until offset 0) a
          left join store s on s.program_id = $1::int and s.code = a.store) one
     where wanted is null or day = wanted
), back as materialized (
    select sale_id, array_agg(body -> 'returned') as parts
      from act where sale_id is not null and $4::bigint is null group by sale_id
    union all
    -- What came back of a sale lies on any day.
    select r.sale_id, array_agg(r.body -> 'returned')
      from act a
     cross join lateral (
           select * from activity r
            where r.program_id = $1::int and r.sale_id = a.activity_id
              and r.recorded_tx < $5::bigint offset 0) r
     where a.kind <> 'return' and $4::bigint is not null group by r.sale_id
), sold as (
    select a.root, a.day, a.store, a.amount_minor,
           case when b.sale_id is null then a.amount_minor else l.minor end as left_minor,
           case when b.sale_id is not null then l.pieces
                when a.body ? 'lines'
                then (select sum(coalesce((one ->> 'quantity')::bigint, 1))
                        from jsonb_array_elements(a.body -> 'lines') as one)
                else 0 end as pieces
      from act a
      left join back b on b.sale_id = a.activity_id
      left join lateral (
           select sum(minor)::bigint as minor, sum(p.pieces)::bigint as pieces
             from sale_left(a.amount_minor, a.body, b.parts) p
            where b.sale_id is not null) l on true
     where a.kind = 'purchase'
), due as materialized (
    select root as member_id, day, store, sum(sales)::int as sales,
           max(orders)::smallint as orders, sum(paid_minor)::bigint as paid_minor,
           sum(net_minor)::bigint as net_minor, sum(pieces)::bigint as pieces,
           sum(returns)::int as returns, sum(visits)::int as visits
      from (select root, day, store, 1 as sales, (left_minor > 0)::int as orders,
                   amount_minor as paid_minor, left_minor as net_minor, pieces, 0 as returns,
                   0 as visits from sold
            union all
            -- What was taken back did not take place: it is no visit.
            select root, day, store, 0, 0, 0, 0, 0, (kind = 'return')::int, (kind <> 'return')::int
              from act
             where kind <> 'purchase'
               and not exists (select from back b where b.sale_id = act.activity_id)) one
     group by root, day, store
), kept as materialized (
    select d.member_id, d.day, d.store, d.sales, d.orders, d.paid_minor, d.net_minor, d.pieces,
           d.returns, d.visits
      from everybody e
      join member_day d on d.program_id = $1::int and d.member_id = e.member_id
     where $4::bigint is null
    union all
    select d.member_id, d.day, d.store, d.sales, d.orders, d.paid_minor, d.net_minor, d.pieces,
           d.returns, d.visits
      from wanted w
      join member_day d on d.program_id = $1::int and d.member_id = w.member_id and d.day = w.day
     where $4::bigint is not null
), back_of as (
    select coalesce(i.into_id, t.member_id) as member_id
      from told t
      left join member_alias i on i.program_id = $1::int and i.member_id = t.member_id
     where t.sale_id is not null
), light as materialized (
    -- Who only bought more, and not before their first order: no month but those of the days
    -- concerned changes, and of the others it is enough to know what they come to.
    select o.member_id, o.first_on, o.last_on, o.orders, o.net_minor, o.second_on
      from (select member_id, min(day) as day from wanted group by member_id) w
      join member_orders o on o.program_id = $1::int and o.member_id = w.member_id
     where $4::bigint is not null and o.first_on < w.day
       and not exists (select from back_of b where b.member_id = w.member_id)
), others as materialized (
    -- Days that stay as they are; the first and the last of all days may be among them.
    select d.member_id, d.day, d.orders, d.net_minor
      from roots e
      join member_day d on d.program_id = $1::int and d.member_id = e.member_id
     where $4::bigint is not null
       and not exists (select from light l where l.member_id = e.member_id)
       and not exists (select from wanted w where w.member_id = d.member_id and w.day = d.day)
    union all
    select d.member_id, d.day, d.orders, d.net_minor
      from (select distinct w.member_id, date_trunc('month', w.day::timestamp)::date as since,
                   (date_trunc('month', w.day::timestamp) + interval '1 month')::date as until
              from wanted w join light l on l.member_id = w.member_id) m
      join member_day d on d.program_id = $1::int and d.member_id = m.member_id
                       and d.day >= m.since and d.day < m.until
     where not exists (select from wanted w where w.member_id = d.member_id and w.day = d.day)
), gone as (
    delete from member_day d
     using (select member_id, day, store from kept
            except select member_id, day, store from due) g
     where d.program_id = $1::int and d.member_id = g.member_id and d.day = g.day
       and d.store = g.store
    returning 1
), written as (
    insert into member_day (program_id, member_id, day, store, sales, orders, paid_minor, net_minor,
                            pieces, returns, visits)
    select $1::int, n.* from (select * from due except select * from kept) n
     order by n.member_id, n.day, n.store
        on conflict (program_id, member_id, day, store) do update
       set sales = excluded.sales, orders = excluded.orders, paid_minor = excluded.paid_minor,
           net_minor = excluded.net_minor, pieces = excluded.pieces, returns = excluded.returns,
           visits = excluded.visits
    returning 1
), sides as (
    select 1 as sign, due.* from due union all select -1, kept.* from kept
), stores as (
    insert into store_day as t (program_id, day, store, named, sales, orders, paid_minor, net_minor,
                                pieces, returns, visits)
    select $1::int, day, store, true, sum(sign * sales), sum(sign * orders),
           sum(sign * paid_minor), sum(sign * net_minor), sum(sign * pieces),
           sum(sign * returns), sum(sign * visits)
      from sides group by day, store
    having row(sum(sign * sales), sum(sign * orders), sum(sign * paid_minor),
               sum(sign * net_minor), sum(sign * pieces), sum(sign * returns),
               sum(sign * visits)) <> row(0, 0, 0, 0, 0, 0, 0)
     order by day, store
        on conflict (program_id, day, store, named) do update
       set sales = t.sales + excluded.sales, orders = t.orders + excluded.orders,
           paid_minor = t.paid_minor + excluded.paid_minor,
           net_minor = t.net_minor + excluded.net_minor, pieces = t.pieces + excluded.pieces,
           returns = t.returns + excluded.returns, visits = t.visits + excluded.visits
    returning 1
), orders as (
    select sign, member_id, day, sum(net_minor) as net_minor
      from (select sign, member_id, day, orders, net_minor from sides
            union all
            select sign, member_id, day, orders, net_minor
              from others cross join (values (1), (-1)) as both_sides (sign)) one
     group by sign, member_id, day having sum(orders) > 0
), edges as (
    -- Of who only bought more: from the last but one order before the days concerned to the second
    -- after them. No order outside has another before it than it had.
    select w.member_id, w.since, w.until,
           (select min(b.day)
              from (select d.day from member_day d
                     where d.program_id = $1::int and d.member_id = w.member_id
                       and d.day < w.since and d.orders > 0
                     group by d.day order by d.day desc limit 2) b) as from_on,
           (select max(b.day)
              from (select d.day from member_day d
                     where d.program_id = $1::int and d.member_id = w.member_id
                       and d.day > w.until and d.orders > 0
                     group by d.day order by d.day limit 2) b) as upto_on
      from (select member_id, min(day) as since, max(day) as until from wanted
             group by member_id) w
     where exists (select from light l where l.member_id = w.member_id)
), lined as (
    select sign, day, lag(day) over each as last_on, lag(day, 2) over each as but_one_on
      from (select sign, member_id, day from orders
            union
            select both_sides.sign, e.member_id, d.day
              from edges e
              join member_day d on d.program_id = $1::int and d.member_id = e.member_id
                               and d.day >= coalesce(e.from_on, e.since)
                               and d.day <= coalesce(e.upto_on, e.until) and d.orders > 0
             cross join (values (1), (-1)) as both_sides (sign)
             where not exists (select from wanted w
                                where w.member_id = d.member_id and w.day = d.day)) o
    window each as (partition by sign, member_id order by day)
), gaps as (
    insert into order_gap as t (program_id, day, before_on, last, last_but_one)
    select $1::int, day, before_on, sum(last), sum(last_but_one)
      from (select day, coalesce(last_on, date '0001-01-01') as before_on, sign as last,
                   0 as last_but_one from lined
            union all
            select day, coalesce(but_one_on, date '0001-01-01'), 0, sign from lined) one
     group by day, before_on having row(sum(last), sum(last_but_one)) <> row(0, 0)
     order by day, before_on
        on conflict (program_id, day, before_on) do update
       set last = t.last + excluded.last, last_but_one = t.last_but_one + excluded.last_but_one
    returning 1
), ever as materialized (
    select sign, member_id, min(day) as first_on, max(day) as last_on, count(*)::int as orders,
           sum(net_minor)::bigint as net_minor, (array_agg(day order by day))[2] as second_on
      from orders o
     where not exists (select from light l where l.member_id = o.member_id)
     group by sign, member_id
    union all
    select -1, member_id, first_on, last_on, orders, net_minor, second_on from light
    union all
    select 1, l.member_id, l.first_on, greatest(l.last_on, max(o.day)),
           l.orders + coalesce(sum(o.sign), 0)::int,
           l.net_minor + coalesce(sum(o.sign * o.net_minor), 0)::bigint,
           least(l.second_on, min(o.day) filter (where o.sign = 1 and o.day > l.first_on))
      from light l left join orders o on o.member_id = l.member_id
     group by l.member_id, l.first_on, l.last_on, l.orders, l.net_minor, l.second_on
), nevermore as (
    delete from member_orders o
     using everybody e
     where o.program_id = $1::int and o.member_id = e.member_id
       and not exists (select from ever v where v.sign = 1 and v.member_id = o.member_id)
    returning 1
), members as (
    insert into member_orders as t (program_id, member_id, first_on, last_on, orders, net_minor,
                                    second_on)
    select $1::int, member_id, first_on, last_on, orders, net_minor, second_on
      from ever where sign = 1
     order by member_id
        on conflict (program_id, member_id) do update
       set first_on = excluded.first_on, last_on = excluded.last_on, orders = excluded.orders,
           net_minor = excluded.net_minor, second_on = excluded.second_on
     where row(t.first_on, t.last_on, t.orders, t.net_minor, t.second_on)
        is distinct from row(excluded.first_on, excluded.last_on, excluded.orders,
                             excluded.net_minor, excluded.second_on)
    returning 1
), months as (
    select o.sign, date_trunc('month', e.first_on::timestamp)::date as first_month,
           date_trunc('month', o.day::timestamp)::date as month, count(*) as orders,
           sum(o.net_minor) as net_minor
      from orders o join ever e using (sign, member_id)
     group by o.sign, o.member_id, 2, 3
), cohorts as (
    insert into cohort_month as t (program_id, first_month, month, buyers, orders, net_minor)
    select $1::int, first_month, month, sum(sign), sum(sign * orders), sum(sign * net_minor)
      from months group by first_month, month
    having row(sum(sign), sum(sign * orders), sum(sign * net_minor)) <> row(0, 0, 0)
     order by first_month, month
        on conflict (program_id, first_month, month) do update
       set buyers = t.buyers + excluded.buyers, orders = t.orders + excluded.orders,
           net_minor = t.net_minor + excluded.net_minor
    returning 1
)
select (select count(*) from gone) + (select count(*) from written) + (select count(*) from nevermore)
       + (select count(*) from members) as changed,
       (select count(*) from stores) + (select count(*) from cohorts)
       + (select count(*) from gaps) as sums,
       (select count(*) from act) as activities
