"""What comes back with a return: pieces of a sale, what it gives less, what paid for it."""
