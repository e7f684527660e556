"""What carries messages out of the house: e-mail, text messages, events, what wakes telephones, and the words they say."""
