-- Who had a trial: digests of telephone numbers, addresses and cards, so that nobody has another.
-- Table: trial_taken
-- Delta: members
-- member_id mem: the member
-- digest uuid: what they are known by
-- taken_at instant: when
select member_id, digest, taken_at from trial_taken where program_id = $1
