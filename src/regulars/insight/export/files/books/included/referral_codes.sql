-- Codes members give to friends.
-- Table: referral_code
-- Delta: members
-- member_id mem: the member
-- code text: their code
-- made_at instant: when it was made
select member_id, code, made_at from referral_code where program_id = $1
