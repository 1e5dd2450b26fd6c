"""Sources as documents of the search."""

from django.utils.translation import gettext_lazy as _

from qunxing.core.specs import Document, DocumentSpec, pieces, year_of
from qunxing.ledger.models import Source


def source_document(source: Source) -> Document:
    return Document(
        title=source.title,
        url=source.get_absolute_url(),
        names=(source.title,),
        codes=pieces(source.series),
        about=pieces(source.publisher, source.day.isoformat()),
        text=source.note,
        words=source.url,
        facets={"type": (source.kind,), "year": year_of(source.day)},
    )


SOURCES = DocumentSpec(
    code="sources",
    label=_("Sources"),
    icon="book",
    model=Source,
    document=source_document,
    types=lambda: dict(Source.Kind.choices),
)
DOCUMENTS = (SOURCES,)
