"""The functions that queries may use: those whose translation gives what Athena gives.

Each has an example in the tests. Every other name fails, also names that DuckDB knows, since a
query that works here must work on AWS.
"""

from __future__ import annotations

import re
from itertools import pairwise

import sqlglot
from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from emulator.athena.errors import QueryFailedError, not_supported


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))


KNOWN = _words(
    """
    coalesce greatest if least nullif try cast try_cast
    abs ceil ceiling degrees exp floor ln log log10 log2 mod pi pow power radians rand random round
    sign sqrt is_nan nan is_finite infinity truncate bitwise_and bitwise_or bitwise_xor
    chr codepoint concat concat_ws length levenshtein_distance lower lpad ltrim position replace
    reverse rpad rtrim split split_part starts_with strpos substr substring translate trim upper
    regexp_count regexp_extract regexp_extract_all regexp_like regexp_replace regexp_split
    to_utf8 from_utf8 to_hex md5 sha256
    current_date current_timestamp now date date_add date_diff date_format date_parse date_trunc
    day day_of_month day_of_week day_of_year dow doy extract from_iso8601_date
    from_iso8601_timestamp from_unixtime hour last_day_of_month minute month quarter second
    to_unixtime week week_of_year with_timezone at_timezone year yow year_of_week
    json_array_length json_extract json_extract_scalar json_format json_parse
    array array_distinct array_join array_max array_min array_position array_sort arrays_overlap
    cardinality contains element_at filter flatten map map_keys map_values row sequence slice
    transform unnest
    any_value approx_distinct approx_percentile arbitrary array_agg avg bool_and bool_or corr count
    count_if covar_pop covar_samp every grouping histogram listagg max max_by min min_by stddev
    stddev_pop stddev_samp sum var_pop var_samp variance
    cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank
    row_number
    """
)

ON_ATHENA = _words(
    """
    all_match any_match approx_most_frequent array_except array_intersect array_remove array_union
    arrays_zip at_time_zone bitwise_not cbrt char2hexint checksum classify combinations cos cosh
    date_from_unix_date e format format_datetime format_number from_base64 from_big_endian_64
    geometric_mean hamming_distance hmac_sha256 human_readable_seconds is_infinite is_json_scalar
    json_array_contains json_array_get json_exists json_object json_query json_size json_value
    kurtosis luhn_check map_agg map_concat map_entries map_filter map_from_entries map_union
    map_zip_with merge millisecond multimap_agg ngrams none_match normalize parse_data_size
    parse_datetime parse_duration reduce reduce_agg regr_intercept regr_slope repeat sha1 sha512
    shuffle sin skewness soundex split_to_map split_to_multimap tan timezone_hour timezone_minute
    to_base64 to_iso8601 to_milliseconds transform_keys transform_values typeof url_decode
    url_encode url_extract_fragment url_extract_host url_extract_parameter url_extract_path
    url_extract_port url_extract_protocol url_extract_query uuid width_bucket word_stem xxhash64 zip
    zip_with
    """
)
"""Functions that Athena has and this platform hasn't: they fail with that."""

_GRAMMAR = _words(
    """
    all and any as between bernoulli by case char cube decimal distinct else escape except exists
    filter from full group having in inner intersect is join lateral left like limit materialized
    not offset on or ordinality outer over partition right rollup rows select sets some system then
    time timestamp union using values varchar when where with within recursive
    """
)
"""Words of the grammar that a parenthesis may follow."""


def check_functions(sql: str, tree: exp.Query) -> None:
    """Raises QueryFailedError for a function that isn't known to give what Athena gives."""
    names = {
        found.meta["start"] for found in tree.find_all(exp.Identifier) if "start" in found.meta
    }
    quoted = {
        found.meta["start"]
        for found in tree.find_all(exp.Anonymous)
        if isinstance(found.this, exp.Identifier) and "start" in found.meta
    }
    for token, following in pairwise(sqlglot.tokenize(sql, read="athena")):
        if following.token_type != TokenType.L_PAREN or not token.text[:1].isalpha():
            continue
        name = token.text.lower()
        if token.start in names - quoted or (name in _GRAMMAR and name not in KNOWN):
            continue
        if token.token_type == TokenType.STRING or name in KNOWN:
            continue
        if name in ON_ATHENA:
            raise not_supported(f"The function '{name}'")
        column = token.col - len(token.text) + 1
        raise QueryFailedError(
            "FUNCTION_NOT_FOUND", f"line {token.line}:{column}: Function '{name}' not registered"
        )
