"""What can go wrong while setting up or running, always with what to do about it."""


class SetupProblem(Exception):
    """Something outside the program keeps it from running; `remedy` says what to do next."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy
