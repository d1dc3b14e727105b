import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pages import write_study

import pressframes
from pressframes import comparison, findings, measures
from pressframes.corpus import BESIDE, TAKEN
from pressframes.errors import InputError
from pressframes.report import limits
from pressframes.results import Table
from pressframes.study import Study

SEEDS = Path(__file__).parents[1] / "seeds"
PLAIN = "The ministers of both countries met in the capital on Monday and had lunch for three hours there."


# Loading


def test_a_name_of_two_targets_is_told_with_what_happens_to_it(make_study):
    folder = make_study({("1", "A"): PLAIN, ("2", "B"): PLAIN + " The crown said so."})
    (folder / "targets.toml").write_text('[king]\nlabel = "the king"\nname = ["king", "crown"]\n[queen]\nname = ["queen", "Crown"]\n', encoding="utf-8")
    settings = (folder / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(re.sub("targets = .*", 'targets = ["queen", "king"]', settings), encoding="utf-8")
    study = Study.load(folder)
    assert study.remarks() == [f"{folder / 'targets.toml'}: “crown” names both [queen] and [king]; such mentions count for queen alone, which study.toml lists first; take it out of one of the two, or give longer names"]
    (folder / "study.toml").write_text(re.sub("targets = .*", 'targets = ["king", "queen"]', settings), encoding="utf-8")
    assert "count for the king alone" in Study.load(folder).remarks()[0] and list(Study.load(folder).annotations().mentions["target"]) == ["king"]


def test_import_is_light():
    code = "import sys, pressframes; print(sorted({name.split('.')[0] for name in sys.modules} & {'spacy', 'matplotlib', 'sklearn', 'pandas', 'scipy', 'numpy'}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_loading_a_study_needs_no_parser_and_no_charts():
    code = f"import sys, pressframes; pressframes.Study.load({str(SEEDS)!r}); print(sorted({{name.split('.')[0] for name in sys.modules}} & {{'spacy', 'matplotlib', 'sklearn'}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names():
    assert pressframes.Study is Study and pressframes.InputError is InputError and callable(pressframes.measures.keyness)
    assert set(dir(pressframes)) == {"InputError", "Study", "Validation", "WorkError", "measures"}
    with pytest.raises(AttributeError, match="no attribute 'bias_score'"):
        pressframes.bias_score


def test_the_study_of_the_seeds(study):
    assert repr(study) == "Study of 5 articles in 3 groups: Azerbaijani (3), Bulgarian (1), Turan (1)"
    assert study.targets == {"russia": "Russia", "us": "the US", "peacekeepers": "the peacekeepers"}
    assert study.sizes == {"Azerbaijani": 3, "Bulgarian": 1, "Turan": 1} and not study.testable


@pytest.mark.parametrize(
    "file, text, told",
    [
        ("study.toml", 'title = "T"\ngroups = ["A"]\ntargets = ["mars"]\n', ["targets.toml: no target 'mars'", "russia"]),
        ("study.toml", 'title = "T"\ngroups = ["A", "B"]\ntargets = ["us"]\n', ["study.toml: group 'B' has no article"]),
        ("articles.csv", "article_id,path,group,outlet\n1,2.txt,A,P\n", ["articles.csv, row 2: no such article '2.txt'"]),
        ("loaded.csv", "entry,polarity\nbad,awful\n", ["loaded.csv, row 2: 'bad': unknown polarity 'awful'"]),
        ("furniture.csv", "pattern,kind,scope\n(,boilerplate,line\n", ["furniture.csv, row 2: pattern"]),
        ("targets.toml", "[us", ["targets.toml: cannot be read as TOML"]),
    ],
)
def test_a_fault_in_any_file_stops_the_load_with_one_line(make_study, file, text, told):
    folder = make_study({("1", "A"): PLAIN})
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Study.load(folder)
    message = str(caught.value)
    assert all(part in message for part in told) and len(message.splitlines()) == 1 and "; " in message


# Unknown names


@pytest.mark.parametrize(
    "ask, told",
    [
        (lambda study: study.rates("adjectives"), "rates: unknown 'adjectives'; use loaded, mentions, naming or scare"),
        (lambda study: study.rates("loaded", lexicon="mine"), "rates: unknown lexicon 'mine'; use curated or opinion"),
        (lambda study: study.rates("loaded", by=("colour",)), "rates: 'loaded' cannot be told by 'colour'; use "),
        (lambda study: study.rates("mentions", by=("category",)), "rates: 'mentions' cannot be told by 'category'; use "),
        (lambda study: study.rates("loaded", by=("n",)), "'n'"),
        (lambda study: study.rates("loaded", target="mars"), "unknown target 'mars'; use russia, us, peacekeepers"),
        (lambda study: study.rates("loaded", voice="loud"), "unknown voice 'loud'; use outlet, indirect, direct"),
        (lambda study: study.voice_shares(("colour",)), "'colour'"),
        (lambda study: study.loaded_entries(target="mars"), "unknown target 'mars'"),
        (lambda study: study.loaded_entries(lexicon="mine"), "unknown lexicon 'mine'"),
        (lambda study: study.mentioned_as("mars"), "unknown target 'mars'"),
        (lambda study: study.keyness("Martian"), "unknown group 'Martian'; use Azerbaijani, Bulgarian, Turan"),
        (lambda study: study.keyness("Turan", reference="Martian"), "unknown group 'Martian'"),
        (lambda study: study.keyness("Turan", reference="Turan"), "keyness: 'Turan' has nothing to be compared with; give another group"),
        (lambda study: study.keyness("Turan", voice="loud"), "unknown voice 'loud'"),
        (lambda study: study.keyness("Turan", target="mars"), "unknown target 'mars'"),
        (lambda study: study.keyness("Turan", by="colour"), "keyness: unknown side 'colour'; use group, outlet, article_id, voice, target"),
        (lambda study: study.keyness("loud", by="voice"), "unknown voice 'loud'"),
        (lambda study: study.lockwords("Turan", reference="Turan"), "nothing to be compared with"),
        (lambda study: study.word_shift("Turan", reference="Turan"), "nothing to be compared with"),
        (lambda study: study.word_shift("Martian"), "unknown group 'Martian'"),
        (lambda study: study.differences("adjectives"), "unknown 'adjectives'"),
        (lambda study: study.similarity("colour"), "similarity: unknown rows 'colour'"),
        (lambda study: study.collocates("mars"), "unknown target 'mars'"),
        (lambda study: study.collocates("us", group="Martian"), "unknown group 'Martian'"),
        (lambda study: study.text("999"), "'999'"),
    ],
)
def test_unknown_names_are_told_in_one_line(study, ask, told):
    with pytest.raises(InputError) as caught:
        ask(study)
    assert told in str(caught.value) and "; " in str(caught.value) and len(str(caught.value).splitlines()) == 1


# Rates


def counts_of(table):
    return int(table.to_frame()["count"].sum())


def test_categories_voices_groups_and_articles_add_up_to_the_same_total(study, tables):
    total = int((tables.loaded["lexicon"] == "curated").sum())
    for by in (("category",), ("voice",), ("group",), ("outlet",), ("article_id",), ("polarity",), ("entry",), ("group", "category"), ("article_id", "voice", "category"), ()):
        assert counts_of(study.rates("loaded", by=by)) == total, by
    assert counts_of(study.rates("loaded", by=("group",), lexicon="opinion")) == int((tables.loaded["lexicon"] == "opinion").sum())
    assert counts_of(study.rates("mentions", by=("group", "target"))) == len(tables.mentions)
    assert counts_of(study.rates("naming", by=("group", "variant"))) == len(tables.naming)


def test_words_of_the_cells_add_up_to_all_words(study, tables):
    for by in (("group",), ("voice",), ("article_id", "voice"), ("outlet",)):
        assert study.rates("loaded", by=by).to_frame()["words"].sum() == len(tables.tokens), by


def test_zero_rows_are_kept(study, lexicons):
    frame = study.rates("loaded", by=("group", "category")).to_frame()
    assert len(frame) == 3 * len({entry.category for entry in lexicons.loaded}) and (frame["count"] == 0).any()
    zero = frame[frame["count"] == 0]
    assert (zero["rate"] == 0).all() and (zero["low"] == 0).all() and (zero["high"] > 0).all()


def test_rates_are_counts_over_words(study):
    for table in (study.rates("loaded", by=("group", "voice")), study.rates("mentions", by=("group", "target")), study.rates("scare", by=("group",)), study.rates("loaded", by=("target", "group"))):
        frame = table.to_frame()
        assert np.allclose(frame["rate"], 1000 * frame["count"] / frame["words"])
        told = frame.dropna(subset=["low", "high"])
        assert ((told["low"] <= told["rate"]) & (told["rate"] <= told["high"])).all()
        assert (frame[frame["low"].isna()]["count"] > 0).all()  # only few events lack an interval; none seen has its bound


def test_words_near_a_target_are_those_of_its_sentences(study, tables):
    keys = set(map(tuple, tables.mentions[tables.mentions["target"] == "us"][["article_id", "sentence_id"]].values))
    words = sum(key in keys for key in zip(tables.tokens["article_id"], tables.tokens["sentence_id"]))
    found = sum(key in keys and lexicon == "curated" for *key_, lexicon in tables.loaded[["article_id", "sentence_id", "lexicon"]].itertuples(index=False) for key in [tuple(key_)])
    for table in (study.rates("loaded", by=(), target="us"), study.rates("loaded", by=("target",)).where(target="the US")):
        assert table.to_frame()[["count", "words"]].values.tolist() == [[found, words]]


def test_a_rate_of_mentions_is_per_all_words(study, tables):
    frame = study.rates("mentions", by=("group",), target="russia").to_frame()
    assert frame["words"].sum() == len(tables.tokens) and frame["count"].sum() == (tables.mentions["target"] == "russia").sum()


def test_voice_shares_add_up_to_a_hundred(study):
    for by in (("article_id",), ("group",)):
        frame = study.voice_shares(by).to_frame()
        assert np.allclose(frame.groupby(by[0])["rate"].sum(), 100)
    assert study.voice_shares(("article_id",)).where(article_id="004", voice="direct").to_frame()["count"].tolist() == [0]


def test_the_same_question_gets_the_same_answer(study):
    one, two = (study.rates("loaded", by=("group", "voice")).to_frame() for _ in range(2))
    assert one.equals(two)


def test_each_table_says_what_was_counted(study):
    table = study.rates("loaded", by=("group",))
    told = " ".join(table.notes)
    assert "seed 20201110" in told and "2,000" in told and "3, 1 and 1 articles" in told


# Other answers


def test_keyness_counts_are_those_of_the_tokens(study, tables):
    group = dict(zip(tables.articles["article_id"], tables.articles["group"]))
    words = tables.tokens[tables.tokens["norm"].str[0].str.isalpha()]
    theirs = words["article_id"].map(group) == "Bulgarian"
    frame = study.keyness("Bulgarian").to_frame()
    for row in frame.head(20).itertuples():
        assert (row.count_a, row.count_b) == (int((words[theirs]["norm"] == row.term).sum()), int((words[~theirs]["norm"] == row.term).sum()))
    assert (frame["count_a"] + frame["count_b"] >= 3).all() and frame["g2"].is_monotonic_decreasing
    assert ((frame["signed"] > 0) == (frame["log_ratio"] > 0))[frame["g2"] > 0].all()


def test_keyness_tells_in_how_many_articles_of_each_side_and_leaves_out_words_of_fewer(study, tables):
    table, fewer = study.keyness("Turan"), study.keyness("Turan", articles=2)
    held = tables.tokens.groupby("norm")["article_id"].agg(set)
    for row in table.to_frame().head(20).itertuples():
        assert row.articles == f"{len(held[row.term] & {'002'})} : {len(held[row.term] - {'002'})}"
    kept = table.to_frame().loc[lambda frame: frame["articles_a"] + frame["articles_b"] >= 2, "term"]
    assert fewer.to_frame()["term"].tolist() == kept.tolist() and len(kept) < len(table.frame) and "in 2 articles or more" in fewer.notes[0]


def test_keyness_of_the_seeds_shows_no_p(study):
    table = study.keyness("Azerbaijani", reference="Bulgarian", voice="outlet")
    assert "p" not in table.shown() and "Not testable with 3 and 1 articles: 4 arrangements, no p below 0.5" in " ".join(table.notes)
    assert table.to_frame()["p"].isna().all()


def test_keyness_of_voices_and_of_contexts_divides_every_article(study, tables):
    words = tables.tokens[tables.tokens["norm"].str[0].str.isalpha()]
    table = study.keyness("outlet", by="voice", reference="direct")
    row = table.to_frame().iloc[0]
    assert [int(((words["norm"] == row.term) & (words["voice"] == voice)).sum()) for voice in ("outlet", "direct")] == [row.count_a, row.count_b]
    near = study.keyness("russia", by="target").to_frame().set_index("term")
    sentences = pd.MultiIndex.from_frame(tables.mentions[tables.mentions["target"] == "russia"][["article_id", "sentence_id"]])
    inside = pd.MultiIndex.from_frame(words[["article_id", "sentence_id"]]).isin(sentences)
    assert near.loc["the", "count_a"] == int(((words["norm"] == "the") & inside).sum()) and near.loc["russia", "count_b"] == 0


def test_keyness_against_a_list_of_the_readers_own(study, tmp_path):
    file = tmp_path / "common.csv"
    file.write_text("term,count\nthe,60000\nof,30000\nwar,100\n", encoding="utf-8")
    table = study.keyness("Turan", reference=file)
    frame = table.to_frame().set_index("term")
    assert frame.loc["the", "count_b"] == 60000 and frame["p"].isna().all() and "A list has no articles" in " ".join(table.notes) and "the list common.csv" in table.caption
    file.write_text("term,count\nthe,60000\nof,30000\nharbour,9000\nwhale,20\n", encoding="utf-8")
    frame = study.keyness("Turan", reference=file).to_frame().set_index("term")
    assert frame.loc["harbour", "count_a"] == 0 and frame.loc["harbour", "signed"] < 0, "a word that the articles lack is found where they would hold some, were they like the list"
    assert "whale" not in frame.index and (frame["count_a"] + frame["count_b"] >= 3).all()
    words = study.keyness("Turan", minimum=1).to_frame().query("count_a > 0").set_index("term")["count_a"]
    whole = pd.DataFrame({"a": words, "b": pd.Series({"the": 60000, "of": 30000, "harbour": 9000, "whale": 20})}).fillna(0)
    wanted = pd.Series(measures.weighted_log_odds(whole["a"], whole["b"]), index=whole.index)
    assert frame["log_odds_z"].tolist() == pytest.approx(wanted[frame.index].tolist()), "all words of the list count, also those that stand in no article"
    file.write_text("term,count\nthe,many\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 2: count 'many' is no positive whole number"):
        study.keyness("Turan", reference=file)


def test_lockwords_lie_within_the_bound_whatever_is_drawn(study):
    frame = study.lockwords("Azerbaijani").to_frame()
    assert len(frame) and (frame[["low", "high"]].abs() <= 1).all(axis=None) and (frame["at_most"] <= 2).all()
    assert frame["at_most"].is_monotonic_increasing


def test_words_by_group_counts_are_those_of_keyness(study):
    frame, keyness = study.words_by_group().to_frame().set_index("term"), study.keyness("Turan").to_frame().set_index("term")
    both = frame.index.intersection(keyness.index)
    assert len(both) > 50 and (frame.loc[both, "Turan"] == keyness.loc[both, "count_a"]).all() and (frame["count"] == frame[list(study.groups)].sum(axis=1)).all()


def test_differences_are_those_of_the_rates_and_say_that_nothing_can_be_tested(study):
    table, rates = study.differences("loaded", voice="outlet"), study.rates("loaded", voice="outlet").to_frame().set_index("group")["rate"]
    for row in table.to_frame().itertuples():
        assert row.difference == pytest.approx(rates[row.group_a] - rates[row.group_b]) and row.low <= row.difference <= row.high
    assert "p" not in table.shown() and "not testable with 3 and 1 articles" in " ".join(table.notes)


def test_word_shift_sums_to_the_difference(study):
    frame, rates = study.word_shift("Turan", reference="Bulgarian").to_frame(), study.rates("loaded").to_frame().set_index("group")["rate"]
    assert frame["part"].sum() == pytest.approx(rates["Turan"] - rates["Bulgarian"])


def test_power_takes_the_rates_that_are_tested_and_the_arrangements_within_events():
    rates = pd.DataFrame({"article_id": list("123456789"), "group": list("aaaaabbbb"), "count": [3, 1, 4, 1, 5, 9, 2, 6, 5], "words": [500, 300, 400, 900, 100, 800, 300, 600, 400]})
    free, within = comparison.power(rates, ("a", "b")).iloc[0], comparison.power(rates, ("a", "b"), blocks=dict(zip("123456789", "xxxyzxxyy"))).iloc[0]
    assert (free["arrangements"], within["arrangements"]) == (126, 10 * 3) and within["smallest_p"] == pytest.approx(2 / 30) and within["smallest_difference"] == np.inf
    squares = 0.0
    for group in "ab":
        part = rates[rates["group"] == group]
        beyond = 1000 * (part["count"] - part["count"].sum() / part["words"].sum() * part["words"]) / part["words"].mean()
        squares += (beyond**2).sum()
    assert free["spread"] == pytest.approx((squares / 7) ** 0.5) and free["difference"] == pytest.approx(1000 * (22 / 2100 - 14 / 2200))
    assert free["smallest_difference"] == pytest.approx(measures.smallest_difference(free["spread"], 5, 4))


def test_power_of_the_seeds_is_none(study):
    frame = study.power().to_frame()
    assert (frame["shown"] == "none at all").all() and (frame["needed"] > 3).all() and frame["arrangements"].tolist() == [4, 4, 2]


def test_similarity_of_a_text_with_itself_is_not_counted(study):
    frame = study.similarity().to_frame()
    assert (frame["nearest"] != frame["article_id"]).all() and frame["cosine"].between(0, 1).all()
    assert frame.set_index("article_id").loc[["002", "004"], "within"].isna().all(), "the only article of its group"


def test_shrunken_rates_lie_between_the_rate_and_the_mean(study):
    frame = study.rates("loaded", by=study.rows).to_frame()
    mean = 1000 * frame["count"].sum() / frame["words"].sum()
    assert (((frame["shrunken"] - mean) * (frame["rate"] - mean)) >= 0).all() and ((frame["shrunken"] - mean).abs() <= (frame["rate"] - mean).abs()).all()
    assert "shrunken" not in study.rates("loaded").to_frame()


def test_collocates_against_a_plain_count(study, tables):
    frame = study.collocates("peacekeepers").to_frame().set_index("term")
    sentences = set(map(tuple, tables.mentions[tables.mentions["target"] == "peacekeepers"][["article_id", "sentence_id"]].values))
    for term in frame.index[:10]:
        held = set(map(tuple, tables.tokens[tables.tokens["norm"] == term][["article_id", "sentence_id"]].values))
        assert frame.loc[term, "count"] == len(held & sentences) and frame.loc[term, "count_word"] == len(held)
        assert frame.loc[term, "log_dice"] == pytest.approx(14 + np.log2(2 * len(held & sentences) / (len(held) + len(sentences))))


def test_loaded_entries_tell_where_and_why(study, tables):
    frame = study.loaded_entries().to_frame()
    assert frame["count"].sum() == (tables.loaded["lexicon"] == "curated").sum()
    assert (frame["outlet"] + frame["indirect"] + frame["direct"]).tolist() == frame["count"].tolist()
    assert (frame["reason"] != "").all() and (frame["source"] != "").all()


def test_mentioned_as_and_naming_add_up(study, tables):
    assert study.mentioned_as().to_frame()["count"].sum() == len(tables.mentions)
    frame = study.naming().to_frame()
    assert frame["count"].sum() == len(tables.naming) == frame[list(study.groups)].to_numpy().sum()
    assert (frame["own"] <= frame["count"]).all()


def test_no_group_may_have_the_name_of_a_column(study, make_study):
    tables = (study.words_by_group(), study.mentioned_as(), study.naming(), study.specification())
    beside = {column for table in tables for column in table.to_frame() if not column.startswith(study.groups)}
    assert beside <= TAKEN and {column.removeprefix(f"{group} ") for table in tables for column in table.to_frame() for group in study.groups if column.startswith(f"{group} ")} == set(BESIDE)
    folder = make_study({("1", "A"): "Russia said no.", ("2", "A terms"): "Russia said so.", ("3", "variant"): "Russia said yes."})
    with pytest.raises(InputError) as refused:
        Study.load(folder)
    assert "'group' says 'A terms'" in str(refused.value) and "call the group otherwise ('variant group', say)" in str(refused.value)


def test_quotations_and_scare_quotes_are_all_there(study, tables):
    assert len(study.quotations().to_frame()) == tables.voices["kind"].isin(["direct", "indirect"]).sum()
    assert len(study.scare_quotes().to_frame()) == (tables.voices["kind"] == "scare").sum() == counts_of(study.rates("scare", by=("article_id",)))


def test_quoted_words_are_the_words_in_that_voice(study, tables):
    frame = study.quotations().to_frame()
    assert frame[frame["kind"] == "direct"]["n_words"].sum() == (tables.tokens["voice"] == "direct").sum()
    assert frame[frame["kind"] == "indirect"]["n_words"].sum() == (tables.tokens["voice"] == "indirect").sum()


def test_roles_add_up(study, tables):
    frame = study.roles().to_frame()
    assert len(frame) == 9 and frame["agent"].sum() + frame["patient"].sum() == tables.roles["role"].isin(["agent", "patient"]).sum()


def test_what_was_left_out_and_what_was_kept_is_everything(study, tables):
    left = study.left_out().to_frame()
    assert len(left) + tables.regions["kind"].isin(["title", "body"]).sum() == len(tables.regions)
    assert all(row.text == study.text(row.article_id)[row.start : row.end] for row in left.itertuples())


def test_every_group_is_in_the_table_of_confounds(study):
    frame = study.confounds().to_frame()
    assert frame["group"].tolist() == list(study.groups) and frame["articles"].tolist() == [3, 1, 1]
    assert frame["words"].sum() == study.corpus().to_frame()["n_words"].sum()


def test_lost_quotation_marks_are_told_wherever_voices_are(make_study):
    told = "{} The minister said on Monday that the road was open again, and the mayor told reporters in the capital the same thing. "
    texts = {(f"{group}{at}", group): told.format(more) for group, more in (("A", ""), ("B", "The deal is “fair”. "), ("C", "'No,' he added. ")) for at in range(3)}
    texts |= {("D1", "D"): told.format(""), ("D2", "D"): told.format(""), ("D3", "D"): "They said no. The road was open again on Monday."}
    study = Study.load(make_study(texts))
    assert study.lost_marks == {"The A Paper": (3, 3)}
    assert study.confounds().to_frame()["without_marks"].tolist() == ["3 of 3", "0 of 3", "0 of 3", "2 of 2"]
    (line,) = study.remarks()
    assert line.startswith(f"{study.settings.folder / 'articles.csv'}: Articles that tell what people said but hold no quotation mark: The A Paper (3 of 3). ") and "Give the texts with their marks" in line
    assert [note.text for note in study.findings().notes if note.lead == "Quotation marks"] == [findings.lost_marks(study)] and findings.lost_marks(study) in line
    assert limits.limits(study, "", ()).lines[-1] == findings.lost_marks(study)


def test_lost_apostrophes_are_told_in_check_and_findings(make_study):
    told = "Turkey{0}s army crossed the river at dawn, and the road to the town was closed for the whole day. " * 14
    texts = {(f"{group}{at}", group): told.format(mark) for group, mark in (("A", ""), ("B", "'"), ("C", "’")) for at in range(3)}
    texts |= {(f"D{at}", "D"): told.format("")[:1000] for at in range(3)} | {(f"E{at}", "E"): told.format("" if at else "'") for at in range(2)}
    study = Study.load(make_study(texts))
    assert study.lost_apostrophes == {"The A Paper": (3, 3)}
    (line,) = study.remarks()
    assert line.startswith(f"{study.settings.folder / 'articles.csv'}: Articles of 1,200 characters or more that hold no apostrophe: The A Paper (3 of 3). ") and "list names so written in the targets lexicon" in line
    assert [note.text for note in study.findings().notes if note.lead == "Apostrophes"] == [findings.lost_apostrophes(study)] and findings.lost_apostrophes(study) in line


def test_report_makes_what_the_command_makes(study, make_study, tmp_path, monkeypatch):
    from pressframes.report import build

    asked = []
    monkeypatch.setattr(build, "build_report", lambda path, out, **parts: asked.append((path, out, parts)) or ["a line"])
    assert study.report(tmp_path / "out", only=["01"], formats=["html"]) == ["a line"]
    folder = make_study({("1", "A"): PLAIN, ("2", "B"): PLAIN})
    (folder / "study.toml").write_text((folder / "study.toml").read_text(encoding="utf-8") + '\n[comparisons.outlets]\nby = "outlet"\n', encoding="utf-8")
    Study.load(folder, comparison="outlets").report(str(tmp_path / "other"))
    assert asked == [
        (str(study.settings.folder), tmp_path / "out", {"only": ("01",), "formats": ("html",)}),
        (f"{folder}#outlets", tmp_path / "other", {"only": (), "formats": build.FORMATS}),
    ]


def test_a_date_decades_away_from_the_others_is_told(make_study):
    folder = make_study({(f"{at}", "AB"[at % 2]): PLAIN for at in range(20)})
    rows = (folder / "articles.csv").read_text(encoding="utf-8").splitlines()
    dates = ["published,date_precision", "1902-02-01,day", *["2017-05-04,day", "1998,year"] * 9, ","]
    write = lambda: (folder / "articles.csv").write_text("\n".join(f"{row},{date}" for row, date in zip(rows, dates)), encoding="utf-8")
    write()
    assert Study.load(folder).remarks() == []  # 19 dated articles: one may be old
    dates[-1] = "2016,year"
    write()
    (line,) = Study.load(folder).remarks()
    assert line.startswith(f"{folder / 'articles.csv'}: '0' (1902-02-01): dated decades away") and "correct 'published'" in line


def test_whole_quotation_marks_are_no_matter(study):
    assert study.lost_marks == study.lost_apostrophes == {} and "without_marks" not in study.confounds().to_frame() and "Quotation marks" not in [note.lead for note in study.findings().notes]


# Studies that hold little


QUESTIONS = {
    "corpus": lambda study: study.corpus(),
    "provenance": lambda study: study.provenance(),
    "left_out": lambda study: study.left_out(),
    "confounds": lambda study: study.confounds(),
    "rates": lambda study: study.rates("loaded", by=("group", "category")),
    "rates of mentions": lambda study: study.rates("mentions", by=("group", "target")),
    "rates near targets": lambda study: study.rates("loaded", by=("target", "group")),
    "rates of naming": lambda study: study.rates("naming", by=("group", "variant")),
    "rates of scare quotes": lambda study: study.rates("scare", by=("article_id",)),
    "rates of speech": lambda study: study.rates("loaded", by=("group",), voice="direct"),
    "voice_shares": lambda study: study.voice_shares(("group",)),
    "loaded_entries": lambda study: study.loaded_entries(),
    "mentioned_as": lambda study: study.mentioned_as(),
    "naming": lambda study: study.naming(),
    "scare_quotes": lambda study: study.scare_quotes(),
    "quotations": lambda study: study.quotations(),
    "roles": lambda study: study.roles(),
    "relations": lambda study: study.relations("russia"),
    "collocates": lambda study: study.collocates("russia"),
    "differences": lambda study: study.differences(),
    "power": lambda study: study.power(),
    "power of mentions": lambda study: study.power("mentions", target="us"),
    "words by group": lambda study: study.words_by_group(),
    "sequences": lambda study: study.words_by_group(length=2),
    "similarity": lambda study: study.similarity(),
    "specification": lambda study: study.specification(),
    "verdicts": lambda study: study.verdicts(),
    "collocates in a window": lambda study: study.collocates("russia", window=5),
    "concordance": lambda study: study.concordance(target="us"),
    "design": lambda study: study.design(),
    "findings": lambda study: study.findings(),
}


@pytest.fixture(scope="module", params=[("A", "B"), ("A",)], ids=["two groups", "one group"])
def plain(request, tmp_path_factory):
    return Study.load(write_study(tmp_path_factory.mktemp("plain") / "study", {(str(i), group): PLAIN for i, group in enumerate(request.param)}))


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_study_that_finds_nothing_still_answers(plain, question):
    answer = QUESTIONS[question](plain)
    assert repr(answer) and answer._repr_html_()
    if isinstance(answer, Table):
        assert isinstance(answer.to_frame(), pd.DataFrame)


def test_keyness_near_a_target_that_nobody_mentions(make_study):
    study = Study.load(make_study({("1", "A"): PLAIN, ("2", "B"): PLAIN}))
    assert study.keyness("A").to_frame()["g2"].max() == pytest.approx(0, abs=1e-9)
    assert study.keyness("A", target="us").to_frame().empty


def test_one_group_has_nothing_to_be_compared_with(make_study):
    study = Study.load(make_study({("1", "A"): PLAIN}))
    assert study.contrasts == ()
    with pytest.raises(InputError, match="nothing to be compared with"):
        study.keyness("A")


def test_one_number_has_one_interval_however_it_is_asked_for(study):
    by_voice = study.rates("loaded", by=("target", "group", "voice")).to_frame()
    own = study.rates("loaded", by=("target", "group"), voice="outlet").to_frame()
    both = own.merge(by_voice[by_voice["voice"] == "outlet"], on=["target", "group"], suffixes=("", "_2"))
    assert len(both) == len(own) > 5
    for column in ("count", "words", "rate", "low", "high"):
        assert np.allclose(both[column], both[f"{column}_2"], equal_nan=True)


def test_words_of_a_handful_of_sentences_have_no_interval(study):
    frame = study.rates("mentions", by=("group", "voice", "target")).to_frame()
    words = study.annotations().tokens.merge(study.annotations().articles[["article_id", "group"]], on="article_id")
    sentences = words.groupby(["group", "voice"])[["article_id", "sentence_id"]].apply(lambda part: len(part.drop_duplicates()))
    for row in frame.to_dict("records"):
        assert np.isnan(row["low"]) == (row["count"] > 0 and sentences[row["group"], row["voice"]] < 5)


LOADED_TEXT = "The regime spoke of Russia on Monday. The talks went on for hours in the city. A barbaric provocation followed at night. Nobody was hurt in the end. They left."


@pytest.fixture(scope="module")
def twenty(tmp_path_factory):
    """Ten articles a group in two events; group A is loaded, group B is not."""
    texts = {(f"{group}{i}", group): (LOADED_TEXT if group == "A" else PLAIN) + f" The number was {i}." for group in "AB" for i in range(10)}
    folder = write_study(tmp_path_factory.mktemp("twenty") / "study", texts)
    rows = (folder / "articles.csv").read_text(encoding="utf-8").splitlines()
    (folder / "articles.csv").write_text("\n".join([rows[0] + ",event", *(f"{row},{'talks' if i % 2 else 'night'}" for i, row in enumerate(rows[1:]))]) + "\n", encoding="utf-8")
    return Study.load(folder)


def test_enough_articles_are_tested_within_their_event(twenty):
    table = twenty.differences()
    row = table.to_frame().iloc[0]
    assert row["drawn"] == "articles" and row["p"] == row["q"] <= 0.001 and row["low"] > 0 and "p" in table.shown()
    keyness = twenty.keyness("A")
    assert "within each event" in " ".join(keyness.notes) and "articles like these" in " ".join(keyness.notes)
    assert keyness.to_frame().set_index("term").loc["regime", "q"] < 0.05 and {"p", "q"} <= set(keyness.shown())
    assert twenty.power().to_frame()["smallest_difference"].iloc[0] < 1, "articles of a group are all alike here"


def test_blocks_can_be_put_aside(twenty):
    settings = twenty.settings.model_copy(update={"blocks": "none"})
    assert "within each" not in " ".join(Study(settings, twenty.articles, twenty.lexicons).keyness("A").notes)


def test_terms_toward_a_target_are_some_of_those_near_it(study):
    frame, near = study.toward().to_frame(), study.rates("loaded", by=("target", "group")).to_frame().set_index(["target", "group"])["count"]
    assert frame["count"].sum() == study.annotations().loaded.query("lexicon == 'curated'")["toward"].str.split().str.len().sum() > 0
    assert len(frame) == 9 and all(n <= near.get((target, group), 0) for target, group, n in frame[["target", "group", "count"]].itertuples(index=False))


def test_a_small_group_does_not_take_articles_from_the_others(tmp_path):
    texts = {(f"{group}{i}", group): LOADED_TEXT + f" The number was {i}." * (i + 1) for group, n in (("A", 10), ("B", 3)) for i in range(n)}
    mixed = Study.load(write_study(tmp_path / "mixed", texts))
    alone = Study.load(write_study(tmp_path / "alone", {key: text for key, text in texts.items() if key[1] == "A"}))
    table = mixed.rates("loaded")
    low, high = table.to_frame().set_index("group").loc["A", ["low", "high"]]
    assert [low, high] == pytest.approx(alone.rates("loaded").to_frame()[["low", "high"]].iloc[0].tolist(), rel=0.2)
    assert "where a group has 8 articles or more whole articles" in table.notes[0] and "elsewhere sentences" in table.notes[0]
    assert "Tested" in [note.lead for note in twenty_like(tmp_path).findings()]


def twenty_like(tmp_path):
    texts = {(f"{group}{i}", group): (LOADED_TEXT if group == "A" else PLAIN) + f" The number was {i}." for group in "AB" for i in range(8)}
    return Study.load(write_study(tmp_path / "sixteen", texts))


def test_a_long_table_shows_its_first_rows_and_keeps_all(study):
    table = study.keyness("Turan")
    assert len(table.to_frame()) > 200 and f"First 200 of {len(table.to_frame())} rows." in repr(table) and table._repr_html_().count("<tr>") == 201
