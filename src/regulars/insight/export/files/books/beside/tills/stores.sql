-- Stores: where things are sold, by the code that activities name them by.
-- Table: store
-- Delta: whole
-- code text: its code
-- name text: the name people read
-- zone text: its time zone
-- offline_rewards json: what its tills may reserve beforehand
-- offline_most int: so many rewards one till may have reserved at once
-- opened_at instant: since when
-- closed_at instant?: until when
-- changed_by text: who changed it last
select code, name, zone, to_jsonb(offline_rewards) as offline_rewards, offline_most, opened_at,
       closed_at, changed_by
  from store where program_id = $1
