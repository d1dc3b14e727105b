"""Measures: one measure, one function, one citation, one worked example; pure, on counts."""

from pressframes.measures.agreement import alpha_interval, krippendorff_alpha, percent_agreement
from pressframes.measures.collocation import delta_p, expected, log_dice, mutual_information, t_score
from pressframes.measures.dispersion import deviation_of_proportions, document_frequency, normalised_deviation
from pressframes.measures.keyness import Keyness, conservative_log_ratio, g2, keyness, log_ratio, odds_ratio, percent_difference, weighted_log_odds
from pressframes.measures.rates import rates
from pressframes.measures.shift import contributions
from pressframes.measures.uncertainty import arrangements, bootstrap_rates, smallest_p, zero_share_bound, zero_upper_bound

__all__ = [
    "Keyness", "alpha_interval", "arrangements", "bootstrap_rates", "conservative_log_ratio", "contributions", "delta_p", "deviation_of_proportions", "document_frequency", "expected",
    "g2", "keyness", "krippendorff_alpha", "log_dice", "log_ratio", "mutual_information", "normalised_deviation", "odds_ratio", "percent_agreement", "percent_difference", "rates", "smallest_p",
    "t_score", "weighted_log_odds", "zero_share_bound", "zero_upper_bound",
]  # fmt: skip
