"""Makes the figures beside it with other people's implementations; none of pressframes is used.

    python -m venv peers && peers/bin/pip install association-measures==0.3.2 pycorpdiff==0.1.0a27 anyts==0.4.3 scattertext==0.2.2 future six shifterator==0.3.0 convokit==3.0.1
    peers/bin/python tests/measures/reference/make.py

A column is named after measure and package; the first line of each file tells the versions.
"""

import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
PACKAGES = ("association-measures", "pycorpdiff", "anyts", "scattertext", "shifterator", "convokit", "scipy", "numpy", "pandas")
STRENGTH = 250.0


def write(frame: pd.DataFrame, name: str) -> None:
    versions = ", ".join(f"{package} {metadata.version(package)}" for package in PACKAGES)
    (HERE / name).write_text(f"# made by make.py with Python {sys.version.split()[0]}, {versions}\n" + frame.to_csv(index=False, float_format="%.17g"), encoding="utf-8")


def keyness(rng) -> pd.DataFrame:
    """60 terms of two corpora: frequent and rare, on one side alone, and as frequent in both."""
    from anyts.corpus.keyness import calc_diff, calc_log_likelihood, calc_log_ratio, calc_odds_ratio
    from association_measures import measures as association_measures
    from convokit import FightingWords
    from pycorpdiff.keyness import effect_sizes, log_likelihood
    from scattertext.termscoring.lrc import lrc
    from scipy import stats
    from sklearn.feature_extraction.text import CountVectorizer

    a = np.concatenate([rng.integers(1, 400, 30), rng.integers(1, 8, 20), [0, 0, 5, 40, 7, 1, 0, 12, 100, 3]])
    b = np.concatenate([rng.integers(1, 400, 30), rng.integers(1, 8, 20), [5, 60, 0, 0, 7, 0, 1, 24, 100, 3]])
    total_a, total_b = int(a.sum()), int(b.sum())
    frame = pd.DataFrame({"count_a": a, "count_b": b, "total_a": total_a, "total_b": total_b})
    rows = list(zip(a.tolist(), b.tolist(), [total_a] * len(a), [total_b] * len(a)))
    tables = [[[x, y], [total_a - x, total_b - y]] for x, y, *_ in rows]
    frame["g2_scipy"] = [stats.chi2_contingency(table, lambda_="log-likelihood", correction=False).statistic for table in tables]
    frame["odds_ratio_scipy_half_added"] = [stats.contingency.odds_ratio(np.array(table) * 2 + 1, kind="sample").statistic for table in tables]
    signature = pd.DataFrame({"f1": a, "N1": total_a, "f2": b, "N2": total_b})
    score = lambda measure, **options: association_measures.score(signature, measures=[measure], freq=False, digits=None, **options)[measure].to_numpy()
    frame["signed_g2_association_measures"] = score("log_likelihood")
    frame["log_ratio_association_measures_hardie"] = score("log_ratio", discounting="Hardie2014", disc=0.5)
    frame["log_ratio_association_measures_walter"] = score("log_ratio", discounting="Walter1975", disc=0.5)
    frame["lrc_association_measures"] = score("conservative_log_ratio", alpha=0.05, correct=None)
    frame["lrc_association_measures_60_tests"] = score("conservative_log_ratio", alpha=0.05, correct="Bonferroni", vocab=60)
    frame["lrc_scattertext_60_tests"] = lrc(a, b, total_a, total_b, conf_level=0.95, correct=True)
    sides = [pd.Series(side, index=[f"t{i:02d}" for i in range(len(a))]) for side in (a, b)]
    frame["signed_g2_pycorpdiff_four_cells"] = log_likelihood(*sides, total_a, total_b, formula="dunning")["g2"].to_numpy()
    frame["signed_g2_pycorpdiff_two_cells"] = log_likelihood(*sides, total_a, total_b)["g2"].to_numpy()
    frame["log_ratio_pycorpdiff"] = effect_sizes.log_ratio(*sides, total_a, total_b).to_numpy()
    frame["percent_difference_pycorpdiff"] = effect_sizes.percent_diff(*sides, total_a, total_b).to_numpy()
    for name, measure in {"signed_g2_anyts_two_cells": calc_log_likelihood, "log_ratio_anyts": calc_log_ratio, "percent_difference_anyts": calc_diff, "odds_ratio_anyts": calc_odds_ratio}.items():
        frame[name] = [measure(*row) for row in rows]
    frame["prior"] = (a + b + 1) / (a + b + 1).sum()
    words = CountVectorizer(vocabulary=list(sides[0].index), token_pattern=r"\S+")
    fighting = FightingWords(text_func=lambda text: text, cv=words, prior=STRENGTH * frame["prior"].to_numpy())
    scores = fighting._bayes_compare_language(*([" ".join(side.index.repeat(side))] for side in sides))
    frame["weighted_log_odds_convokit"] = [scores[term] for term in sides[0].index]
    return frame.assign(strength=STRENGTH)


def collocation(rng) -> pd.DataFrame:
    """50 words beside a node that 300 of 5,000 sentences hold."""
    from anyts.corpus.collocations import calc_logdice, calc_mi, calc_t_score
    from association_measures import measures as association_measures
    from pycorpdiff.collocation import measures as pycorpdiff_collocation

    word = rng.integers(1, 900, 50)
    together = np.minimum(rng.integers(1, 120, 50), word)
    frame = pd.DataFrame({"together": together, "word": word, "node": 300, "total": 5000})
    series = [frame[name] for name in frame]
    frame["mutual_information_pycorpdiff"] = pycorpdiff_collocation.pmi(*series)
    frame["t_score_pycorpdiff"] = pycorpdiff_collocation.t_score(*series)
    frame["log_dice_pycorpdiff"] = pycorpdiff_collocation.logdice(*series[:3])
    rows = list(zip(word.tolist(), [300] * 50, together.tolist(), [5000] * 50))
    for name, measure in {"mutual_information": calc_mi, "t_score": calc_t_score, "log_dice": calc_logdice}.items():
        frame[f"{name}_anyts"] = [measure(*row) for row in rows]
    for first, other, name in (("node", "word", "given_word"), ("word", "node", "given_node")):
        signature = pd.DataFrame({"f": frame["together"], "f1": frame[first], "f2": frame[other], "N": frame["total"]})
        scores = association_measures.score(signature, measures=["liddell", "t_score", "mutual_information"], freq=False, digits=None)
        frame[f"liddell_association_measures_{name}"] = scores["liddell"].to_numpy()
    frame["t_score_association_measures"] = scores["t_score"].to_numpy()
    frame["mutual_information_association_measures_log10"] = scores["mutual_information"].to_numpy()
    return frame


def dispersion(rng) -> pd.DataFrame:
    """12 terms in 9 parts, a row each; the last row holds all other words, so that columns sum to the parts' sizes."""
    from anyts.corpus.dispersion import calc_dp, calc_dp_norm
    from scattertext.dispersion.dispersion import Dispersion
    from scipy import sparse

    counts = rng.poisson(rng.gamma(0.4, 8, size=(12, 9))) + np.eye(12, 9, dtype=int)
    counts = np.vstack([counts, rng.integers(200, 1500, 9)])
    sizes = counts.sum(axis=0)
    frame = pd.DataFrame(counts, columns=[f"part_{i}" for i in range(9)])
    frame["dp_anyts"] = [calc_dp(row, sizes) for row in counts]
    frame["dp_norm_anyts"] = [calc_dp_norm(row, sizes) for row in counts]
    peer = Dispersion(term_doc_mat=sparse.csr_matrix(counts.T))
    frame["dp_scattertext"] = np.asarray(peer.dp()).ravel()
    frame["dp_norm_scattertext"] = np.asarray(peer.dp_norm()).ravel()
    return frame


def shift(rng) -> pd.DataFrame:
    """20 loaded terms of two groups, and in the last row all other words; all score 1, reference 0."""
    from shifterator.shifterator import Shift

    a, b = (np.append(rng.integers(0, 40, 20), rest) for rest in (3000, 4200))
    terms = [f"t{i:02d}" for i in range(20)] + ["other"]
    peer = Shift(dict(zip(terms, a.tolist())), dict(zip(terms, b.tolist())), reference_value=0, normalization=None)
    scores = peer.get_shift_scores()
    return pd.DataFrame({"term": terms, "count_a": a, "count_b": b, "shift_shifterator": [scores[term] for term in terms]})


if __name__ == "__main__":
    rng = np.random.default_rng(20240229)
    for make in (keyness, collocation, dispersion, shift):
        write(make(rng), f"{make.__name__}.csv")
