"""The made-up part of the demonstration: every row bears the mark, every name begins with 演示."""
