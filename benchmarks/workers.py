"""The tasks of comparison.py, as pressframes does them and as its peers do; imports each only where it is measured.

    python workers.py ours|theirs TASK FOLDER     prints what was measured as JSON
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

PERMUTATIONS, PEER_PERMUTATIONS = 999, 99


def seconds_of(work) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def groups_of(counts) -> list[str]:
    """The first half of the articles is group a."""
    return ["a"] * (len(counts) // 2) + ["b"] * (len(counts) // 2)


def false_and_found(results: dict, twice: np.ndarray) -> dict:
    """Of the p- and q-values of all terms: keywords that are none, planted ones found, and the share of null terms with p < .05."""
    key = results["q"] < 0.05
    return {"false": int((key & ~twice).sum()), "found": int((key & twice).sum()), "nominal": float((results["p"] < 0.05)[~twice].mean())}


def large_corpus() -> np.ndarray:
    """2,000 articles of 400 words of a Zipf vocabulary, about 15,000 terms of which occur."""
    rng = np.random.default_rng(0)
    shares = 1 / (np.arange(16_000) + 3)
    words = rng.choice(len(shares), size=(2000, 400), p=shares / shares.sum())
    counts = np.stack([np.bincount(article, minlength=len(shares)) for article in words])
    return counts[:, counts.any(axis=0)].astype(np.int16)


def rate_cells() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Events and words of 10,000 articles in 3 groups x 3 targets x 3 voices x 12 categories, and the group of each."""
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 3, 10_000)
    words = rng.integers(0, 200, (10_000, 3, 9)) * (groups[:, None, None] == np.arange(3)[:, None])
    words = np.repeat(words.reshape(len(groups), 27), 12, axis=1)
    return rng.poisson(0.004 * words), words, groups


def corpora(folder: Path) -> dict:
    """Write what the tasks read: a corpus, its counts by group, and the cells of a table of rates."""
    counts = large_corpus()
    np.savez(folder / "large.npz", counts=counts)
    np.savez(folder / "table.npz", counts=np.stack([part.sum(axis=0, dtype=np.int64) for part in np.split(counts, 2)]))
    np.savez(folder / "cells.npz", **dict(zip(("counts", "words", "groups"), rate_cells())))
    return {"terms": counts.shape[1], "words": int(counts.sum())}


def our_permutations(folder: Path) -> dict:
    from scipy import sparse

    from pressframes.measures import keyness

    counts = np.load(folder / "large.npz")["counts"]
    matrix, groups = sparse.csr_array(counts), groups_of(counts)
    del counts
    return {"seconds": seconds_of(lambda: keyness(matrix, groups, permutations=PERMUTATIONS)) / PERMUTATIONS}


def our_table(folder: Path) -> dict:
    import pandas as pd

    from pressframes import measures

    a, b = np.load(folder / "table.npz")["counts"]
    both = (a, b, a.sum(), b.sum())

    def table():
        return pd.DataFrame({
            "count_a": a, "count_b": b, "g2": measures.g2(*both), "log_ratio": measures.log_ratio(*both), "lrc": measures.conservative_log_ratio(*both, tests=len(a)),
            "difference": measures.percent_difference(*both), "odds_ratio": measures.odds_ratio(*both), "log_odds": measures.weighted_log_odds(a, b),
        })  # fmt: skip

    table()
    return {"seconds": seconds_of(table)}


def our_bootstrap(folder: Path) -> dict:
    from pressframes.measures import bootstrap_rates

    data = np.load(folder / "cells.npz")
    counts, words, groups = data["counts"], data["words"], data["groups"]
    return {"seconds": seconds_of(lambda: bootstrap_rates(counts, words, groups))}


def our_study(counts: np.ndarray) -> dict:
    from pressframes.measures import keyness

    frame = keyness(counts, groups_of(counts), permutations=PERMUTATIONS).to_frame()
    return {"p": frame["p"].to_numpy(), "q": frame["q"].to_numpy()}


def two_corpora(counts: np.ndarray):
    """The two groups as pycorpdiff takes them, and the names of the terms."""
    import pandas as pd
    import pycorpdiff

    terms = np.array([f"w{i}" for i in range(counts.shape[1])])
    texts = [" ".join(np.repeat(terms, row)) for row in counts]
    half = len(texts) // 2
    return *(pycorpdiff.from_dataframe(pd.DataFrame({"text": part}), tokenizer=str.split) for part in (texts[:half], texts[half:])), list(terms)


def their_permutations(folder: Path) -> dict:
    """What the option adds to a comparison, by permutation; and the time from one permutation to the next alone, without counting the texts again."""
    import pycorpdiff

    module, moments = sys.modules["pycorpdiff.keyness.permutation"], []
    scored = module._g2_unsigned  # called once for the articles as they are, then once a permutation
    module._g2_unsigned = lambda *given: (moments.append(time.perf_counter()), scored(*given))[1]
    a, b, _ = two_corpora(np.load(folder / "large.npz")["counts"])
    comparison = pycorpdiff.compare(a, b)
    comparison.keyness(min_count=1)
    without, within = (seconds_of(lambda: comparison.keyness(min_count=1, permutation_n=n, permutation_seed=0)) for n in (0, PEER_PERMUTATIONS))
    return {"seconds": (within - without) / PEER_PERMUTATIONS, "loop": (moments[-1] - moments[1]) / (PEER_PERMUTATIONS - 1)}


def their_table(folder: Path) -> dict:
    import pandas as pd
    from association_measures.measures import score

    a, b = np.load(folder / "table.npz")["counts"]
    frame = pd.DataFrame({"f1": a, "N1": a.sum(), "f2": b, "N2": b.sum()})
    table = lambda: score(frame, measures=["log_likelihood", "log_ratio", "conservative_log_ratio"], digits=None, alpha=0.05)
    table()
    return {"seconds": seconds_of(table)}


def their_study(folder: Path) -> dict:
    """Its default, G2 of single words, adjusted (Benjamini-Hochberg), and where words are planted its permutation option, adjusted likewise."""
    import pandas as pd
    from pycorpdiff.keyness import log_likelihood, permutation_pvalues
    from pycorpdiff.keyness.correction import benjamini_hochberg

    data = np.load(folder / "study.npz")
    counts, twice = data["counts"], data["twice"]
    a, b, terms = two_corpora(counts)
    sides = [pd.Series(part.sum(axis=0), index=terms) for part in np.split(counts, 2)]
    found = {"default": log_likelihood(*sides, *(int(side.sum()) for side in sides))["p_value"]}
    if twice.any():
        found["permuted"] = permutation_pvalues(a, b, terms=terms, n_permutations=PERMUTATIONS, seed=0)
    return {kind: false_and_found({"p": p, "q": benjamini_hochberg(p)}, twice) for kind, p in ((kind, p.reindex(terms).to_numpy()) for kind, p in found.items())}


OURS = {"corpora": corpora, "permutations": our_permutations, "table": our_table, "bootstrap": our_bootstrap, "study": our_study}
THEIRS = {"permutations": their_permutations, "table": their_table, "study": their_study}

if __name__ == "__main__":
    _, worker, task, folder = sys.argv
    measured = (OURS if worker == "ours" else THEIRS)[task](Path(folder))
    if "seconds" in measured:
        measured["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(measured))
