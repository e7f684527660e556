-- Events to which members come.
-- Table: gathering
-- Delta: whole
-- gathering text: its code
-- name text: how it is called
-- says json: by language what it is
-- club text?: for whoever is in this club
-- store text?: of which store
-- at_place text?: where
-- begins_at instant: from when
-- ends_at instant: until when
-- capacity int: how many seats there are
-- opens_at instant: from when on they are asked for
-- early_at instant?: and from when on by some tiers
-- early_tiers json: by which
-- recap json: by language how it was
-- state text: open or cancelled
-- version int: how often it was written
-- made_at instant: when first
-- made_by text: by whom
-- changed_at instant: when last
-- changed_by text: by whom
-- sort text: event, class, talk, product-test or feedback-session
-- reward text?: what a seat takes
-- back_until instant?: until when giving a seat up gives that back; until it begins, where empty
-- moved_at instant?: since when it is at another time or place
-- lesson text?: which lesson is taught there
select g.code as gathering, g.name, g.says, c.code as club, nullif(g.store, '') as store,
       nullif(g.at_place, '') as at_place, g.begins_at, g.ends_at, g.capacity, g.opens_at,
       g.early_at, to_jsonb(g.early_tiers) as early_tiers, g.recap, g.state, g.version, g.made_at,
       g.made_by, g.changed_at, g.changed_by, g.sort, nullif(g.reward, '') as reward, g.back_until, g.moved_at,
       nullif(g.lesson, '') as lesson
  from gathering g left join club c using (program_id, club_id) where g.program_id = $1
