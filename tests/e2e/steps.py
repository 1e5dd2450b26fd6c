"""What browser tests do and measure again and again."""

from typing import Any

from playwright.sync_api import Locator, Page

from qunxing.demo.desk import ref_of
from qunxing.directory.models import Organization
from qunxing.ledger.models import Record

# What must hold on each page: returns what does not.
LOOK = """() => {
  const wrong = [];
  const text = (element) => element.textContent.trim();
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) wrong.push(`${headings} h1`);
  const over = document.scrollingElement.scrollWidth - window.innerWidth;
  if (over > 0) wrong.push(`${over} pixels beyond the window`);
  for (const input of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const labelled = [...(input.labels || [])].some(text);
    const named = labelled || input.getAttribute("aria-label") || input.getAttribute("aria-labelledby");
    if (!named) wrong.push(`no label: ${input.outerHTML.slice(0, 90)}`);
  }
  for (const button of document.querySelectorAll("a[href], button, summary")) {
    const named = text(button) || button.getAttribute("aria-label") || button.querySelector("[aria-label], img[alt]");
    if (!named) wrong.push(`no name: ${button.outerHTML.slice(0, 90)}`);
  }
  for (const image of document.querySelectorAll("img:not([alt])")) wrong.push(`no alt: ${image.src}`);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids)) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`twice: #${id}`);
  if (!document.documentElement.lang) wrong.push("no language");
  if (!document.title.trim()) wrong.push("no title");
  if (document.querySelector("[style]:not([data-chart] *, [data-chart])")) wrong.push("a style in the page");
  return wrong;
}"""

# Text whose colour is too near to its ground (WCAG 2.2 AA); what stands on a picture is left out.
PALE = """() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const straight = (c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => {
    const [red, green, blue] = [r, g, b].map((c) => straight(c / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      const colour = parse(style.backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
      if (colour[3] > 0) return null;
    }
    return [255, 255, 255];
  };
  const pale = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const ground = groundOf(element);
    if (!ground) continue;
    const [one, other] = [light(parse(style.color)), light(ground)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 600);
    const ratio = (one + 0.05) / (other + 0.05);
    const words = element.textContent.trim().slice(0, 30);
    if (ratio < (large ? 3 : 4.5)) pale.push(`${ratio.toFixed(1)}: ${words} (${element.className})`);
  }
  return pale;
}"""


def sign_in(page: Page, username: str, password: str) -> None:
    """By the form, as a person does."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def width_beyond_window(page: Page) -> int:
    """How far the page runs out of its window, in pixels."""
    size: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return size


def faults_of(page: Page) -> list[str]:
    """What is wrong with the look of the page."""
    page.wait_for_load_state()
    found: list[str] = page.evaluate(LOOK)
    return [f"{page.url}: {fault}" for fault in found]


def pale_texts(page: Page) -> list[str]:
    """Texts that are hard to read."""
    found: list[str] = page.evaluate(PALE)
    return [f"{page.url}: {text}" for text in found]


def firm_page(key: str, rest: str = "") -> str:
    """The address of an organisation of the demonstration."""
    return f"/organizations/{ref_of(Organization, key)}/{rest}"


def ref(kind: type[Record], key: str) -> str:
    return ref_of(kind, key)


def seek(page: Page, words: str, found: str) -> None:
    """Search until it is found: the index follows within a second, on a busy machine within a few."""
    for _try in range(40):
        page.goto(f"/search/?q={words}")
        if found in page.locator("main").inner_text() and page.locator(".search-hit").count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{found} is not found by {words}")


def save(page: Page, **values: str) -> None:
    """Fill in the fields of the form by their names and send it."""
    form = page.locator("main form:has(.btn-primary)").last
    for name, value in values.items():
        fill(form.locator(f'[name="{name}"]'), value)
    form.locator(".form-foot .btn-primary").click()


def fill(field: Locator, value: str) -> None:
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def confirm(page: Page, button: str, *, within: Any = None, reason: str = "") -> None:
    """Open a button that asks first, give the reason, and say yes."""
    asked = (within or page).locator("details.confirm").filter(has=page.locator("summary", has_text=button)).first
    asked.locator("summary").click()
    if reason:
        asked.locator("[name=reason]").fill(reason)
    asked.locator("form button").click()
