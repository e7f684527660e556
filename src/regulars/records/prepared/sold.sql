-- Add what was sold and came back in these transactions to the sums by category and hour, and of
-- sales to nobody to those by store.
--
-- $1 program, $2 the program's zone, $3 from which transaction, $4 below which.
-- Of each sale concerned: what is left of it by the end of these transactions (sign 1), less what
-- was left before them (sign -1). A sale to nobody that was credited to a member afterwards is theirs,
-- on its day: it and what came back of it are nobody's no more, as if they never had been.
with heard as materialized (
    select a.member_id, a.activity_id, a.kind, a.sale_id, a.store, a.occurred_at, a.amount_minor,
           a.body, a.source = 'late-credit' and a.kind = 'return'
               and a.member_id = '00000000-0000-0000-0000-000000000000' as credits
      from activity a
     where a.program_id = $1::int and a.recorded_tx >= $3::bigint and a.recorded_tx < $4::bigint
), back as materialized (
    select sale_id, array_agg(body -> 'returned') as parts, bool_or(credits) as credited,
           bool_or(member_id = '00000000-0000-0000-0000-000000000000') as nobodys
      from heard where sale_id is not null group by sale_id
), earlier as materialized (
    -- Sales of before these transactions, of which something came back in them. A return is never
    -- booked before its sale, so of the others all returns were heard.
    select s.*, r.before, coalesce(r.credited, false) as credited
      from back b
     cross join lateral (
           select a.member_id, a.activity_id, a.store, a.occurred_at, a.amount_minor, a.body
             from activity a
            where a.program_id = $1::int and a.activity_id = b.sale_id and a.kind = 'purchase'
              and a.recorded_tx < $3::bigint offset 0) s
     cross join lateral (
           select array_agg(r.body -> 'returned') as before,
                  bool_or(r.source = 'late-credit'
                          and r.member_id = '00000000-0000-0000-0000-000000000000') as credited
             from activity r
            where r.program_id = $1::int and r.sale_id = s.activity_id
              and r.recorded_tx < $3::bigint) r
), sale as materialized (
    select a.member_id = '00000000-0000-0000-0000-000000000000' as nobodys, a.activity_id,
           a.store, a.amount_minor, a.body, a.known, a.before, a.credited as was_credited,
           a.credited or coalesce(b.credited, false) as is_credited,
           a.occurred_at at time zone coalesce(s.zone, $2::text) as local_at,
           case when b.sale_id is null then a.before else coalesce(a.before, '{}') || b.parts end
               as after
      from (select member_id, activity_id, store, occurred_at, amount_minor, body,
                   false as known, null::jsonb[] as before, false as credited
              from heard where kind = 'purchase'
            union all
            select member_id, activity_id, store, occurred_at, amount_minor, body, true, before,
                   credited
              from earlier) a
      left join back b on b.sale_id = a.activity_id
      left join store s on s.program_id = $1::int and s.code = a.store
), sides as (
    select 1 as sign, nobodys and not is_credited as nobodys, activity_id, store, amount_minor,
           body, local_at, after as back
      from sale
    union all
    select -1, nobodys and not was_credited, activity_id, store, amount_minor, body, local_at,
           before
      from sale where known
), parts as materialized (
    select sign, nobodys, activity_id, store, amount_minor, local_at, p.category, p.pieces, p.minor
      from sides s
     cross join lateral (
           -- Most sales are whole and have no discount on the whole: they need no arithmetic.
           select '' as category, 0::bigint as pieces, s.amount_minor as minor
            where s.back is null and not s.body ? 'lines'
           union all
           select coalesce(l ->> 'category', ''), sum(coalesce((l ->> 'quantity')::bigint, 1))::bigint,
                  sum((l ->> 'amount_minor')::bigint
                      - coalesce((l ->> 'discount_minor')::bigint, 0))::bigint
             from jsonb_array_elements(s.body -> 'lines') as l
            where s.back is null and not s.body ?| '{order_discount_minor,shipping_minor,tips_minor}'
            group by 1
           union all
           select * from sale_left(s.amount_minor, s.body, s.back)
            where s.back is not null or (s.body ? 'lines'
                  and s.body ?| '{order_discount_minor,shipping_minor,tips_minor}')) p
), totals as (
    select sign, nobodys, activity_id, store, local_at, amount_minor, sum(pieces) as pieces,
           sum(minor) as minor, (sum(minor) > 0)::int as stays
      from parts group by sign, nobodys, activity_id, store, local_at, amount_minor
), categories as (
    insert into category_day as t (program_id, day, store, category, sales, pieces, net_minor)
    select $1::int, local_at::date, store, category, sum(sign * (minor > 0 or pieces > 0)::int),
           sum(sign * pieces), sum(sign * minor)
      from parts group by 2, 3, 4
    having row(sum(sign * (minor > 0 or pieces > 0)::int), sum(sign * pieces), sum(sign * minor))
           <> row(0, 0, 0)
     order by 2, 3, 4
        on conflict (program_id, day, store, category) do update
       set sales = t.sales + excluded.sales, pieces = t.pieces + excluded.pieces,
           net_minor = t.net_minor + excluded.net_minor
    returning 1
), hours as (
    insert into hour_month as t (program_id, month, store, weekday, hour, sales, net_minor)
    select $1::int, date_trunc('month', local_at)::date, store,
           extract(isodow from local_at)::smallint, extract(hour from local_at)::smallint,
           sum(sign * stays), sum(sign * minor)
      from totals group by 2, 3, 4, 5
    having row(sum(sign * stays), sum(sign * minor)) <> row(0, 0)
     order by 2, 3, 4, 5
        on conflict (program_id, month, store, weekday, hour) do update
       set sales = t.sales + excluded.sales, net_minor = t.net_minor + excluded.net_minor
    returning 1
), beside as (
    select local_at::date as day, store, sign as sales, sign * stays as orders,
           sign * amount_minor as paid, sign * minor as net, sign * pieces as pieces,
           0 as returns, 0 as visits
      from totals where nobodys
    union all
    select (h.occurred_at at time zone coalesce(s.zone, $2::text))::date, h.store, 0, 0, 0, 0, 0,
           (h.kind = 'return')::int, (h.kind <> 'return')::int
      from heard h
      left join store s on s.program_id = $1::int and s.code = h.store
      left join sale on sale.activity_id = h.sale_id
     where h.kind <> 'purchase' and h.member_id = '00000000-0000-0000-0000-000000000000'
       and sale.is_credited is not true
       and not exists (select from back b where b.sale_id = h.activity_id)
    union all
    -- A visit of nobody that is taken back in these transactions was none; it was told before them.
    select (v.occurred_at at time zone coalesce(s.zone, $2::text))::date, v.store, 0, 0, 0, 0, 0, 0, -1
      from back b
     cross join lateral (
           select * from activity a
            where a.program_id = $1::int and a.activity_id = b.sale_id and a.kind <> 'purchase'
              and a.member_id = '00000000-0000-0000-0000-000000000000'
              and a.recorded_tx < $3::bigint offset 0) v
      left join store s on s.program_id = $1::int and s.code = v.store
     where b.nobodys
    union all
    -- What had come back of a sale that is credited in these transactions came back again, there.
    select (r.occurred_at at time zone coalesce(s.zone, $2::text))::date, r.store, 0, 0, 0, 0, 0, -1, 0
      from sale
     cross join lateral (
           select * from activity r
            where r.program_id = $1::int and r.sale_id = sale.activity_id
              and r.recorded_tx < $3::bigint offset 0) r
      left join store s on s.program_id = $1::int and s.code = r.store
     where sale.nobodys and sale.is_credited and not sale.was_credited
), stores as (
    insert into store_day as t (program_id, day, store, named, sales, orders, paid_minor, net_minor,
                                pieces, returns, visits)
    select $1::int, day, store, false, sum(sales), sum(orders), sum(paid), sum(net), sum(pieces),
           sum(returns), sum(visits)
      from beside group by day, store
     order by day, store
        on conflict (program_id, day, store, named) do update
       set sales = t.sales + excluded.sales, orders = t.orders + excluded.orders,
           paid_minor = t.paid_minor + excluded.paid_minor,
           net_minor = t.net_minor + excluded.net_minor, pieces = t.pieces + excluded.pieces,
           returns = t.returns + excluded.returns, visits = t.visits + excluded.visits
    returning 1
)
select (select count(*) from categories) + (select count(*) from hours)
       + (select count(*) from stores) as sums, (select count(*) from heard) as activities
