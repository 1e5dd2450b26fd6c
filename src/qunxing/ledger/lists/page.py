"""One page of a list, ready to be shown: the wishes checked, the rows fetched in a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from qunxing.accounts.models import SavedView
from qunxing.core.errors import Text
from qunxing.core.paging import neighbours
from qunxing.core.panels import exports_of
from qunxing.core.sheets import sheet_of
from qunxing.core.specs import declared
from qunxing.ledger.lists import past
from qunxing.ledger.lists.selection import Selection, select
from qunxing.ledger.lists.spec import Cell, Column, Filter, ListSpec, Options
from qunxing.ledger.models import Record

PAGE_SIZE = 50
KEPT_OUT_OF_LINKS = ("page", "format", "view")


@dataclass(frozen=True)
class ShownColumn:
    name: str
    label: Text
    kind: str
    shown: bool
    sort_url: str
    direction: str


@dataclass(frozen=True)
class ShownRow:
    url: str
    ref: str
    demo: bool
    cells: list[Cell]


@dataclass(frozen=True)
class Option:
    value: str
    label: Text
    selected: bool


@dataclass(frozen=True)
class ShownFilter:
    name: str
    label: Text
    kind: str
    prominent: bool
    options: list[Option]
    values: list[str]

    @property
    def active(self) -> bool:
        return any(self.values)


@dataclass(frozen=True)
class Chip:
    label: str
    remove_url: str


@dataclass(frozen=True)
class ShownView:
    name: str
    url: str
    shared: bool
    pk: int
    mine: bool


@dataclass(frozen=True)
class Wish:
    """What the reader asked of a list, after everything unknown was left out."""

    spec: ListSpec
    user: Any
    query: QueryDict
    words: str
    options: Mapping[str, Options]
    chosen: dict[str, list[str]]
    order: str
    columns: list[Column]
    known_at: date | None = None

    def link(self, **changes: Any) -> str:
        """The list's address with these parameters changed; None drops one."""
        query = self.query.copy()
        for name in KEPT_OUT_OF_LINKS:
            query.pop(name, None)
        for name, value in changes.items():
            query.pop(name, None)
            if isinstance(value, list):
                query.setlist(name, value)
            elif value is not None:
                query[name] = str(value)
        return f"?{query.urlencode()}"


@dataclass(frozen=True)
class ListPage:
    spec: ListSpec
    wish: Wish
    columns: list[ShownColumn]
    all_columns: list[ShownColumn]
    rows: list[ShownRow]
    filters: list[ShownFilter]
    chips: list[Chip]
    total: int
    number: int
    last: int
    saved_views: list[ShownView]
    can_create: bool

    @property
    def words(self) -> str:
        return self.wish.words

    @property
    def known_at(self) -> date | None:
        """The day of knowledge that was asked for; None for now."""
        return self.wish.known_at

    @property
    def remembers(self) -> bool:
        """Whether its rows keep their versions, so that it can be asked as it was known."""
        return issubclass(self.spec.model, Record)

    @property
    def now_url(self) -> str:
        return self.wish.link(known_at=None)

    @property
    def declared(self) -> bool:
        """Whether an app declares the list, so that it can be found by its code."""
        return any(spec.code == self.spec.code for spec in declared("lists", "LISTS"))

    @property
    def sheet_code(self) -> str:
        """The sheet by which its records can be taken out and brought back, if there is one."""
        model: Any = self.spec.model
        sheet = sheet_of(model)
        return sheet.code if sheet else ""

    @property
    def filtered(self) -> bool:
        return bool(self.wish.words or self.chips)

    @property
    def more_filters(self) -> list[ShownFilter]:
        return [item for item in self.filters if not item.prominent]

    @property
    def more_active(self) -> int:
        """How many of the less prominent filters are in force."""
        return sum(item.active for item in self.more_filters)

    @property
    def clear_url(self) -> str:
        """The list without words and filters, its columns and order as they are."""
        return self.wish.link(q=None, **{item.name: None for item in self.filters})

    @property
    def links(self) -> dict[str, str]:
        """Addresses of the neighbouring pages; a missing key is a page that does not exist."""
        return {name: self.wish.link(page=number) for name, number in neighbours(self.number, self.last).items()}

    @property
    def export_urls(self) -> dict[str, str]:
        return {kind: self.wish.link(format=kind) for kind in ("xlsx", "csv", "json")}

    @property
    def further_exports(self) -> list[tuple[str, str]]:
        """(label, address) of what other apps make of these rows, as they are now."""
        if not self.remembers or self.known_at is not None:
            return []
        kind = cast(type[Record], self.spec.model).kind_code()
        asked = self.wish.link(of_list=self.spec.code)
        return [(label, f"{address}{asked}") for label, address in exports_of(kind, self.wish.user)]

    @property
    def hidden_fields(self) -> list[tuple[str, str]]:
        """The parameters that a form of the page must send along, whatever it changes itself."""
        return [
            (name, value)
            for name, values in self.wish.query.lists()
            if name not in KEPT_OUT_OF_LINKS
            for value in values
        ]


def read_wish(spec: ListSpec, user: Any, query: QueryDict) -> Wish:
    """The reader's wishes; unknown filters, values, columns and orders are left out, never an error."""
    options = {item.name: [(str(value), label) for value, label in item.options(user)] for item in spec.filters}
    chosen = {item.name: allowed_values(item, options[item.name], query.getlist(item.name)) for item in spec.filters}
    permitted = spec.permitted_columns(user)
    named = set(query.getlist("col"))
    columns = [column for column in permitted if (column.name in named if named else column.shown)]
    return Wish(
        spec=spec,
        user=user,
        query=query,
        words=query.get("q", "").replace("\x00", "").strip()[:200],
        options=options,
        chosen={name: values for name, values in chosen.items() if any(values)},
        order=query.get("sort", ""),
        columns=columns or [column for column in permitted if column.shown],
        known_at=past.asked_day(spec, query.get("known_at", "")),
    )


def allowed_values(item: Filter, options: Options, values: Sequence[str]) -> list[str]:
    if item.kind == "day":
        return [value for value in values[:1] if is_day(value)]
    if item.kind == "days":
        return [value if is_day(value) else "" for value in values[:2]]
    known = {value for value, _label in options}
    return [value for value in values if value in known]


def is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def narrowed(wish: Wish) -> QuerySet[Any]:
    """All rows the reader may see and asked for, in no order; of a day of knowledge their versions."""
    if wish.known_at is not None:
        return past.narrowed(wish)
    rows = wish.spec.rows(wish.user).order_by()
    if wish.words:
        rows = wish.spec.search(rows, wish.words)
    for item in wish.spec.filters:
        if item.name in wish.chosen:
            rows = item.apply(rows, wish.chosen[item.name])
    return rows


def ordering(wish: Wish) -> list[str]:
    """Fields to order by: the column asked for, then the standing order."""
    if wish.known_at is not None:
        return past.order_of(wish.spec, standing(wish))
    return standing(wish)


def standing(wish: Wish) -> list[str]:
    name, backwards = wish.order.lstrip("-"), wish.order.startswith("-")
    for column in wish.columns:
        if column.name == name and column.sort:
            fields = [flipped(field) if backwards else field for field in column.sort]
            # One direction throughout, so that an index (field, id) serves both ways.
            return [*fields, "-pk" if fields[-1].startswith("-") else "pk"]
    return list(wish.spec.order)


def flipped(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def build_page(spec: ListSpec, user: Any, query: QueryDict) -> ListPage:
    """The page the query asks for; a page number past the end gives the last page."""
    wish = read_wish(spec, user, query)
    rows = narrowed(wish)
    selection = select(rows)
    last = max(1, -(-selection.total // PAGE_SIZE))
    number = page_number(query.get("page", ""), last)
    found = fetch_rows(wish, rows, selection, (number - 1) * PAGE_SIZE)
    all_columns = [shown_column(wish, column) for column in spec.permitted_columns(user)]
    return ListPage(
        spec=spec,
        wish=wish,
        columns=[column for column in all_columns if column.shown],
        all_columns=all_columns,
        rows=[shown_row(wish, row) for row in found],
        filters=[shown_filter(wish, item) for item in past.filters_of(wish)],
        chips=chips(wish),
        total=selection.total,
        number=number,
        last=last,
        saved_views=saved_views(wish),
        can_create=bool(spec.create_permission) and user.has_perm(spec.create_permission),
    )


def page_number(text: str, last: int) -> int:
    return min(max(int(text), 1), last) if text.isdecimal() and len(text) < 12 else 1


def fetch_rows(wish: Wish, rows: QuerySet[Any], selection: Selection, start: int, size: int = PAGE_SIZE) -> list[Any]:
    """The rows of one stretch; keys first, so that a far page walks an index and not the table."""
    return stored(wish, keys_of(wish, rows, selection, start, min(start + size, selection.total)))


def stored(wish: Wish, keys: Sequence[int]) -> list[Any]:
    """The rows with these keys, in this order, with all that the cells need."""
    if wish.known_at is not None:
        return past.stored(wish.spec, keys)
    by_key = {row.pk: row for row in wish.spec.fetch(wish.spec.model._default_manager.filter(pk__in=keys))}
    return [by_key[key] for key in keys if key in by_key]


def keys_of(wish: Wish, rows: QuerySet[Any], selection: Selection, start: int, stop: int) -> list[int]:
    """The keys from start to stop; of few rows without looking for them again, beyond the middle from the end."""
    if selection.keys is not None:
        rows = rows.model._default_manager.filter(pk__in=selection.keys)
    fields = ordering(wish)
    if start <= selection.total - stop:
        return list(rows.order_by(*fields).values_list("pk", flat=True)[start:stop])
    backwards = rows.order_by(*map(flipped, fields)).values_list("pk", flat=True)
    return list(backwards[selection.total - stop : selection.total - start])[::-1]


def shown_column(wish: Wish, column: Column) -> ShownColumn:
    name, backwards = wish.order.lstrip("-"), wish.order.startswith("-")
    sorted_by = column.name == name
    url = wish.link(sort=f"-{column.name}" if sorted_by and not backwards else column.name) if column.sort else ""
    direction = ("descending" if backwards else "ascending") if sorted_by and column.sort else ""
    return ShownColumn(column.name, column.label, column.kind, column in wish.columns, url, direction)


def shown_row(wish: Wish, row: Any) -> ShownRow:
    return ShownRow(row.get_absolute_url(), row.ref, row.demo, [column.read(row) for column in wish.columns])


def shown_filter(wish: Wish, item: Filter) -> ShownFilter:
    chosen = wish.chosen.get(item.name, [])
    options = [Option(value, label, value in chosen) for value, label in wish.options[item.name]]
    return ShownFilter(item.name, item.label, item.kind, item.prominent, options, chosen)


def chips(wish: Wish) -> list[Chip]:
    found = []
    for item in wish.spec.filters:
        chosen = wish.chosen.get(item.name, [])
        if item.kind in {"day", "days"} and chosen:
            found.append(Chip(f"{item.label}: {' – '.join(chosen)}", wish.link(**{item.name: None})))
            continue
        labels = dict(wish.options[item.name])
        for value in chosen:
            others = [other for other in chosen if other != value]
            found.append(Chip(f"{item.label}: {labels[value]}", wish.link(**{item.name: others})))
    if wish.words:
        found.append(Chip(_("Words: %(words)s") % {"words": wish.words}, wish.link(q=None)))
    return found


def saved_views(wish: Wish) -> list[ShownView]:
    if not wish.user.is_authenticated:
        return []
    views = SavedView.objects.filter(list_code=wish.spec.code).select_related("user")
    return [
        ShownView(view.name, f"?{view.query}", view.shared, view.pk, view.user_id == wish.user.pk)
        for view in views
        if view.user_id == wish.user.pk or view.shared
    ]
