-- Points handed from one member to another, by a gift or for a household's reward: an entry with
-- each of the two, one after the other. Above zero is who gave.
select e.kind, e.entry_id, e.cause_id, e.member_id, e.recorded_at, c.name as wallet,
       p.amount as units
  from entry e
  join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                and p.entry_id = e.entry_id and p.account = 16
  join program_code c on c.program_id = e.program_id and c.kind = 'wallet' and c.code = p.wallet
 where e.program_id = $1 and e.recorded_at < $2 and e.kind in ('transfer', 'pool')
 order by e.recorded_at, e.entry_id
