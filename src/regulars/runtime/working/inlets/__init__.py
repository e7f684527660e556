"""What other systems sent is read and booked, beside everything else."""
