-- Experiments: what is compared, and how long.
-- Table: experiment
-- Delta: whole
-- code text: what rules and people call it
-- title text: what is tried
-- kind text: two promises side by side (split), a campaign (hold_out) or all of them (everybody)
-- outcome text: what decides: spend, orders or came
-- arms json: the arms by name, the one the others are compared with first
-- parts json: the part of each arm
-- begun_at instant?: when it began
-- ended_at instant?: when it was over
-- why text: why it ended
select code, title, kind, outcome, to_jsonb(arms) as arms, to_jsonb(parts) as parts, begun_at,
       ended_at, why
  from experiment where program_id = $1
