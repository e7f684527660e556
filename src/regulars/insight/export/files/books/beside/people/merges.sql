-- Two records that turned out to be one person, and merges that were undone.
-- Table: member_merge
-- Delta: whole
-- merge_id uuid: the merge
-- from_id mem: the member who went
-- into_id mem: the one who stays and has everything
-- brought json: what came along, so that it can go back
-- actor text: who decided it
-- reason text: why
-- merged_at instant: when
-- unmerged_at instant?: when it was undone
-- unmerged_by text: by whom
-- unmerged_because text: why
select merge_id, from_id, into_id, brought, actor, reason, merged_at, unmerged_at,
       coalesce(unmerged_by, '') as unmerged_by,
       coalesce(unmerged_because, '') as unmerged_because
  from member_merge where program_id = $1
