"""Statements of every function that Athena documents, with Trino's answer or why there is none.

A line of `corpus/*.sql` is a statement and, behind ` -- `, its column types and rows (parted by
`|`, their values by `;`), or the beginning of the error. The answers are those of Trino's
documentation, or follow from it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from emulator.athena.catalog import Catalog
from emulator.athena.engine import Engine
from emulator.athena.engine_result import Result
from emulator.athena.errors import ApiError, QueryFailedError
from emulator.athena.objects import Scan
from emulator.athena.sql.functions import KNOWN, ON_ATHENA, calls
from emulator.athena.sql.statements import read
from sqlglot import exp

CORPUS = Path(__file__).parent / "corpus"


def lines() -> list[tuple[str, str]]:
    found = []
    for file in sorted(CORPUS.glob("*.sql")):
        for line in file.read_text().split("\n"):
            sql, _, answer = line.partition(" -- ")
            found += [(sql, answer)] if sql else []
    return found


def is_refused(answer: str) -> bool:
    return answer.startswith("error: ")


def is_expression(sql: str) -> bool:
    """Whether the statement is `SELECT` and one expression."""
    tree = read(sql).tree
    return isinstance(tree, exp.Select) and set(filter(tree.args.get, tree.args)) == {"expressions"}


def answer_of(sql: str) -> tuple[list[str], list[list[str]]]:
    """Column types and rows."""
    answers: list[tuple[list[str], list[list[str]]]] = []

    def take(result: Result) -> None:
        rows = [["NULL" if v is None else v for v in row] for row in result.rows]
        answers.append(([column.type for column in result.columns], rows))

    Engine(Catalog(None), None).run(read(sql), "db", Scan(), lambda _: None, take)
    return answers[0]


REFUSED = [line for line in lines() if is_refused(line[1])]
EXPRESSIONS = [line for line in lines() if not is_refused(line[1]) and is_expression(line[0])]
QUERIES = [line for line in lines() if line not in REFUSED and line not in EXPRESSIONS]


@pytest.mark.parametrize("start", range(0, len(EXPRESSIONS), 50))
def test_expressions_give_trinos_answers(start: int) -> None:
    """Many at once, since it is the connection that takes time."""
    chosen = EXPRESSIONS[start : start + 50]
    expressions = [sql.removeprefix("SELECT ") for sql, _ in chosen]
    types, (values,) = answer_of(f"SELECT {', '.join(expressions)}")
    found = [f"{type_}: {value}" for type_, value in zip(types, values, strict=True)]
    differing = [(*line, each) for line, each in zip(chosen, found, strict=True) if line[1] != each]
    assert differing == []


@pytest.mark.parametrize(("sql", "answer"), QUERIES)
def test_a_query_gives_trinos_answer(sql: str, answer: str) -> None:
    types, rows = answer_of(sql)
    assert f"{', '.join(types)}: {' | '.join(map(' ; '.join, rows))}" == answer


@pytest.mark.parametrize(("sql", "answer"), REFUSED)
def test_what_has_no_answer_here_says_why(sql: str, answer: str) -> None:
    with pytest.raises((QueryFailedError, ApiError)) as caught:
        answer_of(sql)
    reason = str(caught.value).removeprefix("InvalidRequestException: ")
    assert reason.startswith(answer.removeprefix("error: "))


def test_every_function_that_is_let_through_has_statements_with_an_answer() -> None:
    answered = {
        (name, count)
        for sql, answer in lines()
        if not is_refused(answer)
        for name, count, _ in calls(sql)
    }
    missing = [
        (name, count)
        for name, counts in KNOWN.items()
        for count in counts[:2]
        if (name, count) not in answered
    ]
    assert missing == []


def test_no_function_is_both_let_through_and_refused() -> None:
    assert KNOWN.keys() & ON_ATHENA == set()
