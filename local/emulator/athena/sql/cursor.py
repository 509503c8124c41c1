"""Reads a statement token by token, for the statements that sqlglot doesn't read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from emulator.athena.errors import ApiError

Part = TypeVar("Part")
_CLOSING = {"(": ")", "<": ">"}
_REST = r"(?P<number>\d+\.\d*)|(?P<word>\w+)|(?P<sign><>|!=|<=|>=|->|\|\||.)"
_BLANK = r"(?P<blank>\s+|--[^\n]*|/\*.*?\*/)"
_TOKENS = {
    "hive": re.compile(
        rf"""{_BLANK}|(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<name>`(?:[^`]|``)*`)|{_REST}""",
        re.DOTALL,
    ),
    "trino": re.compile(
        rf"""{_BLANK}|(?P<string>'(?:[^']|'')*')|(?P<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`)|{_REST}""",
        re.DOTALL,
    ),
}
_ESCAPES = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a"}
_ESCAPED = re.compile(r"\\(u[0-9a-fA-F]{4}|[0-7]{3}|.)", re.DOTALL)


@dataclass(frozen=True)
class Token:
    """`kind` is string, name (in quotes), number, word or sign; `text` is without quotes; `end`
    is the place behind the token."""

    kind: str
    text: str
    start: int
    end: int


def tokens(sql: str, dialect: str) -> Iterator[Token]:
    """The statement's tokens, without comments, by the rules of Hive or Trino."""
    for found in _TOKENS[dialect].finditer(sql):
        kind, text = str(found.lastgroup), found.group()
        if kind == "blank":
            continue
        if kind in ("string", "name"):
            quote = text[0]
            text = text[1:-1]
            escapes = kind == "string" and dialect == "hive"
            text = _ESCAPED.sub(_unescaped, text) if escapes else text.replace(quote * 2, quote)
        yield Token(kind, text, found.start(), found.end())


def _unescaped(found: re.Match[str]) -> str:
    code = found.group(1)
    if code[0] == "u" and len(code) > 1:
        return chr(int(code[1:], 16))
    return chr(int(code, 8)) if len(code) == 3 else _ESCAPES.get(code, code)


class Cursor:
    """`dialect` is Hive's, whose names stand in backticks, or Trino's, of queries.

    Everything that reads raises ApiError, with the place, where something else stands.
    """

    def __init__(self, sql: str, dialect: str = "hive") -> None:
        self.sql = sql
        self._tokens = list(tokens(sql, dialect))
        self._place = 0

    @property
    def ended(self) -> bool:
        return self._place == len(self._tokens)

    def at(self, *words: str) -> bool:
        """Whether these words or signs come next."""
        found = self._tokens[self._place : self._place + len(words)]
        return len(found) == len(words) and all(
            token.text.upper() == word and token.kind != "string"
            for token, word in zip(found, words, strict=True)
        )

    def accept(self, *words: str) -> bool:
        """Whether these words came next, which are then behind."""
        if not self.at(*words):
            return False
        self._place += len(words)
        return True

    def expect(self, *words: str) -> None:
        if not self.accept(*words):
            raise self.mismatched(" ".join(words))

    def end(self) -> None:
        if not self.ended:
            raise self.mismatched("<EOF>")

    def name(self) -> str:
        """An identifier, in small letters."""
        if self.ended:
            raise self.mismatched("a name")
        token = self._tokens[self._place]
        if token.kind not in ("name", "word"):
            raise self.mismatched("a name")
        self._place += 1
        return token.text.lower()

    def qualified(self) -> tuple[str, str]:
        """Database (empty if none is named) and name; a data catalog is left out."""
        names = [self.name()]
        while self.accept("."):
            names.append(self.name())
        return (names[-2] if len(names) > 1 else ""), names[-1]

    def string(self) -> str:
        """A text literal; neighbours are one text, as in Hive."""
        texts = []
        while not self.ended and self._tokens[self._place].kind == "string":
            texts.append(self._tokens[self._place].text)
            self._place += 1
        if not texts:
            raise self.mismatched("a string")
        return "".join(texts)

    def literal(self) -> str:
        """A text, number or word, as text."""
        if self.accept("-"):
            return f"-{self.literal()}"
        token = None if self.ended else self._tokens[self._place]
        if token is None or token.kind == "sign":
            raise self.mismatched("a value")
        if token.kind == "string":
            return self.string()
        self._place += 1
        return token.text

    def listed(self, read: Callable[[], Part]) -> list[Part]:
        """`(part, part, …)`."""
        self.expect("(")
        parts = [read()]
        while self.accept(","):
            parts.append(read())
        self.expect(")")
        return parts

    def pairs(self) -> dict[str, str]:
        """`('key' = 'value', …)`."""

        def pair() -> tuple[str, str]:
            key = self.literal()
            self.expect("=")
            return key, self.literal()

        return dict(self.listed(pair))

    def parenthesized(self) -> str:
        """The text between an opening parenthesis and the one that closes it, in its place."""
        self.expect("(")
        start = self._tokens[self._place].start if not self.ended else 0
        depth = 1
        while not self.ended:
            token = self._tokens[self._place]
            self._place += 1
            if token.kind == "sign":
                depth += {"(": 1, ")": -1}.get(token.text, 0)
                if depth == 0:
                    return self._alone(start, token.start)
        raise self.mismatched(")")

    def rest(self) -> str:
        """The text that is left, in its place."""
        if self.ended:
            raise self.mismatched("a statement")
        start = self._tokens[self._place].start
        self._place = len(self._tokens)
        return self._alone(start, len(self.sql))

    def drop_last(self, *words: str) -> bool:
        """Whether the text ended in these words, which are then no longer part of it."""
        start = len(self._tokens) - len(words)
        found = [token.text.upper() for token in self._tokens[max(start, 0) :]]
        if found != list(words):
            return False
        self.sql = self.sql[: self._tokens[start].start].rstrip()
        del self._tokens[start:]
        return True

    def _alone(self, start: int, end: int) -> str:
        """A part of the text behind blanks, so that places in it stay what they are."""
        return re.sub(r"[^\n]", " ", self.sql[:start]) + self.sql[start:end]

    def type(self) -> str:
        """A column's type as the catalog has it: without spaces."""
        text = self._word()
        for opening, closing in _CLOSING.items():
            if self.accept(opening):
                text += opening
                while not self.accept(closing):
                    text += "," if self.accept(",") else self._part(opening)
                text += closing
        return text.lower() if "<" not in text else text

    def _part(self, opening: str) -> str:
        if opening == "(":
            return self._word()
        named = len(self._tokens) > self._place + 1 and self._tokens[self._place + 1].text == ":"
        if not named:
            return self.type()
        name = self._word()
        self.expect(":")
        return f"{name}:{self.type()}"

    def _word(self) -> str:
        if self.ended or self._tokens[self._place].kind not in ("word", "name"):
            raise self.mismatched("a type")
        self._place += 1
        return self._tokens[self._place - 1].text

    def mismatched(self, wanted: str) -> ApiError:
        if self.ended:
            line, column, found = 1, max(len(self.sql), 1), "<EOF>"
        else:
            token = self._tokens[self._place]
            before = self.sql[: token.start]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            found = self.sql[token.start : token.end]
        return ApiError(
            f"line {line}:{column}: mismatched input '{found}' expecting {wanted}",
            "MALFORMED_QUERY",
        )
