-- What a chosen plan cost when it was chosen stands apart from what its member was told of the fee
-- of the plan that runs; and the night also finds who was told of a rise that does not come (G3).

alter table membership_turn add column next_minor bigint;
alter type membership_turn_row add attribute next_minor bigint;

alter table membership_clock add column told_minor bigint;
alter type membership_clock_row add attribute told_minor bigint;
create index membership_told on membership_clock (program_id, plan, told_minor)
    where told_minor is not null;

update membership_clock c
   set plan = case when l.state = 'cancelled' or l.next_plan <> '' then '' else l.plan end,
       told_minor = l.told_minor
  from (select distinct on (program_id, membership_id) program_id, membership_id, state, plan,
               next_plan, told_minor
          from membership_turn order by program_id, membership_id, step desc) as l
 where l.program_id = c.program_id and l.membership_id = c.membership_id
   and l.told_minor is not null;
