"""When two pictures are the same: a stated, small tolerance for another processor or system."""

import base64
import io
import re

import numpy as np
from PIL import Image

LEVELS = 24
"""A pixel differs if a channel differs by more than this, of 255."""
SHARE = 1e-4
"""Pictures differ if more than this share of their pixels does: a recoloured dot fails, a shade of anti-aliasing passes."""

EMBEDDED = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")


def embedded(html: str) -> list[bytes]:
    """Return the PNG pictures embedded in HTML."""
    return [base64.b64decode(data) for data in EMBEDDED.findall(html)]


def difference(first: bytes, second: bytes) -> str:
    """Say in which way two PNG pictures differ; nothing if they are the same within the tolerance."""
    a, b = (np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=int) for data in (first, second))
    if a.shape != b.shape:
        return f"size {a.shape[1]} x {a.shape[0]} against {b.shape[1]} x {b.shape[0]}"
    share = float((np.abs(a - b).max(axis=2) > LEVELS).mean())
    return f"{100 * share:.3f} % of pixels differ by more than {LEVELS} levels (allowed: {100 * SHARE:.3f} %)" if share > SHARE else ""
