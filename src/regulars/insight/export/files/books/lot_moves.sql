-- What left a lot or came back to it, by which entry.
-- Table: lot_move
-- Delta: appended by entry_id
-- Totals: delta
-- entry_id ent: the entry
-- lot_id lot: the lot
-- member_id mem: the member
-- wallet text: name of the wallet
-- delta int: points, with their sign
select m.entry_id, m.lot_id, m.member_id, w.name as wallet, m.delta, m.xmin as written
  from lot_move m
  join program_code w on w.program_id = m.program_id and w.kind = 'wallet' and w.code = m.wallet
 where m.program_id = $1
