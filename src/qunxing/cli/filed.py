"""Reading published filings and sentences about them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from qunxing.cli.judged import rows_of
from qunxing.core.errors import Refused
from qunxing.matching.engine.hiding import Filed, Sentence, owners

FILINGS = {
    "number": ("recordNumber", "备案编号", "备案号"),
    "entity": ("entityName", "主体名称"),
    "name": ("algorithmName", "算法名称"),
    "kind": ("algorithmClass?", "算法类别"),
    "product": ("product", "应用产品"),
    "purpose": ("purpose", "主要用途"),
}
SENTENCES = {"filing": ("filing",), "language": ("language",), "text": ("sentence",)}


def read_filings(file: Path) -> list[Filed]:
    return [Filed(**cells) for _row, cells in rows_of(file, FILINGS) if cells["number"] and cells["entity"]]


def read_sentences(file: Path) -> list[Sentence]:
    found = [Sentence(**cells) for _row, cells in rows_of(file, SENTENCES)]
    if not found:
        raise Refused(_("%(file)s has no rows.") % {"file": file.name})
    return found


def check_known(file: Path, sentences: Sequence[Sentence], firms: Mapping[str, Sequence[Filed]]) -> None:
    """Every sentence is about a filing whose entity has another one."""
    known = owners(firms)
    for place, one in enumerate(sentences, start=1):
        if one.filing not in known:
            raise Refused(
                _("%(file)s, sentence %(place)s: no entity with two filings has %(number)s.")
                % {"file": file.name, "place": place, "number": one.filing or "∅"}
            )
