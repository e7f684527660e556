"""How somebody gets to their card: by a code, by a link, or by joining."""
