"""The first screen: no sentence stronger than its corpus."""

import re

import pytest
from pages import write_study

from pressframes.report.front import HERE, MOST_GROUPS, OPEN, answers, corpus_strip, evidence
from pressframes.report.lines import Lists
from pressframes.study import Study


def answered(study):
    lists = Lists(study)
    return answers(study, lists, evidence(study, lists))


def test_the_seeds_are_answered_in_five_sentences_the_last_of_which_cannot_be_told(study):
    found = answered(study)
    assert len(found) == 5 and found[-1].strength == OPEN
    shares = study.voice_shares(("group",)).to_frame().query("voice == 'outlet'")
    assert all(f"{row.rate:.0f} %" in found[0].text for row in shares.itertuples())
    verdict = study.verdicts().to_frame().set_index(["higher", "lower"]).loc[("Azerbaijani", "Turan")]
    assert found[2].strength == f"holds in {verdict.holds} of {verdict.variants} variants" and found[2].kind == "partly"
    assert "Too few to rank: Bulgarian" in found[2].text  # fewer than five terms
    assert all(lines.extent == len(lines.lines) for answer in found for _, lines in answer.evidence)


def test_what_holds_in_every_variant_is_said_to(tmp_path):
    loaded, plain = "The regime committed a provocation and a shameful aggression. It was a provocation. ", "The council met on Monday. The ships left the harbour. "
    texts = {("a", "A"): loaded * 6 + plain * 6, ("b", "B"): loaded * 3 + plain * 30}
    found = answered(Study.load(write_study(tmp_path / "s", texts)))
    told = next(answer for answer in found if "more loaded terms" in answer.text)
    assert told.text.startswith("A articles use more loaded terms than B ones") and told.strength.startswith("holds in")


def test_of_many_groups_the_ends_are_named(tmp_path):
    said = lambda n: "Russia met the council. " + "The ships left. " * n + "“We met on Monday and spoke of it at length,” he said. "
    found = answered(Study.load(write_study(tmp_path / "s", {(f"a{n}", f"Group {n}"): said(n) for n in range(MOST_GROUPS + 2)})))
    assert "Group 0" in found[0].text and f"Group {MOST_GROUPS + 1}" in found[0].text and f"the other {MOST_GROUPS} groups in between" in found[0].text
    assert all(len(re.findall(r"Group \d", answer.text)) <= 6 for answer in found[:2]) and len(found[1].evidence) == 2


@pytest.mark.parametrize("texts", [{("a", "A"): "Nothing happened here."}, {("a", "A"): "Nothing happened.", ("b", "B"): "Nothing at all."}])
def test_texts_that_hold_nothing_are_told_to(tmp_path, texts):
    found = answered(Study.load(write_study(tmp_path / "s", texts)))
    assert "None of the targets is mentioned." in [answer.text for answer in found]
    assert {answer.strength for answer in found} == {HERE, OPEN}


def test_articles_enough_to_test_are_tested(tmp_path):
    texts = {(f"{group}{i}", group): f"Article {i}. " + ("The shameful regime committed a provocation. " if group == "A" else "The council met on Monday. ") * (4 + i) for group in "AB" for i in range(5)}
    study = Study.load(write_study(tmp_path / "s", texts))
    assert study.testable and answered(study)[-1].strength == "tested over articles"


def test_the_strip_names_the_outlets_with_most_articles(tmp_path):
    folder = write_study(tmp_path / "s", {(f"{i:02}", "AB"[i % 2]): "The council met on Monday. It will meet again." for i in range(26)})
    rows = (folder / "articles.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0].split(",")[:4] == ["article_id", "path", "group", "outlet"]
    parts = [row.split(",") for row in rows[1:]]
    (folder / "articles.csv").write_text("\n".join([rows[0], *(",".join([*part[:3], "most.com" if i >= 20 else f"{i}.com", *part[4:]]) for i, part in enumerate(parts))]), encoding="utf-8")
    first = corpus_strip(Study.load(folder))[0].outlets
    assert first.startswith("most.com, ") and first.endswith(" and 3 more outlets")


def test_the_strip_tells_who_when_and_how_much(study):
    strip = corpus_strip(study)
    assert [part.group for part in strip] == list(study.groups)
    assert strip[0].facts == ("3 articles", f"{study.annotations().articles.groupby('group')['n_words'].sum()['Azerbaijani']:,} words", "2022-03-08 to 2023-07-27", "1 of 3 machine-translated", "1 of 3 taken over from Trend")
    assert "none said to be machine-translated" in strip[1].facts
