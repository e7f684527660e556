-- I20: What counts against a member's limit on gifts is no more than what they gave away, here and
--   before they came here.
-- Fails when: somebody may give less than the program says, or nobody counted what they gave.
-- Do: the entries decide, the counter follows from them; set it to what was given in that period,
--   and report it.
-- Counts: entry where kind = 'transfer'
--
-- The limits of a wallet may change from version to version; so all periods are added up.
with kept as (
    select c.program_id, coalesce(a.into_id, c.member_id) as member_id,
           split_part(k.name, ':', 2) as wallet, split_part(k.name, ':', 3) as per,
           sum(c.value) as counted, min(c.value) as least
      from counter c
      join program_code k on k.program_id = c.program_id and k.kind = 'counter'
                         and k.code = c.counter and starts_with(k.name, 'transfer:')
      left join member_alias a on a.program_id = c.program_id and a.member_id = c.member_id
     group by 1, 2, 3, 4
), before as (
    select u.program_id, coalesce(a.into_id, u.member_id) as member_id,
           split_part(k.name, ':', 2) as wallet, split_part(k.name, ':', 3) as per,
           sum(u.value) as given
      from used_before u
      join program_code k on k.program_id = u.program_id and k.kind = 'counter'
                         and k.code = u.counter and starts_with(k.name, 'transfer:')
      left join member_alias a on a.program_id = u.program_id and a.member_id = u.member_id
     group by 1, 2, 3, 4
), given as (
    select e.program_id, coalesce(a.into_id, e.member_id) as member_id, k.name as wallet,
           sum(p.amount) as given
      from entry e
      join posting p using (program_id, member_id, entry_id)
      join program_code k on k.program_id = e.program_id and k.kind = 'wallet'
                         and k.code = p.wallet
      left join member_alias a on a.program_id = e.program_id and a.member_id = e.member_id
     where e.kind = 'transfer' and p.account = 16 and p.amount > 0
     group by 1, 2, 3
)
select program_id, member_id, wallet, per, counted,
       coalesce(g.given, 0) + coalesce(b.given, 0) as given
  from kept
  left join given g using (program_id, member_id, wallet)
  left join before b using (program_id, member_id, wallet, per)
 where counted > coalesce(g.given, 0) + coalesce(b.given, 0) or least < 0
