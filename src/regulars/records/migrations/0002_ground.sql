-- Ground, mended.

-- Who stands on no step of the ladder yet is found at once.
create index standing_without_tier on standing (program_id, member_id) where tier is null;
