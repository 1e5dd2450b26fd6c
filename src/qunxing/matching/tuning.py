"""Which weights are in use here, and the embedding service, if one is set up."""

import logging
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qunxing.core.errors import Refused
from qunxing.matching.engine import SHIPPED, Embedder, EmbeddingError, Profile, Vectors, Weights

logger = logging.getLogger(__name__)

WHY = {
    "away": gettext_noop("it does not answer (%(detail)s)"),
    "slow": gettext_noop("it takes longer than %(detail)s"),
    "refused": gettext_noop("it refuses the call (%(detail)s)"),
    "not-json": gettext_noop("its answer is no JSON"),
    "shape": gettext_noop("its answer has another shape (%(detail)s)"),
    "count": gettext_noop("it gave another number of vectors than was asked for (%(detail)s)"),
    "sizes": gettext_noop("its vectors differ in size (%(detail)s)"),
    "not-a-number": gettext_noop("its vectors hold what is no number"),
    "too-large": gettext_noop("its answer does not end (%(detail)s bytes)"),
    "no-model": gettext_noop("it names no model (%(detail)s); set QUNXING_EMBEDDINGS_MODEL"),
    "address": gettext_noop("%(detail)s is no web address"),
}


def weights_file() -> Path:
    """Where `qunxing matching train` puts weights that were found to be better."""
    return Path(settings.ENV.data_dir) / "matching" / "weights.json"


def weights_in_use() -> Weights:
    """Those trained here, else those that came with the program. Raises Refused when the file cannot be read."""
    file = weights_file()
    return read_weights(file) if file.is_file() else SHIPPED


def read_weights(file: Path) -> Weights:
    try:
        return Weights.read(file)
    except (OSError, ValueError, TypeError) as error:
        raise Refused(_("%(file)s holds no weights: %(error)s") % {"file": file, "error": error}) from error


def embedder(url: str = "", model: str = "") -> Embedder | None:
    """The service at this address, else the one of the settings, else none."""
    address = url or settings.ENV.embeddings_url
    if not address:
        return None
    return Embedder(address, settings.ENV.embeddings_key, model or settings.ENV.embeddings_model)


def meaning_of(
    needs: Sequence[Profile], supplies: Sequence[Profile], service: Embedder | None
) -> tuple[Vectors | None, str]:
    """Vectors of both sides and "", or none and why; without them matching goes on by words."""
    if service is None:
        return None, ""
    try:
        return Vectors.made(service, needs, supplies, weights_file().parent / "vectors"), ""
    except EmbeddingError as error:
        logger.warning("embedding service %s: %s", service.url, error)
        return None, told(service, error)


def told(service: Embedder, error: EmbeddingError) -> str:
    why = _(WHY[error.code]) % {"detail": error.detail}
    return _("The embedding service %(url)s cannot be used: %(why)s. Matching goes on without meaning.") % {
        "url": service.url,
        "why": why,
    }
