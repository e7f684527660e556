-- Where members stand on the ladder; who stands on no step is not here.
-- Table: standing
-- Delta: members
-- member_id mem: the member
-- tier text: name of the tier in the program file
-- since instant?: since when
-- until instant?: exclusive end; empty when it stays
select member_id, tier, tier_since as since, tier_until as until
  from standing s where program_id = $1 and tier is not null
   and not exists (select from erasure x
                    where x.program_id = s.program_id and x.member_id = s.member_id)
