-- I72: Sums by store, day and cohort are the sums of what members did.
-- Fails when: two screens say two things about the same days.
-- Do: have it worked out again: `regulars rebuild --repair`. Report it with the rows named here.
-- Counts: store_day
with orders as (
    select program_id, member_id, day, sum(net_minor) as net
      from member_day group by 1, 2, 3 having sum(orders) > 0
), ever as (
    select program_id, member_id, min(day) as first_on, max(day) as last_on, count(*) as orders,
           sum(net) as net, (array_agg(day order by day))[2] as second_on
      from orders group by 1, 2
), cells as (
    select program_id, date_trunc('month', first_on::timestamp)::date as first_month,
           date_trunc('month', day::timestamp)::date as month, count(distinct member_id) as buyers,
           count(*) as orders, sum(o.net) as net
      from orders o join ever using (program_id, member_id) group by 1, 2, 3
), days as (
    select program_id, day, store, sum(sales) as sales, sum(orders) as orders,
           sum(paid_minor) as paid, sum(net_minor) as net, sum(pieces) as pieces,
           sum(returns) as returns, sum(visits) as visits
      from member_day group by 1, 2, 3
), moved as (
    select program_id, day, store, wallet, sum(issued) as issued, sum(redeemed) as redeemed,
           sum(expired) as expired, sum(adjusted) as adjusted, sum(other) as other
      from points_day group by 1, 2, 3, 4
)
select program_id, 'store_day' as sums, day::text || ' ' || store as place
  from days d full join (select * from store_day
                          where named and (sales, returns, visits) <> (0, 0, 0)) s
       using (program_id, day, store)
 where row(d.sales, d.orders, d.paid, d.net, d.pieces, d.returns, d.visits) is distinct from
       row(s.sales, s.orders, s.paid_minor, s.net_minor, s.pieces, s.returns, s.visits)
union all
select program_id, 'store_points_day', day::text || ' ' || store || ' ' || wallet
  from moved m full join store_points_day s using (program_id, day, store, wallet)
 where row(coalesce(m.issued, 0), coalesce(m.redeemed, 0), coalesce(m.expired, 0),
           coalesce(m.adjusted, 0), coalesce(m.other, 0)) is distinct from
       row(coalesce(s.issued, 0), coalesce(s.redeemed, 0), coalesce(s.expired, 0),
           coalesce(s.adjusted, 0), coalesce(s.other, 0))
union all
select program_id, 'member_orders', member_id::text
  from ever e full join member_orders o using (program_id, member_id)
 where row(e.first_on, e.last_on, e.orders, e.net, e.second_on) is distinct from
       row(o.first_on, o.last_on, o.orders, o.net_minor, o.second_on)
union all
select program_id, 'cohort_month', first_month::text || ' ' || month
  from cells c full join (select * from cohort_month
                           where (buyers, orders, net_minor) <> (0, 0, 0)) m
       using (program_id, first_month, month)
 where row(c.buyers, c.orders, c.net) is distinct from row(m.buyers, m.orders, m.net_minor)
