-- Codes that came at once: uploaded into a pool, or issued by hand.
-- Table: code_run
-- Delta: unseen
-- run_id run: the run
-- kind text: uploaded, issued
-- reward text: name of the reward in the program file
-- version int: version of the program
-- terms json: the reward as it was promised
-- times int: how many codes
-- actor text: who decided it
-- reason text: why
-- made_at instant: when
select run_id, kind, reward, version, terms, times, actor, reason, made_at, xmin as written
  from code_run where program_id = $1
