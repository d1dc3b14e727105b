"""What a parse tells of a target: what it does, what is done to it, and where polar words hang in the tree.

Polarity that travels along the relations of a sentence tells more of a target than polarity near it (Moilanen and Pulman 2007; Jiang et al. 2011).
"""

import math

BLOCKS = frozenset("dva")
"""First letters of the features that a parse gives."""
MEASURES = ("tree ", "role ", "parsed")
"""How the measures begin that a parse gives."""
_LETTER = {
    "nsubj": "S", "csubj": "S", "agent": "S", "nsubjpass": "O", "csubjpass": "O", "dobj": "O", "dative": "I", "attr": "A", "acomp": "A", "oprd": "A", "poss": "G", "appos": "=",
    "amod": "m", "nmod": "m", "compound": "k", "advmod": "v", "neg": "!", "conj": "&", "xcomp": "x", "ccomp": "c", "advcl": "b", "relcl": "r", "acl": "r", "prt": "t",
    "npadvmod": "n", "pcomp": "p", "pobj": "p",
}  # fmt: skip
"""What stands for a relation in a feature: subjects and objects are those of the meaning, so that "hit by Smith" and "Smith hit" agree."""
_EMPTY = frozenset("punct det aux auxpass cc case mark predet preconj intj expl nummod quantmod meta".split())
_ARGUMENTS = frozenset("nsubj nsubjpass dobj dative agent attr acomp oprd csubj".split())
_COMPLEMENTS = frozenset("acomp attr dobj xcomp oprd amod pobj prep".split())  # what a negation of the governor turns too
_SHARED = frozenset(("xcomp", "conj", "advcl"))  # clauses without a subject of their own take that of their governor
_MODIFIERS = frozenset(("amod", "compound", "poss", "advmod"))
_RELATIVE = frozenset(("who", "which", "that", "whom"))
_NOUNS, _VERBS, _CONTENT = frozenset(("NOUN", "PROPN")), frozenset(("VERB", "AUX")), frozenset(("VERB", "NOUN", "ADJ", "ADV", "AUX"))
_NEGATORS = frozenset("no never hardly without neither".split())
_FAR, _NAMED = 6, 3  # steps from the target up to which polar words and single words count


def relations(doc, start: int, end: int, polarity) -> tuple[list[str], dict[str, float]]:
    """Return what the parse tells of the target that covers characters [start, end) of the document.

    Args:
        doc: one parsed sentence (spaCy).
        polarity: `pressframes.layers.tone.Polarity`.

    Returns:
        Named features, the first letter naming the block (`d`: word and path from the target; `v`: predicate and the target's role; `a`: the same with polarities for words),
        repeated as often as they occur; and measures (name to value), ln(1 + sums of polar words by path). Both empty if no token lies in the span.
    """
    tree = _Tree(doc, start, end, polarity)
    if not tree.target:
        return [], {}
    names, sums = tree.paths()
    names += tree.predicates(sums)
    return names, {name: math.log1p(value) for name, value in sums.items()} | {"parsed": 0.3}


class _Tree:
    """One sentence's parse, seen from the target."""

    def __init__(self, doc, start: int, end: int, polarity):
        tokens = list(doc)
        self.polarity = polarity
        self.words, self.lemmas = [token.lower_ for token in tokens], [token.lemma_.lower() for token in tokens]
        self.classes, self.labels, self.heads = [token.pos_ for token in tokens], [token.dep_ for token in tokens], [token.head.i for token in tokens]
        self.passive = [token.tag_ == "VBN" for token in tokens]
        self.children = [[] for _ in tokens]
        for i, head in enumerate(self.heads):
            if head != i:
                self.children[head].append(i)
        self.target = frozenset(i for i, token in enumerate(tokens) if token.idx < end and token.idx + len(token) > start)
        self.top = next((i for i in sorted(self.target) if self.heads[i] not in self.target or self.heads[i] == i), -1)
        self.negated = [any(self.labels[k] == "neg" or self.words[k] in _NEGATORS for k in children) for children in self.children]

    def letter(self, i: int) -> str:
        return "P" + self.words[i] if self.labels[i] == "prep" else _LETTER.get(self.labels[i], self.labels[i])

    def sign(self, i: int) -> int:
        return self.polarity.sign(self.words[i], self.lemmas[i])

    def turned(self, i: int) -> bool:
        """Whether negations of the word, of what it completes, and of what that completes as a modifier turn its sign."""
        turned, head = self.negated[i], self.heads[i]
        if head != i and self.labels[i] in _COMPLEMENTS:
            turned ^= self.negated[head]
            if self.labels[i] == "amod" and self.heads[head] != head and self.labels[head] in ("attr", "dobj"):
                turned ^= self.negated[self.heads[head]]
        return turned

    def paths(self) -> tuple[list[str], dict[str, float]]:
        """Words up to three steps from the target, with their paths; sums of polar words up to six steps away by steps up, steps down and first step."""
        path, order, names, sums = {self.top: ()}, [self.top], [], {}
        for i in order:
            if len(path[i]) == _FAR:
                continue
            head = self.heads[i]
            if head not in path and head not in self.target:
                path[head] = (*path[i], "^" + self.letter(i))
                order.append(head)
            for k in self.children[i]:
                if k not in path and k not in self.target and self.labels[k] not in _EMPTY:
                    path[k] = (*path[i], "." + self.letter(k))
                    order.append(k)
        for i in order[1:]:
            steps, up = path[i], sum(step[0] == "^" for step in path[i])
            if self.labels[i] == "prep":
                continue
            turned, sign = self.turned(i), self.sign(i)
            if sign:
                mark, n = "-" if (sign < 0) != turned else "+", len(steps)
                for name, value in (("", 1 / n), ("e", math.exp(-n / 2)), (f"{min(up, 3)}{min(n - up, 3)}", 1.0), (steps[0][:2], 1 / n)):
                    sums[f"tree {mark}{name}"] = sums.get(f"tree {mark}{name}", 0.0) + value
            if len(steps) <= _NAMED and self.classes[i] in _CONTENT:
                names.append(f"d{''.join(steps)}{'!' if turned else ''} {self.lemmas[i]}")
        return names, sums

    def predicates(self, sums: dict[str, float]) -> list[str]:
        """What governs the target, with its role there and the other arguments; polar predicates and arguments are added to `sums`."""
        governors = self._governors()
        names = ["a" + "|".join(role for _, role in governors), "a" + self.letter(self.top)]
        for i, role in [*governors, *self._shared(governors), *self._said_of_the_target()]:
            word, known, turned = f"{role}{'!' if self.negated[i] else ''}", self._sort(i), self.negated[i]
            names += [f"v{word} {self.lemmas[i]}", f"a{word} {known}"]
            self._add(sums, "role " + role[:1], self.sign(i), turned)
            for k in self.children[i]:
                if k in self.target or self.labels[k] in _EMPTY:
                    continue
                relation = self.letter(k)
                for argument in self.children[k] if self.labels[k] in ("prep", "agent") else [k]:
                    if argument in self.target:
                        continue
                    sign = sum(self.sign(j) for j in (argument, *(j for j in self.children[argument] if self.labels[j] in _MODIFIERS)))
                    other = "+" if sign > 0 else "-" if sign < 0 else self._plain(argument)
                    names += [f"a{word} {known} {relation} {other}", f"v{role} {relation} {self.lemmas[argument]}"]
                    if known in ("x", "SAY"):
                        names.append(f"v{word} {self.lemmas[i]} {relation} {other}")
                    self._add(sums, f"role {role[:1]}{relation[:1]}", sign, turned)
        return names

    def _add(self, sums: dict[str, float], name: str, sign: int, turned: bool) -> None:
        if sign:
            name += "-" if (sign < 0) != turned else "+"
            sums[name] = sums.get(name, 0.0) + 1.0

    def _sort(self, i: int) -> str:
        sign = self.sign(i)
        return "+" if sign > 0 else "-" if sign < 0 else "SAY" if self.words[i] in self.polarity.reporting else self._plain(i)

    def _plain(self, i: int) -> str:
        return self.lemmas[i] if self.polarity.is_function(self.lemmas[i]) else "x"

    def _governors(self) -> list[tuple[int, str]]:
        """What the target depends on, up to the first verb: nouns it belongs to or qualifies, then the predicate; each with the target's role."""
        found, i, seen = [], self.top, set()
        while i not in seen and self.heads[i] != i and len(seen) < _FAR:
            seen.add(i)
            label, head = self.labels[i], self.heads[i]
            i = head
            if label in ("conj", "appos"):
                continue
            if label in ("compound", "nmod", "amod") and self.classes[head] in _NOUNS:
                found.append((head, "k"))
            elif label == "poss":
                found.append((head, "G"))
            elif label in ("pobj", "pcomp"):
                governor = self.heads[head]
                found.append((governor, "S" if self.labels[head] == "agent" else "P" + self.words[head]))
                if self.classes[governor] not in _NOUNS or governor == head:
                    break
                i = governor
            else:
                found.append((head, _LETTER[label] if label in _ARGUMENTS else label))
                break
        return found

    def _shared(self, governors: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """Predicates that share the subject or object with the target's own verb: "Smith refused to apologise and left"."""
        todo = [governors[-1]] if governors and self.classes[governors[-1][0]] in _VERBS and governors[-1][1] in ("S", "O") else []
        found, seen = [], {i for i, _ in todo}
        while todo:
            i, role = todo.pop()
            for k in self.children[i]:
                if k in seen or self.labels[k] not in _SHARED or self.classes[k] not in ("VERB", "AUX", "ADJ", "NOUN") or any(self.labels[j] in ("nsubj", "nsubjpass") for j in self.children[k]):
                    continue
                seen.add(k)
                todo.append((k, "S" if self.labels[k] == "xcomp" else role))
                found.append(todo[-1])
        return found

    def _said_of_the_target(self) -> list[tuple[int, str]]:
        """Relative clauses, participles and appositions that hang on the target."""
        found = []
        for k in self.children[self.top]:
            if self.labels[k] == "appos":
                found.append((k, "="))
            elif self.labels[k] == "acl":
                found.append((k, "O" if self.passive[k] else "S"))
            elif self.labels[k] == "relcl":
                found.append((k, next((_LETTER.get(self.labels[j], "S") for j in self.children[k] if self.words[j] in _RELATIVE), "S")))
        return found
