"""One restore drill: `python -m bench.field.drills --postings 1000000`."""

from bench.field.drills.once import main

if __name__ == "__main__":
    main()
