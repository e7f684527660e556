"""The program: its sentences, its drafts, and a bench to try them on."""
