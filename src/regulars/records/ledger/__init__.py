"""The books: entries and their postings, lots and what was taken from them, holds, balances."""
