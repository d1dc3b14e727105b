from time import process_time

import pytest
from hypothesis import given, settings
from pages import any_text, overlapping, surface

from pressframes.layers.sentences import split_sentences


def cut(paragraph):
    return [paragraph[start:end] for start, end in split_sentences(paragraph, 0, len(paragraph))]


@pytest.mark.parametrize(
    "sentences",
    [
        ["One war ended.", "Another began!", "Will it last?", "Nobody knows…", "Yes."],
        ["Mr. Putin met Gen. Volkov on Nov. 9.", "They talked."],
        ["The U.S. envoy came.", "He left."],
        ["He came from the U.S.", "The envoy left."],
        ["President I. Aliyev told S. Lavrov so.", "V. Putin agreed."],
        ["“Are we ready?” he said.", "Yes."],
        ["He said: “We are ready.”", "The crowd left."],
        ["Resolutions No. 822 and No. 853 were adopted.", "Nothing followed."],
        ["It grew by 3.5 percent in 2020.", "It fell in 2021."],
        ["He wrote for News.Az and met V.Putin there.", "So be it."],
        ["(This is known.)", "That is not."],
        ["Much is missing.", "3. Strikes: in October they began.", "4. Talks: in May they ended."],
        ["It was 1.2 deg. C. above the average."],
        ["Only one sentence without a stop"],
    ],
)
def test_sentences(sentences):
    assert cut(" ".join(sentences)) == sentences


def test_glued_sentences_are_cut():
    assert cut("Peace came to the region.Nobody knew why.") == ["Peace came to the region.", "Nobody knew why."]


def test_a_clause_glued_to_a_full_stop_is_cut():
    assert cut("“It undermines security in the region.the note emphasizes.") == ["“It undermines security in the region.", "the note emphasizes."]


def test_offsets_count_from_the_beginning_of_the_text():
    text = "Title\n\n  One. Two.  "
    assert [text[a:b] for a, b in split_sentences(text, 7, len(text))] == ["One.", "Two."]


@pytest.mark.parametrize("text", ["", " ", "\n\t", "...", "\u200b", '"'])
def test_almost_nothing(text):
    assert "".join(cut(text)) == text.strip()


@given(any_text)
@settings(max_examples=150)
def test_sentences_of_any_text(text):
    layers = surface(text)
    assert overlapping(layers.sentences) == []
    blocks = iter(layers.blocks)
    block = next(blocks, None)
    inside = set()
    for start, end in layers.sentences:
        while not block[0] <= start < block[1]:
            block = next(blocks)
        assert end <= block[1]
        assert text[start:end] == text[start:end].strip() != ""
        inside.update(range(start, end))
    assert all(text[i].isspace() or i in inside for start, end in layers.blocks for i in range(start, end))


@pytest.mark.parametrize("run", ['"' * 20_000, "." * 20_000 + "x", "Mr. " * 10_000, "A." * 20_000, "The end came. " * 10_000], ids=["marks", "stops", "abbreviations", "initials", "sentences"])
def test_time_grows_with_length_alone(run):
    started = process_time()
    split_sentences(run, 0, len(run))
    assert process_time() - started < 2  # a minute where it grows with the square
