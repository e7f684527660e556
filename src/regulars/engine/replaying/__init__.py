"""What happened, decided once more under other terms by the very functions the tills use."""
