"""Journeys: plans of steps, who is on their way through one, and what is behind them."""
