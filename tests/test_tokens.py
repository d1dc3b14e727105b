import pytest
from hypothesis import given, settings
from pages import any_text, overlapping, surface

from pressframes.tokens import is_possessive, normalise, stem_text, tokenise


@pytest.mark.parametrize(
    "text, words",
    [
        ("The U.S. and Russia", ["The", "U.S.", "and", "Russia"]),
        ("the U.S.A. and the U.S", ["the", "U.S.A.", "and", "the", "U.S"]),
        ("at 5 p.m. sharp", ["at", "5", "p.m.", "sharp"]),
        ("Russia's army, Russia’s fleet", ["Russia's", "army", "Russia’s", "fleet"]),
        ("it isn’t, they don't, we'll", ["it", "isn’t", "they", "don't", "we'll"]),
        ("a Russian-led force", ["a", "Russian", "led", "force"]),
        ("the 44-day war", ["the", "44", "day", "war"]),
        ("USAin and USAwas and NATOand", ["USA", "in", "and", "USA", "was", "and", "NATO", "and"]),
        ("Mr O'Brien and O’Brien", ["Mr", "O'Brien", "and", "O’Brien"]),
        ("peacekeepers'responsibility", ["peacekeepers", "responsibility"]),
        ("V.Putin and V. Putin", ["V", "Putin", "and", "V", "Putin"]),
        ("1,000 men in 10th place, 3.5 %", ["1,000", "men", "in", "10th", "place", "3.5"]),
        ("Müdafiə nazirliyinin Şoyqu", ["Müdafiə", "nazirliyinin", "Şoyqu"]),
        ("snake_case and a👍b", ["snake", "case", "and", "a", "b"]),
        ("— … “” 👍", []),
        ("", []),
    ],
)
def test_words(text, words):
    assert [token.text for token in tokenise(text)] == words


def test_a_decomposed_letter_stays_in_its_word():
    assert [token.text for token in tokenise("cafe\u0301 au lait")] == ["cafe\u0301", "au", "lait"]


@pytest.mark.parametrize(
    "word, norm",
    [("Russia’s", "russia"), ("RUSSIA'S", "russia"), ("isn’t", "isn't"), ("It's", "it's"), ("that’s", "that's"), ("US", "US"), ("us", "us"), ("O’Brien", "o'brien"), ("peacekeepers", "peacekeepers")],
)
def test_normal_form(word, norm):
    assert normalise(word) == norm


def test_possessive_and_stem():
    assert is_possessive("Russia's") and is_possessive("Russia’s") and not is_possessive("Russians") and not is_possessive("isn't")
    assert stem_text("Russia’s") == "Russia" and stem_text("Russians") == "Russians"


def test_offsets_count_from_the_beginning_of_the_text():
    text = "No. Russia said no."
    assert [(token.text, token.start, token.end) for token in tokenise(text, 4, 15)] == [("Russia", 4, 10), ("said", 11, 15)]


@given(any_text)
@settings(max_examples=150)
def test_tokens_of_any_text(text):
    layers = surface(text)
    for (start, end), tokens in zip(layers.sentences, layers.tokens):
        assert overlapping(tokens) == []
        assert [token.start for token in tokens] == sorted(token.start for token in tokens)
        for token in tokens:
            assert start <= token.start < token.end <= end
            assert text[token.start : token.end] == token.text
            assert token.norm == normalise(token.text) != ""


@given(any_text)
@settings(max_examples=100)
def test_every_letter_and_digit_is_in_a_word(text):
    layers = surface(text)
    inside = {i for tokens in layers.tokens for token in tokens for i in range(token.start, token.end)}
    for start, end in layers.sentences:
        assert [text[i] for i in range(start, end) if text[i].isalpha() and i not in inside] == []
