-- Pieces of rewards that were gone before the program came here from another installation.
-- Table: gone_before
-- Delta: whole
-- reward text: name of the reward
-- pieces int: how many
-- import_id uuid: with which import it came
-- opened_at instant: when
select reward, pieces, import_id, opened_at from gone_before where program_id = $1
