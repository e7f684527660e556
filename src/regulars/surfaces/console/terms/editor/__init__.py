"""A draft changed by forms: each sentence has one, made from the language of programs itself."""
