-- I42: What was spent on a sale comes back to the lots it was taken from, never more than was
--   taken, and only with a return of the sale that it paid for, or with an unused code that is
--   withdrawn.
-- Fails when: points came back twice, to other points than they were taken from, or for nothing.
-- Do: look up the entries named here with their redemption; settle the difference by an adjustment
--   and report it as a bug.
-- Counts: entry where kind = 'refund'
--
-- The sale may be of somebody else: of the one whom they were merged into.
with refunds as (
    select e.program_id, e.member_id, e.entry_id, e.reverses, c.cause_id as redemption_id,
           a.sale_id, e.cause_id
      from entry e
      left join entry c on c.program_id = e.program_id and c.member_id = e.member_id
                       and c.entry_id = e.reverses and c.kind = 'capture'
      left join activity a on a.program_id = e.program_id and a.activity_id = e.cause_id
                          and a.kind = 'return'
     where e.kind = 'refund'
), back as (
    select r.program_id, r.member_id, r.reverses as entry_id, m.lot_id, sum(m.delta) as points
      from refunds r
      join lot_move m using (program_id, member_id, entry_id)
     group by r.program_id, r.member_id, r.reverses, m.lot_id
), captured as (
    select d.program_id, d.member_id, d.redemption_id, c.entry_id
      from redemption d
      join entry c on c.program_id = d.program_id and c.member_id = d.member_id
                  and c.kind = 'capture' and c.cause_id = d.redemption_id
     where d.state = 'returned'
), whole as (
    select b.program_id, b.member_id, b.redemption_id, sum(m.delta) as left_over
      from (select * from captured
            union all
            select c.program_id, c.member_id, c.redemption_id, r.entry_id
              from captured c
              join refunds r on r.program_id = c.program_id and r.member_id = c.member_id
                            and r.reverses = c.entry_id) as b
      join lot_move m on m.program_id = b.program_id and m.member_id = b.member_id
                     and m.entry_id = b.entry_id
     group by b.program_id, b.member_id, b.redemption_id
)
select b.program_id, b.member_id, b.entry_id, b.lot_id as about, b.points as back,
       coalesce(-t.delta, 0) as taken, 'more than was taken of this lot' as wrong
  from back b
  left join lot_move t on t.program_id = b.program_id and t.member_id = b.member_id
                      and t.entry_id = b.entry_id and t.lot_id = b.lot_id
 where b.points > coalesce(-t.delta, 0)
union all
select r.program_id, r.member_id, r.entry_id, r.redemption_id, null, null,
       'no return of the sale it paid for'
  from refunds r
  left join redemption d on d.program_id = r.program_id and d.member_id = r.member_id
                        and d.redemption_id = r.redemption_id
 where (r.sale_id is null or d.paid_for is distinct from r.sale_id)
   and not (r.cause_id = d.redemption_id and d.actor = 'automatic' and d.paid_for is null
            and exists (select from reward_code k
                         where k.program_id = r.program_id and k.redemption_id = r.cause_id
                           and k.state = 'withdrawn'))
union all
select program_id, member_id, null, redemption_id, left_over, 0, 'returned, and not all of it'
  from whole
 where left_over <> 0
