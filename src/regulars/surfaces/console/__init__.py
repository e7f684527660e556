"""The console: who of the shop is signed in, what they may do, and the pages they come in by."""
