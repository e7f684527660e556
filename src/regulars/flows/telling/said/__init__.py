"""What flows do in common that hear a word of a member, or that a letter failed."""
