"""By which of several channels members are reached."""
