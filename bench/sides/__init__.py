"""What can be asked for a round: pgbench, a web server, and the gate without the network."""
