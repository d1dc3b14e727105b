"""The tasks of counts.py, as pressframes does them and as its peers do; imports each only where it is measured.

    python count_workers.py TOOL TASK FOLDER     prints what was measured as JSON: seconds and processor seconds of the work alone, the process's peak memory, what was found;
                                                 does the work again, and prints that, for each line on standard input
"""

import json
import re
import resource
import subprocess
import sys
import time
from collections import Counter, defaultdict
from importlib import metadata
from pathlib import Path

NODE, PHRASE_LINES = "syria", 100
RESAMPLES, ARTICLES, HOLDING = 2000, 19_043, 3_539


def peak() -> float:
    """Most megabytes that this process held at once; its parent's, which `getrusage` may tell, left out where the system knows better."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(work, *packages: str) -> dict:
    """Time one call of `work`, which returns a number that tells that the work was done; `again` times the next."""
    begin, cpu = time.perf_counter(), processor()
    found = work()
    seconds, cpu = time.perf_counter() - begin, processor() - cpu
    return {"seconds": seconds, "cpu": cpu, "found": int(found), "megabytes": peak(), "versions": {name: metadata.version(name) for name in packages}, "again": lambda: measured(work, *packages)}


def processor() -> float:
    """Seconds of processor time that this process and the processes it waited for have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + used.ru_utime + used.ru_stime


def table(folder: Path, label: str = "group"):
    """Texts (Arrow) and their groups, or halves (list)."""
    import pyarrow.parquet as pq

    read = pq.read_table(folder / "corpus.parquet", columns=["text", label])
    return read["text"].combine_chunks(), read[label].to_pylist()


def forms_of(folder: Path) -> list[str]:
    return (folder / "forms.txt").read_text(encoding="utf-8").splitlines()


# pressframes


def ours(task: str, folder: Path) -> dict:
    """As under an engine, which keeps freed memory for the next block."""
    from pressframes.collocates import collocates_in
    from pressframes.columns import count, encode
    from pressframes.engines import keep_freed_memory
    from pressframes.search import compile_lexicon, concordance, find

    keep_freed_memory()
    texts, groups = table(folder, "half" if task == "keyness" else "group")
    versions = "numpy", "pyarrow", "pandas", "scipy"
    lexicon = compile_lexicon([(form, form) for form in forms_of(folder)], report=True)
    small = texts[:50]
    find(encode(small), lexicon, small)
    if task == "count":
        return measured(lambda: count(encode(texts), groups).matrix.sum(), *versions)
    if task == "lexicon":
        return measured(lambda: len(find(encode(texts), lexicon, texts)), *versions)
    if task == "both":
        def both():
            columns = encode(texts)
            count(columns, groups)
            return len(find(columns, lexicon, texts))

        return measured(both, *versions)
    columns = encode(texts)
    node = compile_lexicon([(NODE, NODE)])
    if task == "keyness":
        counts = count(columns, groups)
        return measured(lambda: len(counts.keyness("a", "b")), *versions)
    if task == "collocates":
        work = lambda: len(collocates_in(columns, find(columns, node, texts), groups, minimum=5).frame)
    else:
        work = lambda: len(concordance(columns, texts, NODE, limit=PHRASE_LINES))
    return measured(work, *versions)


def growth(megabytes: int, folder: Path) -> dict:
    """Read, encode, count and write so many megabytes of shuffled articles, a row group at a time."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
    from pressframes.columns import count, encode, write
    from pressframes.engines import keep_freed_memory

    keep_freed_memory()
    file, counts, done = pq.ParquetFile(folder / "growth.parquet"), [], 0

    def parts():
        nonlocal counts, done
        for number in range(file.num_row_groups):
            if done >= megabytes * 1e6:
                return
            read = file.read_row_group(number, columns=["text", "group"], use_threads=False)
            ends = done + pc.cumulative_sum(pc.binary_length(read["text"]).cast("int64")).to_numpy()
            read = read.slice(0, 1 + int((ends < megabytes * 1e6).sum()))
            done = int(ends[len(read) - 1])
            columns = encode(read["text"])
            counts.append(count(columns, read["group"].to_pylist()))
            if len(counts) == 4:
                counts = [counts[0].merge(*counts[1:])]
            yield columns

    result = measured(lambda: write(parts(), folder / "growth.arrow") or counts[0].merge(*counts[1:]).matrix.sum())
    return {**result, "disk": (folder / "growth.arrow").stat().st_size, "bytes": done}


def stages(folder: Path) -> dict:
    """Processor seconds of each step from a Parquet file to counts, hits and stored columns, on the whole corpus."""
    from pressframes.columns import count, encode, write
    from pressframes.engines import keep_freed_memory
    from pressframes.search import compile_lexicon, find

    keep_freed_memory()
    lexicon, taken = compile_lexicon([(form, form) for form in forms_of(folder)], report=True), {}

    def step(name, work):
        begin = processor()
        result = work()
        taken[name] = processor() - begin
        return result

    def all_steps():
        texts, groups = step("read the texts", lambda: table(folder))
        columns = step("cut into words and number them", lambda: encode(texts))
        counts = step("count by group", lambda: count(columns, groups))
        step("find 7,000 forms", lambda: find(columns, lexicon, texts))
        step("write the columns", lambda: write([columns], folder / "stages.arrow"))
        step("keyness of all words", lambda: counts.keyness(*counts.groups[:2]))
        return len(columns)

    once = lambda: {**measured(all_steps), "stages": dict(taken), "again": once}
    return once()


# peers: counting by group


def polars_count(folder: Path) -> dict:
    import polars as pl

    texts, groups = table(folder)
    frame = pl.DataFrame({"group": groups, "text": pl.Series(texts.to_pylist(), dtype=pl.String)})
    count = lambda frame: frame.lazy().select("group", pl.col("text").str.to_lowercase().str.extract_all(r"[\pL\pN]+")).explode("text").group_by("group", "text").len().collect()["len"].sum()
    count(frame.head(50))
    return measured(lambda: count(frame), "polars")


def sklearn_count(folder: Path) -> dict:
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer

    texts, groups = table(folder)
    texts, (names, code) = texts.to_pylist(), np.unique(groups, return_inverse=True)

    def count():
        matrix = CountVectorizer().fit_transform(texts)
        return sum(matrix[code == group].sum(axis=0).sum() for group in range(len(names)))

    return measured(count, "scikit-learn")


def spacy_count(folder: Path) -> dict:
    import spacy

    texts, groups = table(folder)
    texts, nlp = texts.to_pylist(), spacy.blank("en")
    nlp.max_length = 10**8

    def count():
        counts = defaultdict(Counter)
        for text, group in zip(texts, groups):
            counts[group].update(token.lower_ for token in nlp.make_doc(text))
        return sum(counter.total() for counter in counts.values())

    return measured(count, "spacy")


def wc_count(folder: Path) -> dict:
    """Its start is timed with it."""
    return measured(lambda: subprocess.run(["wc", "-w", folder / "corpus.txt"], check=True, capture_output=True, text=True).stdout.split()[0])


# peers: a lexicon with word bounds and offsets


def bounded(find, texts: list[str]) -> int:
    """Search small letters, keep what has no letter or digit beside it."""
    hits = []
    for text in texts:
        small = f" {text.lower()} "
        hits += [(start, end, form) for start, end, form in find(small) if not (small[start - 1].isalnum() or small[end].isalnum())]
    return len(hits)


def daachorse_lexicon(folder: Path) -> dict:
    from daachorse import CharwiseDoubleArrayAhoCorasick

    texts, machine = table(folder)[0].to_pylist(), CharwiseDoubleArrayAhoCorasick(list(dict.fromkeys(map(str.lower, forms_of(folder)))))
    return measured(lambda: bounded(machine.find_overlapping, texts), "daachorse")


def ahocorasick_lexicon(folder: Path) -> dict:
    from ahocorasick_rs import AhoCorasick

    texts, machine = table(folder)[0].to_pylist(), AhoCorasick(list(dict.fromkeys(map(str.lower, forms_of(folder)))))
    find = lambda text: [(start, end, form) for form, start, end in machine.find_matches_as_indexes(text, overlapping=True)]
    return measured(lambda: bounded(find, texts), "ahocorasick_rs")


def hyperscan_lexicon(folder: Path) -> dict:
    """Bounds in the patterns themselves."""
    import hyperscan

    texts, forms = table(folder)[0].to_pylist(), list(dict.fromkeys(map(str.lower, forms_of(folder))))
    machine = hyperscan.Database()
    machine.compile(expressions=[rf"\b{re.escape(form)}\b".encode() for form in forms], ids=range(len(forms)), elements=len(forms), flags=hyperscan.HS_FLAG_CASELESS)

    def search():
        hits = []
        for text in texts:
            machine.scan(text.encode(), match_event_handler=lambda form, start, end, flags, hits: hits.append((form, end)), context=hits)
        return len(hits)

    return measured(search, "hyperscan")


BLANKS = bytes(byte if chr(byte).isalnum() or byte >= 0x80 else 0x20 for byte in range(256))


def daachorse_blanks(folder: Path) -> dict:
    """Marks made blanks, forms between blanks: quick, but words beside marks beyond ASCII are missed."""
    from daachorse import DoubleArrayAhoCorasick

    plain = lambda text: b" " + text.encode().lower().translate(BLANKS) + b" "
    texts, machine = table(folder)[0].to_pylist(), DoubleArrayAhoCorasick(list(dict.fromkeys(map(plain, forms_of(folder)))))
    return measured(lambda: sum(len(machine.find_overlapping(plain(text))) for text in texts), "daachorse")


def spacy_lexicon(folder: Path) -> dict:
    import spacy
    from spacy.matcher import PhraseMatcher

    nlp, texts = spacy.blank("en"), table(folder)[0].to_pylist()
    nlp.max_length = 10**8
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    matcher.add("forms", [nlp.make_doc(form) for form in forms_of(folder)])
    return measured(lambda: sum(len(matcher(nlp.make_doc(text))) for text in texts), "spacy")


# Conc


def conc_of(folder: Path, name: str):
    """Build a corpus of a CSV file and measure that."""
    import logging

    import spacy
    from conc.corpus import Corpus

    logging.disable(logging.CRITICAL)
    model = folder / "blank"
    if not model.exists():
        blank = spacy.blank("en")
        for name_of_pipe in ("parser", "ner", "lemmatizer", "tagger", "senter", "tok2vec", "attribute_ruler"):  # Conc takes the tokenizer alone and wants to switch these off
            blank.add_pipe("sentencizer", name=name_of_pipe)
        blank.to_disk(model)

    def build():
        nonlocal corpus
        place = Path(folder / "conc" / f"{name}-{time.time_ns()}")
        place.mkdir(parents=True)
        corpus = Corpus(name=name, description=name)
        return corpus.build_from_csv(source_path=str(folder / f"{name}.csv"), save_path=f"{place}/", text_column="text", metadata_columns=["group"], model=str(model)).token_count

    corpus = None
    built = measured(build, "conc")
    return corpus, built


def conc_count(folder: Path) -> dict:
    return conc_of(folder, "corpus")[1]


def conc_keyness(folder: Path) -> dict:
    from conc.keyness import Keyness

    keyness = Keyness(conc_of(folder, "corpusa")[0], conc_of(folder, "corpusb")[0])
    work = lambda: len(keyness.keywords(page_size=0).to_frame())
    return measured(work, "conc")


def conc_collocates(folder: Path) -> dict:
    from conc.collocates import Collocates

    collocates = Collocates(conc_of(folder, "corpus")[0])
    work = lambda: len(collocates.collocates(NODE, page_size=0).to_frame())
    return measured(work, "conc")


def conc_concordance(folder: Path) -> dict:
    from conc.concordance import Concordance

    lines = Concordance(conc_of(folder, "corpus")[0])
    work = lambda: len(lines.concordance(NODE, page_size=PHRASE_LINES).to_frame())
    return measured(work, "conc")


# bootstrap


def rate_table():
    """Events and words of 19,043 articles in 5 outlets, 3,539 of which mention the target; and the outlet of each."""
    import numpy as np

    rng = np.random.default_rng(0)
    outlet, held = rng.integers(0, 5, ARTICLES), np.zeros(ARTICLES, dtype=bool)
    held[rng.choice(ARTICLES, HOLDING, replace=False)] = True
    words = np.zeros((ARTICLES, 5))
    words[np.arange(ARTICLES), outlet] = np.where(held, rng.integers(10, 300, ARTICLES), 0)
    return rng.poisson(0.02 * words), words, outlet


def our_bootstrap(folder: Path) -> dict:
    from pressframes.measures import bootstrap_rates

    given = rate_table()
    return measured(lambda: len(bootstrap_rates(*given, resamples=RESAMPLES)[0]), "numpy")


def scipy_bootstrap(folder: Path) -> dict:
    """The table in one call, articles drawn by their number."""
    import numpy as np
    from scipy.stats import bootstrap

    counts, words, _ = rate_table()
    rates = lambda drawn, axis: np.moveaxis(counts[drawn].sum(axis=-2) / words[drawn].sum(axis=-2), -1, 0)
    work = lambda: len(bootstrap((np.arange(ARTICLES),), rates, n_resamples=RESAMPLES, method="percentile", vectorized=True, batch=50, rng=0).confidence_interval.low)
    return measured(work, "scipy")


def scipy_bootstrap_by_outlet(folder: Path) -> dict:
    """A call an outlet, its articles' counts and words as pairs: much the faster way to ask scipy."""
    from scipy.stats import bootstrap

    counts, words, outlet = rate_table()
    parts = [(counts[outlet == group, group].astype(float), words[outlet == group, group]) for group in range(5)]
    rate = lambda events, words, axis: events.sum(axis=axis) / words.sum(axis=axis)
    return measured(lambda: sum(bootstrap(part, rate, paired=True, n_resamples=RESAMPLES, method="percentile", vectorized=True, batch=100, rng=0).confidence_interval.low > 0 for part in parts), "scipy")


# five articles


def five(folder: Path) -> dict:
    """The surface of five articles, warm: words, counts by group, lexicon."""
    from pressframes.columns import count, encode
    from pressframes.search import compile_lexicon, find

    texts = [file.read_text(encoding="utf-8") for file in sorted((Path(__file__).parents[1] / "seeds").glob("0*.txt"))]
    lexicon = compile_lexicon([(form, form) for form in forms_of(folder)], report=True)

    def surface():
        columns = encode(texts)
        count(columns, ["A", "B", "C", "A", "B"])
        return len(find(columns, lexicon, texts))

    return measured(surface)


TASKS = {
    "polars": {"count": polars_count}, "scikit-learn": {"count": sklearn_count}, "spacy": {"count": spacy_count, "lexicon": spacy_lexicon}, "wc": {"count": wc_count},
    "daachorse": {"lexicon": daachorse_lexicon, "lexicon_blanks": daachorse_blanks}, "ahocorasick_rs": {"lexicon": ahocorasick_lexicon}, "hyperscan": {"lexicon": hyperscan_lexicon},
    "conc": {"count": conc_count, "keyness": conc_keyness, "collocates": conc_collocates, "concordance": conc_concordance},
    "scipy": {"bootstrap": scipy_bootstrap, "bootstrap_by_outlet": scipy_bootstrap_by_outlet},
}  # fmt: skip

if __name__ == "__main__":
    tool, task, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    if tool == "ours":
        result = growth(int(task.removeprefix("growth")), folder) if task.startswith("growth") else {"bootstrap": our_bootstrap, "five": five, "stages": stages}[task](folder) if task in ("bootstrap", "five", "stages") else ours(task, folder)
    else:
        result = TASKS[tool][task](folder)
    told = lambda result: print(json.dumps({key: value for key, value in result.items() if key != "again"}), flush=True)
    told(result)
    for _ in sys.stdin:
        told(result["again"]())
