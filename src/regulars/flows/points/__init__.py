"""Points that move by somebody's wish: given away, made to live longer, forgiven, shared."""
