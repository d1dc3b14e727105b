"""Keyness: which words one group uses more than another, and whether dealing out the articles anew would show as much."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import betaincinv, xlog1py

from pressframes.errors import InputError
from pressframes.measures.resampling import blocks_of, deal, one_thread, shuffled

FINER, FINEST = 40, 100
"""A term whose p is small gets this many times the arrangements that every term gets, in tables of many terms up to the second."""
FEWEST_BEYOND = 10
"""A p-value with fewer arrangements in its tail is drawn more finely."""
FINE_ENOUGH = 0.0125
"""Once the smallest q is this small, a finer p would no longer decide which terms are key at the usual 0.05."""
_BLOCK_CELLS = 2_000_000
_EXACT_SINGLE = 2**24
"""Single precision holds whole numbers up to here."""


def g2(count_a, count_b, total_a, total_b):
    """Log-likelihood ratio of a 2 x 2 table (Dunning 1993, all four cells): term and other words, in corpus a and b.

    Args:
        count_a, count_b: how often the term occurs in each corpus.
        total_a, total_b: words of each corpus.

    Returns:
        G2 >= 0; it says how surprising the difference is if every word were drawn alone, not how large it is.

    >>> round(float(g2(30, 10, 1000, 1000)), 4)
    10.669
    """
    count_a, count_b, total_a, total_b = np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in (count_a, count_b, total_a, total_b)))
    return _likelihood_ratio(np.stack([count_a, count_b]), np.stack([total_a, total_b]))


def g2_of_groups(counts, totals):
    """Log-likelihood ratio of a table of several groups (Dunning 1993): does the term's share differ between them at all?

    Args:
        counts: groups x terms.
        totals: words of each group.

    Returns:
        G2 of each term, on as many degrees of freedom as groups less one; with two groups it is `g2`.

    >>> g2_of_groups([[30], [10], [10]], [1000, 1000, 1000]).round(3).tolist()
    [15.106]
    """
    return _likelihood_ratio(np.asarray(counts, dtype=float), np.asarray(totals, dtype=float)[:, None])


def _likelihood_ratio(counts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Twice the sum of observed x ln(observed / expected) over two rows of cells, the term and all other words, a column a group.

    Written as observed x ln(1 + excess / expected): the nine terms n ln n of the usual form cancel, and in corpora of a billion words leave no right digit of a rare word's G2.
    """
    together, total = counts.sum(axis=0), totals.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):  # where a group has no words, or the term no or all occurrences, a cell is empty
        excess = counts - totals * (together / total)
        cells = [xlog1py(observed, np.where(observed > 0, over / (totals * (share / total)), 0)) for observed, over, share in ((counts, excess, together), (totals - counts, -excess, total - together))]
    return np.maximum(2 * sum(cells).sum(axis=0), 0.0)


def log_ratio(count_a, count_b, total_a, total_b):
    """Binary logarithm of the ratio of relative frequencies (Hardie 2014); a count of 0 is taken as 0.5.

    >>> float(log_ratio(40, 10, 1000, 1000)), round(float(log_ratio(4, 0, 1000, 1000)), 3)
    (2.0, 3.0)
    """
    count_a, count_b = np.asarray(count_a, dtype=float), np.asarray(count_b, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):  # a corpus without words
        return np.log2((np.where(count_a > 0, count_a, 0.5) / total_a) / (np.where(count_b > 0, count_b, 0.5) / total_b))


def conservative_log_ratio(count_a, count_b, total_a, total_b, *, tests: int = 1, confidence: float = 0.95):
    """The end nearer to 0 of Log Ratio's exact interval; 0 where the interval holds 0 (LRC; Evert 2022).

    The interval is Clopper and Pearson's (1934) of the share that corpus a has in all occurrences, each word drawn alone.

    Args:
        tests: how many terms are looked at; the interval is widened for as many (Bonferroni).

    >>> round(float(conservative_log_ratio(40, 10, 1000, 1000)), 3), float(conservative_log_ratio(4, 3, 1000, 1000))
    (0.975, 0.0)
    """
    count_a, count_b = np.asarray(count_a, dtype=float), np.asarray(count_b, dtype=float)
    tail = (1 - confidence) / tests / 2
    more_in_a = count_a * total_b >= count_b * total_a
    more, less = np.where(more_in_a, count_a, count_b), np.where(more_in_a, count_b, count_a)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = betaincinv(more, less + 1, tail)
        ratio = np.where(more_in_a, 1, -1) * np.log2(share / (1 - share)) + np.log2(total_b / total_a)
    ratio = np.nan_to_num(ratio, nan=0.0, posinf=0.0, neginf=0.0)
    return np.where(more_in_a, np.maximum(ratio, 0.0), np.minimum(ratio, 0.0))


def percent_difference(count_a, count_b, total_a, total_b):
    """%DIFF: by how many percent a's relative frequency exceeds b's (Gabrielatos and Marchi 2011); infinite where b has none.

    >>> round(float(percent_difference(30, 10, 1000, 1000)), 6)
    200.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        here, there = np.asarray(count_a, dtype=float) / total_a, np.asarray(count_b, dtype=float) / total_b
        return 100 * (here - there) / there


def odds_ratio(count_a, count_b, total_a, total_b):
    """Odds of the term in a over its odds in b; 0.5 is added to each of the four cells (Haldane 1956, Anscombe 1956).

    >>> round(float(odds_ratio(30, 10, 1000, 1000)), 3)
    2.965
    """
    count_a, count_b = np.asarray(count_a, dtype=float), np.asarray(count_b, dtype=float)
    return (count_a + 0.5) / (total_a - count_a + 0.5) * (total_b - count_b + 0.5) / (count_b + 0.5)


def weighted_log_odds(count_a, count_b, *, prior=None, strength: float = 500):
    """z-scores of the log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, equations 15 to 22).

    Args:
        count_a, count_b: counts of all terms of the vocabulary.
        prior: expected proportions of the terms; those of both corpora together where not given.
        strength: how many words the prior is worth.

    >>> [round(float(z), 2) for z in weighted_log_odds([30, 10, 960], [10, 30, 960], strength=100)]
    [2.95, -2.95, 0.0]
    """
    count_a, count_b = np.asarray(count_a, dtype=float), np.asarray(count_b, dtype=float)
    together = count_a + count_b if prior is None else np.asarray(prior, dtype=float)
    all_a, all_b = count_a.sum() + strength, count_b.sum() + strength
    with np.errstate(divide="ignore", invalid="ignore"):  # a term of no expected share that does not occur has no odds
        alpha = strength * together / together.sum()
        log_odds_a = np.log((count_a + alpha) / (all_a - count_a - alpha))
        log_odds_b = np.log((count_b + alpha) / (all_b - count_b - alpha))
        return (log_odds_a - log_odds_b) / np.sqrt(1 / (count_a + alpha) + 1 / (count_b + alpha))


@dataclass(frozen=True)
class Keyness:
    """Keyness of every term of group `group` against `reference`.

    Attributes:
        frame: the table of `to_frame` without q.
        articles, words: of the group and of the reference.
        permutations: how many arrangements of the articles each p-value rests on at least; `exact` if these are all there are.
        most: how many it rests on where p is small.
        smallest_p: no p below this can come out, whatever the texts hold.
    """

    frame: pd.DataFrame
    group: str
    reference: str
    articles: tuple[int, int]
    words: tuple[int, int]
    permutations: int
    most: int
    exact: bool
    smallest_p: float
    seed: int

    def to_frame(self) -> pd.DataFrame:
        """Return term, count_a, count_b, g2, log_ratio, p (articles permuted), q (Benjamini-Hochberg over all terms)."""
        return self.frame.assign(q=adjusted(self.frame["p"].to_numpy()))


def keyness(counts, groups, *, terms=None, permutations: int = 999, strata=None, seed: int = 0) -> Keyness:
    """Compare the words of two groups of articles.

    G2 and Log Ratio come from the summed counts. For the p-value whole articles are dealt out anew to groups of the same sizes, and what is
    looked at is the mean of the term's relative frequencies in the articles of group a: documents are the unit, each with the same say (Lijffijt
    et al. 2016). G2 itself would let long articles decide, and where one group's articles are longer would take absence from the other for a
    finding. Articles without words stay out. p is twice the smaller tail, so that what a small group avoids is found as well as what it prefers,
    the articles as they are counted in (Phipson and Smyth 2010); q adjusts over all terms (Benjamini and Hochberg 1995).

    `permutations` arrangements are drawn for every term. As 999 give no p below 0.002, none of 3,000 terms could be found by them alone: a term
    with fewer than `FEWEST_BEYOND` arrangements in its tail is followed through ten times as many, and if still so through `FINER` times as many
    (16 a term in larger tables, at most `FINEST` times; in the manner of Besag and Clifford 1991). It ends earlier once the smallest q is
    `FINE_ENOUGH`. In a table of 1,000 terms or more a single term can so reach no q of 0.05, in one of 2,500 it takes three: that no arrangement
    goes beyond some term happens by chance in one such table of eight. More `permutations` make all of this finer. If there are no more
    arrangements than `permutations`, all are taken and p is exact.

    Args:
        counts: articles x terms, array or scipy sparse, non-negative integers.
        groups: one label an article, two values; the second in sorted order is the reference.
        terms: names of the columns; their numbers where not given.
        permutations: how many arrangements to draw for every term.
        strata: one label an article; articles change places only within their stratum.
        seed: of the draws.

    Raises:
        InputError: if the shapes do not fit, a count is negative or no integer, there are not exactly two groups, or `permutations` is below 1.

    >>> result = keyness([[9, 1], [8, 2], [1, 9], [2, 8]], ["a", "a", "b", "b"], terms=["x", "y"])
    >>> result.to_frame()[["term", "count_a", "count_b", "p"]].values.tolist(), result.exact
    ([['x', 17, 3, 0.3333333333333333], ['y', 3, 17, 0.3333333333333333]], True)
    """
    matrix = sparse.csr_array(counts)
    labels, names = np.asarray([str(group) for group in groups]), sorted({str(group) for group in groups})
    if matrix.shape[0] != len(labels):
        raise InputError(f"keyness: {matrix.shape[0]} rows of counts but {len(labels)} group labels; give one label an article")
    if len(names) != 2:
        raise InputError(f"keyness: {len(names)} groups ({', '.join(names)}); give exactly two")
    if matrix.nnz and (matrix.data.min() < 0 or (matrix.data != np.floor(matrix.data)).any()):
        raise InputError("keyness: counts must be non-negative integers; do not scale them")
    if strata is not None and len(strata) != len(labels):
        raise InputError(f"keyness: {len(strata)} strata but {len(labels)} articles; give one stratum an article")
    terms = list(terms) if terms is not None else list(range(matrix.shape[1]))
    if len(terms) != matrix.shape[1]:
        raise InputError(f"keyness: {matrix.shape[1]} columns of counts but {len(terms)} terms; give one term a column")
    if permutations < 1:
        raise InputError(f"keyness: {permutations} permutations; give 1 or more")
    in_a = labels == names[0]
    strata = np.zeros(len(labels), dtype=int) if strata is None else np.asarray(strata)
    together, lengths = np.asarray(matrix.sum(axis=0)).ravel().astype(float), np.asarray(matrix.sum(axis=1)).ravel().astype(float)
    count_a, total_a = (in_a.astype(float) @ matrix), float(lengths[in_a].sum())
    total_b = float(lengths.sum()) - total_a
    with one_thread():
        p, drawn, most, exact = _permuted_p(matrix, in_a, strata, permutations, seed)
    frame = pd.DataFrame({
        "term": terms, "count_a": count_a.astype(int), "count_b": (together - count_a).astype(int), "g2": g2(count_a, together - count_a, total_a, total_b),
        "log_ratio": log_ratio(count_a, together - count_a, total_a, total_b),
        "p": p,
    })  # fmt: skip
    return Keyness(
        frame, names[0], names[1], (int(in_a.sum()), int((~in_a).sum())), (int(total_a), int(total_b)),
        drawn, most, exact, min(1.0, 2 / drawn if exact else 2 / (most + 1)), seed,
    )  # fmt: skip


def _permuted_p(matrix, in_a: np.ndarray, strata: np.ndarray, permutations: int, seed: int):
    """Return p of each term, how many arrangements it rests on, how many at most, and whether these are all there are."""
    lengths = np.asarray(matrix.sum(axis=1)).ravel()
    some = lengths > 0  # an article without words has no relative frequencies
    matrix, lengths, in_a, strata = matrix[some], lengths[some], in_a[some], strata[some]
    blocks, rng = blocks_of(strata), np.random.default_rng(seed)
    dealt, exact = deal(in_a, blocks, permutations, rng)
    # Words per 2 ** 20 in whole numbers: their sums are exact, in whatever order they are taken, and arrangements that are equal tie.
    scores = sparse.csr_array(matrix.T * np.rint(2**20 / lengths).clip(1))
    order = np.argsort(-np.diff(scores.indptr), kind="stable")
    sums = _Sums(scores[order], in_a)
    tails, drawn = sums.tails(dealt), dealt.shape[1]
    p, at_issue, rounds = np.empty(len(order)), order, 1
    p[order] = np.minimum(2 * (tails.min(axis=0) + (not exact)) / (drawn + (not exact)), 1)
    last = 1 if exact else int(np.clip(16 * len(p) // permutations, FINER, FINEST))
    while rounds < last and len(at_issue) and adjusted(p).min() > FINE_ENOUGH:
        few = np.flatnonzero(tails.min(axis=0) < FEWEST_BEYOND)
        at_issue, tails, sums = at_issue[few], tails[:, few], _Sums(sums.scores[few], in_a)
        until = min(10 * rounds, last)
        for _ in range(rounds, until):
            # The first arrangements with the articles shuffled are as many new ones, each as likely as any other.
            tails = tails + sums.tails(dealt[shuffled(blocks, rng)])
        rounds = until
        p[at_issue] = np.minimum(2 * (tails.min(axis=0) + 1) / (rounds * drawn + 1), 1)
    return p, drawn, rounds * drawn, exact


class _Sums:
    """Scores of terms (the most widespread first), summed over the articles of group a: of frequent terms as a dense product, of the others as a sparse one."""

    def __init__(self, scores, in_a: np.ndarray):
        self.scores, frequent = scores, int((np.diff(scores.indptr) > len(in_a) / 8).sum())
        self.seen = scores @ in_a.astype(float)
        self.parts = (slice(0, frequent), _exact(scores[:frequent]).toarray()), (slice(frequent, None), _exact(scores[frequent:]))

    def tails(self, dealt: np.ndarray) -> np.ndarray:
        """Of the arrangements (articles x arrangements), how many give each term at least, and at most, the sum that was seen (2 x terms)."""
        tails = np.zeros((2, len(self.seen)), dtype=int)
        for terms, part in self.parts:
            seen, step = self.seen[terms, None].astype(part.dtype), max(1, _BLOCK_CELLS // max(1, part.shape[0]))
            for first in range(0, dealt.shape[1], step):
                sums = part @ dealt[:, first : first + step].astype(part.dtype)
                tails[:, terms] += (sums >= seen).sum(axis=1), (sums <= seen).sum(axis=1)
        return tails


def _exact(scores):
    """In single precision where that holds all sums of these whole numbers."""
    return scores.astype(np.float32 if scores.sum(axis=1).max(initial=0) < _EXACT_SINGLE else np.float64)


def adjusted(p: np.ndarray) -> np.ndarray:
    """Return q-values: the share of false finds to expect among all terms with a p no larger (Benjamini and Hochberg 1995).

    >>> adjusted(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    # scipy.stats has it too, and takes a second to load
    order = np.argsort(p)[::-1]
    q = np.empty(len(p))
    q[order] = np.minimum.accumulate((p * len(p))[order] / np.arange(len(p), 0, -1))
    return q
