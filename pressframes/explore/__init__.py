"""Ask the articles a question of one's own: what is asked is a `View`, what is seen is `look(study, view)`, and `explore(study)` puts widgets before the two."""

from pressframes.explore.answer import Seen, look, save_lines
from pressframes.explore.desk import explore
from pressframes.explore.relist import ADDED, with_list
from pressframes.explore.steps import hits, lines, moved, narrow, places, rates
from pressframes.explore.views import View, read_view, save_view, saved_views

__all__ = ["ADDED", "Seen", "View", "explore", "hits", "lines", "look", "moved", "narrow", "places", "rates", "read_view", "save_lines", "save_view", "saved_views", "with_list"]
