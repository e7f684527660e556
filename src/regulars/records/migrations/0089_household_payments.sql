-- A household pays for baskets, each member with their own points. How much somebody under age may
-- spend is counted over everybody they ever shared a household with, also those who left it.

create index ever_in_household on household_member (program_id, household_id);
