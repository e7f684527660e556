-- Points that did not lapse because nobody had told their member in time.
-- Table: postponement
-- Delta: appended by entry_id
-- Totals: points
-- entry_id ent: the entry that says so
-- member_id mem: the member
-- lot_id lot: the lot that lives on
-- wallet text: name of the wallet in the program file
-- points int: how many
-- from_at instant: when they would have lapsed
-- to_at instant: when they lapse now, unless their end moves again
select p.entry_id, p.member_id, p.lot_id, w.name as wallet, p.points, p.from_at, p.to_at,
       p.xmin as written
  from postponement p
  join program_code w on w.program_id = p.program_id and w.kind = 'wallet' and w.code = p.wallet
 where p.program_id = $1
