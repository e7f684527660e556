-- Who was brought by whom, and what became of it.
-- Table: referral
-- Delta: members
-- referral_id uuid: the referral
-- member_id mem: the newcomer
-- referrer_id mem: whose code they named
-- version int: version of the program whose promise it is
-- state text: named, qualified, rewarded, rejected, retracted
-- reason text: why it was rejected or retracted
-- named_at instant: when the code was named
-- counts_from instant: purchases since then count
-- buys_until instant: until when the purchase is made
-- sale_id act?: the purchase that qualifies
-- due_at instant?: when it counts as kept
-- settled_at instant?: when it was rewarded or rejected
-- retracted_at instant?: when it was taken back
-- wallet text: name of the wallet
-- referrer_units int: what the referrer got
-- newcomer_units int: what the newcomer got
-- referrer_entry ent?: the entry that gave it
-- newcomer_entry ent?: the entry that gave it
-- referrer_back ent?: the entry that took it back
-- newcomer_back ent?: the entry that took it back
select r.referral_id, r.member_id, r.referrer_id, r.version, r.state, r.reason, r.named_at,
       r.counts_from, r.buys_until, r.sale_id, r.due_at, r.settled_at, r.retracted_at,
       w.name as wallet, r.referrer_units, r.newcomer_units, r.referrer_entry, r.newcomer_entry,
       r.referrer_back, r.newcomer_back
  from referral r
  join program_code w on w.program_id = r.program_id and w.kind = 'wallet' and w.code = r.wallet
 where r.program_id = $1
