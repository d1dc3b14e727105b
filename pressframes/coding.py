"""Double coding: a sheet of mentions that people judge without seeing the suite's judgement, and how far they agree.

What a coder decides, and how, is told in `docs/coding.md`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from pressframes import counts
from pressframes.corpus import read_rows
from pressframes.errors import InputError
from pressframes.lexicon import POLARITIES
from pressframes.measures.agreement import alpha_interval, krippendorff_alpha, percent_agreement
from pressframes.measures.uncertainty import RESAMPLES
from pressframes.results import Table
from pressframes.study import FEWEST_ARTICLES, Study

QUESTIONS = {"tone": POLARITIES, "voice": counts.VOICES, "role": ("agent", "patient", "none")}
"""What is asked of each mention, and the answers there are; those of tone have an order."""
ORDINAL = ("tone",)
PLACE = ("mention", "article_id", "sentence_id", "start", "end", "target")
SHEET = (*PLACE, "before", "sentence", "after", *QUESTIONS, "remark")
"""Columns of a sheet. `mention` (article:start-end) identifies the row: a spreadsheet cannot take it for a number."""
STRATA = ("outlet", "target", "voice")


@dataclass(frozen=True)
class Sample:
    """Mentions drawn for coding.

    Attributes:
        sheet: one row a mention, columns SHEET, in random order; the answers are empty and the suite's own are not there.
        strata: outlet, target, voice, mentions (how many there are), drawn.
        seed: of the draw.
    """

    sheet: pd.DataFrame
    strata: pd.DataFrame
    seed: int

    def __repr__(self) -> str:
        reached = int((self.strata["drawn"] > 0).sum())
        return f"{len(self.sheet):,} of {self.strata['mentions'].sum():,} mentions from {reached} of {len(self.strata)} strata (outlet x target x voice), seed {self.seed}"


def sample(study: Study, *, size: int = 200, seed: int | None = None) -> Sample:
    """Draw mentions for coding, as many from each outlet x target x voice as the strata allow.

    A stratum that holds fewer than its equal share gives all it has, and the others make up for it. Within a stratum every mention
    is as likely as every other.

    Args:
        size: mentions to draw; all there are, if they are fewer.
        seed: of the draw and of the order of rows; the study's where not given.

    Raises:
        InputError: if `size` is below 1 or the study mentions no target.
    """
    if size < 1:
        raise InputError(f"sample: size is {size}; draw at least one mention")
    annotations, seed = study.annotations(), study.settings.seed if seed is None else seed
    mentions = counts.with_articles(annotations.mentions, annotations)
    if mentions.empty:
        raise InputError(f"{study.settings.folder}: no target is mentioned; choose other targets in study.toml")
    rng = np.random.default_rng(seed)
    grouped = mentions.groupby(list(STRATA), sort=True)
    strata = grouped.size().rename("mentions").reset_index()
    strata["drawn"] = _even(strata["mentions"].to_numpy(), size, rng)
    drawn = [rng.choice(grouped.indices[row.outlet, row.target, row.voice], row.drawn, replace=False) for row in strata.itertuples()]
    order = rng.permutation(np.concatenate(drawn))
    return Sample(_sheet(study, mentions.iloc[order]), strata, seed)


def _even(available: np.ndarray, size: int, rng) -> np.ndarray:
    """Deal `size` out one by one to all strata that still have some; the last round, if short, goes to strata drawn by lot."""
    dealt = np.zeros_like(available)
    while (left := min(size, available.sum()) - dealt.sum()) > 0:
        has_more = np.flatnonzero(dealt < available)
        share = min(left // len(has_more), (available - dealt)[has_more].min())
        if share == 0:
            has_more, share = rng.choice(has_more, left, replace=False), 1
        dealt[has_more] += share
    return dealt


def _sheet(study: Study, mentions: pd.DataFrame) -> pd.DataFrame:
    spans = {(row.article_id, row.sentence_id): (row.start, row.end) for row in study.annotations().sentences.itertuples()}
    rows = []
    for row in mentions.itertuples():
        text, (first, last) = study.text(row.article_id), spans[row.article_id, row.sentence_id]
        near = [" ".join(text[slice(*spans.get((row.article_id, row.sentence_id + step), (0, 0)))].split()) for step in (-1, 1)]
        sentence = f"{text[first : row.start]}[[{text[row.start : row.end]}]]{text[row.end : last]}"
        place = (_key(row), row.article_id, row.sentence_id, row.start, row.end, study.targets[row.target])
        rows.append((*place, near[0], " ".join(sentence.split()), near[1], *[""] * (len(QUESTIONS) + 1)))
    return pd.DataFrame(rows, columns=list(SHEET))


def _key(row) -> str:
    return f"{row.article_id}:{row.start}-{row.end}"


def write_new(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV for a spreadsheet (UTF-8 with a byte-order mark), never over a file that is there.

    Raises:
        InputError: if the file exists or cannot be written.
    """
    harmless = frame.map(lambda cell: f" {cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell)  # or a spreadsheet computes it
    text = harmless.to_csv(index=False, lineterminator="\n", float_format="%.6g")
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(f"{path}: already there, and people's work may be in it; choose another name") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another name") from None


def read_sheet(path: Path) -> pd.DataFrame:
    """Read a filled sheet; answers lose case and outer blanks, an empty one is a question that the coder left open.

    Raises:
        InputError: naming file and row, if the file is not a CSV of UTF-8, a column is missing, a mention stands twice or an answer is unknown.
    """
    rows, seen = [], {}
    _check_separator(path)
    for number, row in read_rows(path, required=PLACE, allowed=lambda name: True):
        for name in SHEET:
            if name not in row:
                raise InputError(f"{path}: column '{name}' is missing; keep the columns of the sheet as drawn")
        row["mention"] = row["mention"].strip()
        if row["mention"] in seen:
            raise InputError(f"{path}, row {number}: mention {row['mention']} stands in row {seen[row['mention']]} already; keep one of them")
        seen[row["mention"]] = number
        for name, answers in QUESTIONS.items():
            row[name] = row[name].strip().lower()
            if row[name] and row[name] not in answers:
                raise InputError(f"{path}, row {number}: unknown {name} '{row[name]}'; use {', '.join(answers)}, or leave it empty")
        rows.append({"row": number, **{name: row[name] for name in SHEET}})
    if not rows:
        raise InputError(f"{path}: holds no mention; give a sheet drawn by 'pressframes code sample'")
    return pd.DataFrame(rows).set_index("mention", drop=False)


def _check_separator(path: Path) -> None:
    try:
        head = path.open("rb").readline()
    except OSError:
        return  # read_rows says why
    if head.count(b";") >= len(SHEET) - 1:
        raise InputError(f"{path}: cells are parted by semicolons; save it as CSV with commas")


@dataclass(frozen=True)
class Coding:
    """Sheets that several coders filled for the same mentions.

    Attributes:
        sheets: by coder (the file's name), all in the row order of the first.
        seed: of the bootstrap.
    """

    sheets: dict[str, pd.DataFrame]
    paths: dict[str, Path]
    seed: int = 0

    @classmethod
    def read(cls, paths: Sequence[Path], *, seed: int = 0) -> "Coding":
        """Read the sheets of two coders or more.

        Raises:
            InputError: as `read_sheet`, or if there are fewer than two sheets, one is given twice, or they do not hold the same mentions.
        """
        paths = [Path(path) for path in paths]
        if len(paths) < 2:
            raise InputError("agreement: one sheet alone agrees with nothing; give the sheets of two coders or more")
        for path in paths:
            if sum(path.resolve() == other.resolve() for other in paths) > 1:
                raise InputError(f"{path}: given twice; give each coder's own sheet")
        stems = [path.stem for path in paths]
        files = {path.stem if stems.count(path.stem) == 1 else str(path): path for path in paths}
        sheets = {name: read_sheet(path) for name, path in files.items()}
        first = next(iter(sheets))
        for name, sheet in sheets.items():
            for one, other in ((name, first), (first, name)):
                extra = sheets[one].index.difference(sheets[other].index, sort=False)
                if len(extra):
                    raise InputError(f"{files[one]}, row {sheets[one].loc[extra[0], 'row']}: mention {extra[0]} is not in {files[other]}; give sheets filled from the same sample")
        return cls({name: sheet.loc[sheets[first].index] for name, sheet in sheets.items()}, files, seed)

    def answers(self, question: str) -> pd.DataFrame:
        """Return the answers to one question: mentions x coders, "" where a coder gave none."""
        return pd.DataFrame({coder: sheet[question] for coder, sheet in self.sheets.items()})

    def agreement(self) -> Table:
        """Krippendorff's alpha of each question (ordinal for tone, nominal for voice and role), with its interval.

        Raises:
            InputError: if no mention has answers of two coders.
        """
        first = next(iter(self.sheets.values()))
        articles, sentences = first["article_id"], first["article_id"] + ":" + first["sentence_id"]
        rows, drawn = [], set()
        for question, levels in QUESTIONS.items():
            labels = self.answers(question)
            labels = labels[(labels != "").sum(axis=1) > 1]
            if labels.empty:
                continue
            units, by_article = labels.to_numpy(dtype=object), articles[labels.index].nunique() >= FEWEST_ARTICLES
            drawn.add("articles" if by_article else "sentences")
            options = {"levels": levels, "ordinal": question in ORDINAL}
            low, high = alpha_interval(units, **options, clusters=(articles if by_article else sentences)[labels.index], seed=self.seed)
            scale = "ordinal" if options["ordinal"] else "nominal"
            rows.append((question, scale, len(units), percent_agreement(units), krippendorff_alpha(units, **options), low, high))
        if not rows:
            raise InputError(f"{next(iter(self.paths.values()))}: no question is answered in two sheets for the same mention; fill in {', '.join(QUESTIONS)}")
        frame = pd.DataFrame(rows, columns=["question", "scale", "mentions", "agreement", "alpha", "low", "high"])
        notes = (
            f"Coders: {', '.join(self.sheets)}. Mentions: answered by two coders or more; agreement: in percent of all pairs of their answers.",
            f"Interval: 95 %, whole {' or '.join(sorted(drawn))} drawn anew ({RESAMPLES:,} draws, seed {self.seed}); articles from {FEWEST_ARTICLES} of them on.",
            "Customary limits of alpha (Krippendorff 2004): from .800 rely on it, from .667 for tentative conclusions, below not. – : all answers are the same, or no interval.",
        )
        heads = {"question": "question", "scale": "scale", "mentions": "mentions", "agreement": "agreement %", "alpha": "alpha", "low": "95 % from", "high": "to"}
        return Table(frame, "agreement", "How far the coders agree", notes, heads, {"mentions": ",d", "agreement": ".1f", "alpha": ".3f", "low": ".3f", "high": ".3f"})

    def confusion(self) -> Table:
        """How often each pair of coders gave which two answers, agreements included."""
        rows = []
        for question, levels in QUESTIONS.items():
            answers = self.answers(question)
            for one, other in combinations(self.sheets, 2):
                for mine in levels:
                    found = answers.loc[answers[one] == mine, other].value_counts()
                    rows += [(question, one, mine, other, theirs, int(found.get(theirs, 0))) for theirs in levels if theirs in found]
        frame = pd.DataFrame(rows, columns=["question", "coder", "answer", "other_coder", "other_answer", "mentions"])
        heads = {"question": "question", "coder": "coder", "answer": "says", "other_coder": "other coder", "other_answer": "says there", "mentions": "mentions"}
        return Table(frame, "confusion", "Which answers met", ("Pairs of answers that do not occur are left out.",), heads, {"mentions": ",d"})

    def disagreements(self) -> Table:
        """Each mention and question on which coders differ, with their answers (`answer_` and the coder's name), remarks, and an empty column `agreed` to settle it in."""
        first = next(iter(self.sheets.values()))
        remarks = [" | ".join(f"{coder}: {remark}" for coder, sheet in self.sheets.items() if (remark := sheet.loc[mention, "remark"].strip())) for mention in first.index]
        parts = []
        for question in QUESTIONS:
            answers = self.answers(question)
            part = first[[*PLACE, "before", "sentence", "after"]].assign(question=question, **answers.add_prefix("answer_"), agreed="", remarks=remarks)
            parts.append(part[[len(set(row) - {""}) > 1 for row in answers.to_numpy()]])
        return Table(pd.concat(parts, ignore_index=True), "disagreements", "What the coders disagree on")

    def against(self, study: Study) -> Table:
        """How often the suite judges as the coders do, where all who answered (two at least) gave the same answer and the suite gives one.

        Raises:
            InputError: if a mention of the sheets is not one of the study's.
        """
        from scipy.stats import binomtest

        own = _own_answers(study)
        first, path = next(iter(self.sheets.values())), next(iter(self.paths.values()))
        for mention, number in zip(first.index, first["row"]):
            if mention not in own.index:
                raise InputError(f"{path}, row {number}: mention {mention} is not one of this study; give the study that the sheet was drawn from, unchanged since")
        rows = []
        for question in own:
            answers = self.answers(question)
            settled = answers[[len(given := [answer for answer in row if answer]) > 1 and len(set(given)) == 1 for row in answers.to_numpy()]]
            agreed, judged = settled.max(axis=1), own.loc[settled.index, question]
            agreed, judged = agreed[judged != ""], judged[judged != ""]
            if len(agreed):
                same = int((agreed == judged).sum())
                interval = binomtest(same, len(agreed)).proportion_ci(method="wilson")
                rows.append((question, len(agreed), same, 100 * same / len(agreed), 100 * interval.low, 100 * interval.high))
        frame = pd.DataFrame(rows, columns=["question", "mentions", "same", "accuracy", "low", "high"])
        notes = (
            "Mentions: those on which all coders who answered agree and the suite gives an answer. Interval: 95 % (Wilson 1927), each mention taken as drawn alone.",
            "Of the sample, which is even over outlet, target and voice; not of all mentions.",
        )
        heads = {"question": "question", "mentions": "mentions", "same": "suite says the same", "accuracy": "percent", "low": "95 % from", "high": "to"}
        return Table(frame, "against_suite", "The suite against the coders", notes, heads, {"mentions": ",d", "same": ",d", "accuracy": ".1f", "low": ".1f", "high": ".1f"})


def _own_answers(study: Study) -> pd.DataFrame:
    """The suite's own answers for each mention; "" where it gives none."""
    annotations = study.annotations()
    mentions = annotations.mentions
    roles = annotations.roles[annotations.roles["role"].isin(QUESTIONS["role"])][["article_id", "start", "end", "role"]].drop_duplicates(["article_id", "start", "end"])
    tones = annotations.tone[["article_id", "sentence_id", "target", "label"]]
    own = mentions.merge(roles, how="left", on=["article_id", "start", "end"]).merge(tones, how="left", on=["article_id", "sentence_id", "target"])
    own = own.assign(mention=[_key(row) for row in own.itertuples()]).set_index("mention").rename(columns={"label": "tone"})
    return own[list(QUESTIONS)].fillna({"tone": "", "role": "none"})
