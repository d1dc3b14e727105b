"""What the benchmarks read: the texts of the examples or of other files, as they are and with their sentences shuffled up to any size."""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pressframes.layers.sentences import split_sentences

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*/articles.csv"))
ROW_GROUP = 4e6
"""Bytes of text after which a row group ends."""


def add_options(options: argparse.ArgumentParser) -> None:
    """Add what tells of the corpus."""
    options.add_argument("--corpus", type=Path, action="append", help="CSV or Parquet; may be given several times; the articles of examples/ where not given")
    options.add_argument("--text", default="text", help="its column of texts")
    options.add_argument("--group", default="group", help="its column of what is compared: groups or outlets")


def read(given: argparse.Namespace) -> tuple[pd.DataFrame, str]:
    """The articles as a frame of `text` and `group`, and what the corpus is called."""
    files = given.corpus or EXAMPLES
    parts = [pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file) for file in files]
    frame = pd.concat([part[[given.text, given.group]].set_axis(["text", "group"], axis=1) for part in parts]).fillna("").astype(str).reset_index(drop=True)
    return frame, ", ".join(f"{file.parent.name}/{file.name}" for file in files)


def shuffled(texts: list[str], *, seed: int = 0) -> Iterator[tuple[int, str]]:
    """Articles without end: the sentences of all texts, shuffled anew each time they are used up, as many to an article as the text has whose number goes with it."""
    cut = [[text[start:end] for start, end in split_sentences(text, 0, len(text))] for text in texts]
    pool, draw = [sentence for sentences in cut for sentence in sentences], random.Random(seed)
    while True:
        draw.shuffle(pool)
        at = 0
        for number, sentences in enumerate(cut):
            yield number, " ".join(pool[at : at + len(sentences)])
            at += len(sentences)


def write_shuffled(frame: pd.DataFrame, file: Path, megabytes: float) -> int:
    """Write so many megabytes of shuffled articles as Parquet (article_id, group, outlet, text), a row group at a time; return how many articles."""
    schema = pa.schema({name: pa.string() for name in ("article_id", "group", "outlet", "text")})
    groups, articles, done, total = frame["group"].tolist(), shuffled(frame["text"].tolist()), 0, 0.0
    with pq.ParquetWriter(file, schema) as writer:
        while total < megabytes * 1e6:
            rows, size = [], 0
            for number, text in articles:
                rows.append((f"{done + len(rows):08d}", groups[number], groups[number], text))
                size += len(text.encode())
                if size >= min(ROW_GROUP, megabytes * 1e6 - total):
                    break
            writer.write_table(pa.table(list(map(list, zip(*rows))), schema=schema))
            done, total = done + len(rows), total + size
    return done


def size(file: Path) -> int:
    """Bytes of text in a Parquet file."""
    parquet = pq.ParquetFile(file)
    return sum(pc.sum(pc.binary_length(parquet.read_row_group(i, columns=["text"])["text"]).cast("int64")).as_py() for i in range(parquet.num_row_groups))


def repeated(frame: pd.DataFrame, megabytes: float) -> pd.DataFrame:
    """The articles as they are, then shuffled ones up to so many megabytes in all."""
    groups, size, rows = frame["group"].tolist(), frame["text"].str.encode("utf-8").str.len().sum(), []
    for number, text in shuffled(frame["text"].tolist()):
        if size >= megabytes * 1e6:
            break
        rows.append((text, groups[number]))
        size += len(text.encode())
    return pd.concat([frame, pd.DataFrame(rows, columns=["text", "group"])], ignore_index=True)
