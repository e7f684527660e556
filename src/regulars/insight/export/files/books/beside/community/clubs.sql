-- Clubs that members join.
-- Table: club
-- Delta: whole
-- club text: its code
-- name text: how it is called
-- says json: by language what it is
-- joins text: who may: open, invited or tier
-- tiers json: by which tiers it is joined
-- store text?: of which neighbourhood
-- state text: open or closed
-- version int: how often it was written
-- made_at instant: when first
-- made_by text: by whom
-- changed_at instant: when last
-- changed_by text: by whom
select code as club, name, says, joins, to_jsonb(tiers) as tiers, nullif(store, '') as store,
       state, version, made_at, made_by, changed_at, changed_by
  from club where program_id = $1
