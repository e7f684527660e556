-- Each sale by its categories; what is of the whole sale stands in the first of its rows, else 0.
--
-- A sale to nobody that was credited to a member afterwards, and what came back of it, are nobody's
-- no more. Most sales are whole and have no discount on the whole: they need no arithmetic, and those of one
-- line or none no grouping either.
insert into anew_part (root, adds, nobodys, store, day, hour, sales, stays, paid, net, category,
                       pieces, minor, returns, visits)
select t.root, t.adds, t.nobodys, t.store, t.local_at::date as day,
       date_part('hour', t.local_at)::smallint as hour, p.*
  from (select o.root, o.adds, o.store, o.kind, o.amount_minor, o.body, b.parts,
               case when o.member_id <> '00000000-0000-0000-0000-000000000000' then false
                    when o.sale_id is null and b.parts is null then true
                    else not exists (
                         select from activity r
                          where r.program_id = :program::int
                            and r.sale_id = coalesce(o.sale_id, o.activity_id)
                            and r.member_id = '00000000-0000-0000-0000-000000000000'
                            and r.source = 'late-credit' and r.recorded_tx < :below::bigint)
               end as nobodys,
               o.occurred_at at time zone coalesce(s.zone, :zone::text) as local_at,
               case when o.kind <> 'purchase' then 0
                    when b.parts is not null then 4
                    when not o.body ? 'lines' then 1
                    when o.body ?| '{order_discount_minor,shipping_minor,tips_minor}' then 4
                    else least(jsonb_array_length(o.body -> 'lines') + 1, 3) end as way
          from {told} o
          left join anew_back b on b.sale_id = o.activity_id
          left join store s on s.program_id = :program::int and s.code = o.store
        offset 0) t
 cross join lateral (
       select 1 as sales, (t.amount_minor > 0)::int as stays, t.amount_minor as paid,
              t.amount_minor as net, '' as category, 0::bigint as pieces, t.amount_minor as minor,
              0 as returns, 0 as visits where t.way = 1
       union all
       select 1, (t.amount_minor > 0)::int, t.amount_minor, t.amount_minor,
              coalesce(l ->> 'category', ''), coalesce((l ->> 'quantity')::bigint, 1),
              (l ->> 'amount_minor')::bigint - coalesce((l ->> 'discount_minor')::bigint, 0), 0, 0
         from (select t.body #> '{lines,0}' as l where t.way = 2) one
       union all
       select first, first * (t.amount_minor > 0)::int, first * t.amount_minor,
              first * t.amount_minor, category, pieces, minor, 0, 0
         from (select (row_number() over () = 1)::int as first, coalesce(l ->> 'category', '')
                          as category,
                      sum(coalesce((l ->> 'quantity')::bigint, 1))::bigint as pieces,
                      sum((l ->> 'amount_minor')::bigint
                          - coalesce((l ->> 'discount_minor')::bigint, 0))::bigint as minor
                 from jsonb_array_elements(case when t.way = 3 then t.body -> 'lines' end) as l
                group by coalesce(l ->> 'category', '')) one
       union all
       select first, first * (whole > 0)::int, first * t.amount_minor, first * whole, category,
              pieces, minor, 0, 0
         from (select (row_number() over () = 1)::int as first, category, pieces, minor,
                      sum(minor) over ()::bigint as whole
                 from sale_left(t.amount_minor, t.body, t.parts) where t.way = 4) one
       union all
       select 0, 0, 0, 0, null, 0, 0, (t.kind = 'return')::int, (t.kind <> 'return')::int
        where t.way = 0) p;

insert into anew_category (program_id, day, store, category, sales, pieces, net_minor)
select :program::int, day, store, category, sum((minor > 0 or pieces > 0)::int), sum(pieces),
       sum(minor)
  from anew_part where adds and category is not null group by day, store, category;

insert into anew_hour (program_id, month, store, weekday, hour, sales, net_minor)
select :program::int, date_trunc('month', day::timestamp)::date, store,
       date_part('isodow', day)::smallint, hour, sum(stays), sum(minor)
  from (select day, store, hour, sum(stays) as stays, sum(minor) as minor
          from anew_part where adds and category is not null group by day, store, hour) d
 group by 2, 3, 4, 5;

insert into anew_store (program_id, day, store, named, sales, orders, paid_minor, net_minor, pieces,
                        returns, visits)
select :program::int, day, store, false, sum(sales), sum(stays), sum(paid), sum(minor), sum(pieces),
       sum(returns), sum(visits)
  from anew_part where nobodys group by day, store;
