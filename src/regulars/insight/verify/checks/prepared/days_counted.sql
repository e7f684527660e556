-- I70: What is counted of a member's days is what they did: purchases, money, returns, visits; a
--   visit that was taken back is none.
-- Fails when: screens say that members came or paid who did not, or the other way round.
-- Do: nothing that was promised is wrong, only what is shown. Have it worked out again:
--   `regulars rebuild --repair`. Report it with the rows named here.
-- Counts: member_day
--
-- Of whoever had something booked since the rows were last brought up nothing is said.
with reach as (
    select program_id, below_tx from prepared_reach where after_id is null
), fresh as (
    select program_id, member_id from activity join reach using (program_id)
     where recorded_tx >= below_tx
     union select program_id, member_id from outbox join reach using (program_id)
     where recorded_tx >= below_tx
     union select program_id, member_id from erasure join reach using (program_id)
     where recorded_tx >= below_tx
), passed as (
    select f.program_id, coalesce(a.into_id, f.member_id) as member_id
      from fresh f left join member_alias a using (program_id, member_id)
     union select * from fresh
), never as (
    select program_id, member_id from import_undone where made and state = 'undone'
), back as (
    select program_id, sale_id, array_agg(body -> 'returned') as parts
      from activity join reach using (program_id) where sale_id is not null group by 1, 2
), less as (
    select a.program_id, a.activity_id, a.amount_minor - l.stays as gone
      from back b
      join activity a on a.program_id = b.program_id and a.activity_id = b.sale_id
     cross join lateral (
           select sum(minor) as stays from sale_left(a.amount_minor, a.body, b.parts)) l
), did as (
    select a.program_id, coalesce(i.into_id, a.member_id) as member_id,
           count(*) filter (where kind = 'purchase') as sales, sum(amount_minor) as paid,
           sum(amount_minor) - coalesce(sum(l.gone), 0) as net,
           count(*) filter (where kind = 'return') as returns,
           count(*) filter (where kind not in ('purchase', 'return')
                            and b.sale_id is null) as visits
      from activity a
      join reach using (program_id)
      left join member_alias i on i.program_id = a.program_id and i.member_id = a.member_id
      left join back b on b.program_id = a.program_id and b.sale_id = a.activity_id
      left join less l on l.program_id = a.program_id and l.activity_id = a.activity_id
      left join never n on n.program_id = a.program_id and n.member_id = a.member_id
     where a.member_id <> '00000000-0000-0000-0000-000000000000' and n.member_id is null
     group by 1, 2
), counted as (
    select program_id, member_id, sum(sales) as sales, sum(paid_minor) as paid,
           sum(net_minor) as net, sum(returns) as returns, sum(visits) as visits
      from member_day join reach using (program_id) group by 1, 2
)
select program_id, member_id, d.sales, c.sales as counted, d.paid, c.paid as paid_counted, d.net,
       c.net as net_counted
  from did d full join counted c using (program_id, member_id)
  left join passed p using (program_id, member_id)
 where p.member_id is null
   and row(d.sales, d.paid, d.net, d.returns, d.visits)
       is distinct from row(c.sales, c.paid, c.net, c.returns, c.visits)
