"""The lists of models and filings.

As they stand in `LISTS` they name only what everybody may see; `models_for` and `filings_for` make them name what one
reader may see, and offer the organisations whose references the reader asks for.
"""

from django.contrib.auth.models import AnonymousUser

from qunxing.registry.lists.filings import filings_for
from qunxing.registry.lists.models import models_for

MODELS = models_for(AnonymousUser())
FILINGS = filings_for(AnonymousUser())
LISTS = (MODELS, FILINGS)

__all__ = ["FILINGS", "LISTS", "MODELS", "filings_for", "models_for"]
