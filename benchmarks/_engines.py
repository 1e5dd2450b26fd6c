"""Ways to search: ours, bare tantivy, SQLite's full text and PostgreSQL's. Import it after Django has started."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import tantivy
from _documents import Asked, Made
from django.db import connection
from tantivy import Occur, Query

from qunxing.search import finding
from qunxing.search.analysis import cut, pairs
from qunxing.search.folders import make_index
from qunxing.search.gathering import Words, by_code, indexed
from qunxing.search.queries import narrowed, strict
from qunxing.search.reading import Reader
from qunxing.search.scope import scope_within
from qunxing.search.wording import read
from qunxing.search.writing import BUILDING_HEAP, Writer

TOP = 20
OFFERED = 8
OPEN = ("public", "community")


class Engine:
    """A way to search: made from documents in a folder, then asked."""

    name = ""
    within = True  # answers in this very process

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)

    def build(self, documents: Iterable[Made]) -> None:
        raise NotImplementedError

    def ask(self, asked: Asked) -> int:
        """How many of the top there are; -1 where it cannot be asked."""
        raise NotImplementedError

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())


class Qunxing(Engine):
    name = "qunxing"

    def build(self, documents: Iterable[Made]) -> None:
        self.index = make_index(self.folder / "index")
        writer = Writer(self.index, BUILDING_HEAP)
        words = Words({}, {})
        for made in documents:
            row = SimpleNamespace(ref=str(made.number), demo=False)
            writer.writer.add_document(indexed(by_code()[made.kind], row, made.document, made.level, words))
        writer.writer.commit()
        writer.close()
        self.index.reload()
        self.searcher = self.index.searcher()

    def ask(self, asked: Asked) -> int:
        query = strict(read(" ".join(asked.words)), self.searcher)
        chosen = {"kind": [asked.kind], "place": [asked.place]}
        return len(fetched(self.searcher, narrowed(query, scope(asked.owner), chosen)))

    def page(self, asked: Asked) -> int:
        """The whole page: which query finds anything, the hits marked, the counts of every kind and filter."""
        # There are no records behind these documents that could be asked again.
        finding.visible_keys = lambda _user, keys: set(keys)
        finding.scope_of = scope
        one = Reader(self.folder, (0, 0, 0), self.index, self.searcher, None)
        chosen = {"kind": [asked.kind], "place": [asked.place]}
        wish = finding.Wish(asked.owner, read(" ".join(asked.words)), chosen)
        return len(finding.found_in(one, wish).hits)

    def typed(self, words: str) -> int:
        """What is offered while somebody types."""
        query = narrowed(strict(read(words), self.searcher), scope(1), {})
        return len(self.searcher.search(query, OFFERED, count=False).hits)


def scope(owner: int) -> Any:
    """That of a member of one organisation."""
    return scope_within(OPEN, [owner])


def fetched(searcher: Any, query: Any) -> list[Any]:
    return [searcher.doc(address) for _score, address in searcher.search(query, TOP).hits]


class Bare(Engine):
    """Tantivy with the same pairs of characters in one column, and nothing that the filters and words do not need."""

    name = "bare tantivy"

    def build(self, documents: Iterable[Made]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("body", tokenizer_name="whitespace", index_option="position")
        for name in ("kind", "place", "level", "owner"):
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("number", stored=True)
        self.schema = builder.build()
        index = tantivy.Index(self.schema, path=str(self.folder))
        writer = index.writer(BUILDING_HEAP, 1)
        for made in documents:
            writer.add_document(self.document(made))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self.searcher = index.searcher()

    def document(self, made: Made) -> Any:
        document = tantivy.Document()
        document.add_text("body", cut(made.whole))
        for name in ("kind", "place", "level"):
            document.add_text(name, getattr(made, name))
        document.add_text("owner", str(made.owner))
        document.add_integer("number", made.number)
        return document

    def ask(self, asked: Asked) -> int:
        words = [self.phrase(pairs(word)) for word in asked.words]
        open_to = [("level", level) for level in OPEN] + [("owner", str(asked.owner))]
        filters = [
            self.term("kind", asked.kind),
            self.term("place", asked.place),
            Query.boolean_query([(Occur.Should, self.term(name, value)) for name, value in open_to]),
        ]
        weightless = [Query.const_score_query(one, 0.0) for one in filters]
        query = Query.boolean_query([(Occur.Must, one) for one in [*words, *weightless]])
        return len(fetched(self.searcher, query))

    def term(self, name: str, value: str) -> Any:
        return Query.term_query(self.schema, name, value, "basic")

    def phrase(self, held: Sequence[str]) -> Any:
        if len(held) == 1:
            return Query.term_query(self.schema, "body", held[0], "freq")
        return Query.phrase_query(self.schema, "body", list(held))


class Fts5(Engine):
    """Words of two characters are no trigram: queries of such alone are left out, in others they are not asked for."""

    name = "SQLite FTS5 trigram"
    SCHEMA = """
        PRAGMA journal_mode=WAL;
        CREATE TABLE document(number INTEGER PRIMARY KEY, kind TEXT, place TEXT, level TEXT, owner INTEGER);
        CREATE VIRTUAL TABLE words USING fts5(title, body, content='', tokenize='trigram');
    """
    ASK = """
        SELECT number FROM words JOIN document ON number = words.rowid
        WHERE words MATCH ? AND kind = ? AND place = ? AND (level IN (?, ?) OR owner = ?)
        ORDER BY bm25(words, 4.0, 1.0) LIMIT ?
    """

    def build(self, documents: Iterable[Made]) -> None:
        self.base = sqlite3.connect(self.folder / "fts.sqlite3")
        self.base.executescript(self.SCHEMA)
        with self.base:
            for made in documents:
                row = (made.number, made.kind, made.place, made.level, made.owner)
                self.base.execute("INSERT INTO document VALUES (?, ?, ?, ?, ?)", row)
                words = (made.number, made.title, f"{made.code} {made.firm} {made.text}")
                self.base.execute("INSERT INTO words(rowid, title, body) VALUES (?, ?, ?)", words)
        with self.base:
            self.base.execute("INSERT INTO words(words) VALUES ('optimize')")
        self.base.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def ask(self, asked: Asked) -> int:
        wanted = " AND ".join(f'"{word}"' for word in asked.words if len(word) > 2)
        if not wanted:
            return -1
        values = (wanted, asked.kind, asked.place, *OPEN, asked.owner, TOP)
        return len(self.base.execute(self.ASK, values).fetchall())


class Postgres(Engine):
    """The same pairs as words with their places."""

    name = "PostgreSQL full text"
    within = False
    TABLE = "CREATE TABLE bench(number int PRIMARY KEY, kind text, place text, level text, owner int, words tsvector)"
    ASK = """
        SELECT number FROM bench WHERE words @@ %s::tsquery AND kind = %s AND place = %s
        AND (level IN (%s, %s) OR owner = %s) ORDER BY ts_rank(words, %s::tsquery) DESC LIMIT %s
    """

    def build(self, documents: Iterable[Made]) -> None:
        connection.ensure_connection()
        self.base: Any = connection.connection
        with self.base.cursor() as cursor:
            cursor.execute(self.TABLE)
            with cursor.copy("COPY bench FROM STDIN") as copy:
                for made in documents:
                    held = " ".join(f"'{word}':{at + 1}" for at, word in enumerate(cut(made.whole).split()))
                    copy.write_row((made.number, made.kind, made.place, made.level, made.owner, held))
            cursor.execute("CREATE INDEX ON bench USING gin(words)")
            cursor.execute("CREATE INDEX ON bench(kind, place)")
            cursor.execute("VACUUM ANALYZE bench")

    def ask(self, asked: Asked) -> int:
        wanted = " & ".join("(" + " <-> ".join(f"'{pair}'" for pair in pairs(word)) + ")" for word in asked.words)
        values = (wanted, asked.kind, asked.place, *OPEN, asked.owner, wanted, TOP)
        with self.base.cursor() as cursor:
            return len(cursor.execute(self.ASK, values).fetchall())

    def size(self) -> int:
        with self.base.cursor() as cursor:
            return int(cursor.execute("SELECT pg_total_relation_size('bench')").fetchone()[0])
