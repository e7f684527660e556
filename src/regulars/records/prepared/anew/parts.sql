-- Each sale by its categories; what is of the whole sale stands in the first of its rows, else 0.
--
-- A sale to nobody that was credited to a member afterwards, and what came back of it, are
-- nobody's no more. Most sales are whole and have no discount on the whole: they need no
-- arithmetic, and those of one
-- line or none no grouping either. Each goes one way only, so none is asked in vain. Where a cause
-- happened is written in passing: whoever looks for what was booked need not read all of it again.
with told as materialized (
    select o.root, o.adds, o.nobodys, o.store, o.kind, o.amount_minor, o.body, o.parts,
           o.member_id, o.activity_id, o.local_at::date as day,
           date_part('hour', o.local_at)::smallint as hour,
           case when o.kind <> 'purchase' then 0
                when o.parts is not null then 4
                when not o.body ? 'lines' then 1
                when o.body ?| '{order_discount_minor,shipping_minor,tips_minor}' then 4
                else least(jsonb_array_length(o.body -> 'lines') + 1, 3) end as way
      from (select a.*, b.parts,
                   case when a.member_id <> '00000000-0000-0000-0000-000000000000' then false
                        when a.sale_id is null and b.parts is null then true
                        else not exists (
                             select from activity r
                              where r.program_id = :program::int
                                and r.sale_id = coalesce(a.sale_id, a.activity_id)
                                and r.member_id = '00000000-0000-0000-0000-000000000000'
                                and r.source = 'late-credit' and r.recorded_tx < :below::bigint)
                   end as nobodys,
                   a.occurred_at at time zone coalesce(s.zone, :zone::text) as local_at
              from {told} a
              left join anew_back b on b.sale_id = a.activity_id
              left join store s on s.program_id = :program::int and s.code = a.store
            offset 0) o
), shop as (
    insert into anew_shop (member_id, cause_id, store)
    select member_id, activity_id, store from told
     where store <> '' and member_id <> '00000000-0000-0000-0000-000000000000'
)
insert into anew_part (root, adds, nobodys, store, day, hour, sales, stays, paid, net, category,
                       pieces, minor, returns, visits)
select t.root, t.adds, t.nobodys, t.store, t.day, t.hour, 0, 0, 0, 0, null, 0, 0,
       (t.kind = 'return')::int, (t.kind <> 'return')::int
  from told t where t.way = 0 and t.parts is null  -- what was taken back did not take place
union all
select t.root, t.adds, t.nobodys, t.store, t.day, t.hour, 1, (t.amount_minor > 0)::int,
       t.amount_minor, t.amount_minor, '', 0::bigint, t.amount_minor, 0, 0
  from told t where t.way = 1
union all
select t.root, t.adds, t.nobodys, t.store, t.day, t.hour, 1, (t.amount_minor > 0)::int,
       t.amount_minor, t.amount_minor, coalesce(l ->> 'category', ''),
       coalesce((l ->> 'quantity')::bigint, 1),
       (l ->> 'amount_minor')::bigint - coalesce((l ->> 'discount_minor')::bigint, 0), 0, 0
  from told t cross join lateral (select t.body #> '{lines,0}' as l offset 0) one
 where t.way = 2
union all
select t.root, t.adds, t.nobodys, t.store, t.day, t.hour, p.first,
       p.first * (t.amount_minor > 0)::int, p.first * t.amount_minor, p.first * t.amount_minor,
       p.category, p.pieces, p.minor, 0, 0
  from told t
 cross join lateral (
       select (row_number() over () = 1)::int as first, coalesce(l ->> 'category', '') as category,
              sum(coalesce((l ->> 'quantity')::bigint, 1))::bigint as pieces,
              sum((l ->> 'amount_minor')::bigint
                  - coalesce((l ->> 'discount_minor')::bigint, 0))::bigint as minor
         from jsonb_array_elements(t.body -> 'lines') as l
        group by coalesce(l ->> 'category', '')) p
 where t.way = 3
union all
select t.root, t.adds, t.nobodys, t.store, t.day, t.hour, p.first,
       p.first * (p.whole > 0)::int, p.first * t.amount_minor, p.first * p.whole, p.category,
       p.pieces, p.minor, 0, 0
  from told t
 cross join lateral (
       select (row_number() over () = 1)::int as first, category, pieces, minor,
              sum(minor) over ()::bigint as whole
         from sale_left(t.amount_minor, t.body, t.parts)) p
 where t.way = 4;

insert into anew_category (program_id, day, store, category, sales, pieces, net_minor)
select :program::int, day, store, category, sum((minor > 0 or pieces > 0)::int), sum(pieces),
       sum(minor)
  from anew_part where adds and category is not null group by day, store, category;

-- What a day is of is asked once of each day, not of each sale.
insert into anew_hour (program_id, month, store, weekday, hour, sales, net_minor)
with days as materialized (
    select day, date_trunc('month', day::timestamp)::date as month,
           date_part('isodow', day)::smallint as weekday
      from (select distinct day from anew_part) d
)
select :program::int, d.month, p.store, d.weekday, p.hour, sum(p.stays), sum(p.minor)
  from anew_part p join days d on d.day = p.day
 where p.adds and p.category is not null group by 2, 3, 4, 5;

insert into anew_store (program_id, day, store, named, sales, orders, paid_minor, net_minor, pieces,
                        returns, visits)
select :program::int, day, store, false, sum(sales), sum(stays), sum(paid), sum(minor), sum(pieces),
       sum(returns), sum(visits)
  from anew_part where nobodys group by day, store;
