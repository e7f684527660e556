"""A member's own matters: who they are, what they want to hear, whom they brought."""
