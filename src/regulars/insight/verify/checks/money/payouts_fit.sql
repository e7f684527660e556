-- I51: What is paid to bank accounts left the wallets of its members, once and to the cent.
-- Fails when: money was paid that nobody had, or left a wallet and was never sent.
-- Do: stop the file of the run named here; compare it with what the bank executed, settle the
--   difference by an adjustment, and report it.
-- Counts: payout
with sums as (
    select program_id, run_id, count(*) as payouts, sum(amount_minor) as total_minor,
           max(place) as last
      from payout
     group by program_id, run_id
)
select p.program_id, p.member_id, p.run_id, p.redemption_id, p.amount_minor as paid,
       coalesce(h.captured, 0) as taken, 'not what left the wallet' as wrong
  from payout p
  join payout_run u using (program_id, run_id)
  left join redemption r using (program_id, member_id, redemption_id)
  left join hold h on h.program_id = p.program_id and h.member_id = p.member_id
                  and h.redemption_id = p.redemption_id and h.wallet = u.wallet
 where r.reward is distinct from 'paid-out' or r.state is distinct from 'captured'
    or h.captured is distinct from p.amount_minor
    or (r.terms ->> 'worth_minor')::bigint is distinct from p.amount_minor
union all
select r.program_id, r.member_id, null, r.redemption_id, null, null, 'left the wallet, never sent'
  from redemption r
 where r.reward = 'paid-out'
   and not exists (select from payout p
                    where p.program_id = r.program_id and p.member_id = r.member_id
                      and p.redemption_id = r.redemption_id)
union all
select u.program_id, null, u.run_id, null, u.total_minor, s.total_minor, 'the run does not add up'
  from payout_run u
  left join sums s using (program_id, run_id)
 where s.payouts is distinct from u.payouts or s.total_minor is distinct from u.total_minor
    or s.last is distinct from u.payouts
union all
select p.program_id, p.member_id, p.run_id, p.redemption_id, p.amount_minor, null, 'of no run'
  from payout p
 where not exists (select from payout_run u
                    where u.program_id = p.program_id and u.run_id = p.run_id)
