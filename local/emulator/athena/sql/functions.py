"""The functions that queries may use: those whose translation gives what Athena gives.

Each name, with each number of arguments, has a statement in the tests' corpus. Every other one
fails, also those that DuckDB knows, since a query that works here must work on AWS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sqlglot import exp

from emulator.athena.errors import QueryFailedError, not_supported
from emulator.athena.sql.cursor import Token, tokens
from emulator.athena.sql.positions import place_of

MANY = 1000
"""More than the largest number of arguments."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _arities(text: str) -> dict[str, Sequence[int]]:
    """`name`: one argument; `name:2`, `name:1-3`, `name:0/2`, `name:2+`: as many."""
    found: dict[str, Sequence[int]] = {}
    for word in text.split():
        name, _, numbers = word.partition(":")
        least, _, most = (numbers or "1").partition("-")
        if "/" in numbers:
            found[name] = [int(number) for number in numbers.split("/")]
        elif least.endswith("+"):
            found[name] = range(int(least[:-1]), MANY)
        else:
            found[name] = range(int(least), int(most or least) + 1)
    return found


KNOWN = _arities(
    """
    coalesce:2+ greatest:2+ if:2-3 least:2+ nullif:2 try cast try_cast
    abs acos asin atan atan2:2 ceil ceiling cos cosh degrees e:0 exp floor infinity:0
    is_finite is_infinite is_nan ln log:2 log10 log2 mod:2 nan:0 pi:0 pow:2 power:2 radians rand:0
    random:0 round:1-2 sign sin sqrt tan tanh truncate width_bucket:4
    bitwise_and:2 bitwise_not bitwise_or:2 bitwise_xor:2
    chr codepoint concat:2+ concat_ws:2+ from_hex from_base64 hamming_distance:2 length
    levenshtein_distance:2 lower lpad:3 ltrim position:1 replace:2-3 reverse rpad:3 rtrim split:2
    split_part:3 starts_with:2 strpos:2 substr:2-3 substring:1-3 to_base64 translate:3 trim upper
    regexp_count:2 regexp_extract:2-3 regexp_extract_all:2-3 regexp_like:2 regexp_replace:2-3
    regexp_split:2 to_utf8 from_utf8 to_hex md5 sha1 sha256
    now:0 date date_add:3 date_diff:3 date_format:2 date_parse:2 date_trunc:2 day day_of_month
    day_of_week day_of_year dow doy extract from_iso8601_date from_iso8601_timestamp from_unixtime
    format_datetime:2 hour last_day_of_month millisecond minute month parse_datetime:2 quarter
    second to_unixtime week week_of_year with_timezone:2 at_timezone:2 year yow year_of_week
    is_json_scalar json_array_contains:2 json_array_get:2 json_array_length json_extract:2
    json_extract_scalar:2 json_format json_parse json_size:2
    all_match:2 any_match:2 none_match:2 array_distinct array_except:2 array_intersect:2
    array_join:2-3 array_max array_min array_position:2 array_remove:2 array_sort array_union:2
    arrays_overlap:2 cardinality contains:2 element_at:2 filter:2 flatten map:0/2 map_concat:2
    map_keys map_values reduce:4 repeat:2 row:1+ sequence:2-3 slice:3 transform:2 unnest
    any_value approx_distinct:1-2 approx_percentile:2 arbitrary array_agg avg bitwise_and_agg
    bitwise_or_agg bool_and bool_or corr:2 count:0-1 count_if covar_pop:2 covar_samp:2 every
    geometric_mean grouping:1+ histogram listagg:2 max max_by:2 min min_by:2 regr_intercept:2
    regr_slope:2 stddev stddev_pop stddev_samp sum var_pop var_samp variance
    cume_dist:0 dense_rank:0 first_value lag:1-3 last_value lead:1-3 nth_value:2 ntile
    percent_rank:0 rank:0 row_number:0
    """
)
"""Name: how many arguments."""

ON_ATHENA = _words(
    """
    approx_most_frequent approx_set array_first array_histogram array_last arrays_zip
    at_time_zone bar bing_tile bing_tile_at bing_tile_coordinates bing_tile_polygon
    bing_tile_quadkey bing_tile_zoom_level bing_tiles_around bit_count bitwise_left_shift
    bitwise_right_shift bitwise_right_shift_arithmetic bitwise_xor_agg 
    cbrt char2hexint checksum classify color combinations contains_sequence
    convex_hull_agg cosine_distance cosine_similarity crc32 current_groups current_timezone
    date_from_unix_date empty_approx_set entropy evaluate_classifier_predictions features format
    format_number from_base32 from_base64url from_big_endian_32 from_big_endian_64
    from_encoded_polyline from_geojson_geometry from_ieee754_32 from_ieee754_64
    from_iso8601_timestamp_nanos from_unixtime_nanos geometry_from_hadoop_shape
    geometry_invalid_reason geometry_nearest_points geometry_to_bing_tiles geometry_union
    geometry_union_agg great_circle_distance hash_counts hmac_md5 hmac_sha1 hmac_sha256
    hmac_sha512 human_readable_seconds index intersection_cardinality inverse_beta_cdf
    inverse_normal_cdf beta_cdf normal_cdf jaccard_index json_array json_exists json_object
    json_query json_table json_value kurtosis learn_classifier learn_libsvm_classifier
    learn_libsvm_regressor learn_regressor line_interpolate_point line_interpolate_points
    line_locate_point localtime luhn_check make_set_digest map_agg map_entries map_filter
    map_from_entries map_union map_zip_with merge merge_set_digest multimap_agg
    multimap_from_entries murmur3 ngrams normalize now_nanos numeric_histogram objectid
    objectid_timestamp parse_data_size parse_duration parse_presto_data_size qdigest_agg
    quantile_at_value quantiles_at_values reduce_agg regexp_position regr_avgx regr_avgy
    regr_count regr_r2 regr_sxx regr_sxy regr_syy regress render rgb sha512 shuffle
    simplify_geometry sinh skewness soundex spatial_partitioning spatial_partitions split_to_map
    split_to_multimap spooky_hash_v2_32 spooky_hash_v2_64 st_area st_asbinary st_astext
    st_boundary st_buffer st_centroid st_contains st_convexhull st_coorddim st_crosses
    st_difference st_dimension st_disjoint st_distance st_endpoint st_envelope st_envelopeaspts
    st_equals st_exteriorring st_geometries st_geometryfromtext st_geometryn st_geometrytype
    st_geomfrombinary st_interiorringn st_interiorrings st_intersection st_intersects
    st_isclosed st_isempty st_isring st_issimple st_isvalid st_length st_linefromtext
    st_linestring st_multipoint st_numgeometries st_numinteriorring st_numpoints st_overlaps
    st_point st_pointn st_points st_polygon st_relate st_startpoint st_symdifference st_touches
    st_union st_within st_x st_xmax st_xmin st_y st_ymax st_ymin tdigest_agg
    theta_sketch_estimate theta_sketch_union timestamp_objectid timezone_hour timezone_minute
    to_base32 to_base64url to_big_endian_32 to_big_endian_64 to_encoded_polyline
    to_geojson_geometry to_geometry to_ieee754_32 to_ieee754_64 to_iso8601 to_milliseconds
    to_spherical_geography transform_keys transform_values trim_array try_function typeof
    url_decode url_encode url_extract_fragment url_extract_host url_extract_parameter
    url_extract_path url_extract_port url_extract_protocol url_extract_query uuid
    value_at_quantile values_at_quantiles wilson_interval_lower wilson_interval_upper word_stem
    xxhash64 zip zip_with
    """
)
"""Functions that Athena has and this platform hasn't: they fail with that."""

_GRAMMAR = _words(
    """
    all and any array as between bernoulli by case char cube decimal distinct else escape except
    exists filter from full group having in inner intersect is join lateral left like limit
    materialized not offset on or ordinality outer over partition right rollup rows select sets
    some system then time timestamp union using values varchar when where with within recursive
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
    colons = re.search(r"(?<!:)::(?!:)", _without_texts(sql))
    if colons:
        place = place_of(sql, colons.start())
        raise QueryFailedError("SYNTAX_ERROR", f"{place}: mismatched input ':'")
    for name, count, start in calls(sql):
        if start not in names - quoted:
            _check(name, count, place_of(sql, start))


def calls(sql: str) -> Iterator[tuple[str, int, int]]:
    """Name, number of arguments and place of whatever looks like the call of a function."""
    found = list(tokens(sql, "trino"))
    for place, (token, following) in enumerate(pairwise(found)):
        name = token.text.lower()
        grammar = token.kind == "word" and name in _GRAMMAR - KNOWN.keys()
        opens = (following.kind, following.text) == ("sign", "(")
        if opens and token.kind in ("word", "name") and not grammar and not name[:1].isdigit():
            yield name, _count(found[place + 2 :]), token.start


def _without_texts(sql: str) -> str:
    """The statement with blanks in the place of texts and quoted names."""
    bare = list(sql)
    for token in tokens(sql, "trino"):
        if token.kind in ("string", "name"):
            bare[token.start : token.end] = " " * (token.end - token.start)
    return "".join(bare)


def _check(name: str, count: int, place: str) -> None:
    if name in KNOWN:
        if count not in KNOWN[name] and (name, count) != ("filter", 1):
            raise not_supported(f"{place}: The function '{name}' with {count} arguments")
        return
    if name in ON_ATHENA:
        raise not_supported(f"The function '{name}'")
    raise QueryFailedError("FUNCTION_NOT_FOUND", f"{place}: Function '{name}' not registered")


def _count(behind: Sequence[Token]) -> int:
    """The number of arguments, whose tokens stand behind the opening parenthesis."""
    inside = list(_inside(behind))
    commas = sum(
        1 for depth, token in inside if depth == 0 and (token.kind, token.text) == ("sign", ",")
    )
    return commas + 1 if inside else 0


def _inside(behind: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    depth = 0
    for token in behind:
        if token.kind == "sign":
            if token.text in ")]" and depth == 0:
                return
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0)
        if depth == 0 and token.kind == "word" and token.text.upper() == "ORDER":
            return
        yield depth, token
