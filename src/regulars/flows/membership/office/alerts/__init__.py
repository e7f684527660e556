"""Members somebody should look at: raised by the night, looked after by people."""
