"""Prepared rows: what was bought and moved by member, store, cohort and month, behind the books."""
