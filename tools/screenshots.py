"""Takes the pictures of docs/pictures: the pages of tools/screenshots.toml, from a demonstration of their own.

Usage: python tools/screenshots.py [NAME …]   (each the beginning of the names of some pictures)
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
PROGRAM = Path(sys.executable).with_name("qunxing")
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
FLAGS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LOCALES = {"zh": "zh-CN", "en": "en-US"}
LANGUAGES = {"zh": "zh-hans", "en": "en"}
LARGEST = 200_000
COLOURS = [256, 128, 64, 32]
START_SECONDS = 180


@dataclass(frozen=True)
class Picture:
    """One entry of screenshots.toml."""

    name: str
    path: str
    user: str = ""
    language: str = "zh"
    width: int = 1280
    height: int = 800
    full: bool = False
    follow: Sequence[str] = ()


def chosen(beginnings: list[str]) -> list[Picture]:
    """The pictures to take."""
    listed = tomllib.loads((ROOT / "tools" / "screenshots.toml").read_text(encoding="utf-8"))["picture"]
    pictures = [Picture(**entry) for entry in listed]
    return [picture for picture in pictures if picture.name.startswith(tuple(beginnings) or "")]


# --- the program ----------------------------------------------------------------------------------------------------


def free_port() -> int:
    """A port on loopback that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def load_demonstration(environment: dict[str, str]) -> dict[str, str]:
    """Fill the data folder; returns the passwords by user name."""
    command = [str(PROGRAM), "demo", "--json"]
    said = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {account["username"]: account["password"] for account in json.loads(said)["accounts"]}


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            sys.exit(f"screenshots: the server ended with status {server.returncode}")
        try:
            urllib.request.urlopen(address, timeout=60).close()  # noqa: S310
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    sys.exit("screenshots: the server did not answer")


@contextmanager
def running(environment: dict[str, str]) -> Iterator[str]:
    """The address of the program, served as long as the block lasts."""
    port = free_port()
    server = subprocess.Popen([PROGRAM, "serve", "--port", str(port)], env=environment)
    try:
        wait_for(address := f"http://127.0.0.1:{port}", server)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


# --- the browser ----------------------------------------------------------------------------------------------------


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own chromium."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit("screenshots: no chromium on this machine (Debian: apt-get install chromium fonts-noto-cjk)")
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


def sign_in(page: Page, user: str, password: str) -> None:
    """Sign in by the form, as a person does."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def take(browser: Browser, address: str, picture: Picture, passwords: dict[str, str]) -> bytes:
    """The picture as PNG, as the browser makes it."""
    context = browser.new_context(
        base_url=address,
        locale=LOCALES[picture.language],
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        viewport={"width": picture.width, "height": picture.height},
    )
    context.add_cookies([{"name": "language", "value": LANGUAGES[picture.language], "url": address}])
    page = context.new_page()
    if picture.user:
        sign_in(page, picture.user, passwords[picture.user])
    page.goto(picture.path)
    for link in picture.follow:
        page.locator(link).first.click()
    page.wait_for_load_state("networkidle")
    shot = page.screenshot(full_page=picture.full)
    context.close()
    return shot


def compressed(shot: bytes) -> bytes:
    """The picture with as many colours as keep it small."""
    image = Image.open(BytesIO(shot)).convert("RGB")
    small = b""
    for colours in COLOURS:
        out = BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        small = out.getvalue()
        if len(small) < LARGEST:
            break
    return small


def main(beginnings: list[str]) -> int:
    """Take the pictures; 1 if one would not get small enough."""
    pictures = chosen(beginnings)
    PICTURES.mkdir(parents=True, exist_ok=True)
    large = 0
    with tempfile.TemporaryDirectory(prefix="qunxing-pictures-") as folder:
        environment = {**os.environ, "QUNXING_DATA": folder, "QUNXING_HTTPS": "false"}
        environment.pop("DATABASE_URL", None)
        passwords = load_demonstration(environment)
        with running(environment) as address, chromium() as browser:
            for picture in pictures:
                png = compressed(take(browser, address, picture, passwords))
                (PICTURES / f"{picture.name}.png").write_bytes(png)
                large += len(png) >= LARGEST
                print(f"{picture.name}: {len(png) // 1000} kB")
    return 1 if large else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
