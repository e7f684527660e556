"""The web-shop face: one script any shop puts on its pages, and what that script talks to."""
