-- I60: Whoever is in a team is in one that is there, once at a time, and in one team of a challenge.
-- Fails when: what somebody does counts for two teams, or for one nobody formed.
-- Do: have the member leave one of the teams; report it.
-- Counts: team_place
--
-- Two who were merged may have been in two teams: what each of them was in before stays as it was.
with places as (
    select p.program_id, p.place_id, p.member_id, p.since, p.until, p.team_id, t.challenge
      from team_place p
      left join team t on t.program_id = p.program_id and t.team_id = p.team_id
)
select program_id, place_id as id, team_id, 'its team is not there' as wrong
  from places where challenge is null
union all
select one.program_id, one.place_id, one.team_id, 'in two teams at once'
  from places one
  join places other on other.program_id = one.program_id and other.member_id = one.member_id
                   and other.challenge = one.challenge and other.place_id > one.place_id
                   and (one.until is null or other.since < one.until)
                   and (other.until is null or one.since < other.until)
union all
select t.program_id, t.team_id, t.team_id, 'nobody was ever in it'
  from team t
 where not exists (select from team_place p
                    where p.program_id = t.program_id and p.team_id = t.team_id)
