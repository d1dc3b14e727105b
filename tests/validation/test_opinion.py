"""The trained second opinion on a made-up copy of BABE: that it learns from other outlets, and from no label of the one it judges."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from pressframes.errors import InputError
from pressframes.validation import babe, opinion, opinion_sentences, store, train_opinion
from pressframes.validation.scores import score
from pressframes.validation.train_tone import Target

OUTLETS = ("North", "South", "East", "Reuters")
NOUNS = "harbour bridge council school farm market river station library museum".split()
PEOPLE = "mayor clerk teacher driver farmer doctor singer baker keeper pilot".split()


def write(folder, rows):
    lines = [f"{text};x;{outlet};topic;left;{label};y;{words}\n" for text, outlet, label, words in rows]
    (folder / babe.FILE).write_text("text;news_link;outlet;topic;type;label_bias;label_opinion;biased_words\n" + "".join(lines), encoding="utf-8")
    return folder


def invented(outlets=OUTLETS, size=20):
    """Ten words in random order; every second sentence holds "zorbish" too, a word of no list, and is marked for it; some hold a curated word that nobody marked."""
    rows, rng = [], np.random.default_rng(1)
    for outlet in outlets:
        for i in range(size):
            words = list(rng.permutation(NOUNS + PEOPLE)[:10])
            words.insert(5, "zorbish" if i % 2 else "vile" if i % 8 == 0 else "new")
            rows.append((" ".join(words), outlet, "Biased" if i % 2 else "Non-biased", "['zorbish']" if i % 2 else "[]"))
    return rows


@pytest.fixture(scope="module", autouse=True)
def small():
    """Outlets of ten sentences count, and a few sentences stand for the news that words are compared with."""
    news = [Target(f"The {noun} of the {person} was new.", 0, 3, "neutral", str(i), "a") for i, (noun, person) in enumerate(zip(NOUNS, PEOPLE))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train_opinion, "LEAST_SENTENCES", 10)
        patch.setattr(train_opinion, "read_targets", lambda path: news)
        yield


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return write(tmp_path_factory.mktemp("babe"), invented())


def test_learns_a_word_from_other_outlets(copy):
    corpus, scores = opinion.judged(copy)
    assert np.array_equal(corpus.marked, [word == "zorbish" for word in corpus.words])
    assert f1_score(corpus.marked, scores.loaded) > 0.95 and f1_score(corpus.biased, scores.biased) > 0.95
    assert f1_score(corpus.marked, corpus.listed) == 0


def test_labels_of_an_outlet_do_not_reach_its_own_judgement(copy, tmp_path):
    turned = [(text, outlet, "Non-biased" if label == "Biased" else "Biased", "['bridge']") if outlet == "South" else (text, outlet, label, words) for text, outlet, label, words in invented()]
    (corpus, before), (_, after) = opinion.judged(copy), opinion.judged(write(tmp_path, turned))
    south = np.array([sentence.outlet == "South" for sentence in corpus.sentences])
    for one, other, held in ((before.words, after.words, south[corpus.of]), (before.sentences, after.sentences, south)):
        assert np.array_equal(one[held], other[held]) and not np.allclose(one[~held], other[~held])
    assert np.array_equal(before.loaded[south[corpus.of]], after.loaded[south[corpus.of]]) and np.array_equal(before.biased[south], after.biased[south])


def test_items_are_of_outlets_that_were_not_looked_at(copy):
    words, sentences = opinion.INSTRUMENT.items(copy), opinion_sentences.INSTRUMENT.items(copy)
    assert set(words["text"]) == set(sentences["text"]) == {""}
    assert sentences["n"].sum() == 60 and words["n"].sum() == 660 and set(sentences["cluster"]) == set(words["cluster"]) == set(range(60))  # without Reuters' twenty
    assert list(sentences["gold"]) == sorted(sentences["gold"])  # the order tells nothing of the set
    corpus, scores = opinion.judged(copy)
    asked = opinion.unseen(corpus)[corpus.of]
    assert score(words, metric="positive", negative="plain").f1 == pytest.approx(f1_score(corpus.marked[asked], scores.loaded[asked]))
    assert score(sentences, metric="macro").f1 == pytest.approx(f1_score(corpus.biased[:60], scores.biased[:60], average="macro"))


def test_stands_beside_the_list_as_measured_by_itself(copy):
    found = opinion.compare(copy).set_index(["unit", "system", "outlets"])
    assert len(found) == 12 and found["f1"].between(0, 1).all()
    alone = score(babe.items(copy), metric="positive", negative="plain")
    assert found.loc[("word", "curated list", "not looked at"), ["f1", "precision"]].to_list() == [alone.f1, alone.precision]
    listed = np.array(["vile" in text for text, outlet, _, _ in invented() if outlet != "Reuters"])
    biased = np.array([label == "Biased" for _, outlet, label, _ in invented() if outlet != "Reuters"])
    assert found.loc[("sentence", "curated list, own words", "not looked at"), "f1"] == pytest.approx(f1_score(biased, listed, average="macro"))


def test_copies_are_found_and_not_trained_on(tmp_path):
    text = "The old harbour was closed by the new council on a rainy day"
    texts = [text, text + " in May", "Rain fell", "Rain fell", "The council closed the harbour on a rainy day in the old town"]
    assert train_opinion.near_copies(texts).toarray().tolist() == [[0, 1, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]]
    rows = invented(OUTLETS[:3])
    corpus = train_opinion.read_corpus(write(tmp_path, [*rows, (rows[0][0], "South", "Biased", "[]")]))
    held = corpus.fold == corpus.fold[0]
    assert corpus.sentences[-1].outlet == "South" and not held[-1]
    assert corpus.training(corpus.fold[0]).tolist() == [*~held[:-1], False]


def test_outlets_with_few_sentences_are_left_out_together(tmp_path):
    rows = invented(OUTLETS[:3]) + [(f"A small {noun}", f"Tiny {i % 2}", "Biased", "[]") for i, noun in enumerate(NOUNS)]
    corpus = train_opinion.read_corpus(write(tmp_path, rows))
    assert len(set(corpus.fold)) == 4 and set(corpus.fold[60:]) == {3}


@pytest.mark.parametrize(
    "rows, told",
    [
        (invented(OUTLETS[:2]), "fewer than three outlets with 10 sentences"),
        ([row if row[1] == "North" else (row[0], row[1], "Non-biased", "[]") for row in invented(OUTLETS[:3])], "outside East and North no sentence is biased"),
    ],
)
def test_a_copy_that_cannot_be_learned_from_is_told(tmp_path, rows, told):
    with pytest.raises(InputError, match=told):
        opinion.INSTRUMENT.items(write(tmp_path, rows))


def test_the_threshold_is_the_best_of_all():
    rng = np.random.default_rng(4)
    labels, scores = rng.random(60) < 0.3, rng.normal(size=60)
    best = train_opinion.best_threshold(labels, scores)
    assert f1_score(labels, scores >= best) == max(f1_score(labels, scores >= cut) for cut in scores)


def test_what_stands_around_a_word():
    scores, of = np.array([0.0, 2.0, -1.0, 3.0, 1.0]), np.array([0, 0, 0, 2, 2])
    p = 1 / (1 + np.exp(-scores))
    summary, context = train_opinion._context(scores, of, 3)
    assert summary[0] == pytest.approx([np.log(p[1] + 0.01), np.log(p[0] + 0.01), np.log(p[:3] + 0.01).mean(), p[:3].sum(), 10 * p[:3].mean(), np.log(1 - p[:3]).sum()])
    assert summary[1] == pytest.approx([np.log(0.01), np.log(0.01), 0, 0, 0, 0])  # a sentence without words
    assert context[1] == pytest.approx([np.log(p[0] + 0.01), np.log(p[0] + p[2] + 0.05), 0, 1, 0.0, -1.0, np.log(3)])
    assert context[0] == pytest.approx([np.log(p[1] + 0.01), np.log(p[1] + p[2] + 0.05), 1 / 3, 0, -5.0, 2.0, np.log(3)])
    assert context[3, 4] == context[2, 5] == -5.0 and context[3, 5] == 1.0


def test_quotation_marks():
    inside = lambda text: "".join(char for char, quoted in zip(text, train_opinion._quoted(text)) if quoted and char not in '"“')
    assert inside('He said "no way" and left.') == "no way" and inside("He said “no way” and left.") == "no way" and inside("Nothing.") == ""


def test_one_copy_serves_all_three_instruments(tmp_path):
    assert [name for name, folder in store.folders({"babe": tmp_path, "ptc": None}).items() if folder == tmp_path] == ["babe", "opinion", "opinion_sentences"]
