"""Run the suite's own notebooks in place and draw `figures/` from them: for those who change the suite."""


from pressframes import shelf
from pressframes.report.build import save_figures
from pressframes.report.run import execute, suite


def refresh() -> None:
    """Execute every notebook where it lies, store its outputs, and write the figures that they show."""
    import nbformat
    from tqdm import tqdm

    paths = suite(whole=True)
    figures = shelf.folder("notebooks").parent / "figures"
    with tqdm(total=len(paths), unit="notebook") as bar:
        notebooks = execute(paths, study=None, cwd=paths[0].parent, done=lambda path, notebook: bar.update())
    for path, notebook in zip(paths, notebooks):
        nbformat.write(notebook, path)
    written = save_figures(notebooks, figures)
    for stale in sorted(set(figures.iterdir()) - set(written)):
        stale.unlink()


if __name__ == "__main__":
    refresh()
