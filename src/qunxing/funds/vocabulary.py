"""The stages of financing that a new installation begins with; staff edit them afterwards."""

# (code, Chinese name, English name) in the order of a firm's life.
STAGES = (
    ("seed", "种子轮", "Seed"),
    ("angel", "天使轮", "Angel"),
    ("pre_a", "Pre-A轮", "Pre-A"),
    ("a", "A轮", "Series A"),
    ("a_plus", "A+轮", "Series A+"),
    ("pre_b", "Pre-B轮", "Pre-B"),
    ("b", "B轮", "Series B"),
    ("b_plus", "B+轮", "Series B+"),
    ("c", "C轮", "Series C"),
    ("d", "D轮", "Series D"),
    ("e", "E轮及以后", "Series E and later"),
    ("strategic", "战略投资", "Strategic"),
    ("pre_ipo", "Pre-IPO轮", "Pre-IPO"),
    ("ipo", "首次公开发行", "IPO"),
    ("placement", "定向增发", "Private placement"),
    ("merger", "并购", "Merger or acquisition"),
    ("unknown", "轮次未披露", "Round not disclosed"),
)
