-- What was agreed with partners: so much money for so many units, from when until when.
-- Table: partner_contract
-- Delta: whole
-- contract_id uuid: its number
-- partner_id uuid: the partner
-- kind text: accrual (customers collect) or redemption (they spend)
-- wallet text: the wallet
-- price_minor int: so much money, in its smallest unit
-- per_units int: for so many of the wallet's smallest unit
-- from_at instant: since when
-- until_at instant?: until before when
-- limit_minor int?: how much may be owed; empty where packs are paid beforehand
-- name_check text: whether a name must come with the number
-- look_back_days int: how long before a member joined still counts
-- claim_from_days int: after how many days a missing activity can be claimed
-- claim_until_days int: and until before how many
-- decide_days int: within how many days that is decided
-- match_days int: how many days from a claim what was told under another number is the same
-- made_at instant: when it was written down
-- actor text: who said so
select k.contract_id, k.partner_id, k.kind, c.name as wallet, k.price_minor, k.per_units,
       k.from_at, k.until_at, k.limit_minor, k.name_check::text as name_check, k.look_back_days,
       k.claim_from_days, k.claim_until_days, k.decide_days, k.match_days, k.made_at,
       k.actor
  from partner_contract k
  join program_code c on c.program_id = k.program_id and c.kind = 'wallet' and c.code = k.wallet
 where k.program_id = $1
