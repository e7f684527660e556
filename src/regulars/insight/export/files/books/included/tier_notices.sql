-- Tiers that were looked at before their end, and the message where one will be lost.
-- Table: tier_notice
-- Delta: members
-- member_id mem: the member
-- until_at instant: until before when the tier was sure
-- message_id uuid?: the message; nothing when the tier was going to be kept
-- looked_at instant: when somebody looked
select member_id, until_at, message_id, looked_at from tier_notice where program_id = $1
