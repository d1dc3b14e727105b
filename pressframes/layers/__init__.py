"""Stand-off annotation: each layer marks `[start, end)` in code points of the unmodified text and changes nothing.

The surface layers (regions, sentences, tokens, quotes, terms) need no parser. Reported speech and roles do; they take the
sentences that `parse` has parsed.
"""
