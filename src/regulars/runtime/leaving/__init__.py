"""What the verbs of export and erasure need: connections, a program, and the erasure list."""
