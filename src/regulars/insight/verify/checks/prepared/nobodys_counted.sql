-- I76: What is counted of sales to nobody is what nobody bought; what was credited to a member
--   afterwards is theirs.
-- Fails when: the share of sales with a card is shown too small, or too large.
-- Do: nothing that was promised is wrong, only what is shown. Have it worked out again:
--   `regulars rebuild --repair`. Report it with the rows named here.
-- Counts: store_day
with reach as (
    select program_id, below_tx from prepared_reach where after_id is null
), did as (
    select a.program_id, a.activity_id, a.kind, a.sale_id, a.amount_minor, a.body, a.source
      from reach r
      join activity a on a.program_id = r.program_id and a.recorded_tx < r.below_tx
                     and a.member_id = '00000000-0000-0000-0000-000000000000'
), credited as (
    select program_id, sale_id from did where kind = 'return' and source = 'late-credit'
), back as (
    select program_id, sale_id, array_agg(body -> 'returned') as parts
      from did where sale_id is not null group by 1, 2
), nobodys as (
    select d.program_id, count(*) filter (where kind = 'purchase') as sales,
           coalesce(sum(d.amount_minor) filter (where kind = 'purchase'), 0) as paid,
           coalesce(sum(case when b.sale_id is null then d.amount_minor else l.stays end)
                    filter (where kind = 'purchase'), 0) as net,
           count(*) filter (where kind = 'return') as returns,
           count(*) filter (where kind not in ('purchase', 'return')
                            and b.sale_id is null) as visits
      from did d
      left join back b on b.program_id = d.program_id and b.sale_id = d.activity_id
      left join lateral (
           select sum(minor) as stays from sale_left(d.amount_minor, d.body, b.parts)
            where b.sale_id is not null and d.kind = 'purchase') l on true
     where not exists (select from credited c
                        where c.program_id = d.program_id
                          and c.sale_id in (d.activity_id, d.sale_id))
     group by 1
), counted as (
    select program_id, sum(sales) as sales, sum(paid_minor) as paid, sum(net_minor) as net,
           sum(returns) as returns, sum(visits) as visits
      from store_day join reach using (program_id) where not named group by 1
)
select program_id, n.sales, c.sales as counted, n.paid, c.paid as paid_counted, n.net,
       c.net as net_counted, n.returns, c.returns as returns_counted
  from nobodys n full join counted c using (program_id)
 where row(coalesce(n.sales, 0), coalesce(n.paid, 0), coalesce(n.net, 0), coalesce(n.returns, 0),
           coalesce(n.visits, 0))
       is distinct from row(coalesce(c.sales, 0), coalesce(c.paid, 0), coalesce(c.net, 0),
                            coalesce(c.returns, 0), coalesce(c.visits, 0))
