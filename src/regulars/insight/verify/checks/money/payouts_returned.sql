-- I52: A pay-out that its bank sent back is in the wallet again, once and whole, and is told.
-- Fails when: somebody's money came back to the shop and not to them, or twice.
-- Do: compare the returns named here with the statement of the bank; settle the difference by an
--   adjustment, and report it.
-- Counts: payout_return
with events as (
    select program_id, member_id, replace(payload ->> 'return_id', '-', '') as about,
           count(*) as told
      from outbox
     where type = 'payout.returned'
     group by 1, 2, 3
), booked as (
    select r.program_id, r.member_id, r.redemption_id, r.return_id, r.amount_minor,
           p.amount_minor as paid, e.kind,
           (select sum(g.amount) from posting g
             where g.program_id = e.program_id and g.member_id = e.member_id
               and g.entry_id = e.entry_id and g.account = 14 and g.wallet = u.wallet) as moved,
           coalesce(o.told, 0) as told
      from payout_return r
      left join payout p using (program_id, member_id, redemption_id)
      left join payout_run u on u.program_id = p.program_id and u.run_id = p.run_id
      left join member_alias a on a.program_id = r.program_id and a.member_id = r.member_id
      left join entry e on e.program_id = r.program_id and e.entry_id = r.entry_id
                       and e.member_id in (r.member_id, a.into_id)
      left join events o on o.program_id = r.program_id and o.member_id = e.member_id
                        and o.about = replace(r.return_id::text, '-', '')
)
select program_id, member_id, redemption_id, return_id, amount_minor as back, paid, -moved as booked,
       told
  from booked
 where paid is distinct from amount_minor or kind is distinct from 'adjust'
    or moved is distinct from -amount_minor or told <> 1
