"""The site of notebooks and methods, for `make site`. Its source folder is the repository itself, so that notebooks and figures are read where they stand; nothing is run and nothing is fetched."""

from importlib import metadata

project = "pressframes"
author = "the pressframes authors"
release = version = metadata.version("pressframes")
root_doc = "docs/index"
include_patterns = ["docs/**.md", "notebooks/*.ipynb", "models/*.md", "gold/README.md", "gold/quotes/SOURCE.md", "lexicons/README.md", "benchmarks/README.md", "examples/**.md"]
extensions = ["myst_nb"]

nb_execution_mode = "off"
nb_merge_streams = True
myst_heading_anchors = 4
suppress_warnings = ["mystnb.unknown_mime_type"]  # the CSV stored beside each table and figure is not shown

_FONT = "'DejaVu Sans', 'Segoe UI', Helvetica, Arial, sans-serif"
html_theme = "alabaster"
html_theme_options = {
    "description": "How do different outlets frame the same actors, in whose words, and how sure can we be?", "fixed_sidebar": True, "page_width": "1180px", "sidebar_width": "260px", "font_size": "15px",
    "font_family": _FONT, "head_font_family": _FONT,
}  # fmt: skip
html_sidebars = {"**": ["about.html", "navigation.html", "searchbox.html"]}
html_extra_path = ["site"]
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
