"""What has changed from one study to another, or from one date of a study to the next, and what each changed rate rests on."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pressframes.counts import VOICES
from pressframes.errors import InputError
from pressframes.intake.mapping import harmless
from pressframes.placing import drafting_in
from pressframes.results import Note, Notes, Table
from pressframes.snapshot import Snapshot, read_snapshot

RATES = {"loaded": "loaded terms", "mentions": "mentions of targets"}
ALL = "all"
_REASONS = {"added": "articles added", "removed": "articles removed", "rewritten": "articles with another text", "same": "articles with the same text"}
_MOST_NAMED = 5


@dataclass(frozen=True)
class Changes:
    """What changed; shows itself in a notebook and on a terminal.

    Attributes:
        summary: in words.
        settings: key, before, after.
        articles: article_id, change (added, removed, another text, or the column that differs), before, after.
        lexicons: lexicon, entry, change (added, removed, changed), before, after.
        rates: what, group, target, voice ("all": not divided); rate, count and words before and after, rates per 1,000 words; `rests_on` in words and, as numbers, how many counts and words
            came with each kind of article (`count_added` ... `words_same`): they add up to the change.
    """

    summary: Notes
    settings: Table
    articles: Table
    lexicons: Table
    rates: Table

    def tables(self) -> tuple[Table, ...]:
        """Return the tables in the order in which they are shown."""
        return (self.settings, self.articles, self.lexicons, self.rates)

    def to_frame(self) -> pd.DataFrame:
        """Return the rates."""
        return self.rates.to_frame()

    def _shown(self) -> list:
        return [self.summary, *(table for table in self.tables() if len(table.frame))]

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self._shown()))

    def _repr_html_(self) -> str:
        return "\n".join(part._repr_html_() for part in self._shown())


def compare(before: str | Path, after: str | Path) -> Changes:
    """Say what changed between two studies, or two reports, or a report and its study as it is now.

    Args:
        before, after: folders of a study (counted now, by the rules of today) or of a report (as it was counted then).

    Raises:
        InputError: if either cannot be read.
    """
    return compare_snapshots(read_snapshot(before), read_snapshot(after))


def compare_snapshots(a: Snapshot, b: Snapshot) -> Changes:
    """Say what changed from snapshot `a` to `b`; articles are the same if their `article_id` is."""
    settings = _table(_of_maps(a.settings, b.settings)[["name", "before", "after"]], "settings", "Settings that changed", {"name": "key"})
    entries = [_of_maps(a.entries.get(name, {}), b.entries.get(name, {})).assign(lexicon=name) for name in dict.fromkeys((*a.entries, *b.entries))]
    lexicons = _table(pd.concat(entries)[["lexicon", "name", "change", "before", "after"]], "lexicons", "Entries that changed", {"name": "entry"})
    articles = _table(_articles(a, b), "articles", "Articles that changed", {"article_id": "article"})
    notes = (
        "Per 1,000 words; with a target, loaded terms and words of sentences that mention it, mentions per words of all sentences. Only rows whose counts differ.",
        "Rests on: what each kind of article added to or took from count and words. Of articles with the same text, the change is one of settings, lexicons or rules.",
        "A change of rate without a test: it describes these articles.",
    )
    rates = _rates(a, b)
    heads = {"what": "what", "group": "group", "target": "target", "voice": "voice", "rate_before": "before", "rate_after": "after", "count_before": "count before", "count_after": "after", "rests_on": "rests on"}
    rates = Table(rates, "rates", "Rates that changed", notes, heads, {"rate_before": ".1f", "rate_after": ".1f", "count_before": ",d", "count_after": ",d"})
    return Changes(_summary(a, b, settings.frame, articles.frame, lexicons.frame, rates.frame), settings, articles, lexicons, rates)


def _table(frame: pd.DataFrame, name: str, caption: str, heads: dict[str, str]) -> Table:
    return Table(frame.reset_index(drop=True), name, caption, (), {column: heads.get(column, column) for column in frame.columns})


def _of_maps(a: dict[str, str], b: dict[str, str]) -> pd.DataFrame:
    rows = [(name, "added" if name not in a else "removed" if name not in b else "changed", a.get(name, ""), b.get(name, "")) for name in dict.fromkeys((*a, *b)) if a.get(name) != b.get(name)]
    return pd.DataFrame(rows, columns=["name", "change", "before", "after"])


def _articles(a: Snapshot, b: Snapshot) -> pd.DataFrame:
    before, after = ({row["article_id"]: row for row in one.articles.to_dict("records")} for one in (a, b))
    said = lambda row: f"{row['outlet']}, {row['group']}, {row['n_words']:,} words{': ' + row['title'] if row['title'] else ''}"
    rows = [(name, "removed", said(row), "") for name, row in before.items() if name not in after] + [(name, "added", "", said(row)) for name, row in after.items() if name not in before]
    for name in [name for name in before if name in after]:
        old, new = before[name], after[name]
        if old["sha256"] != new["sha256"]:
            rows.append((name, "another text", f"{old['n_words']:,} words", f"{new['n_words']:,} words"))
        rows += [(name, column, old[column], new[column]) for column in ("group", "outlet", "title", "published") if old[column] != new[column]]
    return pd.DataFrame(rows, columns=["article_id", "change", "before", "after"])


def _rates(a: Snapshot, b: Snapshot) -> pd.DataFrame:
    """One row for each of loaded terms and mentions by group, target and voice, each also undivided, whose count or words differ."""
    kinds = _kinds(a, b)
    sides = [_cells(one, kinds).rename(columns=lambda name: f"{name}_{side}" if name in ("count", "words") else name) for one, side in ((a, "before"), (b, "after"))]
    keys = ["what", "group", "target", "voice"]
    cells = sides[0].merge(sides[1], on=[*keys, "kind"], how="outer").fillna(0)
    numbers = ["count_before", "count_after", "words_before", "words_after"]
    cells[numbers] = cells[numbers].astype("int64")
    frame = cells.groupby(keys)[numbers].sum()
    for kind in _REASONS:
        part = cells[cells["kind"] == kind].set_index(keys)
        for number in ("count", "words"):
            frame[f"{number}_{kind}"] = (part[f"{number}_after"] - part[f"{number}_before"]).reindex(frame.index, fill_value=0)
    frame = frame[(frame["count_before"] != frame["count_after"]) | (frame["words_before"] != frame["words_after"])].reset_index()
    for side in ("before", "after"):
        words = frame[f"words_{side}"]
        frame[f"rate_{side}"] = (1000 * frame[f"count_{side}"] / words.where(words > 0)).astype("float64")
    frame["rests_on"] = [_rests_on(row) for row in frame.to_dict("records")]
    labels = {**a.targets, **b.targets, ALL: ALL}
    order = {"what": list(RATES), "group": [ALL, *dict.fromkeys((*b.articles["group"], *a.articles["group"]))], "target": [ALL, *dict.fromkeys((*b.targets, *a.targets))], "voice": [ALL, *VOICES]}
    frame = frame.sort_values(keys, key=lambda column: column.map({value: place for place, value in enumerate(order[column.name])}), kind="stable", ignore_index=True)
    return frame.assign(what=frame["what"].map(RATES), target=frame["target"].map(labels))[[*keys, "rate_before", "rate_after", *numbers, *(f"{number}_{kind}" for number in ("count", "words") for kind in _REASONS), "rests_on"]]


def _kinds(a: Snapshot, b: Snapshot) -> dict[tuple[str, str], str]:
    """For each article in each group: how it differs; one that went to another group is removed here and added there."""
    texts = [{(row.article_id, row.group): row.sha256 for row in one.articles.itertuples()} for one in (a, b)]
    return {key: "removed" if key not in texts[1] else "added" if key not in texts[0] else "same" if texts[0][key] == texts[1][key] else "rewritten" for key in {**texts[0], **texts[1]}}


def _cells(one: Snapshot, kinds: dict[tuple[str, str], str]) -> pd.DataFrame:
    """Count and words by what, group, target, voice and kind of article, each of the middle three also undivided."""
    frame = one.counts.merge(one.articles[["article_id", "group"]], on="article_id")
    frame["kind"] = [kinds[key] for key in zip(frame["article_id"], frame["group"])]
    everything = frame.loc[frame["target"] == "", ["article_id", "voice", "words"]].rename(columns={"words": "words_of_all"})
    loaded = frame.assign(what="loaded", count=frame["loaded"])
    mentions = _with_zeros(frame, everything).assign(what="mentions")
    frame = pd.concat([loaded, mentions])[["what", "group", "target", "voice", "kind", "count", "words"]].replace({"target": {"": ALL}})
    for column in ("group", "voice"):
        frame = pd.concat([frame.assign(**{column: ALL}), frame])
    return frame.groupby(["what", "group", "target", "voice", "kind"], as_index=False).sum()


def _with_zeros(frame: pd.DataFrame, everything: pd.DataFrame) -> pd.DataFrame:
    """Mentions of each target per words of all sentences: an article that never mentions it counts with its words."""
    targets = pd.DataFrame({"target": frame["target"].unique()})
    places = frame[["article_id", "voice", "group", "kind"]].drop_duplicates().merge(targets, how="cross").merge(everything, on=["article_id", "voice"])
    found = places.merge(frame[["article_id", "voice", "target", "mentions"]], on=["article_id", "voice", "target"], how="left")
    return found.rename(columns={"words_of_all": "words"}).assign(count=found["mentions"].fillna(0).astype("int64"))


def _rests_on(row: dict) -> str:
    parts = [f"{said} {row[f'count_{kind}']:+,d} in {row[f'words_{kind}']:+,d} words".replace("-", "−") for kind, said in _REASONS.items() if row[f"count_{kind}"] or row[f"words_{kind}"]]
    return "; ".join(parts)


def _summary(a: Snapshot, b: Snapshot, settings: pd.DataFrame, articles: pd.DataFrame, lexicons: pd.DataFrame, rates: pd.DataFrame) -> Notes:
    if a.rules == b.rules and settings.empty and articles.empty and lexicons.empty and rates.empty:
        return Notes((Note("Nothing changed: the same articles, settings, lexicons, rules and counts."),))
    number = lambda many, noun: f"{many:,} {noun}{'' if many == 1 else 's'}"
    notes = [Note(f"{number(len(a.articles), 'article')} before, {len(b.articles):,} after" + (": " + _listed(articles) if len(articles) else ", the same texts with the same data") + ".", "Articles")]
    notes.append(Note(f"{', '.join(settings['name'])}." if len(settings) else "none changed.", "Settings"))
    changed = [f"{name} ({', '.join(f'{many} {change}' for change, many in part['change'].value_counts(sort=False).items())})" for name, part in lexicons.groupby("lexicon", sort=False)]
    notes.append(Note(f"{'; '.join(changed)}." if changed else "the same entries.", "Lexicons"))
    notes.append(Note("the same." if a.rules == b.rules else f"{a.rules} before, {b.rules} after: what was counted by other rules differs for that alone.", "Rules", kind="finding" if a.rules == b.rules else "limit"))
    whole = rates[(rates["what"] == RATES["loaded"]) & (rates["target"] == ALL) & (rates["voice"] == ALL) & (rates["group"] != ALL)]
    told = [f"{row.group} {_per(row.rate_before)} to {_per(row.rate_after)} ({row.rests_on})" for row in whole.itertuples()]
    notes.append(Note(f"{'; '.join(told)}." if told else "the same in every group.", "Loaded terms per 1,000 words, all voices"))
    return Notes(tuple(notes))


def _per(rate: float) -> str:
    return "– (no words)" if np.isnan(rate) else f"{rate:.1f}"


def _listed(articles: pd.DataFrame) -> str:
    parts = []
    for change, part in articles.groupby("change", sort=False):
        named = list(part["article_id"])
        parts.append(f"{len(named)} {change if change in ('added', 'removed') else f'with {change}' if change == 'another text' else f'with another {change}'} ({', '.join(named[:_MOST_NAMED])}{', …' if len(named) > _MOST_NAMED else ''})")
    return "; ".join(parts)


def write_changes(changes: Changes, out: Path, *, title: str) -> Path:
    """Write the changes as one HTML page without outside parts, if `out` ends in `.html`, else as one CSV file a table into the folder `out`.

    Args:
        title: of the page: what was compared.

    Raises:
        InputError: if it cannot be written.
    """
    from jinja2 import Environment, PackageLoader

    try:
        if out.suffix == ".html":
            environment = Environment(loader=PackageLoader("pressframes.report"), autoescape=True)
            with drafting_in(out.parent) as draft:
                (draft / out.name).write_text(environment.get_template("changes.html.j2").render(title=title, body=changes._repr_html_()), encoding="utf-8")
        else:
            with drafting_in(out) as draft:
                for table in changes.tables():
                    frame = table.to_frame().map(lambda cell: harmless(cell) if isinstance(cell, str) else cell)
                    frame.to_csv(draft / f"changed_{table.name}.csv", index=False, lineterminator="\n", float_format="%.6g")
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror}); make room or choose another --out") from None
    return out
