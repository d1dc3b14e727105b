"""What tests are made of: texts that nobody would print, the layers run on one of them, studies written on the spot."""

import csv
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from pressframes.layers.quotes import find_quotes
from pressframes.layers.regions import KEPT, find_regions
from pressframes.layers.sentences import split_sentences
from pressframes.layers.terms import TermLayers
from pressframes.tokens import tokenise
from pressframes.lexicon import read_lexicons
from pressframes.settings import read_settings

SEEDS = sorted((Path(__file__).parents[1] / "seeds").glob("0*.txt"))
LEXICONS = read_lexicons(read_settings(SEEDS[0].parent))
TERMS = TermLayers(LEXICONS)
TEXTS = [path.read_bytes().decode("utf-8") for path in SEEDS]

QUOTE_MARKS = ["“", "”", "„", "«", "»", "‘", "’", '"', "'"]
PIECES = [
    *QUOTE_MARKS, *QUOTE_MARKS, "\n", "\n\n", "\r\n", "\r", "\t", " ", " ", " ", ". ", ", ", ": ", "? ", "…", "–", "-", "/", "|", "(", ")", "—",
    "\x00", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\u200b", "\u200f", "\u202e", "\u2066", "\ufeff", "\u0301", "\xa0", "👍🏽", "👩‍👩‍👧", "🇺🇸", "مرحبا", "北京", "İ", "ß", "ﬁ", "Ⅻ", "²",
    "Russia", "Russia’s", "Russian", "Russian Defense Ministry", "Vladimir Putin", "V.Putin", "U.S.", "US", "USAin", "the United States", "Latin America", "O'Brien",
    "US President O’Brien", "peacekeepers", "peacekeeping mission", "NATO", "Karabakh", "Nagorno-Karabakh Republic",
    "the regime ", "ceasefire regime ", "puppet regime ", "provocations ", "so-called ", "turn a blind eye ", "great ", "the ", "and ", "of ", "in ", "he ", "that ", "is ", "not ",
    "he said", " said that ", "according to ", " told Turan", "The minister said: ", "It is believed that ", "called on them to ", "Read more", "By Trend", "27 July 2023", "Follow us on Twitter",
    "BAKU, (APA) – ", "Background", "---", "Leave a review", "Putin said the war was over. ",
]  # fmt: skip


@st.composite
def pages(draw):
    """Any text: words, quote marks, line ends, control and direction marks, emoji, whatever Unicode holds."""
    return "".join(draw(st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(PIECES), st.text(max_size=12)), max_size=60)))


@st.composite
def damaged_seeds(draw, longest=2500):
    """A stretch of a seed article with pieces put in and taken out at random."""
    text = draw(st.sampled_from(TEXTS))
    first = draw(st.integers(0, max(0, len(text) - longest)))
    text = text[first : first + longest]
    for _ in range(draw(st.integers(1, 12))):
        place = draw(st.integers(0, len(text)))
        taken = draw(st.sampled_from([0, 0, 1, 1, 2, 40]))
        text = text[:place] + draw(st.one_of(st.just(""), st.sampled_from(QUOTE_MARKS), st.sampled_from(PIECES), st.characters(codec="utf-8"))) + text[place + taken :]
    return text


any_text = st.one_of(pages(), damaged_seeds())


@dataclass
class Surface:
    """The layers of one text that need no parser."""

    text: str
    regions: list
    blocks: list
    sentences: list
    tokens: list
    quotes: list
    mentions: list
    loaded: list
    naming: list


def surface(text: str, **named) -> Surface:
    regions = find_regions(text, LEXICONS.furniture, **named)
    blocks = [(region.start, region.end) for region in regions if region.kind in KEPT]
    sentences = [span for block in blocks for span in split_sentences(text, *block)]
    tokens = [tokenise(text, *span) for span in sentences]
    quotes = find_quotes(text, blocks, LEXICONS.reporting)
    return Surface(text, regions, blocks, sentences, tokens, quotes, TERMS.mentions(text, tokens), TERMS.loaded(text, tokens), TERMS.naming(text, tokens))


def overlapping(spans) -> list:
    """Return the pairs of neighbouring spans that overlap; each span begins with its start and end."""
    ordered = sorted((span[0], span[1]) for span in spans)
    return [(left, right) for left, right in zip(ordered, ordered[1:]) if left[1] > right[0]]


def write_study(folder: Path, texts: dict) -> Path:
    """Write a study of `{(article_id, group): text}` and return its folder."""
    folder.mkdir()
    groups = ", ".join(f'"{group}"' for group in dict.fromkeys(group for _, group in texts))
    (folder / "study.toml").write_text(f'title = "A small study"\ngroups = [{groups}]\ntargets = ["russia", "us", "peacekeepers"]\n', encoding="utf-8")
    with (folder / "articles.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["article_id", "path", "group", "outlet"])
        for (article_id, group), text in texts.items():
            (folder / f"{article_id}.txt").write_bytes(text.encode("utf-8"))
            writer.writerow([article_id, f"{article_id}.txt", group, f"The {group} Paper"])
    return folder


def write_hostile_study(folder: Path) -> Path:
    """Write a study in which names, texts and metadata try to be markup, links, formulas and reversed text, with a target of its own; return its folder."""
    folder.mkdir()
    (folder / "study.toml").write_text(
        'title = "Harbour <script>alert(1)</script>"\nquestion = "Who <b>speaks</b> of the \u202eharbour?"\ngroups = ["North & South", "<b>East</b>"]\ntargets = ["harbour"]\n[lexicons]\ntargets = "my.toml"\n', encoding="utf-8"
    )
    (folder / "my.toml").write_text('[harbour]\nlabel = "the <i>harbour</i>"\nname = ["Harbour Board", "harbour"]\n', encoding="utf-8")
    files = {
        "n1 <script>alert(3)<\\script>.txt": "Board shuts the harbour again\n\nThe harbour is closed, said the mayor. “It is an outrage <script>alert(2)</script> and a shameful farce of the harbour,” he said.\n",
        '=HYPERLINK("x") \u202etxt.txt': '\u202eTitle <b>reversed\nThe Harbour Board told reporters that ships may return on Monday to a shameful harbour.\nNobody was surprised by [link](javascript:alert(5)) '
        'and <a href="javascript:alert(6)">it</a>.\n=HYPERLINK("http://x";"the harbour") was told.\n\u2067The \u202eharbour is shameful \u2066in reverse.\n',
    }  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    with (folder / "articles.csv").open("w", encoding="utf-8", newline="") as table:
        north, east = files
        csv.writer(table).writerows([
            "article_id path group outlet title byline syndicated_from".split(),
            ["n1", north, "North & South", 'Gazette"><img src=x>', "", '=HYPERLINK("javascript:alert(1)")', '<a href="javascript:alert(4)">agency</a>'],
            ["e1", east, "<b>East</b>", '=HYPERLINK("x")', "\u202eTitle <b>reversed", "", ""],
        ])  # fmt: skip
    return folder
