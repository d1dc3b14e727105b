import pytest

from pressframes.errors import InputError
from pressframes.validation.instrument import ITEM_COLUMNS
from pressframes.validation.polnear import INSTRUMENT, read_pages, speaker_items, token_items

TEXT = "The mayor said that the bridge was safe.\n\n“It will stand for a hundred years,” she said.\nThe river rose on Monday.\n"


def mark(number, kind, *stretches):
    spans = ";".join(f"{TEXT.index(stretch)} {TEXT.index(stretch) + len(stretch)}" for stretch in stretches)
    return f"T{number}\t{kind} {spans}\t{' '.join(stretches)}\n"


ANNOTATION = (
    mark(1, "Source", "The mayor")
    + mark(2, "Content", "that the bridge", "was safe")
    + mark(3, "Attribution", "said")
    + "E1\tAttribution:T3 Content:T2 Cue:T3 Source:T1\n"
    + mark(4, "Content", "“It will stand for a hundred years,”")
    + mark(5, "Source", "she")
    + "E2\tAttribution:T3 Source:T5 Content:T4\n"
    + mark(6, "Discuss", "The river rose")
    + "#1\tAnnotatorNotes T6\tIs this one?\n"
    + mark(7, "Content", "on Monday")
    + "E3\tAttribution-no-source:T3 Content:T7\n"
)


@pytest.fixture
def copy(tmp_path):
    for folder in ("text", "attributions"):
        (tmp_path / "data" / "dev" / folder).mkdir(parents=True)
    (tmp_path / "data" / "dev" / "text" / "bridge.txt").write_bytes(TEXT.encode())
    annotations = tmp_path / "data" / "dev" / "attributions"
    (annotations / "bridge_1a.ann").write_bytes(ANNOTATION.encode())
    (annotations / "bridge_2b.ann").write_bytes(b"")
    return tmp_path


def test_pages_hold_the_first_annotators_attributions(copy):
    (page,) = read_pages(copy)
    printed = [(["".join(TEXT[a:b]) for a, b in content], [TEXT[a:b] for a, b in source]) for content, source in page.attributions]
    assert printed == [(["that the bridge", "was safe"], ["The mayor"]), (["“It will stand for a hundred years,”"], ["she"]), (["on Monday"], [])]
    assert list(read_pages(copy / "data")) == [page]


def test_tokens_by_whose_words_they_are(copy):
    items = token_items(copy)
    assert tuple(items.columns) == ITEM_COLUMNS
    assert set(items.cluster) == {0} and set(items.text) == {""}
    counts = items.set_index(["gold", "predicted"]).n.to_dict()
    assert counts == {("outlet", "outlet"): 8, ("quoted", "quoted"): 12, ("quoted", "outlet"): 2}


def test_sentences_count_by_the_half_of_their_words(copy):
    counts = token_items(copy, unit="sentence").set_index(["gold", "predicted"]).n.to_dict()
    assert counts == {("outlet", "outlet"): 1, ("quoted", "quoted"): 2}


def test_speakers_by_the_place_of_the_source(copy):
    items = speaker_items(copy)
    assert tuple(items.columns) == ITEM_COLUMNS
    assert items[["task", "gold", "predicted", "n"]].values.tolist() == [["direct", "found", "found", 1], ["indirect", "found", "found", 1]]


def test_a_source_elsewhere_is_missed_and_unheard_speech_has_no_voice(copy):
    path = copy / "data" / "dev" / "attributions" / "bridge_1a.ann"
    path.write_bytes(ANNOTATION.replace("Source:T1", "Source:T6").replace("Attribution-no-source:T3 Content:T7", "Attribution:T3 Content:T7 Source:T6").encode())
    answers = speaker_items(copy).set_index(["task", "predicted"]).n.to_dict()
    assert answers == {("direct", "found"): 1, ("indirect", "missed"): 1, ("indirect", "no voice"): 1}


@pytest.mark.parametrize(
    "spoil, message",
    [
        (lambda data: (data / "dev" / "text" / "bridge.txt").unlink(), "no PolNeAR here"),
        (lambda data: [path.unlink() for path in (data / "dev" / "attributions").iterdir()], "no annotation of it"),
        (lambda data: (data / "dev" / "text" / "bridge.txt").write_text("Short."), "line 1: the mark lies outside the article's 6 characters"),
        (lambda data: (data / "dev" / "attributions" / "bridge_1a.ann").write_text("E1\tAttribution:T3 Content:T2\n"), "line 1: refers to T2"),
    ],
)
def test_what_is_wrong_with_a_copy_is_named(copy, spoil, message):
    spoil(copy / "data")
    with pytest.raises(InputError, match=message):
        list(read_pages(copy))


def test_an_unknown_part_is_refused(copy):
    with pytest.raises(InputError, match="'final' is no part"):
        list(read_pages(copy, "final"))


def test_the_instrument_ships_no_text():
    assert not INSTRUMENT.ships and INSTRUMENT.metric == "positive" and INSTRUMENT.negative == "outlet"
