"""How members come in: sign-in codes, sign-in links, and the sessions they open."""
