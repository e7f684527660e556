"""What members did on a day, beside what they and others did before."""
