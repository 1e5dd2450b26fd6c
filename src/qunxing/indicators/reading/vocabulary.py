"""What the press counts in an innovation community, as data: the words about a quantity that tell what it counts.

`after` is matched right behind the quantity, `before` right before it (linking words between them are passed over); a
rule with both wants both. The first rule that fits decides, so the narrow ones stand first.
"""

# ruff: noqa: E501 - a rule a line, and Chinese characters count double

import re
from dataclasses import dataclass
from typing import Final

from qunxing.indicators.quantities.units import AREA, COUNT, DATA, MONEY, POWER, SHARE, TIMES

# Who is meant when nobody is named: the community, whoever was named last, a fund that is named behind the amount.
COMMUNITY, ANYBODY, FUND, COUNTED = "community", "anybody", "fund", "counted"

LINK: Final = (
    r"(?:数量|总数|总量|总额|总计|总规模|规模|数目|金额|面积|稳步|大幅|快速|持续|进一步|累计|合计|共计|共有|现有|已有|已经|已达|达到了?|达成|增长至|增加至|增至|"
    r"增长到|增加到|升至|扩大到|扩大至|突破|超过|保持|稳定在|分别|目前|成功|获得|实现|完成|约为|约|近|逾|高达|多达|也|又|将|拟|力争|"
    r"已|共|有|从|由|达|到|至|为|是|了|的|超|:|,|\s|\([^)]{0,12}\))*"
)
FILL = r"[^,、。;:()及和与跟、]{0,10}?"
SORT = r"(?:[\u4e00-\u9fffA-Za-z]{0,8}?)"


@dataclass(frozen=True, slots=True)
class Rule:
    """Quantities of these kinds (and written units, if named) with these words about them are this indicator."""

    code: str
    kinds: frozenset[str]
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    units: frozenset[str] = frozenset()
    subject: str = COMMUNITY


def rule(code: str, kind: str, *, before: str = "", after: str = "", units: str = "", subject: str = COMMUNITY) -> Rule:
    return Rule(
        code,
        frozenset(kind.split()),
        re.compile(rf"(?:{before}){LINK}$", re.IGNORECASE) if before else None,
        re.compile(rf"^{FILL}(?:{after})", re.IGNORECASE) if after else None,
        frozenset(units.split()),
        subject,
    )


FIRMS = r"(?:企业|公司|团队|单位|机构)"
ENTERED = r"(?:入驻|进驻|落户|在园|在孵|驻园|在驻|入园|入孵)"
GATHERED = r"(?:汇聚|集聚|聚集|集结|云集|吸引|引育|引进|培育|孵化|拥有|形成|涌现|落户)"
NEW = r"(?:新增|净增|新引进|新入驻|引进|引入|新招引|新注册|新落户)"
LLM = r"(?:AI)?大模型(?:及智能体|和智能体)?(?:初创|创新|创业|生态|相关|上下游)?(?:企业|公司)"
AI = r"(?:人工智能|AI)(?:及?相关|核心|初创|创新|创业|重点|规上)?(?:企业|公司|startups)"
FILED = r"(?:通过|完成|获得|取得|获|实现)(?:了)?(?:国家)?(?:网信办|网信部门)?(?:级)?(?:的)?(?:生成式)?(?:人工智能)?(?:服务)?备案"
MODEL = r"(?:大模型|模型|生成式人工智能服务|生成式人工智能)"
HELD = r"(?:家|户|个)"

RULES: Final[tuple[Rule, ...]] = (
    # Shares and growth.
    rule("growth", f"{SHARE} {TIMES}", before=r"(?:增长|提升|提高|上升|增加|增幅|增速|上涨)(?:了|率|为|达)?"),
    rule("decline", f"{SHARE} {TIMES}", before=r"(?:下降|减少|降低|缩短|压缩)(?:了|率|为|达)?"),
    rule("share", SHARE, before=r"(?:占|占比|占到)[^,。;]{0,16}", subject=COUNTED),
    rule("share", SHARE, after=r"(?:的)?份额", subject=COUNTED),
    rule("occupancy", SHARE, before=r"(?:入驻率|出租率|使用率)"),
    # Firms.
    rule("unicorns", COUNT, after=r"(?:准)?独角兽"),
    rule("unicorns", COUNT, before=r"独角兽(?:企业)?"),
    rule("gazelles", COUNT, after=r"瞪羚"),
    rule("gazelles", COUNT, before=r"瞪羚(?:企业)?"),
    rule("high_tech_firms", COUNT, after=r"(?:国家)?(?:级)?(?:高新技术企业|高企)"),
    rule("high_tech_firms", COUNT, before=r"(?:高新技术企业|高企)"),
    rule("specialised_firms", COUNT, after=r"(?:国家级|市级)?(?:专精特新|“?小巨人)"),
    rule("specialised_firms", COUNT, before=r"(?:专精特新(?:中小)?(?:“?小巨人”?)?(?:企业)?|小巨人”?企业)"),
    rule("listed_firms", COUNT, after=r"(?:上市企业|上市公司)"),
    rule("listed_firms", COUNT, before=r"(?:上市企业|上市公司)"),
    rule("firms_graduated", COUNT, before=r"(?:毕业|出孵)(?:企业)?", units="家 个 户"),
    rule("firms_graduated", COUNT, after=r"(?:毕业企业|企业(?:顺利)?毕业)"),
    rule("firms_left", COUNT, before=r"(?:迁出|退出|搬离|离园|退租)(?:企业)?", units="家 个 户"),
    rule("firms_left", COUNT, after=r"企业(?:迁出|退出|搬离)"),
    rule("compute_partners", COUNT, after=r"(?:大)?(?:算力|智算)(?:资源)?(?:合作伙伴|伙伴|供应商|服务商|供给方|企业|合作方|厂商|提供商)"),
    rule("compute_partners", COUNT, before=r"(?:算力|智算)(?:资源)?(?:合作伙伴|伙伴|供应商|服务商|供给方|合作方|厂商|提供商)"),
    rule("funded_firms", COUNT, before=r"(?:帮助|助力|推动|支持|累计|其中|有)", after=r"企业(?:[^,。]{0,6})(?:融资|投资)"),
    rule("funded_firms", COUNT, before=r"(?:获投|获得?(?:投资|融资)的?)企业"),
    rule("investors", COUNT, after=r"(?:投资机构|创投机构|投资方|基金公司|金融机构)"),
    rule("investors", COUNT, before=r"(?:投资机构|创投机构|金融机构)"),
    rule("serves", COUNT, before=r"服务(?:全球|全国|海内外|国内外|了|各类|企业级)*", after=r"(?:[一-鿿]{0,4}?)(?:企业|开发者|客户|用户|机构|商户|公司|工厂|门店|医院|学校|律所|银行)", subject=ANYBODY),
    rule("serves", COUNT, before=r"服务(?:企业|客户|用户|开发者|机构|商户)(?:客户|用户)?", subject=ANYBODY),
    rule("reach", COUNT, after=r"(?:国家和地区|国家及地区|国家与地区|国家\(地区\)|国家、地区|国家或地区|国家$|国家(?=[的,。]))", subject=ANYBODY),
    rule("firms_moved_in", COUNT, before=rf"{NEW}(?:{ENTERED})?{SORT}{FIRMS}", units="家 个 户"),
    rule("firms_moved_in", COUNT, before=rf"(?:新增|净增|新引进|新入驻|新落户)(?:{ENTERED})?", after=rf"{FIRMS}"),
    rule("clustered_llm_firms", COUNT, after=LLM),
    rule("clustered_llm_firms", COUNT, before=LLM),
    rule("resident_firms", COUNT, before=rf"{ENTERED}(?:的)?{SORT}{FIRMS}", units="家 个 户 间"),
    rule("resident_firms", COUNT, before=rf"{ENTERED}", after=FIRMS),
    rule("resident_firms", COUNT, after=rf"{SORT}{FIRMS}[^,。]{{0,3}}{ENTERED}(?!率)"),
    rule("clustered_ai_firms", COUNT, after=AI, units="家 个 户 间"),
    rule("clustered_ai_firms", COUNT, before=AI, units="家 个 户 间"),
    rule("clustered_firms", COUNT, before=rf"{GATHERED}", after=FIRMS, units="家 户 间"),
    rule("clustered_firms", COUNT, before=rf"{GATHERED}{SORT}(?:企业|公司)", units="家 户 间"),
    # Models and filings.
    rule("algorithm_filings", COUNT, before=r"(?:算法备案|备案算法|算法(?:通过|完成)备案)"),
    rule("algorithm_filings", COUNT, after=r"(?:算法备案|备案算法|算法[^,。]{0,4}备案)"),
    rule("registered_services", COUNT, before=r"(?:完成|通过|累计)?登记(?:的)?(?:生成式)?(?:人工智能)?(?:服务|应用|大模型|模型|产品|功能|或)*"),
    rule("registered_services", COUNT, after=r"[^,。]{0,14}(?:完成|通过|予以|获)?登记"),
    rule("filed_models", COUNT, after=rf"{SORT}备案(?:的)?{MODEL}"),
    rule("filed_models", COUNT, after=rf"{MODEL}[^,。]{{0,6}}落地"),
    rule("filed_models", COUNT, after=rf"{MODEL}[^,。]{{0,14}}备案"),
    rule("filed_models", COUNT, before=rf"{MODEL}[^,。;]{{0,6}}?(?:{FILED}|备案)(?:的)?(?:数)?"),
    rule("filed_models", COUNT, before=rf"(?:备案|{FILED}的?)(?:的)?{SORT}{MODEL}"),
    rule("filed_models", COUNT, before=rf"{MODEL}[^。;]{{0,12}}", after=FILED),
    rule("filed_models", COUNT, before=rf"(?:{FILED}|备案)(?:的)?", after=MODEL),
    rule("filed_models", COUNT, before=r"(?:大模型|生成式人工智能)[^。;]{0,8}备案", units="款 个"),
    rule("models", COUNT, after=r"(?:自研|行业|垂类|垂直|基础|通用|开源|国产)?大模型(?!企业|公司|团队|相关|创业|应用|初创)", units="款 个"),
    # Computing power.
    rule("cards", COUNT, after=r"(?:高端|高性能|智能|先进|AI|国产)?(?:算力卡|加速卡|显卡|卡|GPU)", units="张 块 枚 颗"),
    rule("cards", COUNT, before=r"(?:算力卡|加速卡|GPU ?卡?|智算卡|显卡|卡)", units="张 块 枚 颗"),
    rule("cards", COUNT, units="卡", after=r"(?:集群|规模|算力|$)"),
    rule("cards", COUNT, units="卡", before=r"(?:算力|集群|规模|智算|建成)"),
    rule("computing_power", POWER, after=r"(?:的)?(?:智能)?(?:算力|智算|$)"),
    rule("computing_power", POWER, before=r"(?:算力|智算|超算|超级电脑|计算能力)[^。;]{0,10}?"),
    # Money.
    rule("scale", MONEY, after=rf"{SORT}(?:母基金|基金|(?<!^)(?<!社会|民间|产业|金融|人民|引入)(?<!人民币)资本)(?!支持|补贴|力量|市场)", subject=FUND),
    rule("scale", MONEY, before=r"(?:母基金|基金群|基金|资本)(?:[^。;]{0,6}?)(?:总)?规模", subject=FUND),
    rule("scale", MONEY, before=r"(?:母基金|基金群|基金)", subject=FUND),
    rule("financing", MONEY, before=r"(?:融资|投资款)(?:额|总额|金额|规模)?(?:[^,。;]{0,8}?)", subject=ANYBODY),
    rule("financing", MONEY, after=r"[^,。]{0,6}融资(?!租赁|担保|成本)", subject=ANYBODY),
    rule("rnd_spending", MONEY, before=r"(?:研发(?:费用|经费)?(?:投入|支出)|研发费用|研发经费)", subject=ANYBODY),
    rule("tax", MONEY, before=r"(?:税收|纳税|缴税|税款)(?:贡献|总额|收入)?", subject=ANYBODY),
    rule("profit", MONEY, before=r"(?:净利润|利润总额|利润)", subject=ANYBODY),
    rule("output_value", MONEY, before=r"(?:产值|产业规模|总产出)", subject=ANYBODY),
    rule("revenue", MONEY, before=r"(?:营业收入|营收|主营业务收入|经营收入|销售收入|销售额)(?:合计|总额|规模)?", subject=ANYBODY),
    # People, knowledge, room.
    rule("patents_granted", COUNT, before=r"(?:授权(?:发明)?专利|专利授权)", units="件 项 个"),
    rule("patents_granted", COUNT, after=r"(?:授权(?:发明)?专利|(?:发明)?专利授权)", units="件 项 个"),
    rule("patents_applied", COUNT, before=r"(?:专利申请|申请(?:各类|发明)?专利)", units="件 项 个"),
    rule("patents_applied", COUNT, after=r"(?:专利申请|申请专利)", units="件 项 个"),
    rule("patents", COUNT, before=r"(?:发明专利|专利|知识产权|软件著作权|软著)", units="件 项 个"),
    rule("patents", COUNT, after=r"(?:发明专利|专利|知识产权|软件著作权)", units="件 项 个"),
    rule("researchers", COUNT, before=r"(?:研发人员|科研人员|科技人员|研发人才)", units="人 名 位"),
    rule("researchers", COUNT, after=r"(?:研发人员|科研人员|科技人员|工程师|研发人才|研究员|科学家)", units="人 名 位"),
    rule("talent", COUNT, before=r"(?:人才)", units="人 名 位 个"),
    rule("talent", COUNT, after=rf"{SORT}人才", units="人 名 位 个"),
    rule("staff", COUNT, before=r"(?:从业人员|员工|就业人数|从业人数|就业|岗位)", units="人 名 位 个"),
    rule("staff", COUNT, before=r"团队(?:规模|成员)?", units="人 名", subject=ANYBODY),
    rule("staff", COUNT, after=r"(?:从业人员|员工|就业岗位)", units="人 名 位 个"),
    rule("developers", COUNT, before=r"(?:注册|活跃|吸引)?(?:开发者)", units="人 名 位 个"),
    rule("developers", COUNT, after=r"(?:注册|活跃)?开发者", units="人 名 位 个"),
    rule("users", COUNT, before=r"(?:注册|活跃|月活|日活)(?:用户)?", units="人 名 个 位", subject=ANYBODY),
    rule("users", COUNT, before=r"(?:用户(?:数|规模|总数)?)", units="人 名 个 位 户", subject=ANYBODY),
    rule("users", COUNT, after=r"(?:注册|活跃)?用户", units="人 名 个 位", subject=ANYBODY),
    rule("corpus", DATA, after=r"[^,。]{0,10}?(?:语料|数据集|数据)"),
    rule("corpus", DATA, before=r"(?:语料|数据集|数据)[^。;]{0,8}?"),
    rule("area", AREA, before=r"(?:面积|载体|空间|占地|办公|园区|厂房)[^。;]{0,8}?"),
    rule("area", AREA, after=r"(?:的)?[^,。]{0,8}?(?:载体|空间|办公|园区|场地|孵化)"),
    # What is done.
    rule("scenarios", COUNT, before=r"(?:应用场景|场景需求|场景|示范应用)", units="个 项 类 大"),
    rule("scenarios", COUNT, after=r"[^,。]{0,8}?(?:应用场景|场景)", units="个 项"),
    rule("events_held", COUNT, before=r"(?:举办|开展|组织|承办|举行)[^。;]{0,12}?(?:活动|路演|沙龙|论坛|对接会|大赛|培训)", units="场 次 场次 期"),
    rule("events_held", COUNT, before=r"(?:举办|开展|组织|承办|举行)", after=r"(?:[^,。]{0,10}?)(?:活动|路演|沙龙|论坛|对接|大赛|培训)", units="场 次 场次 期"),
    rule("projects", COUNT, before=r"(?:孵化|签约|落地|立项|承担|引进|入库|投资|储备|重点)[^,。;]{0,6}?项目", units="个 项"),
    rule("projects", COUNT, before=r"(?:孵化|签约|落地|立项|承担|引进|入库|投出|投资|储备)", after=r"[^,。]{0,8}?项目", units="个 项"),
    rule("standards", COUNT, before=r"(?:标准)", units="项 个"),
    rule("partners", COUNT, after=r"(?:生态)?(?:合作伙伴|生态伙伴)", units="家 个"),
    rule("partners", COUNT, before=r"(?:生态)?(?:合作伙伴|生态伙伴)", units="家 个"),
)  # fmt: skip
# Counted without any of these words about it, nothing in the press's language is about a community.
TRIGGER: Final = re.compile(
    "企业|公司|模型|备案|登记|算力|智算|flops|FLOPS|GPU|卡|基金|资本|国家|专利|人才|人员|员工|开发者|用户|客户|语料|数据|面积|"
    "载体|场景|活动|路演|沙龙|项目|机构|独角兽|瞪羚|融资|营收|收入|产值|税|利润|研发|揭牌|启用|开园|周期|缩短|过去|原本|原来|小时|分钟|团队|占|伙伴|标准|合作|社区|园区|空间|人次"
)
UNVEILED: Final = re.compile(
    r"(?:正式)?(?:揭牌|开园|启用|投用|投入使用|开业|挂牌|启动运营|正式运营|投入运营|揭幕)(?!仪式上|式上|[一两三四五六七八九十0-9]+(?:周年|年))"
)
TARGET: Final = re.compile(
    r"规划|计划|力争|预计|目标|拟(?!定|人)|争取|预期|有望|将(?:达|建|新|引|再|突破|形成|打造|集聚|投)|到20[2-9][0-9]年(?:底|末)?,?(?!已)"
)
BUILDING: Final = re.compile(r"在建|建设中|筹建|正在建设")
CYCLE: Final = re.compile(
    r"(?:周期|时间|用时|耗时|过去|原本|原来|以前|原先|从前|缩短|压缩|完成|工期|效率|需要|只需|仅需|只用)"
)
