-- Which lots a hold names.
-- Table: hold_lot
-- Delta: members
-- Totals: amount
-- hold_id uuid: the hold
-- lot_id lot: the lot
-- member_id mem: the member
-- amount int: points of it
select hold_id, lot_id, member_id, amount from hold_lot where program_id = $1
