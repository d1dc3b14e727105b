"""The two ways a run can fail: the input is wrong (exit code 2) or the work failed (exit code 1)."""


class InputError(Exception):
    """What was given cannot be used. The message is one line: file, place, what is wrong, what to do."""

    def __init__(self, message: str):
        super().__init__(" ".join(message.split()))


class WorkError(Exception):
    """The input is sound but the work could not be done on this machine."""


def raise_all(faults: list[str]) -> None:
    """Raise all faults as one InputError, numbered where there are several; do nothing where there is none."""
    if faults:
        raise InputError(faults[0] if len(faults) == 1 else f"{len(faults)} faults: " + "; ".join(f"({number}) {fault}" for number, fault in enumerate(faults, 1)))
