"""Members are asked, and say what they think."""
