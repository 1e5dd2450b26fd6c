"""Folding by table gives what folding each text gives."""

from hypothesis import given, settings
from hypothesis import strategies as st

from qunxing.core.text import fold
from qunxing.matching.engine.folding import BORDER, fold_all

ODD = "醫学ＡＢc＋ 　\t。，【〔「…℃Ⅱ①é\u0301\u200b\u302aﬁßıK\U00020001"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet=ODD, max_size=12) | st.text(max_size=8), min_size=1, max_size=5))
def test_texts_fold_together_as_each_alone(texts: list[str]) -> None:
    texts = [text.replace(BORDER, "") for text in texts]
    folded = fold_all("".join(text + BORDER for text in texts)).split(BORDER)
    assert [one.strip() for one in folded[:-1]] == [fold(text) for text in texts]
