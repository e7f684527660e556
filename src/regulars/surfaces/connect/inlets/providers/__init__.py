"""How providers of e-mail, text messages and forums sign what they tell, each in its own way."""
