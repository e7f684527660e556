"""What carts of shops are made cheaper by, and to which cart each reward is promised."""
