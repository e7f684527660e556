"""Of one thing the states are booked by one worker at a time."""
