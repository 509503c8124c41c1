"""What each function that queries may use gives, by the Trino documentation's rules.

Function name: (expression in Athena's SQL, the value as Athena prints it; None for null).
"""

from __future__ import annotations

import duckdb
import pytest
from emulator.athena.catalog import Catalog
from emulator.athena.engine import Engine, lock_away
from emulator.athena.engine_result import Result
from emulator.athena.errors import ApiError, QueryFailedError
from emulator.athena.objects import Scan
from emulator.athena.sql.functions import KNOWN
from emulator.athena.sql.statements import read

FUNCTIONS: dict[str, tuple[str, str | None]] = {
    # conditional
    "coalesce": ("coalesce(NULL, 'b')", "b"),
    "greatest": ("greatest(1, 3, 2)", "3"),
    "if": ("if(1 > 2, 'yes')", None),
    "least": ("least(1, 3, 2)", "1"),
    "nullif": ("nullif('a', 'a')", None),
    "try": ("try(1 / 0)", None),
    "cast": ("cast('12' AS bigint) + 1", "13"),
    "try_cast": ("try_cast('x' AS bigint)", None),
    # math
    "abs": ("abs(-2)", "2"),
    "ceil": ("ceil(DOUBLE '1.2')", "2.0"),
    "ceiling": ("ceiling(DOUBLE '-1.2')", "-1.0"),
    "degrees": ("degrees(pi())", "180.0"),
    "exp": ("exp(0)", "1.0"),
    "floor": ("floor(DOUBLE '-1.2')", "-2.0"),
    "ln": ("ln(1)", "0.0"),
    "log": ("log(2, 8)", "3.0"),
    "log10": ("log10(100)", "2.0"),
    "log2": ("log2(8)", "3.0"),
    "mod": ("mod(-7, 3)", "-1"),
    "pi": ("pi() > 3", "true"),
    "pow": ("pow(2, 3)", "8.0"),
    "power": ("power(2, 3)", "8.0"),
    "radians": ("radians(180) = pi()", "true"),
    "rand": ("rand() < 1", "true"),
    "random": ("random() < 1", "true"),
    "round": ("round(DOUBLE '2.567', 1)", "2.6"),
    "sign": ("sign(-3)", "-1"),
    "sqrt": ("sqrt(16)", "4.0"),
    "is_nan": ("is_nan(nan())", "true"),
    "nan": ("nan()", "NaN"),
    "is_finite": ("is_finite(infinity())", "false"),
    "infinity": ("infinity()", "Infinity"),
    "truncate": ("truncate(DOUBLE '-1.7')", "-1.0"),
    "bitwise_and": ("bitwise_and(6, 3)", "2"),
    "bitwise_or": ("bitwise_or(6, 3)", "7"),
    "bitwise_xor": ("bitwise_xor(6, 3)", "5"),
    # text
    "chr": ("chr(65)", "A"),
    "codepoint": ("codepoint('A')", "65"),
    "concat": ("concat('a', 'b', 'c')", "abc"),
    "concat_ws": ("concat_ws('-', 'a', NULL, 'c')", "a-c"),
    "length": ("length('größe')", "5"),
    "levenshtein_distance": ("levenshtein_distance('kitten', 'sitting')", "3"),
    "lower": ("lower('ABC')", "abc"),
    "lpad": ("lpad('7', 3, '0')", "007"),
    "ltrim": ("ltrim('  a ')", "a "),
    "position": ("position('b' IN 'abc')", "2"),
    "replace": ("replace('abcb', 'b', 'x')", "axcx"),
    "reverse": ("reverse('abc')", "cba"),
    "rpad": ("rpad('7', 3, '0')", "700"),
    "rtrim": ("rtrim(' a  ')", " a"),
    "split": ("split('a,b,c', ',')", "[a, b, c]"),
    "split_part": ("split_part('a,b,c', ',', 2)", "b"),
    "starts_with": ("starts_with('abc', 'ab')", "true"),
    "strpos": ("strpos('abc', 'c')", "3"),
    "substr": ("substr('abcdef', 2, 3)", "bcd"),
    "substring": ("substring('abcdef', -2)", "ef"),
    "translate": ("translate('abc', 'ab', 'xy')", "xyc"),
    "trim": ("trim('  a ')", "a"),
    "upper": ("upper('abc')", "ABC"),
    "regexp_count": ("regexp_count('1a 2b 14m', '\\s*[a-z]+\\s*')", "3"),
    "regexp_extract": ("regexp_extract('1a 2b 14m', '(\\d+)([a-z]+)', 2)", "a"),
    "regexp_extract_all": ("regexp_extract_all('1a 2b 14m', '\\d+')", "[1, 2, 14]"),
    "regexp_like": ("regexp_like('1a 2b 14m', '\\d+b')", "true"),
    "regexp_replace": ("regexp_replace('1a 2b 14m', '(\\d+)([a-z]+)', '$2$1')", "a1 b2 m14"),
    "regexp_split": ("regexp_split('1a 2b 14m', '\\s+')", "[1a, 2b, 14m]"),
    "to_utf8": ("to_utf8('ab')", "61 62"),
    "from_utf8": ("from_utf8(to_utf8('ab'))", "ab"),
    "to_hex": ("to_hex(to_utf8('ab'))", "6162"),
    "md5": ("to_hex(md5(to_utf8('a')))", "0CC175B9C0F1B6A831C399E269772661"),
    "sha256": (
        "to_hex(sha256(to_utf8('')))",
        "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
    ),
    # dates and times
    "current_date": ("current_date = cast(now() AS date)", "true"),
    "current_timestamp": ("current_timestamp = now()", "true"),
    "now": ("now() > TIMESTAMP '2020-01-01 00:00:00 UTC'", "true"),
    "date": ("date('2026-11-20')", "2026-11-20"),
    "date_add": ("date_add('day', 1, DATE '2026-11-20')", "2026-11-21"),
    "date_diff": (
        "date_diff('hour', TIMESTAMP '2026-11-20 01:59:00', TIMESTAMP '2026-11-20 03:00:00')",
        "1",
    ),
    "date_format": (
        "date_format(TIMESTAMP '2026-11-20 13:05:09', '%Y-%m-%d %H:%i:%s')",
        "2026-11-20 13:05:09",
    ),
    "date_parse": ("date_parse('2026-11-20 13:05', '%Y-%m-%d %H:%i')", "2026-11-20 13:05:00.000"),
    "date_trunc": (
        "date_trunc('hour', TIMESTAMP '2026-11-20 13:45:00')",
        "2026-11-20 13:00:00.000",
    ),
    "day": ("day(DATE '2026-11-20')", "20"),
    "day_of_month": ("day_of_month(DATE '2026-11-20')", "20"),
    "day_of_week": ("day_of_week(DATE '2026-11-22')", "7"),
    "day_of_year": ("day_of_year(DATE '2026-02-01')", "32"),
    "dow": ("dow(DATE '2026-11-22')", "7"),
    "doy": ("doy(DATE '2026-02-01')", "32"),
    "extract": ("extract(YEAR FROM DATE '2026-11-20')", "2026"),
    "from_iso8601_date": ("from_iso8601_date('2026-11-20')", "2026-11-20"),
    "from_iso8601_timestamp": (
        "to_unixtime(from_iso8601_timestamp('2026-11-20T13:00:00Z'))",
        "1.7951796E9",
    ),
    "from_unixtime": ("cast(from_unixtime(0) AS timestamp)", "1970-01-01 00:00:00.000"),
    "hour": ("hour(TIMESTAMP '2026-11-20 13:45:10')", "13"),
    "last_day_of_month": ("last_day_of_month(DATE '2026-02-03')", "2026-02-28"),
    "minute": ("minute(TIMESTAMP '2026-11-20 13:45:10')", "45"),
    "month": ("month(DATE '2026-11-20')", "11"),
    "quarter": ("quarter(DATE '2026-11-20')", "4"),
    "second": ("second(TIMESTAMP '2026-11-20 13:45:10')", "10"),
    "to_unixtime": ("to_unixtime(TIMESTAMP '1970-01-01 00:01:00')", "60.0"),
    "week": ("week(DATE '2026-01-01')", "1"),
    "week_of_year": ("week_of_year(DATE '2026-01-01')", "1"),
    "with_timezone": (
        "to_unixtime(with_timezone(TIMESTAMP '1970-01-01 00:00:00', 'America/Los_Angeles'))",
        "28800.0",
    ),
    "at_timezone": (
        "hour(at_timezone(from_unixtime(0), 'America/Los_Angeles'))",
        "16",
    ),
    "year": ("year(DATE '2026-11-20')", "2026"),
    "yow": ("yow(DATE '2027-01-01')", "2026"),
    "year_of_week": ("year_of_week(DATE '2027-01-01')", "2026"),
    # JSON
    "json_array_length": ("json_array_length('[1, 2]')", "2"),
    "json_extract": ("json_extract('{\"a\": {\"b\": 1}}', '$.a')", '{"b":1}'),
    "json_extract_scalar": ('json_extract_scalar(\'{"a": {"b": "x"}}\', \'$.a.b\')', "x"),
    "json_format": ("json_format(json_extract('{\"a\": [1, 2]}', '$.a'))", "[1,2]"),
    "json_parse": ("json_extract_scalar(json_parse('{\"a\": 1}'), '$.a')", "1"),
    # arrays and maps
    "array": ("ARRAY[1, NULL, 3]", "[1, null, 3]"),
    "array_distinct": ("cardinality(array_distinct(ARRAY[1, 1, 2]))", "2"),
    "array_join": ("array_join(ARRAY['a', NULL, 'b'], '-')", "a-b"),
    "array_max": ("array_max(ARRAY[1, 3, 2])", "3"),
    "array_min": ("array_min(ARRAY[1, 3, 2])", "1"),
    "array_position": ("array_position(ARRAY['a', 'b'], 'b')", "2"),
    "array_sort": ("array_sort(ARRAY[3, 1, NULL, 2])", "[1, 2, 3, null]"),
    "arrays_overlap": ("arrays_overlap(ARRAY[1, 2], ARRAY[2, 3])", "true"),
    "cardinality": ("cardinality(ARRAY[1, 2, 3])", "3"),
    "contains": ("contains(ARRAY[1, 2], 2)", "true"),
    "element_at": ("element_at(ARRAY['a', 'b'], -1)", "b"),
    "filter": ("filter(ARRAY[1, 2, 3], x -> x > 1)", "[2, 3]"),
    "flatten": ("flatten(ARRAY[ARRAY[1], ARRAY[2, 3]])", "[1, 2, 3]"),
    "map": ("map(ARRAY['k'], ARRAY[1])", "{k=1}"),
    "map_keys": ("map_keys(map(ARRAY['k'], ARRAY[1]))", "[k]"),
    "map_values": ("map_values(map(ARRAY['k'], ARRAY[1]))", "[1]"),
    "sequence": ("sequence(1, 3)", "[1, 2, 3]"),
    "slice": ("slice(ARRAY[1, 2, 3, 4], 2, 2)", "[2, 3]"),
    "transform": ("transform(ARRAY[1, 2], x -> x * 10)", "[10, 20]"),
    "unnest": ("(SELECT sum(x) FROM UNNEST(ARRAY[1, 2]) AS u(x))", "3"),
    "row": ("CAST(ROW(1, 'x') AS ROW(a integer, b varchar))", "{a=1, b=x}"),
}

AGGREGATES: dict[str, tuple[str, str | None]] = {
    # over x in (1, 2, 3), g in ('a', 'b', 'a')
    "any_value": ("any_value(x) IN (1, 2, 3)", "true"),
    "approx_distinct": ("approx_distinct(x)", "3"),
    "approx_percentile": ("approx_percentile(x, 0.5)", "2"),
    "arbitrary": ("arbitrary(x) IN (1, 2, 3)", "true"),
    "array_agg": ("array_agg(x ORDER BY x DESC)", "[3, 2, 1]"),
    "avg": ("avg(x)", "2.0"),
    "bool_and": ("bool_and(x > 1)", "false"),
    "bool_or": ("bool_or(x > 2)", "true"),
    "corr": ("corr(x, x)", "1.0"),
    "count": ("count(DISTINCT g)", "2"),
    "count_if": ("count_if(x > 1)", "2"),
    "covar_pop": ("covar_pop(x, x) > 0.6", "true"),
    "covar_samp": ("covar_samp(x, x)", "1.0"),
    "every": ("every(x > 0)", "true"),
    "histogram": ("histogram(g)", "{a=2, b=1}"),
    "listagg": ("listagg(g, ',') WITHIN GROUP (ORDER BY x)", "a,b,a"),
    "max": ("max(g)", "b"),
    "max_by": ("max_by(g, x)", "a"),
    "min": ("min(x)", "1"),
    "min_by": ("min_by(g, x)", "a"),
    "stddev": ("stddev(x)", "1.0"),
    "stddev_pop": ("stddev_pop(x) < 0.9", "true"),
    "stddev_samp": ("stddev_samp(x)", "1.0"),
    "sum": ("sum(x)", "6"),
    "var_pop": ("var_pop(x) < 0.7", "true"),
    "var_samp": ("var_samp(x)", "1.0"),
    "variance": ("variance(x)", "1.0"),
}

WINDOWS: dict[str, tuple[str, str]] = {
    # over x in (1, 2, 2), the value of the last row by x
    "cume_dist": ("cume_dist() OVER (ORDER BY x)", "1.0"),
    "dense_rank": ("dense_rank() OVER (ORDER BY x)", "2"),
    "first_value": ("first_value(x) OVER (ORDER BY x)", "1"),
    "lag": ("lag(x, 2) OVER (ORDER BY x)", "1"),
    "last_value": ("last_value(x) OVER (ORDER BY x)", "2"),
    "lead": ("coalesce(lead(x) OVER (ORDER BY x), 0)", "0"),
    "nth_value": ("nth_value(x, 1) OVER (ORDER BY x)", "1"),
    "ntile": ("ntile(3) OVER (ORDER BY x)", "3"),
    "percent_rank": ("percent_rank() OVER (ORDER BY x)", "0.5"),
    "rank": ("rank() OVER (ORDER BY x)", "2"),
    "row_number": ("row_number() OVER (ORDER BY x)", "3"),
}

MEANINGS: list[tuple[str, str | None]] = [
    # what DuckDB means otherwise
    ("1 / 2", "0"),
    ("-7 / 2", "-3"),
    ("1.5 / 0", "Infinity"),
    ("0.1 + 0.2", "0.30000000000000004"),
    ("CAST(DOUBLE '2.5' AS bigint)", "3"),
    ("CAST(9007199254740993 AS bigint)", "9007199254740993"),
    ("CAST(DOUBLE '10000000' AS varchar)", "1.0E7"),
    ("CAST(TIMESTAMP '2026-11-20 13:00:00.5' AS varchar)", "2026-11-20 13:00:00.500"),
    ("CAST(true AS varchar)", "true"),
    ("concat('a', NULL)", None),
    ("greatest(1, NULL)", None),
    ("regexp_extract('x', '\\d+')", None),
    ("split_part('a,b', ',', 3)", None),
    ("substr('abc', 0)", ""),
    ("json_extract_scalar('{\"a\": {\"b\": 1}}', '$.a')", None),
    ("json_extract_scalar('not JSON', '$.a')", None),
    ("CAST('abc' AS JSON)", '"abc"'),
    ("DATE '2026-01-31' + INTERVAL '1' MONTH", "2026-02-28"),
    ("date_trunc('month', DATE '2026-02-03')", "2026-02-01"),
    ("date_diff('day', TIMESTAMP '2026-01-01 23:00:00', TIMESTAMP '2026-01-02 01:00:00')", "0"),
    ("date_add('day', -1, date_trunc('month', DATE '2026-03-15'))", "2026-02-28"),
    (
        "TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'America/Los_Angeles'",
        "2026-06-30 17:00:00.000",
    ),
    ("extract(DOW FROM DATE '2026-11-22')", "7"),
    (
        "sequence(DATE '2026-01-31', DATE '2026-02-01', INTERVAL '1' DAY)",
        "[2026-01-31, 2026-02-01]",
    ),
    ("slice(ARRAY[1, 2, 3], -2, 2)", "[2, 3]"),
    ("INTERVAL '26' HOUR", "1 02:00:00.000"),
    ("ARRAY[ROW(1, 'x')] IS NULL", "false"),
]


def values(sql: str) -> list[list[str | None]]:
    rows: list[list[str | None]] = []
    engine = Engine(Catalog(None), None)

    def take(result: Result) -> None:
        rows.extend(result.rows)

    engine.run(read(sql), "db", Scan(), lambda _: None, take)
    return rows


def test_every_function_has_an_example() -> None:
    assert {*FUNCTIONS, *AGGREGATES, *WINDOWS, "grouping"} == KNOWN


@pytest.mark.parametrize(
    ("examples", "source"),
    [
        (list(FUNCTIONS.values()), ""),
        (MEANINGS, ""),
        (list(AGGREGATES.values()), " FROM (VALUES (1, 'a'), (2, 'b'), (3, 'a')) AS t(x, g)"),
        (list(WINDOWS.values()), " FROM (VALUES 1, 2, 2) AS t(x) ORDER BY x"),
        ([("grouping(x)", "1")], " FROM (VALUES 1) AS t(x) GROUP BY ROLLUP (x) ORDER BY 1"),
    ],
    ids=["functions", "meanings", "aggregates", "windows", "grouping"],
)
def test_functions_give_what_athena_gives(
    examples: list[tuple[str, str | None]], source: str
) -> None:
    expressions = [expression for expression, _ in examples]
    found = values(f"SELECT {', '.join(expressions)}{source}")[-1]
    differing = [
        (expression, value, wanted)
        for (expression, wanted), value in zip(examples, found, strict=True)
        if value != wanted
    ]
    assert differing == []


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        ("parse_datetime('2026', 'YYYY')", "NOT_SUPPORTED: The function 'parse_datetime'"),
        ("format('%s', 1)", "NOT_SUPPORTED: The function 'format'"),
        ("list_aggregate(ARRAY[1], 'sum')", "FUNCTION_NOT_FOUND: line 1:8: Function"),
        ("read_text('/etc/passwd')", "FUNCTION_NOT_FOUND: line 1:8: Function 'read_text'"),
        ("\"read_text\"('/etc/passwd')", "FUNCTION_NOT_FOUND"),
        ("getenv('HOME')", "FUNCTION_NOT_FOUND"),
        ("athena_double(DOUBLE '1')", "FUNCTION_NOT_FOUND"),
        ("1 / 0", "DIVISION_BY_ZERO: Division by zero"),
        ("CAST('x' AS bigint)", "INVALID_CAST_ARGUMENT"),
        ("1 = '1'", "TYPE_MISMATCH: line 1:10: Cannot apply operator: integer = varchar(1)"),
        ("from_unixtime(0, 'UTC')", "NOT_SUPPORTED"),
    ],
)
def test_what_athena_refuses_or_isnt_sure_here_fails(expression: str, error: str) -> None:
    with pytest.raises(QueryFailedError) as caught:
        values(f"SELECT {expression}")
    assert caught.value.reason.startswith(error)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM db.read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/athena.csv'",
        "PRAGMA database_list",
        "SET threads = 1",
    ],
)
def test_nothing_of_duckdb_or_the_machine_can_be_reached(sql: str) -> None:
    with pytest.raises((QueryFailedError, ApiError)):
        values(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "COPY (SELECT 1) TO '/tmp/athena.csv'",
        "ATTACH '/tmp/athena.db'",
        "SET enable_external_access = true",
    ],
)
def test_duckdb_is_locked_even_if_a_statement_got_through(sql: str) -> None:
    with duckdb.connect() as connection:
        lock_away(connection)
        with pytest.raises(duckdb.Error, match=r"disabled by configuration|has been locked"):
            connection.execute(sql)
