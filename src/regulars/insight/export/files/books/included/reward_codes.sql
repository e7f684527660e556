-- Codes that were handed over or issued, and those that wait in pools; each code is as good as money
-- while it is issued.
-- Table: reward_code
-- Delta: unseen
-- code_id cod: the code's id
-- member_id mem?: whose it is; nothing in a pool, and of a voucher for anybody
-- reward text: name of the reward in the program file
-- code text: the code, in capitals without spaces and hyphens
-- printed text: as it was uploaded; empty where we made it
-- run_id run?: with which others it came
-- redemption_id red?: for which it was handed over
-- state text: free, issued, used, withdrawn
-- issued_at instant?: when it was handed over
-- ends_at instant?: until when it can be used; nothing when it never ends
-- closed_at instant?: when it was used or withdrawn
-- store text: where it was used
-- channel text: till, web, app
-- actor text: who let it be used, or withdrew it
-- reason text: why it was withdrawn
select code_id, member_id, reward, code, printed, run_id, redemption_id, state, issued_at, ends_at,
       closed_at, store, channel, actor, reason, xmin as written
  from reward_code where program_id = $1
