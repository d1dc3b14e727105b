"""Copies: articles that print mostly the same words, such as one agency's story in five papers."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pressframes.corpus import Article
from pressframes.intake.mapping import Entry, Proposal

SHINGLE = 5
"""Words of one shingle."""
LEAST = 0.7
"""Resemblance from which one article is a copy of another; edited agency stories keep about this much."""
_PERMUTATIONS = 128


@dataclass(frozen=True)
class Copy:
    """`copy` prints mostly the words of `first`: `resemblance` is the share of their 5-word shingles that both have, LEAST to 1."""

    first: Entry | Article
    copy: Entry | Article
    resemblance: float


def find_copies(entries: Sequence[Entry | Article]) -> tuple[Copy, ...]:
    """Find articles that are copies of an earlier one, by date, then by order.

    Candidates come from MinHash and locality-sensitive hashing; each is then compared exactly. Resemblance is the Jaccard
    index of the sets of 5-word shingles (Broder, 1997). Every copy is compared with the first printed, not with other copies, so that chains do not form.
    """
    import numpy as np
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=LEAST - 0.2, num_perm=_PERMUTATIONS)  # lower than LEAST, or one pair in ten near it is missed
    blank, shingles, copies = MinHash(num_perm=_PERMUTATIONS, seed=1, hashfunc=int), {}, []
    order = sorted(range(len(entries)), key=lambda at: (not entries[at].published, entries[at].published, at))
    for at in order:
        mine = _shingles(entries[at].text, np)
        sketch = blank.copy()
        sketch.update_batch(mine.tolist())
        likely = [(len(np.intersect1d(mine, shingles[other], assume_unique=True)), other) for other in index.query(sketch)]
        best = max(((both / (len(mine) + len(shingles[other]) - both), -other) for both, other in likely), default=(0.0, 0))
        if best[0] >= LEAST:
            copies.append(Copy(entries[-best[1]], entries[at], best[0]))
        else:
            shingles[at] = mine
            index.insert(at, sketch, check_duplication=False)
    return tuple(copies)


def _shingles(text: str, np):
    """The set of an article's 5-word shingles as 32-bit numbers, sorted; a shorter text is one shingle."""
    words = re.findall(r"\w+", text.casefold())
    numbers = np.fromiter((zlib.crc32(word.encode("utf-8", "replace")) for word in words), dtype=np.uint64, count=len(words))
    if len(words) < SHINGLE:
        return np.array([zlib.crc32(" ".join(words).encode("utf-8", "replace"))], dtype=np.uint64)
    length = len(words) - SHINGLE + 1
    mixed = np.zeros(length, dtype=np.uint64)
    for step in range(SHINGLE):
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + numbers[step : step + length] + np.uint64(1)
    return np.unique(mixed >> np.uint64(32))


def mark(proposal: Proposal, copies: tuple[Copy, ...], *, merge: bool = False) -> Proposal:
    """Say of each copy what it copies.

    Args:
        merge: leave the copies out; the first then says in `syndicated_from_known_from` who else printed it. A group that holds nothing but copies goes with them.
    """
    if not copies:
        return proposal
    told = {copy.copy.article_id: copy for copy in copies}
    firsts = {}
    for copy in copies:
        firsts.setdefault(copy.first.article_id, []).append(copy)
    if not merge:
        entries = tuple(_marked(entry, told[entry.article_id]) if entry.article_id in told else entry for entry in proposal.entries)
        own = sum(copy.first.outlet == copy.copy.outlet for copy in copies)
        count = f"{len(copies)} article{' is a copy' if len(copies) == 1 else 's are copies'} of {len(firsts)} other{'' if len(firsts) == 1 else 's'}"
        marked = ", ".join([f"{len(copies) - own} named in syndicated_from"] * (len(copies) > own) + [f"{own} repeated by the same outlet: tests would take each for an article of its own"] * bool(own))
        note = f"{count} (shown above); they stay, {marked}. A wire story printed by five outlets is one story: --merge-copies keeps the first of each."
        return replace(proposal, entries=entries, notes=(*proposal.notes, note))
    entries = tuple(replace(entry, known={**entry.known, "syndicated_from": _also(firsts[entry.article_id])}) if entry.article_id in firsts else entry for entry in proposal.entries if entry.article_id not in told)
    groups = tuple(group for group in proposal.groups if any(entry.group == group for entry in entries))
    gone = [group for group in proposal.groups if group not in groups]
    note = f"{len(copies)} copies left out, the first of each kept: {len(entries)} articles." + (f" Nothing but copies in {', '.join(gone)}: no longer compared." if gone else "")
    return replace(proposal, entries=entries, groups=groups, notes=(*proposal.notes, note))


def _marked(entry: Entry, copy: Copy) -> Entry:
    if entry.syndicated_from or copy.first.outlet == entry.outlet:
        how = f"inferred: a copy of article {copy.first.article_id} ({copy.first.outlet}), resemblance {copy.resemblance:.2f}"
        return replace(entry, known={**entry.known, "syndicated_from": "; ".join(part for part in (entry.known.get("syndicated_from"), how) if part)})
    how = f"inferred: resemblance {copy.resemblance:.2f} with the earlier article {copy.first.article_id}; who wrote it first is not told"
    return replace(entry, syndicated_from=copy.first.outlet, known={**entry.known, "syndicated_from": how})


def _also(copies: list[Copy]) -> str:
    return "inferred: also printed by " + "; ".join(f"{copy.copy.outlet} ({copy.copy.published or 'no date'}, {copy.copy.place}, resemblance {copy.resemblance:.2f})" for copy in copies)


def shown(copies: tuple[Copy, ...]):
    """Return the copies as a table."""
    import pandas as pd

    from pressframes.results import Table

    rows = [(copy.first.article_id, copy.first.outlet, copy.copy.article_id, copy.copy.outlet, copy.copy.title or " ".join(copy.copy.text[:60].split()), copy.resemblance) for copy in copies]
    frame = pd.DataFrame(rows, columns=["first", "first_outlet", "copy", "outlet", "title", "resemblance"])
    heads = {"first": "article", "first_outlet": "outlet", "copy": "copied in", "outlet": "by", "title": "title", "resemblance": "resemblance"}
    return Table(frame, "copies", f"Copies: share of {SHINGLE}-word runs that both print, {LEAST:g} and more", heads=heads, formats={"resemblance": ".2f"})


def told(copies: tuple[Copy, ...]) -> str:
    """Say how many articles of a study print the words of another one, and what that does to the comparison; empty where none does."""
    if not copies:
        return ""
    inside = sum(copy.first.group == copy.copy.group for copy in copies)
    parts = [f"{inside} within one group, where tests and intervals take each for an article of its own"] * bool(inside) + [f"{len(copies) - inside} across groups, which makes them more alike than their outlets are"] * (len(copies) > inside)
    return f"{len(copies)} article{' prints' if len(copies) == 1 else 's print'} mostly the words of an earlier one: {'; '.join(parts)}. Make the study anew with --merge-copies, or take their rows out of articles.csv."
