-- What is left of rewards that run out.
-- Table: reward_stock
-- Delta: whole
-- Totals: remaining
-- reward text: name of the reward
-- remaining int: pieces left
select reward, remaining from reward_stock where program_id = $1
