-- Points that live longer or live again, and what that costs the shop.
-- Table: courtesy
-- Delta: appended by entry_id
-- Totals: points, cost_minor
-- entry_id ent: the entry that did it
-- member_id mem: the member
-- kind text: extend or reinstate
-- lot_id lot: the lot that lives longer, or that had lapsed
-- wallet text: name of the wallet in the program file
-- points int: how many
-- from_at instant: when they would have lapsed, or had lapsed
-- to_at instant: when they lapse now
-- cost_minor int: what it costs, in minor units
select c.entry_id, c.member_id, c.kind, c.lot_id, w.name as wallet, c.points, c.from_at, c.to_at,
       c.cost_minor, c.xmin as written
  from courtesy c
  join program_code w on w.program_id = c.program_id and w.kind = 'wallet' and w.code = c.wallet
 where c.program_id = $1
