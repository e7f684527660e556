"""Reports: what is read and worked out together for one screen, one answer, one file."""
