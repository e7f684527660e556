"""What other systems want to hear of is sent to them, beside everything else."""
