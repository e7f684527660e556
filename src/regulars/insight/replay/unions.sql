-- Members who became one, and who are two again.
select merge_id, from_id, into_id, merged_at, unmerged_at
  from member_merge
 where program_id = $1 and merged_at < $2
