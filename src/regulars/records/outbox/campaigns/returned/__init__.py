"""What comes back of what campaigns sent: wrong addresses and complaints."""
