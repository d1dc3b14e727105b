"""The report: the suite's notebooks executed on a study, joined with its articles marked in place, as one page and a PDF."""
