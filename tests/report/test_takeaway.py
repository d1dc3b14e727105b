"""The zip: everything of the report's tables and figures, the same bytes each time, described and citable."""

from zipfile import ZipFile

from pressframes.report.takeaway import citation, dictionary, write_takeaway


def test_the_zip_holds_tables_figures_dictionary_and_citation(study, tmp_path):
    for room in ("tables", "figures"):
        (tmp_path / room).mkdir()
    (tmp_path / "tables" / "corpus.csv").write_text("a\n1\n")
    (tmp_path / "figures" / "loaded.png").write_bytes(b"png")
    outputs = [study.corpus()._repr_mimebundle_(), study.rates("loaded")._repr_mimebundle_(), {"text/html": study.about()._repr_html_()}]
    first = write_takeaway(study, outputs, tmp_path).read_bytes()
    assert first == write_takeaway(study, outputs, tmp_path).read_bytes()
    with ZipFile(tmp_path / "take-away.zip") as archive:
        assert archive.namelist() == ["CITATION.cff", "data-dictionary.md", "figures/loaded.png", "tables/corpus.csv"]
        assert archive.read("figures/loaded.png") == b"png"


def test_the_dictionary_names_each_table_once_with_its_columns_and_notes(study):
    table = study.rates("loaded")
    told = dictionary([table._repr_mimebundle_(), table._repr_mimebundle_()])
    assert told.count("### tables/loaded_by_group.csv") == 1
    assert f"Columns: {', '.join(f'`{column}`' for column in table.to_frame().columns)}" in told
    assert table.caption in told and table.notes[0] in told and "| `count` |" in told


def test_the_citation_names_suite_and_articles(study):
    told = citation(study)
    assert told.startswith("cff-version: 1.2.0\n") and told.count("type: newspaper-article") == len(study.articles)
    assert "date-published: 2023-07-27" in told and "    year: 2022\n    month: 10\n" in told
