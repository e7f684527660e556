"""The slow judge: walks the program's tree, written apart from the compiler."""
