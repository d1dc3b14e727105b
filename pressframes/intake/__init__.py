"""The way in: articles in the formats that people have, to a study.

`readers.read` takes paths to records, `mapping.propose` records to a proposal (`columns` tells what their columns mean), `copies.find_copies` finds articles printed twice, `write.write_study` writes.
"""
