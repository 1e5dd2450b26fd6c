"""Matching on plain data: conditions, relevance, order, reasons. Knows no Django."""

from qunxing.matching.engine.diversity import diversify, mmr
from qunxing.matching.engine.embedding import Embedder, EmbeddingError
from qunxing.matching.engine.profiles import FIELDS, PARTS, Hit, Part, Profile, Ranked
from qunxing.matching.engine.ranking import Engine, Explanation
from qunxing.matching.engine.synonyms import Synonyms
from qunxing.matching.engine.vectors import Vectors
from qunxing.matching.engine.weights import SHIPPED, Weights

__all__ = [
    "FIELDS",
    "PARTS",
    "SHIPPED",
    "Embedder",
    "EmbeddingError",
    "Engine",
    "Explanation",
    "Hit",
    "Part",
    "Profile",
    "Ranked",
    "Synonyms",
    "Vectors",
    "Weights",
    "diversify",
    "mmr",
]
