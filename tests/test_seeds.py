"""The five seed articles: their bytes, and the trap that each of them sets (design, part 4)."""

import hashlib
import re
from pathlib import Path

import pytest
from pages import SEEDS, TEXTS, overlapping

GOLD = Path(__file__).parent / "gold" / "seeds.sha256"
IDS = ["000", "001", "002", "003", "004"]


@pytest.fixture
def regions_of(study, tables):
    """Return (kind, text) of every region of an article, in order."""

    def of(article_id, *kinds):
        rows = tables.regions[tables.regions["article_id"] == article_id]
        return [(row.kind, study.text(article_id)[row.start : row.end]) for row in rows.itertuples() if not kinds or row.kind in kinds]

    return of


@pytest.fixture
def rows_of(study, tables):
    """Return the rows of a table for one article, with the text of each."""

    def of(table, article_id, **equal):
        frame = getattr(tables, table)
        frame = frame[frame["article_id"] == article_id].copy()
        for column, value in equal.items():
            frame = frame[frame[column] == value]
        return frame.assign(shown=[study.text(article_id)[row.start : row.end] for row in frame.itertuples()])

    return of


# The bytes


def test_seed_files_are_as_given():
    stored = dict(reversed(line.split()) for line in GOLD.read_text(encoding="utf-8").splitlines())
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SEEDS} == stored
    assert len(stored) == 5


def test_the_study_reads_the_files_untouched(study):
    assert [article.text for article in study.articles] == TEXTS
    assert [article.sha256 for article in study.articles] == [hashlib.sha256(path.read_bytes()).hexdigest() for path in SEEDS]


def test_groups_outlets_and_dates(tables):
    told = tables.articles[["article_id", "group", "outlet", "published", "date_precision", "translation", "syndicated_from"]]
    assert told.values.tolist() == [
        ["000", "Azerbaijani", "AzerNews", "2023-07-27", "day", "not stated", ""],
        ["001", "Azerbaijani", "Azerbaijan news", "2022-10", "month", "machine", ""],
        ["002", "Turan", "Turan", "2020-11-23", "day", "not stated", ""],
        ["003", "Azerbaijani", "AzerNews", "2022-03-08", "day", "not stated", "Trend"],
        ["004", "Bulgarian", "BulgarianMilitary.com", "2020-10", "month", "not stated", ""],
    ]


# What holds for all of them


@pytest.mark.parametrize("name", ["sentences", "tokens", "mentions", "loaded", "naming"])
def test_rows_show_what_the_reader_sees(study, tables, name):
    frame = getattr(tables, name)
    assert len(frame) > 0
    for row in frame.itertuples():
        assert 0 <= row.start < row.end <= len(study.text(row.article_id))
        if "text" in frame:
            assert study.text(row.article_id)[row.start : row.end] == row.text


@pytest.mark.parametrize("article_id", IDS)
def test_regions_cover_every_printed_character_once(study, rows_of, article_id):
    regions = rows_of("regions", article_id)
    assert overlapping(regions[["start", "end"]].values.tolist()) == []
    covered = {i for row in regions.itertuples() for i in range(row.start, row.end)}
    assert [char for i, char in enumerate(study.text(article_id)) if i not in covered and not char.isspace()] == []


@pytest.mark.parametrize("article_id", IDS)
def test_sentences_lie_in_title_and_body(rows_of, article_id):
    kept = rows_of("regions", article_id)
    kept = kept[kept["kind"].isin(["title", "body"])]
    sentences = rows_of("sentences", article_id)
    assert overlapping(sentences[["start", "end"]].values.tolist()) == []
    for row in sentences.itertuples():
        assert ((kept["start"] <= row.start) & (row.end <= kept["end"])).sum() == 1
        assert row.shown == row.shown.strip()


@pytest.mark.parametrize("article_id", IDS)
def test_tokens_lie_in_their_sentence_in_order(rows_of, article_id):
    tokens = rows_of("tokens", article_id)
    within = tokens.merge(rows_of("sentences", article_id)[["sentence_id", "start", "end"]], on="sentence_id", suffixes=("", "_of_sentence"))
    assert len(within) == len(tokens)
    assert (within["start"] >= within["start_of_sentence"]).all() and (within["end"] <= within["end_of_sentence"]).all()
    assert tokens["start"].is_monotonic_increasing and overlapping(tokens[["start", "end"]].values.tolist()) == []
    assert tokens["token_id"].tolist() == list(range(len(tokens)))


@pytest.mark.parametrize("article_id", IDS)
def test_nothing_is_counted_twice(rows_of, article_id):
    assert overlapping(rows_of("mentions", article_id)[["start", "end"]].values.tolist()) == []
    assert overlapping(rows_of("naming", article_id)[["start", "end"]].values.tolist()) == []
    for lexicon in ("curated", "opinion"):
        assert overlapping(rows_of("loaded", article_id, lexicon=lexicon)[["start", "end"]].values.tolist()) == []
    voices = rows_of("voices", article_id)
    assert overlapping(voices[voices["kind"].isin(["direct", "indirect"])][["start", "end"]].values.tolist()) == []


@pytest.mark.parametrize("article_id", IDS)
def test_every_token_has_the_voice_of_the_stretch_it_lies_in(rows_of, article_id):
    voices = rows_of("voices", article_id)
    spans = {kind: voices[voices["kind"] == kind][["start", "end"]].values.tolist() for kind in ("direct", "indirect")}
    for token in rows_of("tokens", article_id).itertuples():
        kinds = [kind for kind, stretches in spans.items() if any(start <= token.start < end for start, end in stretches)]
        assert [token.voice] == (kinds or ["outlet"])


def test_words_by_voice_add_up_to_the_words_of_each_article(tables):
    by_voice = tables.tokens.groupby(["article_id", "voice"]).size().unstack(fill_value=0)
    assert set(by_voice.columns) == {"outlet", "direct", "indirect"}
    assert by_voice.sum(axis=1).tolist() == tables.articles["n_words"].tolist()


def test_no_row_of_a_term_table_lies_outside_title_and_body(tables):
    words = set(zip(tables.tokens["article_id"], tables.tokens["start"]))
    for frame in (tables.mentions, tables.loaded, tables.naming, tables.roles):
        assert set(zip(frame["article_id"], frame["start"])) <= words


# 000: AzerNews, an interview


def test_000_header_and_footer(regions_of):
    assert regions_of("000")[:3] == [("dateline", "date 2023-07-27 27 July 2023 08:30 (UTC+04:00)"), ("byline", "Rena Murshud"), ("boilerplate", "Read more")]
    assert regions_of("000", "boilerplate") == [
        ("boilerplate", "Read more"),
        ("boilerplate", "---"),
        ("boilerplate", "Rena Murshud is AzerNews’ staff journalist, follow her on Twitter: @RenaTagiyeva"),
        ("boilerplate", "Follow us on Twitter @AzerNewsAz"),
    ]
    body = regions_of("000", "body")
    assert body[0][1].startswith("Before the Second Karabakh war,") and body[-1][1].endswith("Klachkov added.")
    assert regions_of("000", "title") == []


def test_000_quotations_and_who_speaks(rows_of):
    direct = rows_of("voices", "000", kind="direct")
    ends = [
        ('"For about 30 years,', 'goodbye to the OSCE Minsk Group."'),
        ('"Well, the most important task', 'the borders of the South Caucasus,"'),
        ('"In fact, we are basically', 'the people of the western countries,"'),
        ('"In short, there is still hope', 'involved in wars outside of its territories,"'),
    ]
    assert len(direct) == len(ends)
    assert all(shown.startswith(first) and shown.endswith(last) for shown, (first, last) in zip(direct["shown"], ends))
    assert direct["resolved"].all()
    assert direct["speaker"].tolist()[0] == "head of state"
    assert "Klachkov" in direct["speaker"].tolist()[1] and "Klachkov" in direct["speaker"].tolist()[3]
    assert direct["speaker"].tolist()[2].endswith("Russian expert") or "Klachkov" in direct["speaker"].tolist()[2]


def test_000_names_of_older_states_are_no_mentions(study, rows_of):
    shown = " ".join(rows_of("mentions", "000")["shown"])
    assert "Soviet" in study.text("000") and "Russian Empire" in study.text("000")
    assert "Soviet" not in shown and "Empire" not in shown
    assert "Unites States of America" in rows_of("mentions", "000", target="us")["shown"].tolist()


# 001: machine-translated


@pytest.mark.parametrize("glued", ["USAin", "USAwas"])
def test_001_glued_acronyms_are_mentions(study, rows_of, glued):
    place = study.text("001").index(glued)
    found = rows_of("mentions", "001", target="us")
    assert found[found["start"] == place]["text"].tolist() == ["USA"]


def test_001_page_furniture(regions_of):
    assert regions_of("001")[:2] == [("boilerplate", "Azerbaijan news"), ("title", "Putin’s mediation mission for Baku is over")]
    assert regions_of("001", "byline") == [("byline", "Turgut")]
    assert regions_of("001", "boilerplate")[1:] == [
        ("boilerplate", "Azerbaijan news"),
        ("boilerplate", "Leave a Reply"),
        ("boilerplate", "Your email address will not be published. Required fields are marked *"),
        ("boilerplate", "Back to top button"),
    ]


def test_001_the_list_stays_body(regions_of):
    body = [text for _, text in regions_of("001", "body")]
    for line in ("With Armenia:", "With Azerbaijan:", "Also:"):
        assert line in body
    assert sum(text.endswith((";", ", etc.", "cancellation operation.")) for text in body) == 7


def test_001_marks_without_a_partner_are_told_and_swallow_nothing(study, rows_of):
    lost = rows_of("voices", "001", resolved=False)
    assert lost["shown"].str[:12].tolist() == ["“", "“Using biase"]
    assert study.text("001")[lost["start"].iloc[0] :].startswith("“Mountainous Karabakh It is from")
    assert rows_of("voices", "001")["shown"].str.len().max() < 700
    after = rows_of("tokens", "001")
    after = after[after["start"] > study.text("001").index("Thus, Russia’s policy")]
    assert after.iloc[:40]["voice"].unique().tolist() == ["outlet"]


def test_001_the_note_is_direct_speech_up_to_its_reporting_clause(study, rows_of):
    note = rows_of("voices", "001", kind="direct")
    note = note[note["shown"].str.startswith("“Using biased statements")].iloc[0]
    assert note["shown"].endswith("peace, stability and security in the region.")
    assert study.text("001")[note["end"] :].startswith("the note emphasizes.")
    assert "note" in note["speaker"]


def test_001_other_quotations(rows_of):
    direct = rows_of("voices", "001", kind="direct")
    whole = direct[direct["end"] - direct["start"] > 1]
    assert "“Republic”" in set(whole["shown"]), "an error: presented as “Republic” is the outlet's distance, and is taken for somebody's words"
    whole = whole[whole["shown"] != "“Republic”"]
    ends = [
        ("“Using biased statements", "stability and security in the region."),
        ("“The Karabakh conflict has ended", "also agrees to this, we are ready”"),
        ("“I and our government", "between Azerbaijan and Armenia”"),
        ("“As for Georgia’s role", "mediation in this process…”"),
    ]
    assert len(whole) == len(ends)
    assert all(shown.startswith(first) and shown.endswith(last) for shown, (first, last) in zip(whole["shown"], ends))
    assert {"“rules of the game”", "“old light”"} <= set(rows_of("voices", "001", kind="scare")["shown"])


# 002: Turan


def test_002_caption_dateline_and_foot(regions_of):
    regions = regions_of("002")
    assert regions[0][0] == "caption" and regions[0][1].startswith("Rusiya XİN") and regions[0][1].endswith("Reuters")
    assert regions[1] == ("dateline", "Bakı/23.11.20/Turan:")
    assert regions[2][0] == "body" and regions[2][1].startswith("On November 21, Russian Foreign")
    assert regions[-2:] == [("boilerplate", "— 0—"), ("boilerplate", "Leave a review")]


def test_002_the_caption_gives_no_mention(study, tables):
    first = study.text("002").index("Bakı/")
    assert tables.mentions[tables.mentions["article_id"] == "002"]["start"].min() > first


@pytest.mark.parametrize(
    "begins, ends, speaker",
    [
        ("“If we compare the behavior of the Russian side", "Russia's behavior can change,”", "Arastun Orujlu"),
        ("“It seems that the Armenian side, having signed", "the Daghlig Garabagh may appear,”", "Ilgar Velizade"),
    ],
)
def test_002_quotations_of_several_paragraphs_are_whole(rows_of, begins, ends, speaker):
    direct = rows_of("voices", "002", kind="direct")
    found = direct[direct["shown"].str.startswith(begins)]
    assert len(found) == 1 and "\n" in found["shown"].iloc[0]
    assert found["shown"].iloc[0].endswith(ends)
    assert found["speaker"].tolist() == [speaker] and found["resolved"].all()


def test_002_scare_quotes(study, rows_of):
    assert '"agreement"' in rows_of("voices", "002", kind="scare")["shown"].tolist()
    tokens = rows_of("tokens", "002")
    assert tokens[tokens["text"] == "NKR"]["voice"].tolist() == ["direct"]
    assert "Nagorno-Karabakh Republic" in rows_of("naming", "002")["variant"].tolist()


def test_002_other_speakers(rows_of):
    direct = rows_of("voices", "002", kind="direct")
    speaker = {row.shown[1:20]: row.speaker for row in direct.itertuples()}
    assert speaker["the implementation "].endswith("Aliyev")
    assert "Shainoglu" in speaker["Each side has decla"]
    assert speaker["It is clear that im"] in ("deputy", "Eldar Ibrahimov")


def test_002_spellings_of_the_territory(rows_of):
    variants = set(rows_of("naming", "002")["variant"])
    assert {"Garabagh", "Karabakh", "Mountainous Karabakh"} <= variants


# 003: AzerNews from Trend


def test_003_header_and_footer(regions_of):
    title = "Russia's Defense Ministry drops ball as Azerbaijan warns of its patience running thin"
    assert regions_of("003")[:5] == [
        ("dateline", "Wednesday June 29 2022"), ("title", title), ("dateline", "8 March 2022 14:27 (UTC+04:00)"), ("boilerplate", title), ("byline", "By Trend"),
    ]  # fmt: skip
    assert regions_of("003", "title") == [("title", title)]
    assert [text for _, text in regions_of("003")[-3:]] == ["Follow us on Twitter @AzerNewsAz", "Latest", "View more"]
    assert {kind for kind, _ in regions_of("003")[-3:]} == {"boilerplate"}


def test_003_scare_quotes(rows_of):
    scare = set(rows_of("voices", "003", kind="scare")["shown"])
    assert {'"election"', '"exercises"', '"peacekeeping"', '"strategists"', '"selfish"', "'lost it'"} <= scare


def test_003_direct_speech_of_the_ministry(rows_of):
    direct = rows_of("voices", "003", kind="direct")
    assert direct["shown"].str[:30].tolist() == ['"to stop the practice of refer']
    assert direct["speaker"].tolist() == ["Azerbaijani Defense Ministry"]


def test_003_word_glued_to_an_apostrophe(study, rows_of):
    place = study.text("003").index("peacekeepers'responsibility")
    found = rows_of("mentions", "003", target="peacekeepers")
    assert found[found["start"] == place]["text"].tolist() == ["peacekeepers"]


def test_003_the_ministry_is_one_mention(rows_of):
    russia = rows_of("mentions", "003", target="russia")["shown"]
    assert (russia == "Russian Defense Ministry").sum() == len(re.findall("Russian Defense Ministry", TEXTS[3]))
    assert "Russia's Defense Ministry" in russia.tolist()


def test_003_the_ceasefire_regime_is_not_loaded(study, rows_of):
    place = study.text("003").index("ceasefire regime") + len("ceasefire ")
    curated = rows_of("loaded", "003", lexicon="curated")
    assert place not in curated["start"].tolist()
    assert {"provocation", "separatist", "shameful", "cover-up"} <= set(curated["entry"])


# 004: BulgarianMilitary.com


def test_004_header_background_and_footer(regions_of):
    regions = regions_of("004")
    assert regions[0] == ("title", "US and Russia face each other on ‘the silent front’ in Nagorno-Karabakh")
    assert regions[1] == ("dateline", "PANAGYURISHTE, (BM) –")
    assert ("boilerplate", "Read more: 24/7 – All about Nagorno-Karabakh conflict") in regions
    body = [text for _, text in regions_of("004", "body")]
    assert body[0].startswith("Quite logically,") and body[-1].endswith("what their ancestors did in the past!")
    after = [(kind, text[:24]) for kind, text in regions[regions.index(("boilerplate", "Nagorno-Karabakh conflict")) :]]
    assert after == [
        ("boilerplate", "Nagorno-Karabakh conflict"[:24]), ("boilerplate", "Azerbaijan and Armenia h"), ("boilerplate", "During the armed conflic"), ("boilerplate", "In 1994, Azerbaijan, Arm"),
        ("boilerplate", "Russian Foreign Minister"), ("boilerplate", "The situation in Nagorno"), ("boilerplate", "Follow us everywhere and"), ("boilerplate", "Subscribe to Google News"),
        ("boilerplate", ">>Be a reporter: Write a"), ("boilerplate", "Editorial team"),
    ]  # fmt: skip


def test_004_holds_no_direct_speech(rows_of):
    assert rows_of("voices", "004", kind="direct").empty
    assert set(rows_of("tokens", "004")["voice"]) == {"outlet", "indirect"}


def test_004_reported_beliefs(rows_of):
    indirect = rows_of("voices", "004", kind="indirect")
    assert indirect["shown"].str.contains("Moscow will lose political and military influence").any()
    assert indirect["shown"].str.contains("the Americans will use another chance").any()


def test_004_the_adviser_counts_as_the_us(rows_of):
    us = rows_of("mentions", "004", target="us")["shown"].tolist()
    assert us.count("O’Brien") == 3 and "Trump" in us and "Pentagon" in us and "Washington" in us


def test_004_nothing_of_the_background_is_counted(study, tables):
    first = study.text("004").index("Nagorno-Karabakh conflict\n\nAzerbaijan and Armenia")
    for name in ("sentences", "tokens", "mentions", "loaded", "naming", "voices"):
        frame = getattr(tables, name)
        assert frame[frame["article_id"] == "004"]["end"].max() <= first
