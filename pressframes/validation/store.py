"""The measured accuracy of the instruments: made by one command, stored item by item, read by the notebook and the charts."""

import hashlib
from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from itertools import combinations
from pathlib import Path

import pandas as pd

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.layers.parse import parser_version
from pressframes.results import Note, Notes, Table
from pressframes.placing import drafting_in
from pressframes.validation.instrument import ITEM_COLUMNS, Instrument
from pressframes.validation.scores import Score, score

NAMES = ("regions", "mentions", "quotes", "basil", "polnear", "speakers", "babe", "opinion", "opinion_sentences", "ptc", "newssd", "tone", "frames", "roles")
"""The instruments in the order of the layers; each is the module of its name."""
LABELS = {
    "regions": "article's text", "quotes": "scare quotes and titles", "basil": "quoted words", "polnear": "voices", "babe": "loaded words",
    "opinion": "second opinion on words", "opinion_sentences": "second opinion on sentences", "ptc": "loaded language", "newssd": "opinion sentences",
}  # fmt: skip
"""What a reader calls an instrument, where that is not its name."""
SHIPPED = {"regions": "regions", "mentions": "mentions", "quotes": "quotes", "newssd": "newssd-eng", "tone": "newsmtsc", "frames": "narrative-frames", "roles": "roles"}
"""Where in `gold/` each set lies that travels with the project; the others are read from a copy of the user's own."""
COPIES = {"basil": ("basil",), "polnear": ("polnear", "speakers"), "babe": ("babe", "opinion", "opinion_sentences"), "ptc": ("ptc",)}
"""Which instruments are measured on a set that does not travel."""
WORST = 10
PLURALS = {"hero": "heroes", "villain": "villains", "victim": "victims"}
_FIGURES = "figures.csv"


@cache
def instrument(name: str) -> Instrument:
    """Return an instrument by name.

    Raises:
        InputError: if there is no such instrument.
    """
    if name not in NAMES:
        raise InputError(f"unknown instrument '{name}'; use {', '.join(NAMES)}")
    return import_module(f"pressframes.validation.{name}").INSTRUMENT


def folders(copies: dict[str, Path | None], *, only: tuple[str, ...] = (), gold: Path | None = None) -> dict[str, Path]:
    """Return where the gold set of each instrument to be measured lies, in the order of the layers.

    Args:
        copies: of sets that do not travel: set (`COPIES`) -> the user's folder, None where there is none.
        only: these instruments; all that have a set where empty.
        gold: the folder of the shipped sets; the suite's own where not given.

    Raises:
        InputError: if an instrument is unknown, or its set is nowhere.
    """
    home = gold or shelf.folder("gold")
    found = {name: home / place for name, place in SHIPPED.items()} | {name: folder for copy, folder in copies.items() if folder for name in COPIES[copy]}
    for name in only:
        if instrument(name).name not in found:
            copy = next(copy for copy, names in COPIES.items() if name in names)
            raise InputError(f"--only {name}: its gold set cannot travel with the suite; give the folder of a copy: --{copy} FOLDER")
    wanted = {name: found[name] for name in NAMES if name in found and name in (only or found)}
    for name, folder in wanted.items():
        if not folder.is_dir():
            raise InputError(f"{folder}: no such folder; " + ("the open gold sets lie in the repository's gold/: give it with --gold" if name in SHIPPED else f"give the one that holds the gold set of '{name}'"))
    return wanted


@cache
def made_of() -> str:
    """A short hash of what the figures are made of: the layers with their lists and models, the parser, the protocols."""
    protocols = [file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py")) if file.name != Path(__file__).name]
    return hashlib.sha256(b"".join([shelf.hash_of_rules().encode(), parser_version().encode(), *protocols])).hexdigest()[:12]


def measure(name: str, folder: Path) -> pd.DataFrame:
    """Let an instrument judge the gold set in a folder.

    Returns:
        The items, with at least `ITEM_COLUMNS`.

    Raises:
        InputError: if the folder does not hold the set.
    """
    items = instrument(name).items(folder)
    missing = set(ITEM_COLUMNS) - set(items.columns)
    if missing:
        raise ValueError(f"{name}: items without {', '.join(sorted(missing))}")
    return items[list(ITEM_COLUMNS) + [column for column in items.columns if column not in ITEM_COLUMNS]].reset_index(drop=True)


def figure(name: str, items: pd.DataFrame) -> Score:
    """Return the figure of an instrument's items."""
    known = instrument(name)
    return score(items, metric=known.metric, negative=known.negative)


def beside(name: str, folder: Path) -> dict[str, pd.DataFrame]:
    """Return what else is measured on an instrument's set, by file name: how loaded words order outlets and how right each entry is; what the trained opinion and the list of PTC stand beside; how roles and tone read the heroes, villains and victims of the frames' set."""
    if name == "babe":
        from pressframes.validation import babe

        order = babe.outlet_order(folder)
        return {"outlet_order": order.to_frame().assign(spearman=order.spearman, low=order.low, high=order.high), "loaded_precision": babe.entry_precision(folder)}
    if name == "frames":
        from pressframes.validation import characters

        return {"characters": characters.compare(folder)}
    if name in ("opinion", "ptc"):
        return {f"{name}_beside": import_module(f"pressframes.validation.{name}").compare(folder)}
    return {}


def store(measured: dict[str, pd.DataFrame], out: Path, *, more: dict[str, pd.DataFrame] | None = None) -> None:
    """Write items and figures, and what else was measured; the files of instruments that were not measured now stay as they are. All or nothing."""
    rows = {row["name"]: row for row in _read_figures(out).to_dict("records")} if (out / _FIGURES).exists() else {}
    with drafting_in(out) as draft:
        for name, items in measured.items():
            items.to_csv(draft / f"{name}.csv", index=False, lineterminator="\n")
            rows[name] = {"name": name, **asdict(figure(name, items)), "made_of": made_of()}
        frame = pd.DataFrame([rows[name] for name in NAMES if name in rows])
        frame.to_csv(draft / _FIGURES, index=False, lineterminator="\n", float_format="%.6f")
        for name, frame in (more or {}).items():
            frame.to_csv(draft / f"{name}.csv", index=False, lineterminator="\n", float_format="%.6g")
    figures.cache_clear()


def _read_figures(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / _FIGURES, dtype={"name": str, "made_of": str})


@cache
def figures(folder: Path | None = None) -> pd.DataFrame:
    """Return the stored figures: name, f1, low, high, precision, recall, accuracy, units, clusters, made_of; one row an instrument.

    Raises:
        InputError: if nothing was stored.
    """
    folder = folder or shelf.folder("validation")
    if not (folder / _FIGURES).is_file():
        raise InputError(f"{folder / _FIGURES}: missing; make it with pressframes validate --out {folder.name}")
    return _read_figures(folder)


def cite(*names: str) -> str:
    """Say how accurate the instruments behind a chart are, in a line for its foot; empty where nothing was measured."""
    known = figures().set_index("name") if (shelf.folder("validation") / _FIGURES).is_file() else pd.DataFrame()
    told = [f"{LABELS.get(name, name)} F1 {known.at[name, 'f1']:.2f}" for name in names if name in known.index]
    return f"Measured accuracy (see “How right are the instruments?”): {'; '.join(told)}." if told else ""


@dataclass(frozen=True)
class Card:
    """An instrument's measured accuracy in full: question, protocol, figures beside others', confusion, errors, meaning."""

    about: Notes
    figures: Table
    confusion: Table
    errors: Table

    def parts(self) -> tuple:
        """Return the parts in reading order."""
        return (self.about, self.figures, self.confusion, *([self.errors] if len(self.errors.frame) else []))

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self.parts()))

    def _repr_html_(self) -> str:
        return "\n".join(part._repr_html_() for part in self.parts())


@dataclass(frozen=True)
class Validation:
    """The stored figures of all instruments and the items that they rest on.

    >>> validation = Validation.load()
    >>> "tone" in validation.names
    True
    """

    folder: Path

    @classmethod
    def load(cls, folder: str | Path | None = None) -> "Validation":
        """Read what `pressframes validate --out` stored; the suite's own where no folder is given.

        Raises:
            InputError: if nothing is stored there.
        """
        found = cls(Path(folder) if folder else shelf.folder("validation"))
        figures(found.folder)
        return found

    @property
    def names(self) -> tuple[str, ...]:
        """The instruments that were measured, in the order of the layers."""
        return tuple(figures(self.folder)["name"])

    def figures(self) -> Table:
        """Every instrument's figure with its interval, its goal and the gold set it was measured on."""
        frame = figures(self.folder).copy()
        known = [instrument(name) for name in frame["name"]]
        frame["instrument"] = [LABELS.get(name, name) for name in frame["name"]]
        frame["question"], frame["gold"], frame["goal"] = [one.question for one in known], [one.gold for one in known], [one.goal for one in known]
        frame["reached"] = ["yes" if row.f1 >= row.goal else f"no, {_distance(row.goal - row.f1)} short" for row in frame.itertuples()]
        frame["as it stands"] = ["yes" if made == made_of() else "an earlier state" for made in frame["made_of"]]
        notes = ("Interval: 95 %, articles (or sentences) of the gold set drawn anew. Precision and recall of the labels that mean something.",)
        heads = {"instrument": "instrument", "f1": "F1", "low": "95 % from", "high": "to", "precision": "precision", "recall": "recall", "goal": "goal", "reached": "reached", "gold": "measured on", "as it stands": "today's rules"}
        return Table(frame, "accuracy", "How accurate is each instrument?", notes, heads, {**dict.fromkeys(("f1", "low", "high", "precision", "recall"), ".2f"), "goal": "g"})

    def outlet_order(self) -> Table:
        """Whether outlets are ordered by loaded terms as experts order them: the check of the chart, not of the word."""
        frame = pd.read_csv(self.folder / "outlet_order.csv")
        first = frame.iloc[0]
        notes = (f"Spearman {first.spearman:.2f} ({first.low:.2f} to {first.high:.2f}; sentences drawn anew within outlets) over {len(frame)} outlets of BABE with 100 sentences or more, those that the list was grown on among them.",)
        heads = {"outlet": "outlet", "sentences": "sentences", "rate": "loaded terms per 1,000 words", "share": "share that experts call biased"}
        return Table(frame, "outlet_order", "Do loaded terms order outlets as experts do?", notes, heads, {"rate": ".1f", "share": ".2f"})

    def second_opinion(self) -> Table:
        """The trained second opinion beside the curated list and a model of shipped gold alone, on the words and sentences of BABE.

        Raises:
            InputError: if it was not measured.
        """
        notes = ("F1 of marked words; macro-F1, precision and recall over both labels of sentences. The outlets not looked at are those that neither list nor features were made on.",)
        return self._compared("opinion_beside", "second_opinion", "What does training on experts' marks add?", notes, {"unit": "judged", "system": "system", "outlets": "outlets", "f1": "F1", "low": "95 % from", "high": "to"})

    def loaded_language(self) -> Table:
        """The curated list beside Hu and Liu's on the Propaganda Techniques Corpus: words, and marked stretches with a term in them.

        Raises:
            InputError: if it was not measured.
        """
        notes = ("Interval: of the share of stretches hit, articles drawn anew.",)
        return self._compared("ptc_beside", "loaded_language", "How much propaganda wording do the lists find?", notes, {"list": "list", "technique": "technique", "f1": "F1", "stretches": "stretches", "hit": "hit", "low": "95 % from", "high": "to"})

    def characters(self) -> Table:
        """How the suite's roles and tone read the entities that coders of Narrative Frames called hero, villain or victim.

        Raises:
            InputError: if it was not measured.
        """
        frame = self._stored("characters")
        rows = list(frame.itertuples())
        told, toned = (", ".join(f"{PLURALS[row.character]} {value(row)}" for row in rows) for value in (lambda row: f"{100 * row.acting:.0f} %", lambda row: f"{row.tone:+.2f}"))
        alike = [f"{PLURALS[one.character]} from {PLURALS[other.character]}" for one, other in combinations(rows, 2) if one.tone_low <= other.tone_high and other.tone_low <= one.tone_high]
        apart = f" It does not tell {', '.join(alike)}: their intervals overlap." if alike else ""
        notes = (
            f"Of the mentions with a role these act: {told}. Coders read the whole article, the instruments one sentence: a villain may be named where he does nothing, so this tells whether the order is right, not how often a role is.",
            f"Mean tone towards them: {toned}.{apart}",
            "Tone: P(positive) - P(negative), mean of the mentions. Intervals: 95 %, articles drawn anew. Entities as printed, pronouns and those with two characters in an article left out (Frermann et al. 2023).",
        )
        heads = {"character": "coders call it", "mentions": "mentions", "articles": "articles", "agents": "agent", "patients": "patient", "acting": "share acting", "acting_low": "from", "acting_high": "to", "tone": "tone", "tone_low": "tone from", "tone_high": "tone to"}
        return Table(frame, "characters", "Do heroes and villains act, do victims suffer?", notes, heads, {"mentions": ",d", **dict.fromkeys(("acting", "acting_low", "acting_high"), ".2f"), **dict.fromkeys(("tone", "tone_low", "tone_high"), "+.2f")})

    def _stored(self, name: str) -> pd.DataFrame:
        path = self.folder / f"{name}.csv"
        if not path.is_file():
            raise InputError(f"{path}: missing; this was not measured, see pressframes validate --help")
        return pd.read_csv(path)

    def _compared(self, stored: str, name: str, title: str, notes: tuple[str, ...], heads: dict[str, str]) -> Table:
        frame = self._stored(stored)
        return Table(frame, name, title, notes, {**heads, "precision": "precision", "recall": "recall"}, dict.fromkeys(("f1", "low", "high", "precision", "recall", "hit"), ".2f"))

    def items(self, name: str) -> pd.DataFrame:
        """Return an instrument's judged items.

        Raises:
            InputError: if it was not measured.
        """
        if name not in self.names:
            raise InputError(f"'{name}' was not measured; use {', '.join(self.names)}")
        return pd.read_csv(self.folder / f"{name}.csv", keep_default_na=False, dtype={"n": int, "task": str, "cluster": str, "item": str})

    def card(self, name: str) -> Card:
        """Return everything about one instrument.

        Raises:
            InputError: if it was not measured.
        """
        known, items = instrument(name), self.items(name)
        row = figures(self.folder).set_index("name").loc[name]
        return Card(_about(known, row), _beside(known, row), _confusion(known, items), _worst(known, items))


def _distance(short: float) -> str:
    return f"{short:.2f}" if short >= 0.005 else "just"


def _about(known: Instrument, row) -> Notes:
    travels = "travels with the suite" if known.ships else "does not travel: its licence forbids it; the figure is of a copy read in place, and only counts are stored"
    reach = f"reaches the goal of {known.goal:g}" if row.f1 >= known.goal else f"falls {_distance(known.goal - row.f1)} short of the goal of {known.goal:g}"
    return Notes((
        Note(known.question, lead="Question", kind="about"),
        Note(f"{known.gold}. Licence: {known.licence}; the set {travels}.", lead="Gold", kind="about"),
        Note(known.protocol, lead="Protocol", kind="about"),
        Note(f"F1 {row.f1:.2f} ({row.low:.2f} to {row.high:.2f}), precision {row.precision:.2f}, recall {row.recall:.2f}, over {int(row.units):,} judged items in {int(row.clusters):,} texts; it {reach}.", lead="Figure"),
        Note(known.meaning, lead="For the charts", kind="limit"),
    ))  # fmt: skip


def _beside(known: Instrument, row) -> Table:
    rows = [("pressframes", row.f1, row.low, row.high, "measured here")] + [(system, value, None, None, source) for system, value, source in known.anchors]
    frame = pd.DataFrame(rows, columns=["system", "f1", "low", "high", "source"]).sort_values("f1", ascending=False, kind="stable", ignore_index=True).astype({"low": float, "high": float})
    return Table(frame, f"beside_{known.name}", "Beside other systems on this set", (), {"system": "system", "f1": "F1", "low": "95 % from", "high": "to", "source": "source"}, dict.fromkeys(("f1", "low", "high"), ".2f"))


def _confusion(known: Instrument, items: pd.DataFrame) -> Table:
    many = items["task"].nunique() > 1
    index = ["task", "gold"] if many else ["gold"]
    frame = items.pivot_table(index=index, columns="predicted", values="n", aggfunc="sum", fill_value=0).reset_index()
    frame.columns = [str(column) for column in frame.columns]
    labels = [column for column in frame.columns if column not in index]
    heads = {**({"task": "of"} if many else {}), "gold": "gold says", **{label: f"found as {label}" for label in labels}}
    return Table(frame, f"confusion_{known.name}", "What was taken for what", (), heads, dict.fromkeys(labels, ",d"))


def _worst(known: Instrument, items: pd.DataFrame) -> Table:
    """The errors made with most confidence where it is known, else errors spread evenly over the set."""
    wrong = items[(items["gold"] != items["predicted"]) & (items["text"] != "")]
    if "sure" in wrong:
        wrong = wrong.sort_values("sure", ascending=False, kind="stable").head(WORST)
    elif len(wrong) > WORST:
        wrong = wrong.iloc[[round(i * (len(wrong) - 1) / (WORST - 1)) for i in range(WORST)]]
    chosen = "Those it was surest of." if "sure" in wrong else "Spread evenly over the set."
    heads = {**({"task": "of"} if wrong["task"].nunique() > 1 else {}), "text": "item", "gold": "gold says", "predicted": "found as"}
    return Table(wrong.reset_index(drop=True), f"errors_{known.name}", "Errors", (chosen,), heads)


