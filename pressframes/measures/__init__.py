"""Measures: one measure, one function, one citation, one worked example; pure, on counts."""

from pressframes.measures.collocation import log_dice
from pressframes.measures.keyness import Keyness, g2, keyness, log_ratio
from pressframes.measures.rates import rates
from pressframes.measures.uncertainty import arrangements, bootstrap_rates, smallest_p, zero_upper_bound

__all__ = ["Keyness", "arrangements", "bootstrap_rates", "g2", "keyness", "log_dice", "log_ratio", "rates", "smallest_p", "zero_upper_bound"]
