"""Targets of a new study: those of the suite that its articles mention, a file of the user's, or names that the articles print often."""

import re
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.intake.mapping import Entry
from pressframes.lexicon import read_targets
from pressframes.results import slug

_SAMPLE = 2000
"""Articles looked at to choose targets, evenly over the corpus."""
MOST = 5
"""Targets that are chosen without being named; more make charts that cannot be read."""
_SUITE = ("russia", "us", "peacekeepers")
_NAME = re.compile(r"(?<![\w’'])[^\W\d_a-zà-ÿа-я][\w’'-]*(?:(?: (?:of|of the|for|al|bin|de|van|von))? [^\W\d_a-zà-ÿа-я][\w’'-]*){0,5}")
_SMALL = re.compile(r"(?<![\w’'-])[^\W\d_A-ZÀ-ÞА-Я][^\W\d_]+(?![\w-])")
_COMPOUND = re.compile(r"-(?:based|led|backed|held|controlled|populated|occupied|run|affiliated|linked|born|style)$")
_OPENING = re.compile(r"(?:^|[\n.!?:…;•“\"‘(\[–—-])[\s“\"‘«(\[]*$")
_PLAIN = frozenset(
    "the a an this that these those he she it they we i you his her its their our my and but or if in on at by for from of to with as after before while when where who what why how there here then now no not yes all some many most "
    "mr mrs ms dr sir president prime minister foreign defense defence general secretary monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december "
    "photo image read more share also however according north south east west".split()
)


def choose(entries: tuple[Entry, ...], file: Path | None = None) -> tuple[tuple[str, ...], str]:
    """Return the targets of a study and how they were chosen: all of `file`, or those of the suite that most articles mention, five at most.

    Raises:
        InputError: if the file is no targets lexicon.
    """
    if file is not None:
        keys = _keys(file)
        read_targets(file, keys)
        return keys, f"targets of {file.name}: {', '.join(keys)}"
    lexicon = shelf.folder("lexicons") / "targets.toml"
    counts, sample = Counter(), entries[:: max(1, len(entries) // _SAMPLE)]
    for target in read_targets(lexicon, _keys(lexicon)).targets:
        names = [*target.of_kind("name"), *target.of_kind("adjective")]
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w)")
        counts[target.key] = sum(bool(pattern.search(entry.text)) for entry in sample)
    least = max(1, len(sample) // 20)
    chosen = tuple(key for key, count in counts.most_common(MOST) if count >= least)
    if not chosen:
        return _SUITE, f"none of the suite's targets is mentioned in at least {least} of {len(sample):,} articles: {', '.join(_SUITE)} stand in; name your own (--suggest-targets lists the names that the articles print)"
    return chosen, f"the suite's targets that most articles mention: {', '.join(f'{key} ({counts[key]})' for key in chosen)} of {len(sample):,}"


def _keys(file: Path) -> tuple[str, ...]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); correct --targets") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{file}: cannot be read as TOML ({error}); correct it") from None
    keys = tuple(key for key in tables if key != "shared")
    if not keys:
        raise InputError(f"{file}: no target; add a table such as [union] with name = [\"Dockers' Union\"]")
    return keys


def suggest(entries: tuple[Entry, ...], *, top: int = 40) -> str:
    """Return the commonest capitalised names as a targets file to be edited: each a table, with how often and in how many articles it stands inside a sentence.

    What opens a sentence counts only if it also stands elsewhere; a word that is printed more often with a small letter is no name.
    """
    inside, opening, small, spread = Counter(), Counter(), Counter(), defaultdict(set)
    for entry in entries:
        small.update(_SMALL.findall(entry.text))
        for match in _NAME.finditer(entry.text):
            words = re.sub(r"[’']s?$", "", match[0]).split(" ")
            starts = bool(_OPENING.search(entry.text, max(0, match.start() - 4), match.start()))
            while words and words[0].casefold() in _PLAIN:
                words, starts = words[1:], False
            while words and words[-1].casefold() in (*_PLAIN, "al", "bin", "de", "van", "von"):
                words = words[:-1]
            name = " ".join(words)
            if len(name) < 2 or "\n" in name or _COMPOUND.search(name):
                continue
            (opening if starts else inside)[name] += 1
            spread[name].add(entry.article_id)
    counts = {name: count + opening[name] for name, count in inside.items()}
    ranked = sorted((name for name in counts if (len(spread[name]) > 1 or len(entries) == 1) and small[name.lower()] < counts[name]), key=lambda name: (-len(spread[name]), -counts[name], name))
    lines = ["# Names that the articles print most, to be edited: delete what is no target, join names of one actor in one table,", "# sort them into name, adjective, metonym, person (the suite's lexicons/targets.toml tells the kinds).", "# Then write in study.toml:  targets = [\"...\"]  and under [lexicons]  targets = \"suggested-targets.toml\"", ""]
    keys = set()
    for name in ranked[:top]:
        key = slug(name) or f"name_{len(keys) + 1}"
        if key in keys or key == "shared":
            continue
        keys.add(key)
        quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        lines += [f"[{key}]  # {counts[name]} times in {len(spread[name])} articles", f"label = {quoted}", f"name = [{quoted}]", ""]
    return "\n".join(lines)
