"""How staff come in: who is signed in, what a form must carry, passwords and passkeys."""
