-- The accounts with partners, line by line.
-- Table: partner_entry
-- Delta: whole
-- entry_id uuid: its number
-- partner_id uuid: the partner
-- step int: its place in the account, without a gap
-- kind text: payment, accrual, redemption, return or correction
-- account text: the account on our side: paid, sold or owed
-- occurred_at instant: when it happened
-- booked_at instant: when it was booked
-- member_id mem?: the member
-- points_entry ent?: the entry of the member's side
-- contract_id uuid?: by which contract
-- wallet text: the wallet; empty where no points moved
-- units int: so many were priced; below nothing they left the member
-- moved int: so many of them moved with the member
-- amount_minor int: money to the partner's account, below nothing from it
-- balance_minor int: what stands there since
-- reverses uuid?: the line it takes back
-- external_id text: the partner's number
-- actor text: who had it booked
-- reason text: why
select e.entry_id, e.partner_id, e.step, e.kind, e.account, e.occurred_at, e.booked_at,
       e.member_id, e.points_entry, e.contract_id, coalesce(c.name, '') as wallet, e.units, e.moved,
       e.amount_minor, e.balance_minor, e.reverses, e.external_id, e.actor, e.reason
  from partner_entry e
  left join program_code c on c.program_id = e.program_id and c.kind = 'wallet' and c.code = e.wallet
 where e.program_id = $1
