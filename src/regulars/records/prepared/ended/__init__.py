"""How a day ended: who stood where, and what was owed."""
