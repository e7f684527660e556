"""Late activities: what was decided after them is decided anew, and the differences are booked."""
