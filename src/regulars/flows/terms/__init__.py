"""What a shop does with its terms: drafts, plans, changes of the ladder, taking a version back."""
