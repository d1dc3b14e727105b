"""Build a report: whole or not at all."""

import base64
import os
import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from threading import Thread

from pressframes import cache, shelf, snapshot
from pressframes.errors import InputError, WorkError
from pressframes.placing import drafting, take_place
from pressframes.report import takeaway
from pressframes.report.page import provenance, render_page
from pressframes.report.printed import write_pdf
from pressframes.report.run import chosen, execute, outputs_of
from pressframes.report.takeaway import write_takeaway
from pressframes.study import Study

_MARKER, _OWN_CACHE = ".pressframes-report", ".cache"
FORMATS = ("html", "pdf", "figures", "tables", "notebooks")
"""What a report may hold; `html` brings take-away.zip along."""
_ANNOTATED, _PAGE, _PDF = "articles annotated", "page written", "PDF written"


def stages(*, only: Sequence[str] = (), formats: Sequence[str] = FORMATS) -> list[str]:
    """Return what `build_report` calls its stages, in about the order in which they are done.

    Raises:
        InputError: if there is no such part or format.
    """
    for name in formats or ("",):
        if name not in FORMATS:
            raise InputError(f"--formats: unknown format '{name}'; use {', '.join(FORMATS)}")
    return [_ANNOTATED, *(path.stem for path in chosen(only)), _PAGE, *([_PDF] if "pdf" in formats else [])]


def build_report(path: str, out: Path, *, only: Sequence[str] = (), formats: Sequence[str] = FORMATS, cached: bool = True, step: Callable[[str, bool], None] = lambda name, stored: None) -> list[str]:
    """Make the report of a study in folder `out`: index.html with take-away.zip, report.pdf, figures/, tables/, notebooks/, and study.json, by which `pressframes diff` knows it.

    All is made beside `out` and takes its place at the end, the PDF included: a run that fails or is killed leaves the former report as it was.
    Each stage that is done is kept in the user's cache, so that the next run goes on where this one stopped, and does anew only what a change touches.

    Args:
        path: the study's folder.
        out: the report's folder; a former report there is replaced.
        only: the notebooks that the report holds, as `pressframes.report.run.chosen` takes them; all where empty.
        formats: of FORMATS; what is not named is not in the report.
        cached: False to take nothing from the cache and leave nothing there.
        step: called with the name of each stage that is done, and whether it was done by a former run.

    Returns:
        What the user should know: lines such as how to get the PDF where it could not be made.

    Raises:
        InputError: if the study cannot be used, `out` is a folder that holds something else than a report or cannot be written, or another run is writing it.
        WorkError: if a notebook fails.
    """
    stages(only=only, formats=formats)
    place = Path(os.path.realpath(out))
    if place.exists() and not (place.is_dir() and ((place / _MARKER).exists() or not any(place.iterdir()))):
        raise InputError(f"{out}: exists and is no report of pressframes; choose another --out or move it away")
    study = Study.load(path)
    try:
        with drafting(place) as draft:
            with nullcontext() if cached else cache.moved_to(draft / _OWN_CACHE):
                notes = _write_report(study, path, chosen(only), formats, draft, step)
            shutil.rmtree(draft / _OWN_CACHE, ignore_errors=True)
            take_place(draft, place)
    except OSError as error:
        raise InputError(f"{error.filename or out}: cannot be written ({error.strerror or error}); make room or choose another --out; {out} is as it was") from None
    cache.prune()
    return study.remarks() + notes


def _write_report(study: Study, path: str, sources: list[Path], formats: Sequence[str], folder: Path, step) -> list[str]:
    import nbformat

    made_from = cache.key(cache.code(), study.settings.model_dump_json(), *map(repr, provenance(study, path)), *(cache.stable(part) for part in (study.articles, study.other_languages, study.lexicons)))
    names = {source: cache.key(made_from, source.name, source.read_bytes()) for source in sources}
    page_name = cache.key(made_from, *names.values())
    page = cache.read("pages", page_name)
    ahead = Thread(target=_work_ahead, args=(study, step), daemon=True) if page is None else Thread(target=step, args=(_ANNOTATED, True))
    ahead.start()  # while the kernels start; they wait for the annotations
    notebooks = _executed(names, path, step)
    ahead.join()
    (folder / "notebooks").mkdir()
    for source, notebook in zip(sources, notebooks):
        nbformat.write(notebook, folder / "notebooks" / source.name)
    save_figures(notebooks, folder / "figures")
    _save_tables(notebooks, folder / "tables")
    write_takeaway(study, [data for _, data in outputs_of(notebooks)], folder)
    if page is None:
        rendered = {name: text.encode("utf-8") for name, text in render_page(study, path, notebooks, sources).items()}
        made = rendered | {snapshot.NAME: snapshot.take_snapshot(study).to_json().encode("utf-8")}
        cache.write("pages", page_name, made)
    files = page or made
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / _MARKER).write_text(f"pressframes {shelf.version()}\n", encoding="utf-8")
    step(_PAGE, page is not None)
    notes = _print((folder / "index.html").read_text(encoding="utf-8"), folder / "report.pdf", step) if "pdf" in formats else []
    for unwanted in [name for name in ("figures", "tables", "notebooks") if name not in formats]:
        shutil.rmtree(folder / unwanted)
    if "html" not in formats:
        for name in (takeaway.NAME, *files.keys() - {snapshot.NAME}):
            (folder / name).unlink()
        for emptied in {name.partition("/")[0] for name in files if "/" in name}:
            (folder / emptied).rmdir()
    return notes


def _work_ahead(study: Study, step) -> None:
    with suppress(WorkError):  # raised again where the annotations are due
        study.annotations()
        step(_ANNOTATED, False)
    with suppress(OSError):  # Pango is missing: said when the PDF is due
        import weasyprint  # noqa: F401


def _executed(names: dict[Path, str], path: str, step) -> list:
    """The executed notebooks: those of the cache, and the others run and stored, each as soon as it is done."""
    import nbformat

    found = {source: nbformat.reads(files["notebook.ipynb"].decode("utf-8"), as_version=4) for source, name in names.items() if (files := cache.read("notebooks", name))}
    for source in found:
        step(source.stem, True)

    def keep(source: Path, notebook) -> None:
        cache.write("notebooks", names[source], {"notebook.ipynb": nbformat.writes(notebook).encode("utf-8")})
        step(source.stem, False)

    missing = [source for source in names if source not in found]
    found |= zip(missing, execute(missing, study=path, cwd=Path.cwd(), done=keep)) if missing else ()
    return [found[source] for source in names]


def _print(page: str, file: Path, step) -> list[str]:
    """Write the PDF, or say why there is none."""
    from matplotlib.font_manager import findSystemFonts

    name = cache.key(cache.code(), *sorted(findSystemFonts()), page)
    stored = cache.read("prints", name)
    try:
        if stored:
            file.write_bytes(stored[file.name])
        else:
            write_pdf(page, file)
            cache.write("prints", name, {file.name: file.read_bytes()})
    except WorkError as error:
        return [str(error)]
    finally:
        step(_PDF, stored is not None)
    return []


def save_figures(notebooks: list, folder: Path) -> list[Path]:
    """Write each figure of executed notebooks as PNG, SVG and the CSV behind it; a figure shown twice is written once."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for _, data in outputs_of(notebooks):
        found = re.search(r'data-figure="([^"]+)".*?src="data:image/png;base64,([^"]+)"', data.get("text/html", ""), re.DOTALL)
        if found and folder / f"{found[1]}.png" not in written:
            for ending, content in ((".png", base64.b64decode(found[2])), (".svg", data["image/svg+xml"].encode()), (".csv", _tame(data["text/csv"]).encode())):
                (folder / f"{found[1]}{ending}").write_bytes(content)
                written.append(folder / f"{found[1]}{ending}")
    return written


def _save_tables(notebooks: list, folder: Path) -> None:
    folder.mkdir()
    for _, data in outputs_of(notebooks):
        found = re.search(r'data-table="([^"]+)"', data.get("text/html", ""))
        if found and "text/csv" in data:
            (folder / f"{found[1]}.csv").write_text(_tame(data["text/csv"]), encoding="utf-8")


def _tame(csv: str) -> str:
    """Take the power from cells that a spreadsheet would run as formulas."""
    return re.sub(r'(^|,)("?)([=@\t\r]|[+-](?![\d.]))', r"\1\2'\3", csv, flags=re.MULTILINE)
