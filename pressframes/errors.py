"""The two ways a run can fail: the input is wrong (exit code 2) or the work failed (exit code 1)."""

from collections.abc import Iterable
from difflib import get_close_matches

_MOST_NAMED = 12


class InputError(Exception):
    """What was given cannot be used. The message is one line: file, place, what is wrong, what to do."""

    def __init__(self, message: str):
        super().__init__(" ".join(message.split()))

    def _render_traceback_(self) -> list[str]:
        """In a notebook the line alone: where in the library it was noticed helps nobody."""
        return [f"InputError: {self}"]


def known(value: str, values: Iterable[str]) -> str:
    """Say what can be given in place of an unknown value: the closest first, then all, or as many as one reads.

    >>> known("Turn", ["Azerbaijani", "Turan"])
    'did you mean Turan? use Azerbaijani, Turan'
    """
    values = list(values)
    near = get_close_matches(value, values, n=2, cutoff=0.7)
    more = f" (and {len(values) - _MOST_NAMED:,} more)" if len(values) > _MOST_NAMED else ""
    return (f"did you mean {' or '.join(near)}? " if near else "") + f"use {', '.join(values[:_MOST_NAMED])}{more}"


class WorkError(Exception):
    """The input is sound but the work could not be done on this machine."""


def raise_all(faults: list[str]) -> None:
    """Raise all faults as one InputError; do nothing where there is none."""
    if faults:
        raise InputError(listed(faults))


def listed(faults: list[str], *, most: int = 50, mend: str = "") -> str:
    """Put faults into one line, numbered: the first `most`, and how many more there are.

    Args:
        mend: what to do about all of them.

    >>> listed(["row 2: no text", "row 5: no date"], mend="leave them out with --skip-faults")
    '2 faults: (1) row 2: no text; (2) row 5: no date; leave them out with --skip-faults'
    """
    if len(faults) == 1:
        return faults[0]
    more = [f"and {len(faults) - most:,} more"] if len(faults) > most else []
    return f"{len(faults):,} faults: {'; '.join([*(f'({at}) {fault}' for at, fault in enumerate(faults[:most], 1)), *more, *filter(None, [mend])])}"
