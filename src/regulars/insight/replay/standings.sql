-- Where every member stands.
select member_id, tier from standing where program_id = $1
