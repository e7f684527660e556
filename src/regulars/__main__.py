"""`python -m regulars` is the same as the `regulars` command."""

from regulars.runtime.cli import main

if __name__ == "__main__":
    main()
