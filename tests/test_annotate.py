import json
import shutil
import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from pages import LEXICONS, any_text, overlapping, write_study

from pressframes import annotate as annotate_module
from pressframes.annotate import FORMATS, annotate, annotate_cached, write_annotations
from pressframes.corpus import Article
from pressframes.errors import InputError
from pressframes.layers.parse import parse
from pressframes.layers.tone import tone_of
from pressframes.study import Study

PROMISED = {
    "articles": "article_id group outlet title byline published date_precision syndicated_from translation path sha256 n_chars n_words",
    "regions": "article_id start end kind",
    "sentences": "article_id sentence_id start end",
    "tokens": "article_id sentence_id token_id start end text norm",
    "voices": "article_id start end kind speaker resolved",
    "mentions": "article_id sentence_id start end text target kind voice",
    "loaded": "article_id sentence_id start end text entry category polarity lexicon voice",
    "naming": "article_id sentence_id start end text referent variant voice",
    "roles": "article_id sentence_id target start end role predicate voice",
    "tone": "article_id sentence_id start end target label score voice",
    "frames": "article_id frame probability present passages",
}
TEXTS = {
    ("007", "A"): "Russia’s ministers met in the capital.\n\nThe U.S. envoy said that the “so-called agreement” was a provocation, and that the regime in Nagorno-Karabakh had fallen.\n\n“We are tired of it, and so are the peacekeepers,” Vladimir Putin said.",
    ("008", "B"): 'The peacekeepers left the town on Monday, and nobody knows why they did.\r\n\r\nAmericans said nothing, "quoted" or not, and Russia attacked the village\twith tanks.',
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return Study.load(write_study(tmp_path_factory.mktemp("small") / "study", TEXTS))


def article(text, article_id="1"):
    return Article(article_id, "a.txt", "A", "Paper", "", "", "", "", "", "", text, "0" * 64)


def same(left, right):
    assert left.tables().keys() == right.tables().keys()
    for name, frame in left.tables().items():
        pd.testing.assert_frame_equal(frame, right.tables()[name])


# The tables


@pytest.mark.parametrize("name, columns", PROMISED.items())
def test_promised_columns(tables, name, columns):
    assert set(columns.split()) <= set(getattr(tables, name).columns)
    assert len(getattr(tables, name)) > 0


@pytest.mark.parametrize(
    "name, column, values",
    [
        ("regions", "kind", {"body", "title", "dateline", "byline", "caption", "boilerplate"}),
        ("voices", "kind", {"direct", "indirect", "scare", "name"}),
        ("mentions", "kind", {"name", "adjective", "person", "metonym"}),
        ("mentions", "target", {"russia", "us", "peacekeepers"}),
        ("mentions", "voice", {"outlet", "direct", "indirect"}),
        ("loaded", "lexicon", {"curated", "opinion"}),
        ("loaded", "polarity", {"negative", "neutral", "positive"}),
        ("roles", "role", {"agent", "patient", "described"}),
    ],
)
def test_values_are_those_of_the_design(tables, name, column, values):
    assert set(getattr(tables, name)[column]) <= values


def test_numbers_are_whole_numbers_and_ids_are_text(tables):
    for name, frame in tables.tables().items():
        assert pd.api.types.is_string_dtype(frame["article_id"]), name
        for column in {"start", "end", "sentence_id", "token_id", "n_words", "n_chars"} & set(frame.columns):
            assert frame[column].dtype == "int64", (name, column)
        assert not frame.isna().any().any(), name
    assert tables.voices["resolved"].dtype == bool


def test_lengths_and_words_of_the_articles(study, tables):
    assert tables.articles["n_chars"].tolist() == [len(article.text) for article in study.articles]
    assert tables.articles["n_words"].tolist() == tables.tokens.groupby("article_id").size().tolist()


def test_rows_stand_in_the_order_of_the_text(tables):
    for name in ("regions", "sentences", "tokens", "mentions", "naming"):
        for _, part in getattr(tables, name).groupby("article_id"):
            assert part["start"].is_monotonic_increasing, name


def test_a_term_lies_in_the_sentence_that_its_row_names(tables):
    places = tables.sentences.rename(columns={"start": "from", "end": "to"})[["article_id", "sentence_id", "from", "to"]]
    for name in ("mentions", "loaded", "naming", "roles", "tokens"):
        frame = getattr(tables, name).merge(places, on=["article_id", "sentence_id"], how="left")
        assert ((frame["from"] <= frame["start"]) & (frame["end"] <= frame["to"])).all(), name


def test_a_term_has_the_voice_of_its_first_word(tables):
    voice = {(row.article_id, row.start): row.voice for row in tables.tokens.itertuples()}
    for name in ("mentions", "loaded", "naming", "roles"):
        frame = getattr(tables, name)
        assert [voice[key] for key in zip(frame["article_id"], frame["start"])] == frame["voice"].tolist(), name


# The same again


def test_annotating_twice_gives_the_same(small):
    same(annotate(small.articles, small.lexicons), annotate(small.articles, small.lexicons))


def test_an_article_does_not_depend_on_its_neighbours(small):
    together = annotate(small.articles, small.lexicons)
    alone = [annotate([one], small.lexicons) for one in small.articles]
    for name, frame in together.tables().items():
        apart = pd.concat([tables.tables()[name] for tables in alone], ignore_index=True)
        pd.testing.assert_frame_equal(frame, apart)


def test_tone_is_judged_with_the_parse(lexicons):
    sentence = "Critics said that Russia had attacked the village and betrayed its own allies."
    (score,) = annotate([article(sentence)], lexicons).tone["score"]
    assert score == round(tone_of(sentence, 18, 24, next(parse([sentence]))).score, 6) != round(tone_of(sentence, 18, 24).score, 6)


def test_no_articles_give_empty_tables(lexicons):
    for name, frame in annotate([], lexicons).tables().items():
        assert frame.empty and set(PROMISED[name].split()) <= set(frame.columns)


@pytest.mark.parametrize("text", ["x", "“", "\n\n.\n", "👍", "\u200b", "Read more", "By Trend\n---\nLeave a Reply", "US", "\x00", "(((" * 50, "“" * 60, "a " * 3000, "Russia said war " * 20_000])
def test_odd_articles(lexicons, text):
    annotations = annotate([article(text)], lexicons)
    assert annotations.articles["n_words"].tolist() == [len(annotations.tokens)]


@given(any_text)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_any_article(text):
    text = text[:1500]
    annotations = annotate([article(text)], LEXICONS)
    tokens = annotations.tokens
    assert set(tokens["voice"]) <= {"outlet", "direct", "indirect"}
    assert tokens.groupby("voice").size().sum() == annotations.articles["n_words"].iloc[0] == len(tokens)
    for frame in (tokens, annotations.mentions, annotations.loaded, annotations.naming):
        assert [text[row.start : row.end] for row in frame.itertuples()] == frame["text"].tolist()
    spoken = annotations.voices[annotations.voices["kind"].isin(["direct", "indirect"])]
    assert overlapping(spoken[["start", "end"]].values.tolist()) == []


# Files


def read_back(folder, name, format):
    file = folder / f"{name}.{format}"
    if format == "parquet":
        return pd.read_parquet(file)
    if format == "csv":
        frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    else:
        frame = pd.DataFrame([json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()])
    return frame


@pytest.mark.parametrize("format", FORMATS)
def test_files_hold_the_tables(tables, tmp_path, format):
    written = write_annotations(tables, tmp_path / "out", format=format)
    assert sorted(path.name for path in written) == sorted(f"{name}.{format}" for name in PROMISED) == sorted(path.name for path in (tmp_path / "out").iterdir())
    for name, frame in tables.tables().items():
        back = read_back(tmp_path / "out", name, format)
        assert back.columns.tolist() == frame.columns.tolist()
        if format == "csv":
            frame = frame.astype(str)
        assert back.values.tolist() == frame.values.tolist(), name


def test_writing_twice_gives_the_same_bytes(small, tmp_path):
    for turn in ("one", "two"):
        for format in FORMATS:
            write_annotations(small.annotations(), tmp_path / turn, format=format)
    assert {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()} == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}


def test_unknown_format(tables, tmp_path):
    with pytest.raises(InputError, match="unknown format 'xlsx'; use parquet, csv, jsonl"):
        write_annotations(tables, tmp_path / "out", format="xlsx")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made(tables, tmp_path):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        write_annotations(tables, tmp_path / "taken" / "out")
    assert str(caught.value).startswith(f"{tmp_path / 'taken' / 'out'}: cannot be written") and "choose another --out" in str(caught.value)
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "a file"


def test_files_of_other_names_are_left_alone(small, tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    write_annotations(small.annotations(), tmp_path, format="csv")
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("fault, raised", [(OSError(28, "No space left on device"), InputError), (KeyboardInterrupt(), KeyboardInterrupt)])
def test_a_write_that_breaks_off_leaves_the_former_files(small, tmp_path, monkeypatch, fault, raised):
    former = write_annotations(small.annotations(), tmp_path, format="csv")
    before = {path.name: path.read_bytes() for path in former}
    write, calls = pd.DataFrame.to_csv, []

    def breaks(frame, *args, **options):
        calls.append(1)
        if len(calls) == 4:
            raise fault
        return write(frame, *args, **options)

    monkeypatch.setattr(pd.DataFrame, "to_csv", breaks)
    other = annotate([article("Russia left.")], small.lexicons)
    with pytest.raises(raised):
        write_annotations(other, tmp_path, format="csv")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".draft")] == []


def test_files_are_replaced_all_or_none(small, tmp_path, monkeypatch):
    """The disk fails between two of the files that are put in place: no mixture of old and new tables stays."""
    former = write_annotations(small.annotations(), tmp_path / "out", format="csv")
    before = {path.name: path.read_bytes() for path in former}
    put, calls = type(tmp_path).replace, []

    def breaks(path, target):
        calls.append(1)
        if len(calls) == 4:
            raise OSError(5, "Input/output error")
        return put(path, target)

    monkeypatch.setattr(type(tmp_path), "replace", breaks)
    with pytest.raises(InputError):
        write_annotations(annotate([article("Russia left.")], small.lexicons), tmp_path / "out", format="csv")
    monkeypatch.undo()
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()} == before


# The cache


@pytest.fixture
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "a cache"
    monkeypatch.setenv("PRESSFRAMES_CACHE", str(folder))
    return folder


def entries(cache, kind="studies"):
    return sorted(path for path in (cache / kind).rglob("*") if path.is_file())


def test_the_cache_gives_what_a_fresh_run_gives(small, cache):
    fresh = annotate(small.articles, small.lexicons)
    same(annotate_cached(small.articles, small.lexicons), fresh)
    assert len(entries(cache)) == 1 and len(entries(cache, "articles")) == 2
    same(annotate_cached(small.articles, small.lexicons), fresh)
    assert len(entries(cache)) == 1


@pytest.mark.parametrize("kept", ["studies", "articles"])
def test_tables_from_the_cache_are_the_same_bytes(study, cache, tmp_path, kept):
    write_annotations(annotate(study.articles, study.lexicons), tmp_path / "fresh", format="parquet")
    annotate_cached(study.articles, study.lexicons)
    for kind in {"studies", "articles"} - {kept}:
        shutil.rmtree(cache / kind)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pressframes.annotate._layers", lambda *_: pytest.fail("annotated again"))
        write_annotations(annotate_cached(study.articles, study.lexicons), tmp_path / "stored", format="parquet")
    assert {path.name: path.read_bytes() for path in (tmp_path / "fresh").iterdir()} == {path.name: path.read_bytes() for path in (tmp_path / "stored").iterdir()}


def annotated(monkeypatch):
    """The texts that are annotated from now on, in a list."""
    made, texts = annotate_module._layers, []

    def layers(articles, *others):
        texts.extend(article.text for article in articles)
        return made(articles, *others)

    monkeypatch.setattr(annotate_module, "_layers", layers)
    return texts


def test_articles_that_are_added_are_all_that_is_annotated(small, cache, monkeypatch):
    annotate_cached(small.articles, small.lexicons)
    more = [article(f"Russia left town number {number}.", f"new{number}") for number in range(10)]
    texts = annotated(monkeypatch)
    found = annotate_cached((*small.articles[:1], *more, *small.articles[1:]), small.lexicons)
    assert texts == [one.text for one in more]
    same(found, annotate((*small.articles[:1], *more, *small.articles[1:]), small.lexicons))


def test_another_group_outlet_or_id_needs_no_new_annotation(small, cache, monkeypatch):
    annotate_cached(small.articles, small.lexicons)
    texts = annotated(monkeypatch)
    renamed = tuple(replace(one, article_id=f"x{one.article_id}", group="C", outlet="Other", published="2020") for one in small.articles)
    found = annotate_cached(renamed, small.lexicons)
    assert texts == []
    same(found, annotate(renamed, small.lexicons))


@pytest.mark.parametrize("changed", [{"title": "Russia left"}, {"byline": "Jane Doe"}, {"language": "az"}, {"text": "Russia came."}, {"repeated": ((0, 12),)}])
def test_what_the_layers_read_is_annotated_anew(small, cache, monkeypatch, changed):
    one = article("Russia left.\n\nRussia left the town on Monday.")
    annotate_cached((one,), small.lexicons)
    texts = annotated(monkeypatch)
    annotate_cached((replace(one, **changed),), small.lexicons)
    assert len(texts) == 1


def test_a_killed_run_keeps_what_it_had_annotated(small, cache, monkeypatch):
    many = tuple(article(f"Russia left town number {number}.", str(number)) for number in range(7))
    monkeypatch.setattr(annotate_module, "STORED_AT_ONCE", 3)
    write, stored = annotate_module.cache.write, []

    def killed(kind, *rest):
        if len(stored) == 4:
            raise KeyboardInterrupt
        stored.append(kind)
        write(kind, *rest)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("pressframes.annotate.cache.write", killed)
        annotate_cached(many, small.lexicons)
    texts = annotated(monkeypatch)
    same(annotate_cached(many, small.lexicons), annotate(many, small.lexicons))
    assert texts[:3] == [one.text for one in many[4:]]


def damage_empty_file(file):
    file.write_bytes(b"")


def damage_cut_short(file):
    file.write_bytes(file.read_bytes()[:-200])


def damage_one_byte(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(bytes(data))


def damage_garbage(file):
    file.write_bytes(b"\x00garbage" * 100)


def damage_other_content(file):
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("layers.json", '{"tokens": [["1"]]}')


def damage_a_folder_in_its_place(file):
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("damage", [damage_empty_file, damage_cut_short, damage_one_byte, damage_garbage, damage_other_content, damage_a_folder_in_its_place])
def test_a_damaged_cache_is_made_anew(small, cache, damage):
    fresh = annotate_cached(small.articles, small.lexicons)
    for file in (*entries(cache), *entries(cache, "articles")):
        damage(file)
    same(annotate_cached(small.articles, small.lexicons), fresh)
    same(annotate_cached(small.articles, small.lexicons), fresh)


def test_a_changed_article_or_lexicon_is_annotated_anew(make_study, cache):
    folder = make_study(TEXTS)
    first = Study.load(folder).annotations()
    (folder / "008.txt").write_text("Russia left the town, and the peacekeepers stayed there.", encoding="utf-8")
    second = Study.load(folder).annotations()
    assert second.tokens[second.tokens["article_id"] == "008"]["text"].tolist()[:2] == ["Russia", "left"]
    (folder / "loaded.csv").write_text("entry,polarity,category\nstayed,positive,praise\n", encoding="utf-8")
    third = Study.load(folder).annotations()
    assert third.loaded[third.loaded["lexicon"] == "curated"]["text"].tolist() == ["stayed"]
    assert len(first.tokens) != len(second.tokens) and len(entries(cache)) == 3


def test_a_cache_that_cannot_be_written_stops_nothing(small, tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    monkeypatch.setenv("PRESSFRAMES_CACHE", str(tmp_path / "taken"))
    same(annotate_cached(small.articles, small.lexicons), annotate(small.articles, small.lexicons))


def test_a_full_disk_leaves_no_half_entry(small, cache, monkeypatch):
    def breaks(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", breaks)
    same(annotate_cached(small.articles, small.lexicons), annotate(small.articles, small.lexicons))
    assert entries(cache) == entries(cache, "articles") == []
