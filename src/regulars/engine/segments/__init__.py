"""Segments: conditions about members, read, checked and asked of one of them."""
