"""What a till asks about who stands before it: their day, and times that are booked."""
