"""Measures: one measure, one function, one citation, one worked example; pure, on counts."""

from pressframes.measures.agreement import alpha_interval, krippendorff_alpha, percent_agreement
from pressframes.measures.collocation import delta_p, expected, log_dice, mutual_information, t_score
from pressframes.measures.dispersion import deviation_of_proportions, document_frequency, normalised_deviation
from pressframes.measures.difference import difference_p, log_ratio_interval, rate_difference
from pressframes.measures.keyness import Keyness, adjusted, conservative_log_ratio, g2, g2_of_groups, keyness, log_ratio, odds_ratio, percent_difference, weighted_log_odds
from pressframes.measures.power import articles_needed, smallest_difference, spread_within
from pressframes.measures.rates import rates
from pressframes.measures.resampling import evened, smallest_p_within
from pressframes.measures.shift import contributions
from pressframes.measures.shrinkage import shrunken_rates
from pressframes.measures.similarity import cosine, jensen_shannon, ordination
from pressframes.measures.uncertainty import LEAST_P, arrangements, bootstrap_rates, percentile_points, smallest_p, zero_share_bound, zero_upper_bound

__all__ = [
    "Keyness", "LEAST_P", "adjusted", "alpha_interval", "arrangements", "articles_needed", "bootstrap_rates", "conservative_log_ratio", "contributions", "cosine", "delta_p",
    "deviation_of_proportions", "difference_p", "document_frequency", "evened", "expected", "g2", "g2_of_groups", "jensen_shannon", "keyness", "krippendorff_alpha", "log_dice", "log_ratio",
    "log_ratio_interval", "mutual_information", "normalised_deviation", "odds_ratio", "ordination", "percent_agreement", "percent_difference", "percentile_points", "rate_difference", "rates",
    "shrunken_rates", "smallest_difference", "smallest_p", "smallest_p_within", "spread_within", "t_score", "weighted_log_odds", "zero_share_bound", "zero_upper_bound",
]  # fmt: skip
