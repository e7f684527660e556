"""How often members buy, and whether they still do: models of orders that nobody promised."""
