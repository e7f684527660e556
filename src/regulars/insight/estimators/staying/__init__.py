"""Who stays and for how long: contracts that end, gaps that grow, members who slip."""
