"""The headings of the published lists, in all the wordings that were seen; the better sign stands first."""

from qunxing.intake.headers import Column, HeaderSpec
from qunxing.intake.official.rows import Family

ORDINAL = Column("ordinal", ("序号", "No.", "index"), ordinal=True)

GENAI = HeaderSpec(
    (
        ORDINAL,
        Column("batch", ("公告批次", "批次", "batch")),
        Column("type", ("类型", "备案类型", "类别", "type")),
        Column("region", ("属地", "所属地", "省份", "省市", "地区", "所在地", "region")),
        Column(
            "title",
            (
                "模型名称",
                "大模型名称",
                "应用/功能名称",
                "应用或功能名称",
                "模型（应用）名称",
                "模型/应用名称",
                "应用名称",
                "功能名称",
                "服务名称",
                "名称",
                "model name",
                "name",
            ),
            required=True,
        ),
        Column(
            "organization",
            (
                "备案单位",
                "登记单位",
                "单位",
                "单位名称",
                "备案主体",
                "主体名称",
                "企业名称",
                "公司名称",
                "organization",
            ),
            required=True,
        ),
        Column(
            "number",
            ("备案号", "备案编号", "上线编号", "登记编号", "登记号", "上线号", "编号", "record number", "number"),
            required=True,
        ),
        Column(
            "granted",
            ("备案时间", "登记时间", "备案日期", "登记日期", "上线时间", "通过时间", "时间", "日期", "date"),
        ),
        Column("remark", ("备注", "说明", "remark")),
    )
)

ALGORITHM = HeaderSpec(
    (
        ORDINAL,
        Column("type", ("filingType", "备案类型", "类型")),
        Column("batch", ("batch", "公告批次", "批次")),
        Column("granted", ("announcementDate", "公告时间", "公告日期", "公布日期", "发布日期", "备案时间", "时间")),
        Column("title", ("algorithmName", "算法名称", "算法名"), required=True),
        Column("category", ("algorithmClass", "算法类别", "算法类型", "类别")),
        Column("role", ("role", "角色", "主体角色")),
        Column(
            "organization",
            ("entityName", "主体名称", "备案主体名称", "备案主体", "备案单位", "单位名称", "企业名称", "公司名称"),
            required=True,
        ),
        Column("product", ("product", "应用产品", "关联产品", "产品名称", "产品")),
        Column("purpose", ("purpose", "主要用途", "用途")),
        Column("number", ("recordNumber", "备案编号", "备案号", "算法备案编号", "编号"), required=True),
        Column("remark", ("remark", "备注", "变更情况")),
    )
)

SPECS = {Family.GENAI: GENAI, Family.ALGORITHM: ALGORITHM}
