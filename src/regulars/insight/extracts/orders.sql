-- How lately, how often and for how much each member ordered. $1 the program's zone, $2 members
-- who are left out, $3 the last day.
-- A sale of which all came back is no order; of one of which a part did, all is counted.
with back as (
    select distinct sale_id from activities where kind = 'return' and returned = '[]'
), orders as (
    select a.member_id, (a.occurred_at::timestamptz at time zone coalesce(s.zone, $1))::date as day,
           sum(a.amount_minor) as paid_minor
      from activities a
      left join stores s on s.code = a.store
     where a.kind = 'purchase' and a.amount_minor > 0 and a.member_id is not null
       and a.activity_id not in (select sale_id from back)
       and mine(a.member_id) and not list_contains($2, a.member_id)
     group by 1, 2
)
select member_id, max(day) as last_on, count(*) as orders, sum(paid_minor)::bigint as paid_minor
  from orders where day <= $3 group by 1 order by 1
