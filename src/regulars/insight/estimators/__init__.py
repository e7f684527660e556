"""What can be estimated from what members did: by whose paper, and when it must refuse."""
