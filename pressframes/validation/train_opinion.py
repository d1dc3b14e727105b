"""A trained second opinion on loaded words and biased sentences, judged on outlets that it never saw. Nothing is shipped: BABE's licence forbids it, so it trains on the user's own copy.

Two stages of logistic regression with an L2 penalty (Fan et al. 2008). The first scores words by their letters, lists and neighbours, and sentences by word and letter n-grams and counts.
The second joins both (stacking, Wolpert 1992): a sentence is biased by its own score and its words', a word is loaded by its own score and its sentence's. What the second learns from was
scored by models that saw neither that outlet nor the one to be judged.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import combinations_with_replacement
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.layers.terms import LoadedSearch, LoadedTerm
from pressframes.layers.tone import shipped_model, stem
from pressframes.lexicon import read_loaded
from pressframes.tokens import FUNCTION_WORDS, Token, tokenise
from pressframes.validation.babe import LEAST_SENTENCES, Judged, read_babe
from pressframes.validation.train_tone import read_targets

WORD = re.compile(r"[A-Za-z]{3,}")
"""What counts as a word, as for the curated list on the same set."""
LEAST_WORDS, LEAST_LETTERS = 2, 3
"""An n-gram of words, or of letters, must stand in so many sentences; a feature of words with as many as the latter."""
COPY = 0.3
"""Sentences that share this part of the shorter one's five-word sequences are copies of each other."""
_INNER = 4
_SCARE = re.compile(r'["“][\w-]+(?: [\w-]+)?["”]')
_EDGE = -5.0  # the score that stands for the word before the first and after the last


class Scores(NamedTuple):
    """Of each word and each sentence, the log-odds that it is loaded, or biased; and where they are called so."""

    words: np.ndarray
    sentences: np.ndarray
    loaded: np.ndarray
    biased: np.ndarray


class Ngrams(NamedTuple):
    """What is known of sentences: counts of word n-grams (1, 2) and letter n-grams (2 to 5), and measures of lists and style; a row a sentence."""

    words: sp.csr_matrix
    letters: sp.csr_matrix
    measures: sp.csr_matrix


@dataclass(frozen=True)
class Corpus:
    """BABE as features.

    Attributes:
        sentences: as read.
        fold: of each sentence, the number of its outlet; outlets with fewer than LEAST_SENTENCES share the last.
        of: of each word, the number of its sentence; words stand in the order of the text.
        words: lower case.
        marked, listed: of each word, whether the experts marked it, and whether a term of the curated list covers it.
        features: of words, (words, features).
        ngrams: of sentences.
        copies: (sentences, sentences), true where one is a near copy of the other.
    """

    sentences: list[Judged]
    fold: np.ndarray
    of: np.ndarray
    words: list[str]
    marked: np.ndarray
    listed: np.ndarray
    features: sp.csr_matrix
    ngrams: Ngrams
    copies: sp.csr_matrix

    @property
    def biased(self) -> np.ndarray:
        """Of each sentence, whether the experts call it biased."""
        return np.array([sentence.biased for sentence in self.sentences])

    def training(self, *left_out: int) -> np.ndarray:
        """Return the mask of the sentences outside these folds that are no copy of a sentence in them."""
        held = np.isin(self.fold, left_out)
        return ~held & (self.copies @ held == 0)


def read_corpus(folder: Path) -> Corpus:
    """Read a copy of BABE and what the models look at.

    Raises:
        InputError: if the folder holds no BABE, or fewer than three outlets with LEAST_SENTENCES sentences, or one outlet alone holds what is to be learned.
    """
    sentences = read_babe(folder)
    sizes = Counter(sentence.outlet for sentence in sentences)
    large = [outlet for outlet, n in sorted(sizes.items(), key=lambda item: (-item[1], item[0])) if n >= LEAST_SENTENCES]
    if len(large) < 3:
        raise InputError(f"{folder}: fewer than three outlets with {LEAST_SENTENCES} sentences; give the whole of BABE")
    fold = np.array([large.index(sentence.outlet) if sentence.outlet in large else len(large) for sentence in sentences])
    searches = {name: LoadedSearch(read_loaded(shelf.folder("lexicons") / f"{file}.csv"), name=name) for name, file in (("curated", "loaded"), ("opinion", "opinion"))}
    known = known_words({word.lower() for sentence in sentences for word in WORD.findall(sentence.text)})
    of, words, marked, listed, features = [], [], [], [], []
    for number, sentence in enumerate(sentences):
        found = list(WORD.finditer(sentence.text))
        rows = word_features(sentence.text, found, searches, known)
        features += rows
        words += [word[0].lower() for word in found]
        of += [number] * len(found)
        listed += ["curated" in row for row in rows]
        marked += [word[0].lower() in sentence.marked for word in found]
    matrix = DictVectorizer(dtype=np.float32).fit_transform(features)
    matrix = matrix[:, np.asarray((matrix != 0).sum(axis=0)).ravel() >= LEAST_LETTERS]
    texts = [sentence.text for sentence in sentences]
    corpus = Corpus(sentences, fold, np.array(of), words, np.array(marked), np.array(listed), matrix, ngrams(texts), near_copies(texts))
    for pair in combinations_with_replacement(sorted(set(fold)), 2):
        kept = corpus.training(*pair)
        if len(set(corpus.biased[kept])) < 2 or len(set(corpus.marked[kept[corpus.of]])) < 2:
            outside = " and ".join(sorted({sentences[list(fold).index(one)].outlet for one in pair}))
            raise InputError(f"{folder}: outside {outside} no sentence is biased, or all are, or no word is marked; give the whole of BABE")
    return corpus


def near_copies(texts: list[str]) -> sp.csr_matrix:
    """Return which texts share COPY of the five-word sequences of the shorter one; a text of fewer words is one sequence. A text is no copy of itself."""

    def sequences(text: str) -> set[tuple[str, ...]]:
        words = [token.norm for token in tokenise(text)]
        return set(zip(*(words[i:] for i in range(5)))) or {tuple(words)}

    held = CountVectorizer(analyzer=sequences, dtype=np.int32).fit_transform(texts)
    shared, size = (held @ held.T).tocoo(), np.asarray(held.sum(axis=1)).ravel()
    copies = (shared.data >= COPY * np.minimum(size[shared.row], size[shared.col])) & (shared.row != shared.col)
    return sp.csr_matrix((np.ones(copies.sum(), dtype=np.int32), (shared.row[copies], shared.col[copies])), shape=shared.shape)


def word_features(text: str, words: list[re.Match], searches: dict[str, LoadedSearch], known: dict[str, dict[str, float]]) -> list[dict[str, float]]:
    """Return what is known of each word of a sentence, feature -> value: letters and neighbours, what covers or stands beside it in the lists, case, quotation marks, place."""
    tokens, quoted = tokenise(text), _quoted(text)
    found = {name: search.find(text, tokens) for name, search in searches.items()}
    covers = {name: [_covering(terms, word.start()) for word in words] for name, terms in found.items()}
    low, rows = ["^", *(word[0].lower() for word in words), "$"], []
    for i, match in enumerate(words):
        word, start, end = low[i + 1], match.start(), match.end()
        row = {f"word {word}": 1, f"stem {stem(word)}": 1, f"before {low[i]}": 1, f"after {low[i + 2]}": 1, "length": min(len(word), 14) / 10, "sentence length": min(len(words), 50) / 50}
        row |= {f"end {word[-n:]}": 1 for n in (2, 3, 4, 5) if len(word) > n} | {f"begin {word[:n]}": 1 for n in (3, 4, 5) if len(word) > n}
        for name, most in (("curated", 3), ("opinion", 4)):
            if term := covers[name][i]:
                row |= {name: 1, f"{name} {term.entry.polarity}": 1, f"{name} {term.entry.category}": 1}
            row[f"{name} elsewhere"] = min(most, len(found[name]) - bool(term)) / most
            row |= {f"{name} {side}": 1 for side, j in (("before", i - 1), ("after", i + 1)) if 0 <= j < len(words) and covers[name][j]}
        signs = {
            "function word": word in FUNCTION_WORDS, "first": i == 0, "capital": match[0][0].isupper(), "capitals": match[0].isupper(), "quoted": quoted[start],
            "alone in quotes": start > 0 and text[start - 1] in "\"“‘'" and text[end : end + 1] in tuple("\"”’'"), "hyphen after": text[end : end + 1] == "-", "hyphen before": text[start - 1 : start] == "-",
        }  # fmt: skip
        rows.append(row | known[word] | {name: 1 for name, holds in signs.items() if holds})
    return rows


def ngrams(texts: list[str]) -> Ngrams:
    """Return what is known of sentences; the counts are not yet weighted, so that the weights can come from training sentences alone."""
    plain = [text.strip().strip('"') for text in texts]
    words = CountVectorizer(ngram_range=(1, 2), min_df=LEAST_WORDS, token_pattern=r"(?u)\b\w+\b|[^\w\s]", dtype=np.float32).fit_transform(plain)
    letters = CountVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=LEAST_LETTERS, dtype=np.float32).fit_transform(plain)
    curated, opinion = (LoadedSearch(read_loaded(shelf.folder("lexicons") / f"{name}.csv")) for name in ("loaded", "opinion"))
    rows = []
    for text in texts:
        tokens = tokenise(text)
        rows.append(_measures(text, tokens, curated.find(text, tokens), opinion.find(text, tokens)))
    return Ngrams(words.tocsr(), letters.tocsr(), DictVectorizer(dtype=np.float32).fit_transform(rows).tocsr())


def sentence_scores(known: Ngrams, train: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Train the first stage on the sentences of the mask `train` with these labels (of all sentences); return every sentence's log-odds."""
    counts = (known.words, known.letters)
    weighted = [TfidfTransformer(sublinear_tf=True).fit(part[train]).transform(part) for part in counts]
    scaled = StandardScaler(with_mean=False).fit(known.measures[train]).transform(known.measures)
    matrix = sp.hstack([*weighted, 0.3 * scaled]).tocsr()
    return LogisticRegression(C=0.5, solver="liblinear", tol=0.01, class_weight="balanced", random_state=0).fit(matrix[train], labels[train]).decision_function(matrix)


def word_scores(corpus: Corpus, train: np.ndarray) -> np.ndarray:
    """Train the first stage on the words of the sentences of the mask `train`; return every word's log-odds."""
    inside = train[corpus.of]
    # Dual coordinate descent is exact enough far below its default tolerance, and fast.
    return LogisticRegression(C=0.1, solver="liblinear", dual=True, tol=0.05, random_state=0).fit(corpus.features[inside], corpus.marked[inside]).decision_function(corpus.features)


def leave_one_outlet_out(corpus: Corpus) -> Scores:
    """Judge each outlet's words and sentences by models trained on the other outlets, thresholds included; copies of its sentences are not trained on."""
    folds = sorted(set(corpus.fold))
    words, sentences = np.empty((len(folds), len(corpus.of))), np.empty((len(folds), len(corpus.fold)))
    for one, other in combinations_with_replacement(folds, 2):  # a model without both serves the one's training and the other's
        train = corpus.training(one, other)
        by_word, by_sentence = word_scores(corpus, train), sentence_scores(corpus.ngrams, train, corpus.biased)
        for judged, seen in {(one, other), (other, one)}:
            words[judged, corpus.fold[corpus.of] == seen] = by_word[corpus.fold[corpus.of] == seen]
            sentences[judged, corpus.fold == seen] = by_sentence[corpus.fold == seen]
    found = Scores(np.empty(len(corpus.of)), np.empty(len(corpus.fold)), np.zeros(len(corpus.of), dtype=bool), np.zeros(len(corpus.fold), dtype=bool))
    for judged in folds:
        train, held = corpus.training(judged), corpus.fold == judged
        _join(corpus, words[judged], sentences[judged], train, held, found)
    return found


def _join(corpus: Corpus, words: np.ndarray, sentences: np.ndarray, train: np.ndarray, held: np.ndarray, found: Scores) -> None:
    """The second stage for one outlet: learns from the sentences of `train`, fills in those of `held`."""
    summary, context = _context(words, corpus.of, len(sentences))
    second = LogisticRegression(C=0.1, class_weight="balanced", max_iter=300)
    joined, _ = _stacked(second, np.column_stack([sentences, summary]), corpus.biased, corpus.fold, train, held)
    found.sentences[held], found.biased[held] = joined[held], joined[held] > 0
    first, later = sentences[corpus.of], joined[corpus.of]
    known = np.column_stack([words, context, first, later, words * later, later**2, words**2])
    inside, asked = train[corpus.of], held[corpus.of]
    joined, own = _stacked(LogisticRegression(max_iter=300), known, corpus.marked, corpus.fold[corpus.of], inside, asked)
    found.words[asked], found.loaded[asked] = joined[asked], joined[asked] >= best_threshold(corpus.marked[inside], own)


def _stacked(model: LogisticRegression, known: np.ndarray, labels: np.ndarray, fold: np.ndarray, train: np.ndarray, held: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds of all (those of `train` by models without their fold, NaN where neither asked nor trained on), and those of `train` alone."""
    scaled = make_pipeline(StandardScaler(), model)
    own = cross_val_predict(scaled, known[train], labels[train], groups=fold[train], cv=GroupKFold(min(_INNER, len(set(fold[train])))), method="decision_function")
    scores = np.full(len(labels), np.nan)
    scores[train], scores[held] = own, scaled.fit(known[train], labels[train]).decision_function(known[held])
    return np.nan_to_num(scores), own


def _context(scores: np.ndarray, of: np.ndarray, sentences: int) -> tuple[np.ndarray, np.ndarray]:
    """From words' log-odds: a summary of each sentence's (sentences, 6), and what stands around each word (words, 7)."""
    p = 1 / (1 + np.exp(-scores))
    size, total = np.bincount(of, minlength=sentences), np.bincount(of, weights=p, minlength=sentences)
    order = np.lexsort((-p, of))
    rank = np.empty(len(p), dtype=int)
    rank[order] = np.arange(len(p)) - (np.cumsum(size) - size)[of[order]]
    top, second = np.zeros(sentences), np.zeros(sentences)
    top[of[rank == 0]], second[of[rank == 1]] = p[rank == 0], p[rank == 1]
    best = rank < 3
    three = np.bincount(of[best], weights=np.log(p[best] + 0.01), minlength=sentences) / np.maximum(1, np.minimum(size, 3))
    none = np.bincount(of, weights=np.log1p(-np.minimum(p, 0.99)), minlength=sentences)
    summary = np.column_stack([np.log(top + 0.01), np.log(second + 0.01), three, total, 10 * total / np.maximum(1, size), none])
    begins, ends = np.diff(of, prepend=-1) > 0, np.diff(of, append=sentences) > 0
    before, after = np.where(begins, _EDGE, np.roll(scores, 1)), np.where(ends, _EDGE, np.roll(scores, -1))
    strongest = np.where(rank == 0, second[of], top[of])
    context = np.column_stack([np.log(strongest + 0.01), np.log(total[of] - p + 0.05), np.minimum(rank, 6) / 3, rank == 0, before, after, np.log(size[of])])
    return summary, context


def best_threshold(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the score from which on to call things positive for the highest F1.

    >>> best_threshold(np.array([True, False, True, False]), np.array([3.0, 2.0, 1.0, 0.0]))
    1.0
    """
    order = np.argsort(-scores, kind="stable")
    f1 = 2 * np.cumsum(labels[order]) / (np.arange(1, len(labels) + 1) + labels.sum())
    return float(scores[order[f1.argmax()]])


def _measures(text: str, tokens: list[Token], curated: list[LoadedTerm], opinion: list[LoadedTerm]) -> dict[str, float]:
    """Lists and style of a sentence; densities per ten words."""
    n, norms = max(1, len(tokens)), [token.norm for token in tokens]
    per_ten, letters, quoted = (lambda count: 10 * count / n), max(1, len(text)), _quoted(text)
    return dict(Counter(f"curated {term.entry.category}" for term in curated)) | {
        "curated": min(4, len(curated)), "curated density": per_ten(len(curated)), "opinion density": per_ten(len(opinion)),
        **{f"opinion {sign}": min(5, sum(term.entry.polarity == sign for term in opinion)) for sign in ("negative", "positive")},
        "length": min(n, 60), "quoted": sum(quoted) / letters, "any quoted": any(quoted), "scare quotes": len(_SCARE.findall(text.strip('"'))),
        **{f"mark {mark}": mark in text for mark in "!?(:;"}, "dash": any(dash in text for dash in ("—", "–", " - ")), "digits": min(9, sum(char.isdigit() for char in text)),
        "capital": sum(token.text[0].isupper() for token in tokens) / n, "capitals": sum(token.text.isupper() and len(token.text) > 1 for token in tokens) / n,
        "I, we": bool(re.search(r"\b(?:I|we|our|us|my)\b", text)), "you": bool(re.search(r"\byour?\b", text)), "adverbs": per_ten(sum(norm.endswith("ly") for norm in norms)),
        "word length": sum(map(len, norms)) / n, "not": sum(norm == "not" or norm.endswith("n't") for norm in norms), "said": sum(norm in ("said", "says", "told", "according") for norm in norms),
    }  # fmt: skip


def known_words(words: set[str]) -> dict[str, dict[str, float]]:
    """Return what shipped data know of each word (lower case): its polarity as spelled, how like it is to the curated words, how common it is in news.

    The likeness is the log-odds of a model that tells the curated words from the other words of NewsMTSC's training part by their letters, and that saw no word of the same stem.
    """
    polarity, often, capital = shipped_model().polarity, Counter(), Counter()
    for sentence in sorted({target.sentence for target in read_targets(shelf.folder("gold") / "newsmtsc" / "train.jsonl")}):
        for match in WORD.finditer(sentence):
            often[match[0].lower()] += 1
            capital[match[0].lower()] += match.start() > 0 and match[0][0].isupper()
    listed = {form.lower() for entry in read_loaded(shelf.folder("lexicons") / "loaded.csv") for form in entry.forms if WORD.fullmatch(form)}
    stems = {stem(form) for form in listed}
    plain = sorted(word for word in often if word not in listed and word not in FUNCTION_WORDS and 2 * capital[word] < often[word])
    seen = sorted(listed) + plain
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 6), sublinear_tf=True)
    model, labels = LogisticRegression(C=5.0, solver="liblinear", class_weight="balanced", random_state=0), np.arange(len(seen)) < len(listed)
    matrix = letters.fit_transform(seen)
    likeness = dict(zip(seen, cross_val_predict(model, matrix, labels, groups=[stem(word) for word in seen], cv=GroupKFold(5), method="decision_function")))
    if others := sorted(words - set(seen)):
        likeness |= zip(others, model.fit(matrix, labels).decision_function(letters.transform(others)))
    known = {}
    for word in words:
        sign = 0 if polarity.is_function(word) else polarity.sign(word, word)
        sort = word if polarity.is_function(word) else "good" if sign > 0 else "bad" if sign < 0 else "reports" if word in polarity.reporting else "plain"
        known[word] = {"polarity as spelled": polarity.guess(word), "likeness": likeness[word] / 3, "common": np.log1p(often[word]) / 5, f"sort {sort}": 1} | {
            name: 1 for name, holds in {
                "not in news": not often[word], "proper name": often[word] and 2 * capital[word] > often[word], "stem of a curated word": word not in listed and stem(word) in stems,
            }.items() if holds
        }  # fmt: skip
    return known


def _quoted(text: str) -> list[bool]:
    """For each character, whether it stands between double quotation marks."""
    inside, found = False, []
    for char in text:
        inside = char == "“" or (inside != (char == '"') and char != "”")
        found.append(inside)
    return found


def _covering(terms: list[LoadedTerm], place: int) -> LoadedTerm | None:
    return next((term for term in terms if term.start <= place < term.end), None)
