"""The stages of financing that a new installation begins with; staff edit them afterwards."""

# (code, Chinese name, English name, position) in the order of a firm's life. A stage that is added later takes a
# position between its neighbours, so that it stands where it belongs in an installation that has the others already.
STAGES = (
    ("seed", "种子轮", "Seed", 10),
    ("angel", "天使轮", "Angel", 20),
    ("pre_a", "Pre-A轮", "Pre-A", 30),
    ("a", "A轮", "Series A", 40),
    ("a_plus", "A+轮", "Series A+", 50),
    ("pre_b", "Pre-B轮", "Pre-B", 60),
    ("b", "B轮", "Series B", 70),
    ("b_plus", "B+轮", "Series B+", 80),
    ("c", "C轮", "Series C", 90),
    ("c_plus", "C+轮", "Series C+", 95),
    ("d", "D轮", "Series D", 100),
    ("e", "E轮及以后", "Series E and later", 110),
    ("strategic", "战略投资", "Strategic", 120),
    ("neeq", "新三板挂牌", "NEEQ listing", 125),
    ("pre_ipo", "Pre-IPO轮", "Pre-IPO", 130),
    ("ipo", "首次公开发行", "IPO", 140),
    ("post_ipo", "上市后", "After the IPO", 145),
    ("placement", "定向增发", "Private placement", 150),
    ("merger", "并购", "Merger or acquisition", 160),
    ("unknown", "轮次未披露", "Round not disclosed", 170),
)
