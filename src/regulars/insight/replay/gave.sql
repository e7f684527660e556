-- Net points per activity and wallet: what an earning issued, what a return took back,
-- and what a decision changed that was made again.
select e.cause_id as activity_id, c.name as wallet, -sum(p.amount) as units
  from entry e
  join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                and p.entry_id = e.entry_id and p.account = 11
  join program_code c on c.program_id = e.program_id and c.kind = 'wallet' and c.code = p.wallet
 where e.program_id = $1 and e.kind in ('earn', 'return', 'restate')
 group by 1, 2
