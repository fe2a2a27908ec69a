"""Reading floor: abstracts with tags of JATS or HTML, as Crossref has them -> text and sections.

Pure. Tags are told from a bare "<" ("p <0.05") by their names, and need not be closed in order, as
they often are not.
"""

import html
import re

from kg.model import Text
from kg.readers.fields import join_sections, split_sections, squeeze

_INLINE = (
    "i|b|u|s|a|em|strong|italic|bold|underline|monospace|roman|sc|scp|small|sub|sup|span|font|tt"
    "|cite|named-content|styled-content|inline-formula|xref|ext-link|abbrev|uri|fn|sans-serif"
)
_BLOCK = (
    "p|br|div|sec|section|abstract|list|list-item|ul|ol|li|def-list|def|disp-formula|disp-quote"
    "|table|tr|td|label|caption|fig|graphic|inline-graphic|alternatives|break"
)
_TAG = re.compile(
    r"<(?P<end>/?)\s?(?:(?P<prefix>jats|mml|ns\d|xhtml|html):(?P<any>[\w-]+)"
    rf"|(?P<name>{_INLINE}|{_BLOCK}|title|h[1-6]|math|m[inor]|mrow|msu[bp]|msubsup|mtext|mspace"
    r"|mover|munder|mstyle|semantics|tex-math|annotation))(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});")
_ESCAPED_TAG = re.compile(r"&lt;(/?(?:jats:|mml:)?[A-Za-z][\w-]*(?:\s[^<>&]{0,200})?/?)&gt;")
# The same formula in another notation, and pictures.
_NOT_SHOWN = re.compile(
    r"<(?:jats:|mml:)?(tex-math|annotation|annotation-xml)\b[^<>]{0,2000}>.{0,2000}?"
    r"</(?:jats:|mml:)?\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_HEADING = re.compile(
    r"<(?:jats:|ns\d:)?(title|h[1-6])\b[^<>]{0,200}>(.{0,400}?)</(?:jats:|ns\d:)?\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
# A label in bold type at the beginning of a paragraph, with its colon.
_BOLD_HEADING = re.compile(
    r"(?:\A|(?<=>))\s*<(?:jats:)?(b|bold|strong)>([^<>:]{3,60})"
    r"(?::\s*</(?:jats:)?\1>|</(?:jats:)?\1>\s*:)",
    re.IGNORECASE,
)
_BLOCK_NAME = re.compile(rf"(?:{_BLOCK}|title|h[1-6])\Z", re.IGNORECASE)
_NO_LABELS = frozenset(("", "abstract", "summary", "résumé", "zusammenfassung", "resumen"))


def flatten_markup(text: str) -> str:
    """Return a text without tags and entities; indices stand on the line, paragraphs apart.

    >>> flatten_markup("<jats:p>Ca<jats:sup>2+</jats:sup> (p <0.05)</jats:p><p>R&amp;D</p>")
    'Ca2+ (p <0.05) R&D'
    """
    if "&lt;" in text:
        text = _ESCAPED_TAG.sub(r"<\1>", text)
    if "<" in text:
        text = _TAG.sub(_replace_tag, _NOT_SHOWN.sub("", text))
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return squeeze(text.replace("\0", ""))


def read_abstract(markup: str) -> Text:
    """Return an abstract with the sections that its headings tell, or labels in capitals.

    >>> text = read_abstract("<title>Abstract</title><sec><title>Aim</title><p>To ask.</p></sec>")
    >>> text.text, [part.label for part in text.sections]
    ('AIM: To ask.', ['AIM'])
    """
    if "&lt;" in markup:
        markup = _ESCAPED_TAG.sub(r"<\1>", markup)
    if "<" in markup:
        markup = _BOLD_HEADING.sub(r"<title>\2</title>", _NOT_SHOWN.sub("", markup))
    before, *rest = _HEADING.split(markup)
    parts = [("", before), *zip(rest[1::3], rest[2::3], strict=True)]
    shown = [(_clean_label(label), flatten_markup(body)) for label, body in parts]
    shown = [(label, body) for label, body in shown if body]
    if any(label for label, _ in shown):
        return join_sections(shown)
    return split_sections(" ".join(body for _, body in shown))


def _replace_tag(match: re.Match[str]) -> str:
    name = match["any"] or match["name"]
    return " " if _BLOCK_NAME.match(name) else ""


def _clean_label(label: str) -> str:
    label = flatten_markup(label).strip(" :.")
    return "" if label.casefold() in _NO_LABELS else label
