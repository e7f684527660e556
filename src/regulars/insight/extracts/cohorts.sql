-- Of those whose first order was in one month: who ordered in another and how often, as
-- `cohort_month` keeps it. $1 the program's zone, $2 members who are left out.
-- A sale of which all came back is no order; one of which a part did is one.
with back as (
    select distinct sale_id from activities where kind = 'return' and returned = '[]'
), orders as (
    select distinct a.member_id,
           (a.occurred_at::timestamptz at time zone coalesce(s.zone, $1))::date as day
      from activities a
      left join stores s on s.code = a.store
     where a.kind = 'purchase' and a.amount_minor > 0 and a.member_id is not null
       and a.activity_id not in (select sale_id from back)
       and mine(a.member_id) and not list_contains($2, a.member_id)
), ever as (
    select member_id, min(day) as first_on from orders group by 1
)
select date_trunc('month', first_on)::date as first_month, date_trunc('month', day)::date as month,
       count(distinct member_id) as buyers, count(*) as orders
  from orders join ever using (member_id) group by 1, 2 order by 1, 2
