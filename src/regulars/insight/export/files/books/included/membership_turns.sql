-- Memberships people pay for: everything that happened to each, and where it stands since.
-- Table: membership_turn
-- Delta: members
-- turn_id uuid: its number
-- membership_id mbs: the membership
-- step int: its place, without a gap
-- member_id mem: the member
-- what text: what it was: started, paid, failed, refunded, paused, past_due …
-- at instant: when
-- version int: version of the program
-- amount_minor int: paid, or below nothing given back, in the smallest unit of money
-- entry_id ent?: the points that came or went with it
-- source text: who told it
-- external_id text: its number there
-- actor text: who did it
-- reason text: why
-- plan text: the plan since
-- state text: trial, active, past_due, paused, cancelled (it runs to its end), ended
-- anchor_at instant: terms are counted from here
-- terms int: so many of them
-- from_at instant: when the term or trial begins
-- until_at instant: until before when it runs
-- since_at instant: uses of benefits from here on belong to it
-- wait_until instant?: the end of the grace, or the latest end of the pause
-- paused_at instant?: since when it is paused
-- in_trial text: whether it is in its trial
-- next_plan text: the plan from the next term on, where it changes
-- fee_minor int: what was agreed for a term
-- told_minor int?: a higher fee to come
-- told_at instant?: when its member was told
-- gross_minor int: paid as the term began
-- paid_minor int: what is left of that, with what changes of the plan cost
-- returned_minor int: what refunds gave back of the term
-- gave_entry ent?: the points that came with the term
-- wallet text: the wallet of the points that came with the term
-- units int: how many came
-- units_back int: how many went again
-- stopped_at instant?: when it was ended before its term was over
-- off_minor int: what was taken off the fee of the running term by agreement
-- payment text: of a refund, the number of the payment it gives back
-- next_minor int?: what the plan from the next term on cost when it was chosen
select turn_id, membership_id, step, member_id, what, at, version, amount_minor, entry_id, source,
       external_id, actor, reason, plan, state, anchor_at, terms, from_at, until_at, since_at,
       wait_until, paused_at, in_trial::text as in_trial, next_plan, fee_minor, told_minor, told_at,
       gross_minor, paid_minor, returned_minor, gave_entry, wallet, units, units_back,
       stopped_at, off_minor, payment, next_minor
  from membership_turn where program_id = $1
