"""The official lists that can be taken in, by the code they have on the command line and in addresses."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from qunxing.core.errors import Refused, Text
from qunxing.intake.official import Family


@dataclass(frozen=True)
class KnownList:
    code: str
    family: Family
    title: Text
    publisher: str
    hint: Text


KNOWN = {
    one.code: one
    for one in (
        KnownList(
            "genai-filings",
            Family.GENAI,
            _("Generative AI services filed (备案) or registered (登记)"),
            "国家互联网信息办公室",
            _("序号, 属地, 模型名称, 备案单位, 备案号, 备案时间, or the headings of a registration list."),
        ),
        KnownList(
            "algorithm-filings",
            Family.ALGORITHM,
            _("Algorithm filings (算法备案)"),
            "国家互联网信息办公室",
            _("算法名称, 算法类别, 主体名称, 应用产品, 主要用途, 备案编号, 备注."),
        ),
    )
}


def known_list(code: str) -> KnownList:
    """The list of that code; Refused when there is none."""
    if code not in KNOWN:
        raise Refused(_("There is no list called “%(code)s”.") % {"code": code}, ", ".join(KNOWN))
    return KNOWN[code]
