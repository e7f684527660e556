-- I18: On the shelf is what was put there, less what is reserved or handed over, and never less
--   than nothing.
-- Fails when: a reward was promised that is not there, or is refused although it is.
-- Do: report it, and have it counted again from the redemptions: `regulars rebuild --repair`.
-- Counts: reward_stock
with shelved as (
    select * from jsonb_to_recordset($1::jsonb -> 'stock')
               as s (program_id int, reward text, pieces bigint)
), gone as (
    select program_id, reward, count(*) as pieces
      from redemption
     where state in ('held', 'captured') and (terms -> 'stocked')::boolean
     group by program_id, reward
)
select program_id, reward, s.pieces as shelved, coalesce(g.pieces, 0) as gone, r.remaining
  from shelved s
  full join reward_stock r using (program_id, reward)
  left join gone g using (program_id, reward)
 where r.remaining is distinct from s.pieces - coalesce(g.pieces, 0) or r.remaining < 0
