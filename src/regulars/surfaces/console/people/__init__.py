"""Members as staff see them: found, looked at from all sides, corrected, blocked."""
