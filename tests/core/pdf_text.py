"""What a PDF says, read from its structure and its pages' own operators: words, tags, and what is no content."""

import io
import re
from collections.abc import Iterator

import pikepdf

_PAIRS = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_BLOCKS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)


def opened(data: bytes) -> pikepdf.Pdf:
    """The document in `data`."""
    return pikepdf.open(io.BytesIO(data))


def _letters(font: pikepdf.Object) -> dict[int, str]:
    """The text of each glyph of a font, as copying and screen readers take it (its ToUnicode table)."""
    pairs = (pair for block in _BLOCKS.findall(font.ToUnicode.read_bytes()) for pair in _PAIRS.findall(block))
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _shown(operands: list, letters: dict[int, str]) -> str:
    parts = operands[0] if isinstance(operands[0], pikepdf.Array) else operands[:1]
    strings = [bytes(part) for part in parts if isinstance(part, pikepdf.String)]
    codes = [int.from_bytes(data[at : at + 2], "big") for data in strings for at in range(0, len(data), 2)]
    return "".join(letters[code] for code in codes)


def pieces(page: pikepdf.Page) -> Iterator[tuple[str, bool]]:
    """Each marked piece of a page with its text, and whether it is content (not a running footer or a line)."""
    letters: dict[int, str] = {}
    open_marks: list[list] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                letters = _letters(page.Resources.Font[str(operands[0])])
            case "BDC" | "BMC":
                open_marks.append([str(operands[0]) != "/Artifact", "", operands])
            case "Tj" | "TJ":
                assert open_marks, "text that is neither content nor an artefact"
                open_marks[-1][1] += _shown(operands, letters)
            case "EMC":
                is_content, text, marked = open_marks.pop()
                actual = marked[1].get("/ActualText") if len(marked) > 1 and hasattr(marked[1], "get") else None
                text = text if actual is None else str(actual)
                if open_marks:  # a span inside: its text belongs to what stands around it
                    open_marks[-1][1] += text
                elif text:
                    yield text, is_content


def content(pdf: pikepdf.Pdf) -> list[str]:
    """What is read aloud, piece by piece (a piece is a line or more of one element on one page)."""
    return [text for page in pdf.pages for text, is_content in pieces(page) if is_content]


def running(page: pikepdf.Page) -> str:
    """What stands in the margins of a page and is not read aloud."""
    return " ".join(text for text, is_content in pieces(page) if not is_content)


def tags(pdf: pikepdf.Pdf) -> list[tuple[int, str, pikepdf.Object]]:
    """The structure in reading order: depth, name of the tag without the slash, and the element."""

    def below(node: object, depth: int) -> Iterator[tuple[int, str, pikepdf.Object]]:
        if isinstance(node, pikepdf.Array):
            for one in node:
                yield from below(one, depth)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield depth, str(node.S).removeprefix("/"), node
            yield from below(node.get("/K"), depth + 1)

    return list(below(pdf.Root.StructTreeRoot.K, 0))
