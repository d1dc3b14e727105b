"""What an outlet prints again and again: lines and sentences that stand word for word in several of its articles."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import takewhile

FEWEST = 3
"""Articles of one outlet in which a sentence stands; a copy of another article does not count."""
FEWEST_FRAGMENT, SHARE = 4, 0.1
"""A line that is no sentence stands in so many articles, and in this share of the outlet's."""
LONGEST_FRAGMENT = 12
"""Words; a longer one is told at the foot of an article alone, where furniture runs on."""
_FOOT, _FOOT_OF_SENTENCE = 8, 5
"""Words that the last lines of FEWEST articles have in common, at least; of lines that end as sentences, which are left out only where they address the reader, fewer."""
_COPIED = 0.8
"""An article with more of its words in repeated sentences than this is a copy or a later edition of another one."""
_ENDED = re.compile(r"[.!?…:;,][\"'”’»)\]]*$|[\"”»]$")
_PIECE = re.compile(r"\S.*?(?:[.!?…]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[©]*[^\W_a-zà-ÿ])|$)", re.MULTILINE)


def is_sentence(text: str) -> bool:
    """Whether a piece ends as sentences, or lines that lead on to others, end.

    >>> is_sentence("Five were hurt."), is_sentence("Q:"), is_sentence("Read also")
    (True, True, False)
    """
    return bool(_ENDED.search(text))


def find_repeated(articles: Iterable[tuple[str, str]]) -> list[tuple[tuple[int, int], ...]]:
    """Find what stands word for word in several articles of one outlet.

    Two kinds are told: sentences and lines that end as one, in FEWEST articles or more; and fragments (buttons, codes, menus) that stand alone on a line or end the article, in FEWEST_FRAGMENT articles
    and a share of SHARE or more, or, where the last lines of FEWEST articles have their last words in common, these words (of a sentence as well). Nothing is said of what they are: `layers.regions` leaves out
    a fragment, and a sentence only where the furniture lexicon sees the reader addressed in it.

    Args:
        articles: outlet and text of each.

    Returns:
        For each article `[start, end)` in code points of its text, in order, none overlapping.
    """
    articles = list(articles)
    found = [()] * len(articles)
    outlets = defaultdict(list)
    for at, (outlet, _) in enumerate(articles):
        outlets[outlet].append(at)
    for members in outlets.values():
        if len(members) >= FEWEST:
            for at, spans in zip(members, _of_outlet([articles[at][1] for at in members])):
                found[at] = spans
    return found


def _of_outlet(texts: list[str]) -> list[tuple[tuple[int, int], ...]]:
    pieces = [[(match.start(), match.start() + len(match[0].rstrip()), _key(match[0])) for match in _PIECE.finditer(text)] for text in texts]
    printed = Counter(key for part in pieces for key in {key for _, _, key in part})
    own = [part for part in pieces if sum(end - start for start, end, key in part if printed[key] > 1) <= _COPIED * sum(end - start for start, end, _ in part)]
    counted = Counter(key for part in own for key in {key for _, _, key in part})
    fewest = max(FEWEST_FRAGMENT, SHARE * len(texts))
    feet = _common_feet(texts, pieces)
    return [tuple(_told(text, part, foot, counted, fewest)) for text, part, foot in zip(texts, pieces, feet)]


def _key(piece: str) -> str:
    return " ".join(piece.split()).casefold()


def _told(text: str, pieces: list[tuple[int, int, str]], foot: int, counted: Counter, fewest: float):
    last = len(pieces)
    while last and counted[pieces[last - 1][2]] >= (FEWEST if is_sentence(pieces[last - 1][2]) else fewest):
        last -= 1  # from here on all is repeated
    for at, (start, end, key) in enumerate(pieces):
        alone = (not start or text[start - 1] == "\n") and text[end : end + 1] in ("", "\n", "\r")
        if is_sentence(key):
            told = counted[key] >= FEWEST
        else:
            told = counted[key] >= fewest and (at >= last or alone) and len(key.split()) <= LONGEST_FRAGMENT
        if told:
            yield start, end
        elif at == len(pieces) - 1 and foot:
            yield max(start, foot), end


def _common_feet(texts: list[str], pieces: list[list[tuple[int, int, str]]]) -> list[int]:
    """Where the words begin that the last line of each article has in common with those of FEWEST - 1 others; 0 where there are none."""
    words = [[(match[0].casefold(), part[-1][0] + match.start()) for match in re.finditer(r"\S+", text[part[-1][0] : part[-1][1]])][::-1] if part else [] for text, part in zip(texts, pieces)]
    least = [_FOOT_OF_SENTENCE if part and is_sentence(part[-1][2]) else _FOOT for part in pieces]
    order = sorted((at for at, line in enumerate(words) if len(line) >= least[at]), key=lambda at: [word for word, _ in words[at]])
    feet = [0] * len(texts)
    for window in zip(*(order[shift:] for shift in range(FEWEST))):
        common = sum(1 for _ in takewhile(lambda pair: pair[0][0] == pair[1][0], zip(words[window[0]], words[window[-1]])))
        for at in [at for at in window if common >= least[at]]:
            begins = words[at][common - 1][1]
            feet[at] = min(feet[at] or begins, begins)
    return feet
