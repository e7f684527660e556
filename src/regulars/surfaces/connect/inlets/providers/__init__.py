"""How providers of e-mail sign what they tell: each has a signature of its own."""
