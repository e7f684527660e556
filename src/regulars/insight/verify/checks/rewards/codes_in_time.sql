-- I18: No code was used before it was issued, after its end, or without anybody knowing when.
-- Fails when: a till took a voucher whose time was over, or one that nobody was given.
-- Do: see at which store (`store`) and talk to them; report it.
-- Counts: reward_code
select program_id, code_id, member_id, reward, state, issued_at, ends_at, closed_at
  from reward_code
 where (state = 'used' and (closed_at < issued_at or closed_at >= ends_at))
    or (state = 'free') <> (issued_at is null and state <> 'withdrawn')
    or ends_at <= issued_at
