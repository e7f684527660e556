"""Which lot of another system a line is, where it has no number of its own."""
