"""What tests of the engines share: small corpora, and all that a run has written."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
from pages import TEXTS

TABLES = ("articles", "regions", "sentences", "tokens", "voices", "mentions", "loaded", "naming", "roles", "tone", "frames", "set_aside", "group_counts", "term_counts", "rate_counts", "article_counts")


def write_corpus(file: Path, articles: int = 24, *, rows: int = 2, repeat: int = 1) -> Path:
    """Write paragraphs of the seeds as articles of a Parquet file, `rows` a row group."""
    paragraphs = [paragraph.strip() for text in TEXTS for paragraph in text.split("\n") if len(paragraph) > 200][:articles]
    frame = pd.DataFrame({"article_id": [f"{i:03d}" for i in range(len(paragraphs))], "group": ["AB"[i % 2] for i in range(len(paragraphs))], "outlet": "Paper", "text": [paragraph * repeat for paragraph in paragraphs]})
    frame.to_parquet(file, index=False, row_group_size=rows)
    return file


def written(out: Path) -> dict[str, bytes]:
    """All tables of a finished run, by file."""
    assert (out / "_complete.json").is_file() and not list(out.glob("_draft/*"))
    return {str(file.relative_to(out)): file.read_bytes() for file in sorted(out.rglob("*.parquet"))}


def nothing_half_written(out: Path) -> int:
    """Check that every file in a table's folder is a whole Parquet file; return how many there are."""
    files = [file for table in TABLES for file in out.glob(f"{table}/*")]
    for file in files:
        pq.read_table(file, use_threads=False)
    return len(files)
