-- Codes of rewards as they stand; whose they are is said of those that can still be used. Each is as good as money
-- while it is issued.
-- Table: reward_code
-- Delta: whole
-- code text: the code, in capitals without spaces and hyphens
-- printed text: as it was uploaded; empty where we made it
-- reward text: name of the reward in the program file
-- member_id mem?: whose it is; nothing in a pool, of a voucher for anybody, and of one that is over
-- state text: free, issued, used, withdrawn
-- issued_at instant?: when it was handed over
-- ends_at instant?: until when it can be used; nothing when it never ends
-- closed_at instant?: when it was used or withdrawn
-- terms json?: what was promised with it; nothing of a free one
select c.code, c.printed, c.reward,
       case when c.state = 'issued' and x.member_id is null
            then coalesce(a.into_id, c.member_id) end as member_id,
       c.state, c.issued_at, c.ends_at, c.closed_at, coalesce(r.terms, u.terms) as terms
  from reward_code c
  left join redemption r on r.program_id = c.program_id and r.redemption_id = c.redemption_id
  left join code_run u on u.program_id = c.program_id and u.run_id = c.run_id
                      and u.kind = 'issued'
  left join member_alias a on a.program_id = c.program_id and a.member_id = c.member_id
  left join erasure x on x.program_id = c.program_id
                     and x.member_id = coalesce(a.into_id, c.member_id)
 where c.program_id = $1
