-- Sales to nobody that were credited to a member afterwards counted as nobody's in prepared rows,
-- beside the member's. Where there is such a sale, all rows are folded anew in the next round.
update prepared_reach r set zones = ''
 where exists (select from activity a
                where a.program_id = r.program_id
                  and a.member_id = '00000000-0000-0000-0000-000000000000'
                  and a.source = 'late-credit');
