"""Members choose one of several rewards or benefits, and see what there is to choose from."""
