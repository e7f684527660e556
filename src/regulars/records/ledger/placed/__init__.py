"""Where something was booked, as far as whoever told it said so."""
