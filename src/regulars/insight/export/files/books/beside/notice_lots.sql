-- Which lots a notice of expiry is about.
-- Table: notice_lot
-- Delta: appended by message_id
-- message_id uuid: the message
-- member_id mem: the member
-- lot_id lot: the lot that lapses
select message_id, member_id, lot_id, xmin as written
  from notice_lot where program_id = $1
