"""Many texts read at once have the terms that each has when it is read alone."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from qunxing.matching.engine.reading import Found, Reader, Tally
from qunxing.matching.engine.terms import KINDS, analyse
from qunxing.matching.engine.vocabulary import Vocabulary

STRANGE = "医学影像诊断模型。；;!？ \n\r\t\u3000abcGPT-4.5C++sＣ①℃Ⅱ々〇\U00020001é\u0301\u200b\ufdd0\ufdd1ﬁ…_#·"


def spelled(vocabulary: Vocabulary, tally: Tally, shift: int, numbers: list[int]) -> list[Counter[str]]:
    ends = np.cumsum(tally.sizes)
    told = [(vocabulary.term(number + shift), int(n)) for number, n in zip(numbers, tally.counts, strict=True)]
    return [Counter(dict(told[end - size : end])) for size, end in zip(tally.sizes, ends, strict=True)]


def terms_of(reader: Reader, found: Found, kind: str) -> list[Counter[str]]:
    vocabularies = reader.vocabularies({}, np.unique(found.pairs.terms))
    vocabulary, tally = getattr(vocabularies, kind), getattr(found, kind)
    names = len(vocabularies.words.names)
    own = vocabularies.pairs.of_codes(tally.terms) - names if kind == "pairs" else tally.terms
    pieces = (
        spelled(vocabulary, found.letters, 0, found.letters.terms.tolist()),
        spelled(vocabulary, tally, names, own.tolist()),
    )
    return [one + other for one, other in zip(*pieces, strict=True)]


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(st.text(max_size=30) | st.text(alphabet=STRANGE, max_size=60), max_size=6))
def test_texts_read_together_are_as_each_alone(texts: list[str]) -> None:
    reader = Reader()
    found = reader.read(texts)
    alone = [analyse(text) for text in texts]
    for place, kind in enumerate(KINDS):
        assert terms_of(reader, found, kind) == [one[place] for one in alone]


def test_a_closed_reader_learns_nothing() -> None:
    reader = Reader()
    reader.read(["医学影像 CT"])
    found = reader.close().read(["医学电池 GPU CT"])
    assert reader.words.terms == ["医学", "影像", "医学影像"]
    assert sorted(reader.characters) == sorted("医学影像")
    assert found.letters.terms.tolist() == [reader.letters["ct"]]
    # The one number after the last stands for every character that is not known.
    assert found.characters.terms.tolist() == sorted((reader.characters["医"], reader.characters["学"], 4))
