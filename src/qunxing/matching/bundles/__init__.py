"""Packages of firm, filed model, fund, compute and voucher, and proposals over all scenarios at once."""
