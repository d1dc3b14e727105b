"""The widgets before an answer."""

import html

from pressframes.errors import InputError
from pressframes.explore.answer import Seen, look, save_lines
from pressframes.explore.page import MOST_STRIPS, style
from pressframes.explore.views import VOICES_SAID, View, categories_of, read_view, save_view, saved_views
from pressframes.study import Study


def explore(study: Study, view: View = View()):
    """Put widgets before `look`: what is picked or typed changes rates, strips, concordance and the marked article together.

    Args:
        view: what is asked at the start, such as `read_view` returns.

    Returns:
        An ipywidgets box; it holds no more than the view that its widgets show.

    Raises:
        InputError: if the view does not fit the study.
    """
    look(study, view)
    return _Desk(study, view).box


class _Desk:
    """The widgets of one exploration; each change reads a View off them and shows what `look` says of it."""

    def __init__(self, study: Study, view: View):
        import ipywidgets as widgets

        self._study, self._widgets, self._quiet = study, widgets, False
        named = {
            "groups": ("Groups", "none ticked: all", {group: group for group in study.groups}), "targets": ("Sentences that mention", "none ticked: any sentence", study.targets),
            "voices": ("Whose words", "none ticked: all", VOICES_SAID), "categories": ("Loaded terms", "none ticked: all; they count while no term is typed", {category: category for category in categories_of(study)}),
        }  # fmt: skip
        self._boxes = {name: {key: widgets.Checkbox(description=label, tooltip=f"{head}: {label}", indent=False, layout={"width": "auto", "margin": "0 1.2em 0 0"}) for key, label in choices.items()} for name, (head, _, choices) in named.items()}
        wide = {"style": {"description_width": "15em"}, "layout": {"width": "46em", "max_width": "100%"}, "continuous_update": False}
        self._term = widgets.Text(description="Word, phrase or stem*", placeholder="then Enter; empty: loaded terms", **wide)
        self._regex = widgets.Checkbox(description="is a regular expression", indent=False, layout={"width": "auto"})
        self._added = widgets.Text(description="Add to loaded terms", placeholder="terms, with commas between", **wide)
        self._struck = widgets.Text(description="Strike from loaded terms", placeholder="entries, with commas between", **wide)
        self._article = widgets.Dropdown(description="Article in full", options=[("", "")], style={"description_width": "8em"}, layout={"width": "46em", "max_width": "100%"})
        self._load = widgets.Dropdown(description="Saved views", options=[("", "")], style=wide["style"], layout={"width": "31em", "max_width": "100%"})
        self._name = widgets.Text(description="Name of the file", placeholder="a word", style=wide["style"], layout={"width": "27em", "max_width": "100%"})
        self._over = widgets.Checkbox(value=False, description="write over a file of this name", indent=False, layout={"width": "auto"})
        self._save = widgets.Button(description="Save the view", tooltip="as a TOML file beside the study", layout={"width": "auto"})
        self._csv = widgets.Button(description="Save all lines as CSV", tooltip="as a CSV file beside the study", layout={"width": "auto"})
        self._show = widgets.ToggleButton(value=False, description="Show the code", tooltip="the library calls that make the same tables", layout={"width": "12em"})
        self._panes = {name: widgets.HTML() for name in ("status", "tables", "strips", "lines", "marked", "saved", "code")}
        self._panes["code"].layout.display = "none"
        row = {"flex_flow": "row wrap", "align_items": "center"}
        pickers = [widgets.VBox([
            widgets.HTML(f'<div class="pf-explore"><b>{html.escape(head)}</b> <span class="facts">({html.escape(hint)})</span></div>'),
            widgets.HBox(list(self._boxes[name].values()), layout=row | {"max_height": "9em", "overflow": "auto"}),
        ], layout={"margin": "0 2em 0 0", "max_width": "100%"}) for name, (head, hint, _) in named.items()]  # fmt: skip
        self.box = widgets.VBox([
            widgets.HTML(style()), self._load, widgets.HBox(pickers, layout={"flex_flow": "row wrap"}), widgets.HBox([self._term, self._regex], layout=row), self._added, self._struck,
            widgets.HBox([self._name, self._save, self._csv, self._over], layout=row), self._panes["saved"], self._panes["status"], self._show, self._panes["code"],
            self._panes["tables"], self._panes["strips"], self._panes["lines"], self._article, self._panes["marked"],
        ])  # fmt: skip
        self._show_view(view)
        self._list_saved()
        for widget in (*(box for boxes in self._boxes.values() for box in boxes.values()), self._term, self._regex, self._added, self._struck, self._article):
            widget.observe(self._changed, names="value")
        self._load.observe(self._loaded, names="value")
        self._save.on_click(lambda _: self._saved(save_view))
        self._csv.on_click(lambda _: self._saved(save_lines))
        self._show.observe(lambda change: setattr(self._panes["code"].layout, "display", "" if change["new"] else "none"), names="value")
        self._changed()

    def view(self) -> View:
        """The view that the widgets show."""
        ticked = {name: tuple(key for key, box in boxes.items() if box.value) for name, boxes in self._boxes.items()}
        listed = {name: tuple(filter(None, (term.strip() for term in widget.value.split(",")))) for name, widget in (("added", self._added), ("struck", self._struck))}
        return View(**ticked, **listed, term=self._term.value.strip(), regex=self._regex.value, article=self._article.value or "")

    def _show_view(self, view: View) -> None:
        """Set the widgets to a view."""
        self._quiet = True
        for name, boxes in self._boxes.items():
            for key, box in boxes.items():
                box.value = key in getattr(view, name)
        self._term.value, self._regex.value, self._added.value, self._struck.value = view.term, view.regex, ", ".join(view.added), ", ".join(view.struck)
        self._article.options, self._article.value = [(view.article, view.article)], view.article
        self._quiet = False

    def _list_saved(self) -> None:
        names = list(saved_views(self._study))
        self._load.options = [(f"{len(names)} saved: choose one" if names else "none saved yet", ""), *((name, name) for name in names)]

    def _loaded(self, change) -> None:
        if not change["new"]:
            return
        try:
            view = read_view(saved_views(self._study)[change["new"]])
            look(self._study, view)
        except InputError as error:
            self._pane("saved", f'<span class="error" role="alert">{html.escape(str(error))}</span>')
            return
        self._pane("saved", "")
        self._name.value = change["new"]
        self._show_view(view)
        self._changed()

    def _changed(self, change=None) -> None:
        if self._quiet:
            return
        view = self.view()
        try:
            seen = look(self._study, view)
        except InputError as error:
            self._pane("status", f'<span class="error" role="alert">{html.escape(str(error))}</span>')
            for name in ("tables", "strips", "lines", "marked", "code"):
                self._panes[name].value = ""
            return
        self._pane("status", f'<span role="status">{html.escape(seen.asked)}: <b>{html.escape(seen.said)}</b></span>')
        self._pane("tables", seen.rates._repr_html_() + (seen.moved._repr_html_() if seen.moved is not None else ""))
        self._pane("strips", seen.strips)
        self._pane("lines", f'<div class="scrolls" tabindex="0" role="group" aria-label="concordance">{seen.sentences}</div>' if len(seen.lines) else "")
        self._pane("marked", seen.marked)
        self._pane("code", f"<pre>{html.escape(seen.code)}</pre>")
        self._offer(seen)

    def _pane(self, name: str, inner: str) -> None:
        self._panes[name].value = f'<div class="pf-explore">{inner}</div>' if inner else ""

    def _offer(self, seen: Seen) -> None:
        """Offer the articles of the strips, and the one shown."""
        frame = seen.places.frame
        frame = frame if len(frame) <= MOST_STRIPS else frame.sort_values("count", ascending=False, kind="stable").head(MOST_STRIPS)
        options = [("the first that holds a line", "")] + [(f"{row.article_id} · {row.outlet} ({len(row.at)})", row.article_id) for row in frame.itertuples()]
        if seen.view.article and seen.view.article not in set(frame["article_id"]):
            options.append((seen.view.article, seen.view.article))
        self._quiet = True  # a new list of options is no choice of an article
        self._article.options, self._article.value = options, seen.view.article
        self._quiet = False

    def _saved(self, save) -> None:
        try:
            path = save(self._study, self.view(), self._name.value, over=self._over.value)
        except InputError as error:
            self._pane("saved", f'<span class="error" role="alert">{html.escape(str(error))}</span>')
        else:
            self._pane("saved", f'<span role="status">Saved: {html.escape(str(path))}</span>')
            self._over.value = False
            self._list_saved()
