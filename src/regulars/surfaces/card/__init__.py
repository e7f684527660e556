"""The member's card: a page in their own telephone, without an app."""
