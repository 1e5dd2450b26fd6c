"""AI models and their filings: 备案, 登记 and 算法备案."""
