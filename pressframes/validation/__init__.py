"""How right the instruments are: gold sets, protocols, stored items and figures."""

from pressframes.validation.store import NAMES, Card, Validation, cite, instrument

__all__ = ["NAMES", "Card", "Validation", "cite", "instrument"]
