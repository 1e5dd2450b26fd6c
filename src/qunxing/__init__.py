"""Qunxing 群星: the system of record of an AI innovation community."""
