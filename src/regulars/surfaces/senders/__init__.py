"""What carries messages out of the house: e-mail and text messages, and the words they say."""
