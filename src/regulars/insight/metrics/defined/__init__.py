"""Metrics of one subject each, with the arithmetic behind them."""
