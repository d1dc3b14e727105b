import pytest
from pandas.testing import assert_frame_equal

from pressframes.explore import ADDED, View, look, with_list
from pressframes.layers.terms import TermLayers
from pressframes.tokens import tokenise


@pytest.mark.parametrize("added, struck", [(("incident",), ()), ((), ("regime",)), (("armed*", "side", "ceasefire"), ("provocation", "occupation", "so called")), (("Minsk Group", "the"), ())])
def test_a_changed_list_finds_what_annotating_with_it_finds(study, tables, added, struck):
    changed = with_list(study, added=added, struck=struck)
    layers, wanted = TermLayers(changed.lexicons), []
    for article_id, sentences in tables.sentences.groupby("article_id", sort=False):
        text = study.text(article_id)
        found = layers.loaded(text, [tokenise(text, row.start, row.end) for row in sentences.itertuples()])
        wanted += sorted((article_id, term.start, term.end, term.entry.entry, term.negated) for term in found if term.lexicon == "curated")
    loaded = changed.annotations().loaded
    curated = loaded[loaded["lexicon"] == "curated"]
    assert sorted(curated[["article_id", "start", "end", "entry", "negated"]].itertuples(index=False, name=None)) == sorted(wanted)
    assert loaded.dtypes.equals(tables.loaded.dtypes)
    starts = tables.tokens.set_index(["article_id", "start"])[["sentence_id", "voice"]]
    assert (starts.loc[list(zip(curated["article_id"], curated["start"]))].to_numpy() == curated[["sentence_id", "voice"]].to_numpy()).all()
    kept = curated.merge(tables.loaded[tables.loaded["lexicon"] == "curated"], on=["article_id", "start", "end", "entry"])
    assert (kept["toward_x"] == kept["toward_y"]).all()
    assert_frame_equal(loaded[loaded["lexicon"] == "opinion"].reset_index(drop=True), tables.loaded[tables.loaded["lexicon"] == "opinion"].reset_index(drop=True))


def test_tells_what_a_changed_list_moves(study):
    moved = look(study, View(added=("incident",), struck=("provocation",))).moved
    before, after = look(study, View()).rates.frame, look(with_list(study, added=("incident",), struck=("provocation",)), View()).rates.frame
    assert moved.frame["before"].tolist() == before["count"].tolist() and moved.frame["after"].tolist() == after["count"].tolist()
    assert moved.frame["rate_after"].tolist() == after["rate"].tolist() and moved.frame["change"].tolist() == (after["rate"] - before["rate"]).tolist()
    assert moved.notes[0].startswith("Added: incident. Struck: provocation.") and (moved.frame["change"] != 0).any()


def test_terms_added_count_whatever_the_categories(study):
    alone = look(study, View(term="Minsk Group")).lines.total
    category = look(study, View(categories=("glorification",))).lines.total
    assert look(study, View(added=("Minsk Group",), categories=("glorification",))).lines.total == alone + category > category > 0
    assert set(with_list(study, added=("Minsk Group",)).annotations().loaded["category"]) >= {ADDED}
