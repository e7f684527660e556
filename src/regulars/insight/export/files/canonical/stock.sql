-- What is left of rewards that run out; a pool has as many as it has free codes.
-- Table: reward_stock
-- Delta: whole
-- Totals: remaining
-- reward text: name of the reward
-- remaining int: pieces left
-- pool text: yes, where pieces are codes, which come in a file of their own
select reward, remaining, case when starts_with(reward, 'codes:') then 'yes' else 'no' end as pool
  from reward_stock where program_id = $1
