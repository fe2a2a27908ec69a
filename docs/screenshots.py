"""The pictures of the README, of pages as a browser shows them: `make screenshots`.

Needs the graph that `make demo` builds, the scripts of pages (`make frontend`), and Chromium.
"""

import base64
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

_IMAGES = Path(__file__).parent / "images"
_WIDTH, _HEIGHT = 1000, 700
_MOST_BYTES = 150_000
_SECONDS = 180  # names may have to be compiled

_Colour = tuple[int, int, int]

# What the browser makes of a PNG: its pixels, of four bytes each.
_PIXELS = """async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (each) => each.charCodeAt(0));
  const drawn = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(drawn.width, drawn.height);
  const context = canvas.getContext("2d");
  context.drawImage(drawn, 0, 0);
  const { data } = context.getImageData(0, 0, drawn.width, drawn.height);
  let text = "";
  for (let at = 0; at < data.length; at += 8192) {
    text += String.fromCharCode(...data.subarray(at, at + 8192));
  }
  return btoa(text);
}"""


def take_pictures(graph: Path) -> None:
    """Write the pictures, of pages of a graph, to `images` beside this file.

    Raises:
        RuntimeError: if something that this needs is missing, or a picture is too large.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise RuntimeError("there is no chromium: apt-get install chromium")
    if not graph.is_dir():
        raise RuntimeError(f"{graph}: there is no graph; make demo builds it")
    _IMAGES.mkdir(exist_ok=True)
    with _serving(graph) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT}, color_scheme="light")
        _show_connection(page, address)
        _keep(page, "connect.png")
        _show_network(page, address)
        _keep(page, "network.png")
        browser.close()


def _show_connection(page: Page, address: str) -> None:
    """Show what joins IL-7 and STAT5, with the card of what a sentence names."""
    page.goto(f"{address}/connect?a=IL-7&b=STAT5")
    page.locator("section[aria-labelledby=asserted] a.mention").nth(1).hover()
    page.locator(".card .cardname").wait_for()


def _show_network(page: Page, address: str) -> None:
    """Show what papers say of IL-7 as a network, with the sentences of an edge."""
    page.goto(f"{address}/graph?entity=IL-7")
    page.locator(".network[data-settled=true]").wait_for()
    page.get_by_label("Filter").fill("IL7 activates STAT5")
    page.get_by_role("row", name="STAT5").get_by_role("button", name="activates").click()
    page.get_by_label("What is chosen").locator("blockquote").first.wait_for()
    page.mouse.move(0, 0)
    page.locator(".tablebar").first.evaluate("bar => scrollTo(0, bar.offsetTop - 12)")


def _keep(page: Page, name: str) -> None:
    """Write a picture of what the browser shows.

    Raises:
        RuntimeError: if it is too large.
    """
    path = _IMAGES / name
    path.write_bytes(_shrink(page, page.screenshot(animations="disabled")))
    size = path.stat().st_size
    if size > _MOST_BYTES:
        raise RuntimeError(f"{path}: {size:,} bytes, more than {_MOST_BYTES:,}")
    print(f"{path}: {size:,} bytes")


def _shrink(page: Page, picture: bytes) -> bytes:
    """Return a PNG with no more than 256 colours: those that it has most of, and all shades."""
    pixels = base64.b64decode(page.evaluate(_PIXELS, base64.b64encode(picture).decode()))
    colours = list(zip(pixels[::4], pixels[1::4], pixels[2::4], strict=True))
    counts = Counter(colours)
    shades: dict[_Colour, _Colour] = {}
    for red, green, blue in sorted(counts, key=lambda colour: -counts[colour]):
        shades.setdefault((red >> 4, green >> 4, blue >> 4), (red, green, blue))
    most = (colour for colour, _ in counts.most_common(96))
    palette = list(dict.fromkeys((*most, *shades.values())))[:256]
    places = {colour: place for place, colour in enumerate(palette)}
    for colour in counts:
        if colour not in places:
            places[colour] = min(range(len(palette)), key=lambda at: _distance(palette[at], colour))
    rows = (colours[start : start + _WIDTH] for start in range(0, len(colours), _WIDTH))
    lines = b"".join(b"\0" + bytes(places[colour] for colour in row) for row in rows)
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"PLTE", bytes(value for colour in palette for value in colour)),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _distance(one: _Colour, other: _Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@contextmanager
def _serving(graph: Path) -> Iterator[str]:
    """Serve a graph until the block ends; give its address.

    Raises:
        RuntimeError: if the server does not begin.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "kg", "serve", "-g", str(graph), "--port", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + _SECONDS
        while not _is_ready(address):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{graph} cannot be served: {' '.join(command)} tells why")
            time.sleep(0.1)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    try:
        take_pictures(Path(sys.argv[1]))
    except RuntimeError as error:
        sys.exit(str(error))
