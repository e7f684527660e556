-- What a version decided in the last moment is found without reading what is older: a version is
-- taken back while everybody waits.
create index restatement_in_order on restatement using brin (restatement_id)
    with (pages_per_range = 32, autosummarize = on);
create unique index benefit_grant_by_id on benefit_grant (program_id, grant_id);
create index board_end_paid on board_end (program_id, version) where paid > 0;
