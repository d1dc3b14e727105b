import pytest
from hypothesis import HealthCheck, given, settings
from pages import LEXICONS, any_text, overlapping, surface

from pressframes.layers.parse import parse
from pressframes.layers.quotes import find_quotes
from pressframes.layers.sentences import split_sentences
from pressframes.layers.voices import Sentence, Voice, find_attributions, find_voices, needs_parse, voice_lookup


@pytest.fixture
def voices(lexicons):
    """Return (kind, text, speaker) of the voices in an article whose paragraphs are lines."""

    def of(*paragraphs):
        text, blocks = "\n".join(paragraphs), []
        for paragraph in paragraphs:
            start = blocks[-1][1] + 1 if blocks else 0
            blocks.append((start, start + len(paragraph)))
        spans = [span for block in blocks for span in split_sentences(text, *block)]
        parsed = [Sentence(span[0], doc) for span, doc in zip(spans, parse([text[a:b] for a, b in spans]))]
        found = find_voices(text, find_quotes(text, blocks, lexicons.reporting), parsed, lexicons.reporting)
        return [(voice.kind, text[voice.start : voice.end], voice.speaker) for voice in found]

    return of


@pytest.mark.parametrize(
    "sentence, reported, speaker",
    [
        ("The minister said that the war was over.", "that the war was over", "minister"),
        ("The minister said the war was over.", "the war was over", "minister"),
        ("The war is over, the minister said.", "The war is over", "minister"),
        ("According to the minister, the war is over.", "the war is over", "minister"),
        ("The war is over, according to Sergei Lavrov.", "The war is over", "Sergei Lavrov"),
        ("Political analyst Arastun Orujlu told Turan that the worst expectations came true.", "that the worst expectations came true", "Arastun Orujlu"),
        ("Russian experts believe that the Americans will use another chance.", "that the Americans will use another chance", "Russian experts"),
        ("Russia fears that Moscow will lose its influence in the region.", "that Moscow will lose its influence in the region", "Russia"),
        ("It is believed that the general owns a vineyard.", "that the general owns a vineyard", ""),
        ("The general is said to own a vineyard.", "to own a vineyard", ""),
        ("Shoigu called on his counterpart to abide by the ceasefire.", "to abide by the ceasefire", "Shoigu"),
        ("The president urged both sides to stop the fighting.", "to stop the fighting", "president"),
        ("The claim that the general owns a vineyard surprised nobody.", "that the general owns a vineyard", ""),
        ("The head of the ministry admitted that much remains to be done.", "that much remains to be done", "head of the ministry"),
    ],
)
def test_reported_speech(voices, sentence, reported, speaker):
    (found,) = voices(sentence)
    assert found[0] == "indirect"
    assert found[1] == reported or (found[1] in reported and "to " + found[1] == reported)
    assert found[2] == speaker


@pytest.mark.parametrize(
    "sentence",
    [
        "The ministers met in Baku and signed a document.",
        "We believe that the war is over.",
        "I think that the plan will fail.",
        "As we said, the war is over.",
        "They should know that these trucks carry weapons.",
        "According to plan, the troops left the town.",
        "The man said nothing.",
    ],
)
def test_the_outlets_own_words(voices, sentence):
    assert [voice for voice in voices(sentence) if voice[0] == "indirect"] == []


@pytest.mark.parametrize(
    "sentence, reported, speaker",
    [
        ("The minister announced a new plan for the border.", ["a new plan for the border"], "minister"),
        ("The mayor criticized the state for its slow reply.", ["the state", "its slow reply"], "mayor"),
        ("The union called for a strike at the port.", ["a strike at the port"], "union"),
        ("The envoy accused the army of firing first.", ["the army", "firing first"], "envoy"),
        ("Her call for an early vote surprised the cabinet.", ["an early vote"], "Her"),
        ("The bank plans to close forty branches.", ["to close forty branches"], "bank"),
        ("Ivan Petrov refused to sign the paper.", ["to sign the paper"], "Ivan Petrov"),
        ("The king's promise to leave the palace was kept.", ["to leave the palace"], "king"),
        ("The reporter asked whether the bridge was safe.", ["whether the bridge was safe"], "reporter"),
        ("The poll shows that most farmers oppose the tax.", ["that most farmers oppose the tax"], "poll"),
        ("The governor is confident that the dam will hold.", ["that the dam will hold"], "governor"),
        ("The farmers are willing to sell the land.", ["to sell the land"], "farmers"),
        ("The dam, the engineer said, will not last another year.", ["The dam", "will not last another year"], "engineer"),
        ("The dam is old, and the road is worse, the engineer said.", ["The dam is old, and the road is worse"], "engineer"),
        ("The harvest was poor and prices rose, according to the ministry.", ["The harvest was poor and prices rose"], "ministry"),
        ("As the mayor put it, the town was lost.", ["the town was lost"], "mayor"),
        ("In the judge's view, the law is clear.", ["the law is clear"], "judge"),
        ("The minister's argument is that the tax helps the poor.", ["that the tax helps the poor"], "minister"),
    ],
)
def test_what_else_tells_somebodys_words(voices, sentence, reported, speaker):
    found = voices(sentence)
    told = " ".join(text for _, text, _ in found)
    assert found and {kind for kind, _, _ in found} == {"indirect"}
    assert all(piece.removeprefix("to ") in told for piece in reported)
    assert sum(len(piece.split()) for piece in reported) >= len(told.split()) - 1
    assert speaker == "Her" or {voice[2] for voice in found} == {speaker}


@pytest.mark.parametrize(
    "sentence",
    [
        "This shows that the tax helps the rich.",
        "The events show that the army was weak.",
        "On Monday, the minister resigned.",
        "The guards called the police at noon.",
        "She left a firm called Northern Light in May.",
        "We want to thank the farmers.",
        "He left the room, slamming the heavy door behind him.",
        "The game may end in a draw – everyone wants peace.",
        "On March 7, the ministry, reporting on the aid, closed the road.",
        "Readers should hope that the dam will hold.",
    ],
)
def test_conclusions_acts_and_advice_are_the_outlets(voices, sentence):
    assert [voice for voice in voices(sentence) if voice[0] == "indirect"] == []


def test_a_paragraph_that_a_reporting_clause_leads_to(voices):
    found = voices("In a letter in July the bishop wrote:", "The flood took the whole valley from us.", "The valley is green again.")
    assert found == [("indirect", "The flood took the whole valley from us", "bishop")]


@pytest.mark.parametrize(
    "paragraphs, speaker",
    [
        (["“The war has ended and we are glad that it has,” Arastun Orujlu said."], "Arastun Orujlu"),
        (["“The war has ended and we are glad that it has,” said Arastun Orujlu."], "Arastun Orujlu"),
        (["Arastun Orujlu said: “The war has ended and we are glad that it has.”"], "Arastun Orujlu"),
        (["The analyst noted:", "“The war has ended and we are glad that it has.”"], "analyst"),
        (["Political analyst Arastun Orujlu told Turan that the war was over. “We are glad that it has ended,” he said."], "Arastun Orujlu"),
        (["Arastun Orujlu spoke in Baku. “The war has ended and we are glad that it has,” Orujlu said."], "Arastun Orujlu"),
        (["Shoigu called on both sides to stop. “The war has ended and we are glad that it has,” the deputy told Turan."], "deputy"),
        (["“The war has ended and we are glad,” Arastun Orujlu said. “Nobody wants another one. We certainly do not,” he added."], "Arastun Orujlu"),
        (["“The war has ended and we are glad that it has,” Ms. Orujlu said."], "Ms. Orujlu"),
        (["“The war has ended and we are glad that it has.”", "- Arastun Orujlu, Baku"], "Arastun Orujlu"),
        (["The ambassador sent a blunt note to Baku: “The war has ended and we are glad that it has.”"], "ambassador"),
        (["“The war has ended and we are glad that it has,” shouted Arastun Orujlu."], "Arastun Orujlu"),
        (["“The war has ended and we are glad that it has.”"], ""),
    ],
)
def test_who_is_quoted(voices, paragraphs, speaker):
    direct = [voice for voice in voices(*paragraphs) if voice[0] == "direct"]
    assert direct and {voice[2] for voice in direct} == {speaker}


def test_the_reporting_clause_is_the_outlets(voices):
    assert [voice[1] for voice in voices("“The war has ended and we are glad that it has,” Arastun Orujlu said.")] == ["“The war has ended and we are glad that it has,”"]


def test_direct_speech_wins_within_reported_speech(voices):
    found = voices("President Aliyev told Shoigu that “the implementation of the statement is going well and shows that both are ready.”")
    assert [kind for kind, _, _ in found if kind != "scare"] in (["direct"], ["indirect", "direct"])
    direct = next(text for kind, text, _ in found if kind == "direct")
    assert direct.startswith("“the implementation") and direct.endswith("ready.”")


def test_a_lost_mark_within_reported_speech_does_not_end_it(lexicons):
    text = "The minister said that the “agreement will not hold and that the war will begin again."
    spans = split_sentences(text, 0, len(text))
    parsed = [Sentence(span[0], doc) for span, doc in zip(spans, parse([text[a:b] for a, b in spans]))]
    found = find_voices(text, find_quotes(text, [(0, len(text))], lexicons.reporting), parsed, lexicons.reporting)
    assert overlapping([voice for voice in found if voice.kind in ("direct", "indirect")]) == []
    voice_at = voice_lookup(found)
    assert voice_at(text.index("hold")) == "indirect"


def test_scare_quotes_and_names_change_no_voice():
    voice_at = voice_lookup([Voice(0, 10, "scare", "", True), Voice(20, 30, "direct", "", True), Voice(22, 25, "name", "", True), Voice(40, 50, "indirect", "", True)])
    assert [voice_at(offset) for offset in (0, 9, 10, 19, 20, 23, 29, 30, 40, 49, 50, 1000)] == [
        "outlet", "outlet", "outlet", "outlet", "direct", "direct", "direct", "outlet", "indirect", "indirect", "outlet", "outlet",
    ]  # fmt: skip


@given(any_text)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_voices_of_any_text(text):
    layers = surface(text[:1200])
    text = layers.text
    parsed = [Sentence(start, doc) for (start, _), doc in zip(layers.sentences, parse([text[a:b] for a, b in layers.sentences]))]
    found = find_voices(text, layers.quotes, parsed, LEXICONS.reporting)
    spoken = [voice for voice in found if voice.kind in ("direct", "indirect")]
    assert overlapping(spoken) == []
    assert [voice.start for voice in found] == sorted(voice.start for voice in found)
    assert all(0 <= voice.start < voice.end <= len(text) for voice in found)
    voice_at = voice_lookup(found)
    for token in (token for tokens in layers.tokens for token in tokens):
        kinds = {voice.kind for voice in spoken if voice.start <= token.start < voice.end}
        assert {voice_at(token.start)} == (kinds or {"outlet"})


@pytest.mark.parametrize(
    "sentence, reported",
    [
        ("A lorry hit the fence of the harbour, officials said, before being stopped by guards.", ["A lorry hit the fence of the harbour", "before being stopped by guards"]),
        ("The harbour master said that the pier was safe and that no ship would be turned away.", ["that the pier was safe", "that no ship would be turned away"]),
        ("The envoy made clear that the talks would go on.", ["that the talks would go on"]),
        ("In a poll of local fishermen, half were against the new quota.", ["half were against the new quota"]),
        ("The union questioned whether the harbour could be saved.", ["whether the harbour could be saved"]),
        ("The captain was accused of selling the cargo.", ["selling the cargo"]),
        ("The harvest was poor: farmers say the rain came late.", ["the rain came late"]),
    ],
)
def test_what_is_reported_and_no_more(voices, sentence, reported):
    pieces = [text for kind, text, _ in voices(sentence) if kind == "indirect"]
    assert all(any(piece in whole or whole in piece for piece in pieces) for whole in reported)
    assert all(any(piece in whole or whole in piece for whole in reported) for piece in pieces)


def test_words_quoted_within_a_report_leave_the_rest_reported(voices):
    found = voices("“A big lorry” broke the fence that had been set up for the fair, he said.")
    assert [text for kind, text, _ in found if kind == "indirect"] == ["broke the fence that had been set up for the fair"]


@pytest.mark.parametrize(
    "title, heard",
    [
        ("Petrov: Harbour Will Stay Open", [("indirect", "Harbour Will Stay Open", "Petrov")]),
        ("Poll: Most Fishermen Want a New Pier", [("indirect", "Most Fishermen Want a New Pier", "Poll")]),
        ("Breaking: Harbour Will Stay Open", []),
        ("Harbour: Workers Walk Out", []),
    ],
)
def test_a_headline_with_a_colon_speaks_for_whom_the_article_names(voices, title, heard):
    found = voices(title, "The harbour stayed open on Monday, and Ivan Petrov was there.")
    assert [voice for voice in found if voice[1] in title] == heard


def test_answers_of_an_interview_are_not_the_outlets_words(voices):
    found = voices("Q: Will the pier stay open?", "A: The pier was built by my father.", "Q: And the harbour?", "A: It was built by his father. It is older.")
    assert [text for kind, text, _ in found] == ["The pier was built by my father", "It was built by his father. It is older"]


def test_turns_of_a_conversation_name_their_speakers(voices):
    found = voices("ARDEN: The pier is safe enough.", "BRAND: The pier is old.", "ARDEN: It will be mended soon.", "BRAND: It has been mended twice.")
    assert [speaker for _, _, speaker in found] == ["ARDEN", "BRAND", "ARDEN", "BRAND"]


def test_the_source_is_where_it_is_printed_and_the_speaker_is_the_name(lexicons):
    text = "Ivan Petrov met the crew. He said that the ship was sound."
    spans = split_sentences(text, 0, len(text))
    parsed = [Sentence(span[0], doc) for span, doc in zip(spans, parse([text[a:b] for a, b in spans]))]
    (found,) = find_attributions(text, [], parsed, lexicons.reporting)
    assert found.voice.speaker == "Ivan Petrov"
    assert found.source == (text.index("He"), text.index("He") + 2)


@pytest.mark.parametrize(
    "sentence, speaker",
    [
        ("The attack called for a stronger reply.", ""),
        ("The minister's attack accused the farmers of theft.", "minister"),
        ("Our vision called for a stronger reply.", ""),
        ("The statement called for a stronger reply.", "statement"),
        ("The ministry called for a stronger reply.", "ministry"),
        ("On Sunday Moscow said that the war was over.", "Moscow"),
        ("The Sunday Times said that the war was over.", "Sunday Times"),
    ],
)
def test_an_event_a_thing_and_a_day_do_not_speak(voices, sentence, speaker):
    found = voices(sentence)
    assert found and {voice[2] for voice in found} == {speaker}, found


def test_he_is_nobody_named_after_in_nor_a_day(voices):
    found = voices("Ivan Petrov met the crew in San Marco on Monday. He said that the ship was sound.")
    assert {voice[2] for voice in found} == {"Ivan Petrov"}


@pytest.mark.parametrize(
    "sentence, needed",
    [("The rain fell on the town all day.", False), ("The mayor denied it.", True), ("It was “enough” for one day.", True), ("Among them was Ivan Petrov.", True)],
)
def test_sentences_that_tell_nothing_need_no_parser(lexicons, sentence, needed):
    assert needs_parse(sentence, lexicons.reporting) is needed


def test_unparsed_sentences_change_no_voice(lexicons):
    text = "Ivan Petrov met the crew. The rain fell on the town all day. He said that the ship was sound. The pier was empty by then."
    spans = split_sentences(text, 0, len(text))
    docs = list(parse([text[a:b] for a, b in spans]))
    whole = [Sentence(span[0], doc) for span, doc in zip(spans, docs)]
    part = [Sentence(span[0], doc if needs_parse(text[slice(*span)], lexicons.reporting) else None) for span, doc in zip(spans, docs)]
    assert sum(sentence.doc is None for sentence in part) == 2
    assert find_voices(text, [], part, lexicons.reporting) == find_voices(text, [], whole, lexicons.reporting)
