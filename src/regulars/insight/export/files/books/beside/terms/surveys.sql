-- Surveys: what members were asked.
-- Table: survey
-- Delta: whole
-- code text: its code
-- name text: what it is called
-- kind text: nps, csat or feedback
-- asks json: by language what the score is asked with
-- questions json: what follows, each for some scores or all
-- thanks json: by language what is said in the end
-- state text: open or closed
-- review_url text: where everybody who answered may say it in public
-- review_site text: what that site is called
-- made_at instant: when it was written
-- made_by text: by whom
select code, name, kind, asks, questions, thanks, state, review_url, review_site, made_at, made_by
  from survey where program_id = $1
