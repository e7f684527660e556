"""What carries out of the house: letters, text messages, events, and what wakes telephones."""
