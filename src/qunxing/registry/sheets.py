"""Models and filings as tables that staff keep."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from qunxing.core.regions import PROVINCES
from qunxing.core.sheets import Beside, Parts, SheetColumn, SheetSpec, Value, Written, as_it_is, found_by, words
from qunxing.core.text import fold_name
from qunxing.directory.models import Task
from qunxing.directory.sheets import VISIBILITY
from qunxing.registry.models import AIModel, Coverage, Filing, FilingKind, FilingStep, ModelVersion, Ownership
from qunxing.registry.models.aimodels import NAME_LENGTH
from qunxing.registry.models.filings import NUMBER_LENGTH
from qunxing.registry.models.vocabulary import Openness
from qunxing.registry.numbers import fold_number
from qunxing.registry.rules import Permission
from qunxing.registry.states import PUBLISHED, State
from qunxing.registry.validators import check_algorithm_fields, check_number

KINDS = {
    FilingKind.FILED: ("备案", "生成式人工智能服务备案", "大模型备案"),
    FilingKind.REGISTERED: ("登记", "生成式人工智能服务登记", "大模型登记"),
    FilingKind.ALGORITHM: ("算法备案", "算法"),
}
STATES = {
    State.GRANTED: ("已备案", "已登记", "已通过", "通过", "有效", "在册"),
    State.PREPARING: ("筹备", "准备"),
    State.SUBMITTED: ("已提交", "已报送", "审核中"),
    State.SUPPLEMENTING: ("补正", "补充材料"),
    State.WITHDRAWN: ("注销",),
    State.REVOKED: ("撤销",),
    State.REJECTED: ("驳回", "未通过"),
    State.CHANGED: ("变更",),
}
TASKS = {Task.QUESTIONS: ("问答", "搜索"), Task.CODING: ("代码",), Task.DIALOGUE: ("聊天",)}
OPENNESS = {Openness.OPEN: ("开源", "是"), Openness.CLOSED: ("闭源", "否"), Openness.API: ("API",)}


def kind_words() -> dict[str, tuple[Any, ...]]:
    return {code: (label, *KINDS[FilingKind(code)]) for code, label in FilingKind.choices}


def state_words() -> dict[str, tuple[Any, ...]]:
    return {code: (label, *STATES[State(code)]) for code, label in State.choices}


def task_words() -> dict[str, tuple[Any, ...]]:
    return {code: (label, *TASKS.get(Task(code), ())) for code, label in Task.choices}


def openness_words() -> dict[str, tuple[Any, ...]]:
    return {code: (label, *OPENNESS[Openness(code)]) for code, label in Openness.choices}


def region_words() -> dict[str, tuple[Any, ...]]:
    return {one.code: (one.label, one.name, one.full_name, *one.words) for one in PROVINCES}


def model_key(text: str) -> str:
    return fold_name(text)[:NAME_LENGTH]


def number_key(text: str) -> str:
    return fold_number(text)[:NUMBER_LENGTH]


find_models = found_by(ref=as_it_is, name_key=model_key)
find_filings = found_by(ref=as_it_is, number_key=number_key, name_key=model_key)


def check_filing(filing: Filing) -> None:
    """What the forms ask of a filing: a number of its kind's shape once it is published, and what only some say."""
    if filing.number:
        try:
            check_number(filing.kind, filing.number)
        except ValidationError as error:
            raise ValidationError({"number": error}) from error
    elif filing.state in PUBLISHED:
        raise ValidationError({"number": _("A granted filing has a number.")})
    values = {"algorithm_class": filing.algorithm_class, "algorithm_role": filing.algorithm_role}
    if errors := check_algorithm_fields(filing.kind, values):
        raise ValidationError(errors)


def steps_taken(written: Sequence[Written]) -> Beside:
    """The step by which a filing came into the state that the sheet gives it; granted on the day it was granted."""
    return Beside(
        [
            FilingStep(filing=one.record, state=one.record.state, day=_day(one))
            for one in written
            if one.added or one.old.get("state", one.record.state) != one.record.state
        ]
    )


def _day(one: Written) -> Any:
    granted = one.record.granted_on if one.record.state == State.GRANTED else None
    return granted or one.day


MODELS = SheetSpec(
    code="models",
    label=_("Models"),
    model=AIModel,
    icon="cpu",
    keys=(("name", "owners"), ("name",)),
    find=find_models,
    add=Permission.CREATE_MODEL,
    change=Permission.CHANGE_MODEL,
    joins=("base_model",),
    columns=(
        SheetColumn(
            "name",
            words("模型名称、大模型名称、大模型、模型、名称、模型名、产品、model、model name"),
            required=True,
            example="示例大模型",
        ),
        SheetColumn(
            "owners",
            words(
                "公司、单位、企业、研发单位、开发单位、所属单位、权利人、机构、公司名称、企业名称、"
                "研发机构、owner、company、organization"
            ),
            heading=_("owners"),
            parts=Parts(Ownership, "model", "organization", {"role": Ownership.Role.OWNER}),
            note=_("By code or full registered name, several with 、 between them."),
            example="上海示例智能科技有限公司",
        ),
        SheetColumn("english_name", words("英文名称、英文名、english name"), example="Sample LM"),
        SheetColumn("description", words("简介、模型简介、说明、介绍、description")),
        SheetColumn("modalities", words("模态、类型、modality"), example="text"),
        SheetColumn("tasks", words("任务、能力、用途、应用领域、类别、tasks"), options=task_words, example="dialogue"),
        SheetColumn(
            "parameters", words("参数量（十亿）、参数规模（十亿）、parameters"), note=_("In billions."), example="72"
        ),
        SheetColumn("parameters_text", words("参数量、参数规模、参数、模型参数、规模、size"), example="7B-72B"),
        SheetColumn(
            "openness", words("开源、开源情况、是否开源、开放程度、openness"), options=openness_words, example="open"
        ),
        SheetColumn(
            "base_model", words("基座、基座模型、基础模型、底座、base model"), note=_("Another model, by its name.")
        ),
        SheetColumn("website", words("网址、官网、链接、网站、website、url"), example="https://example.com/model"),
        VISIBILITY,
    ),
)

VERSIONS = SheetSpec(
    code="model-versions",
    label=_("Model versions"),
    model=ModelVersion,
    icon="versions",
    keys=(("model", "version"),),
    find=found_by(ref=as_it_is),
    add=Permission.CHANGE_MODEL,
    change=Permission.CHANGE_MODEL,
    joins=("model",),
    columns=(
        SheetColumn(
            "model", words("模型、模型名称、大模型、model"), heading=_("model"), required=True, example="示例大模型"
        ),
        SheetColumn("version", words("版本、版本号、version"), required=True, value=Value.CODE, example="v2.0"),
        SheetColumn("released_on", words("发布日期、发布时间、上线时间、released"), example="2024-05-20"),
        SheetColumn("note", words("备注、说明、更新内容、note")),
        VISIBILITY,
    ),
)

FILINGS = SheetSpec(
    code="filings",
    label=_("Filings"),
    model=Filing,
    icon="certificate",
    keys=(("kind", "number"), ("kind", "name", "organization")),
    find=find_filings,
    add=Permission.CREATE_FILING,
    change=Permission.CHANGE_FILING,
    joins=("organization", "relies_on"),
    beside=steps_taken,
    check=check_filing,
    columns=(
        SheetColumn(
            "kind", words("类型、备案类型、种类、kind、type"), required=True, options=kind_words, example="备案"
        ),
        SheetColumn(
            "name",
            words(
                "模型名称、大模型名称、备案名称、应用/功能名称、应用名称、算法名称、服务名称、名称、name as filed、name"
            ),
            required=True,
            example="示例大模型",
        ),
        SheetColumn(
            "organization",
            words(
                "备案单位、登记单位、备案主体、主体名称、单位、单位名称、企业名称、公司名称、公司、"
                "filed by、organization"
            ),
            required=True,
            note=_("Its unified social credit code or its full registered name."),
            example="上海示例智能科技有限公司",
        ),
        SheetColumn(
            "state", words("状态、备案状态、进度、办理状态、state、status"), options=state_words, example="granted"
        ),
        SheetColumn(
            "number",
            words("备案号、备案编号、上线编号、登记编号、登记号、编号、number、record number"),
            value=Value.CODE,
            example="Shanghai-ShiLi-202405200001",
        ),
        SheetColumn("authority", words("主管部门层级、审批层级、authority"), example="provincial"),
        SheetColumn(
            "authority_name", words("主管部门、受理部门、审批部门、备案机关"), example="上海市互联网信息办公室"
        ),
        SheetColumn("region", words("省份、省市、地区、region"), options=region_words, example="上海"),
        SheetColumn("region_text", words("属地、所属地、公告属地"), example="上海"),
        SheetColumn(
            "granted_on",
            words("备案时间、登记时间、备案日期、登记日期、通过时间、公告时间、granted、date"),
            precision="granted_precision",
            note=_("A day, a month or a year."),
            example="2024-05-20",
        ),
        SheetColumn("granted_note", words("时间备注、日期备注"), example="补登"),
        SheetColumn("batch", words("批次、公告批次、batch"), example="2024年第二批"),
        SheetColumn("algorithm_class", words("算法类别、算法类型、class of algorithm")),
        SheetColumn("algorithm_role", words("角色、主体角色、role")),
        SheetColumn("product", words("产品、应用产品、产品名称、product")),
        SheetColumn("purpose", words("用途、主要用途、purpose")),
        SheetColumn(
            "models",
            words("涵盖模型、对应模型、所含模型、models"),
            heading=_("models covered"),
            parts=Parts(Coverage, "filing", "model"),
            note=_("By their names, several with 、 between them."),
            example="示例大模型",
        ),
        SheetColumn("relies_on", words("依托备案、依托模型、调用模型、调用的已备案模型、relies on")),
        SheetColumn(
            "public_url", words("公告链接、公示链接、链接、网址、public notice"), example="https://example.com/notice"
        ),
        SheetColumn("went_live_on", words("上线时间、上线日期、服务上线、went live"), example="2024-06-01"),
        SheetColumn("ended_on", words("停止服务、下线日期、终止日期、ended"), example="2025-06-30"),
        SheetColumn("notes", words("备注、说明、notes、remark")),
        VISIBILITY,
    ),
)

SHEETS = (MODELS, VERSIONS, FILINGS)
