-- What was booked for whoever won in draws, or why it waits.
-- Table: draw_prize
-- Delta: whole
-- draw text: which one, as in the program file
-- won int: the how-manieth prize
-- member_id mem: whoever has it
-- state text: given or waiting
-- why text: the code of the refusal for which it waits; empty once it is given
-- wallet text?: name of the wallet
-- units int: how many points
-- entry_id ent?: the entry that gave them
-- reward text: the reward, as in the program file; empty where it is points
-- redemption_id red?: the redemption by which it was given
-- booked_at instant: when it was given, or tried last
select p.draw, p.won, p.member_id, p.state, p.why, w.name as wallet, p.units, p.entry_id, p.reward,
       p.redemption_id, p.booked_at
  from draw_prize p
  left join program_code w on w.program_id = p.program_id and w.kind = 'wallet' and w.code = p.wallet
 where p.program_id = $1
