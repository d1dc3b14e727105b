"""Lists of sentences and pairs of articles, as a script of the page arranges them: sorted, filtered, cited, side by side."""

import pytest


@pytest.fixture
def page(report, visit):
    return visit(report / "index.html")


@pytest.fixture
def opened(page):
    """The list behind the number of the first screen that has most lines, opened; and its lines."""
    numbers = [int(number.replace(",", "")) for number in page.locator("header a.count").all_inner_texts()]
    page.locator("header a.count").nth(numbers.index(max(numbers))).click()
    box = page.locator(".lists > li").filter(has=page.get_by_role("group", name="Filter and sort these lines")).filter(visible=True).first
    box.get_by_role("group", name="Filter and sort these lines").wait_for()
    return box, box.locator("ol > li").filter(visible=True), max(numbers)


def test_a_list_is_filtered_by_words_and_says_how_many_are_left(opened):
    box, lines, total = opened
    assert lines.count() == total
    word = lines.last.locator("mark").inner_text()
    box.get_by_label("Only with").fill(word)
    left = lines.count()
    assert 0 < left <= total and all(word.lower() in text.lower() for text in lines.all_inner_texts())
    assert box.get_by_role("status").inner_text() == f"{left} of {total} lines"
    box.get_by_label("Only with").fill("no such words as these")
    assert lines.count() == 0
    box.get_by_label("Only with").fill("")
    assert lines.count() == total


def test_a_list_is_sorted_by_the_words_marked(opened):
    box, lines, total = opened
    box.get_by_label("Sorted by").select_option("the words marked")
    marked = lines.locator("mark").all_inner_texts()
    assert len(marked) == total and marked == box.page.evaluate("marked => [...marked].sort((one, other) => one.localeCompare(other))", marked)


def test_a_line_is_cited_with_its_sentence_and_address(opened):
    box, lines, _ = opened
    line = lines.first
    address = line.locator("a").first.get_attribute("href")
    line.get_by_role("button").focus()
    box.page.keyboard.press("Enter")
    told = box.page.get_by_role("status").filter(has_text="Cop").inner_text()
    assert told.endswith(address) and line.locator("mark").inner_text() in told and "article" in told


def test_two_articles_stand_side_by_side(page, study):
    first, last = study.articles[0].article_id, study.articles[-1].article_id
    chooser = page.get_by_role("group", name="Two articles side by side")
    chooser.get_by_label("Left").select_option(first)
    chooser.get_by_label("right").select_option(last)
    chooser.get_by_role("button", name="show").press("Enter")
    shown = page.locator("article").filter(visible=True)
    assert shown.count() == 2
    left, right = (page.locator(f'article[data-id="{article}"]').bounding_box() for article in (first, last))
    assert left["x"] + left["width"] <= right["x"] and abs(left["y"] - right["y"]) < 2
    mark = shown.nth(1).locator(".loaded[tabindex]").first
    mark.focus()
    assert "Loaded term" in mark.evaluate("mark => getComputedStyle(mark, '::after').content")
    page.set_viewport_size({"width": 320, "height": 640})
    left, right = (page.locator(f'article[data-id="{article}"]').bounding_box() for article in (first, last))
    assert left["y"] + left["height"] <= right["y"]
    chooser.get_by_role("button", name="one after the other").click()
    assert shown.count() == len(study.articles)
