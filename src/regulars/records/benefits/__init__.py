"""What members use without paying points: grants by hand, and the ledger of uses."""
