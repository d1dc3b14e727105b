"""The two ways a run can fail: the input is wrong (exit code 2) or the work failed (exit code 1)."""


class InputError(Exception):
    """What was given cannot be used. The message is one line: file, place, what is wrong, what to do."""

    def __init__(self, message: str):
        super().__init__(" ".join(message.split()))


class WorkError(Exception):
    """The input is sound but the work could not be done on this machine."""
