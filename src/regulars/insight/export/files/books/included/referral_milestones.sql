-- What members got for so many friends.
-- Table: referral_milestone
-- Delta: members
-- member_id mem: the member
-- entry_id ent: the entry that gave it
-- friends int: for so many friends
-- wallet text: name of the wallet
-- units int: how much
-- given_at instant: when
-- undone_at instant?: when it was taken back
-- undone_by ent?: the entry that took it back
select m.member_id, m.entry_id, m.friends, w.name as wallet, m.units, m.given_at, m.undone_at,
       m.undone_by
  from referral_milestone m
  join program_code w on w.program_id = m.program_id and w.kind = 'wallet' and w.code = m.wallet
 where m.program_id = $1
