-- What members agreed to hear, and when they took it back.
-- Table: consent
-- Delta: members
-- member_id mem: the member
-- channel text: email, sms, post, push
-- state text: given or withdrawn
-- source text: where the member said so
-- changed_at instant: since when
select member_id, channel, state, source, changed_at from consent where program_id = $1
