-- I18: On the shelf is what was put there, less what is reserved or handed over, here or before it
--   came here, and never less than nothing.
-- Fails when: a reward was promised that is not there, or is refused although it is.
-- Do: report it, and have it counted again from the redemptions: `regulars rebuild --repair`.
-- Counts: reward_stock
with shelved as (
    select * from jsonb_to_recordset($1::jsonb -> 'stock')
               as s (program_id int, reward text, pieces bigint)
), pooled as (
    -- A pool has as many pieces as codes were laid into it here and not taken out unused.
    select s.program_id, s.reward, s.pieces + coalesce(c.pieces, 0) as pieces
      from shelved s
      left join (select program_id, 'codes:' || reward as reward, count(*) as pieces
                   from reward_code
                  where printed <> '' and (state = 'free' or redemption_id is not null)
                  group by 1, 2) c using (program_id, reward)
), gone as (
    select program_id, coalesce(nullif(terms ->> 'shelf', ''), reward) as reward,
           count(*) as pieces
      from redemption r
     where (state in ('held', 'captured')
            or (state = 'returned' and terms ->> 'kind' = 'code'
                -- One of ours that was given back unused brings its piece back; a pool's is gone.
                and not (coalesce(terms ->> 'shelf', '') = '' and paid_for is null
                         and exists (select from reward_code c
                                      where c.program_id = r.program_id
                                        and c.member_id = r.member_id
                                        and c.redemption_id = r.redemption_id
                                        and c.state = 'withdrawn' and c.actor in ('automatic', 'game')))))
       and (terms -> 'stocked')::boolean
     group by 1, 2
)
select program_id, reward, s.pieces as shelved,
       coalesce(g.pieces, 0) + coalesce(b.pieces, 0) as gone, r.remaining
  from pooled s
  full join reward_stock r using (program_id, reward)
  full join gone_before b using (program_id, reward)
  left join gone g using (program_id, reward)
 where r.remaining is distinct from s.pieces - coalesce(g.pieces, 0) - coalesce(b.pieces, 0)
    or r.remaining < 0
