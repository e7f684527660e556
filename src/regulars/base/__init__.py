"""The words everything else is written in: money, quantities, days, ids, faults."""
