"""How fast Regulars is beside what its users could pick instead; see README.md."""
