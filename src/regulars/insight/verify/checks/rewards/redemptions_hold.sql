-- I16: A redemption and its reservations stand alike, and reserve the price that was promised.
-- Fails when: a reward was handed over and its points are still blocked, or the price was
--   another.
-- Do: void the open redemptions named here (that is always safe) and report it.
-- Counts: redemption
with prices as (
    select r.program_id, r.member_id, r.redemption_id, c.code as wallet, p.value::bigint as price
      from redemption r
     cross join jsonb_each_text(r.terms -> 'price') as p
      join program_code c on c.program_id = r.program_id and c.kind = 'wallet' and c.name = p.key
     where p.value::bigint <> 0
), held as (
    select program_id, member_id, redemption_id, wallet, sum(amount) as reserved
      from hold
     group by program_id, member_id, redemption_id, wallet
)
select program_id, member_id, redemption_id, wallet, coalesce(p.price, 0) as price,
       coalesce(h.reserved, 0) as reserved, null as state, null as hold_state
  from prices p
  full join held h using (program_id, member_id, redemption_id, wallet)
 where coalesce(p.price, 0) <> coalesce(h.reserved, 0)
union all
select r.program_id, r.member_id, r.redemption_id, h.wallet, null, h.amount, r.state, h.state
  from redemption r
  join hold h using (program_id, member_id, redemption_id)
 where h.state <> case r.state when 'held' then 'open' when 'returned' then 'captured'
                           else r.state end
union all
select program_id, member_id, redemption_id, null, null, null, state, null
  from redemption
 where (state = 'held') <> (closed_at is null)
