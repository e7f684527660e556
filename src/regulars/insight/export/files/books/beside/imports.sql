-- Files that were brought over from another system.
-- Table: import
-- Delta: whole
-- import_id uuid: its number; entries and tier moves it brought name it as their cause
-- files text: which files, a line each
-- mapping text: by which mapping
-- totals json: what the files added up to
-- begun_at instant: when
-- done_at instant?: when all of it was booked
select import_id, files, mapping, totals, begun_at, done_at from import where program_id = $1
