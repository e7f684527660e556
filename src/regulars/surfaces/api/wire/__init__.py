"""What goes over the wire: the shapes of requests and answers, and nothing else."""
