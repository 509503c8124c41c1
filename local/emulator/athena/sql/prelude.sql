-- Functions of Athena's that DuckDB has under another meaning, or not at all. Source: the
-- functions' pages in Trino's documentation. An overload for each type that DuckDB would
-- otherwise turn into the type of another; `_any` and the like are those by themselves.
CREATE MACRO athena_ratio(a, b) AS "/"(a, b);
CREATE MACRO athena_plus_any(x, i) AS x + i;
CREATE MACRO athena_plus_date(x, i) AS CAST(x + i AS DATE);
CREATE MACRO athena_plus(x DATE, i) AS athena_plus_date(x, i), (x TIMESTAMP, i) AS x + i, (x TIMESTAMPTZ, i) AS x + i, (x, i) AS x + i;
CREATE MACRO athena_minus_any(x, i) AS x - i;
CREATE MACRO athena_minus_date(x, i) AS CAST(x - i AS DATE);
CREATE MACRO athena_minus_dates(x, i) AS to_days(CAST(x - i AS INTEGER));
CREATE MACRO athena_minus(x DATE, i DATE) AS athena_minus_dates(x, i), (x DATE, i INTERVAL) AS athena_minus_date(x, i), (x TIMESTAMP, i INTERVAL) AS x - i, (x TIMESTAMPTZ, i INTERVAL) AS x - i, (x, i) AS x - i;
CREATE MACRO athena_date_trunc_any(u, x) AS date_trunc(u, x);
CREATE MACRO athena_date_trunc_date(u, x) AS CAST(date_trunc(u, x) AS DATE);
CREATE MACRO athena_date_trunc(u, x DATE) AS athena_date_trunc_date(u, x), (u, x TIMESTAMP) AS date_trunc(u, x), (u, x TIMESTAMPTZ) AS date_trunc(u, x);
CREATE MACRO athena_at_timezone_any(x, z) AS timezone(z, x);
CREATE MACRO athena_at_timezone_utc(x, z) AS timezone(z, timezone('UTC', x));
CREATE MACRO athena_at_timezone(x TIMESTAMP, z) AS athena_at_timezone_utc(x, z), (x TIMESTAMPTZ, z) AS timezone(z, x);
CREATE MACRO athena_whole_any(x) AS x;
CREATE MACRO athena_whole_double(x) AS round(x);
CREATE MACRO athena_whole(x BIGINT) AS x, (x HUGEINT) AS x, (x DOUBLE) AS round(x), (x) AS x;
CREATE MACRO athena_text(x) AS CASE
    WHEN typeof(x) = 'DOUBLE' THEN athena_double(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE))
    WHEN typeof(x) = 'FLOAT' THEN error('NOT_SUPPORTED: CAST of a real AS varchar is not supported locally')
    WHEN typeof(x) = 'TIMESTAMP' THEN strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g')
    WHEN typeof(x) = 'TIMESTAMP WITH TIME ZONE' THEN strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMPTZ), '%Y-%m-%d %H:%M:%S.%g UTC')
    WHEN typeof(x) = 'JSON' AND json_type(TRY_CAST(CAST(x AS VARCHAR) AS JSON)) IN ('OBJECT', 'ARRAY') THEN error('INVALID_CAST_ARGUMENT: Cannot cast JSON to varchar')
    WHEN typeof(x) = 'JSON' THEN TRY_CAST(CAST(x AS VARCHAR) AS JSON)->>'$'
    ELSE CAST(x AS VARCHAR) END;
CREATE MACRO athena_sequence_any(a, b) AS generate_series(a, b), (a, b, i) AS generate_series(a, b, i);
CREATE MACRO athena_sequence_date(a, b) AS list_transform(generate_series(a, b, INTERVAL 1 DAY), lambda x: CAST(x AS DATE)), (a, b, i) AS list_transform(generate_series(a, b, i), lambda x: CAST(x AS DATE));
CREATE MACRO athena_sequence(a DATE, b DATE) AS athena_sequence_date(a, b), (a, b) AS generate_series(a, b), (a DATE, b DATE, i) AS athena_sequence_date(a, b, i), (a, b, i) AS generate_series(a, b, i);
CREATE MACRO athena_slice(a, s, n) AS list_slice(a, s, CASE WHEN s < 0 AND s + n >= 0 THEN len(a) ELSE s + n - 1 END);
CREATE MACRO athena_split_part(s, d, n) AS CASE WHEN n <= 0 THEN error('INVALID_FUNCTION_ARGUMENT: Index must be greater than zero') WHEN len(str_split(s, d)) >= n THEN split_part(s, d, n) END;
CREATE MACRO athena_regexp_extract(s, p) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p) END, (s, p, g) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END;
CREATE MACRO athena_json_scalar(j, p) AS CASE WHEN json_type(TRY_CAST(j AS JSON), p) IN ('OBJECT', 'ARRAY') THEN NULL ELSE TRY_CAST(j AS JSON)->>p END;
CREATE MACRO athena_json_extract(j, p) AS TRY_CAST(j AS JSON)->p;
CREATE MACRO athena_substr(s, i) AS CASE WHEN s IS NULL THEN NULL WHEN i = 0 OR -i > length(s) THEN '' ELSE substring(s, i) END, (s, i, n) AS CASE WHEN s IS NULL OR n IS NULL THEN NULL WHEN i = 0 OR n <= 0 OR -i > length(s) THEN '' ELSE substring(s, i, n) END;
CREATE MACRO athena_cardinality(x) AS len(x);
CREATE MACRO athena_with_timezone(x, z) AS timezone(z, CAST(x AS TIMESTAMP));
CREATE MACRO athena_is_decimal(x) AS typeof(x) LIKE 'DECIMAL%';
CREATE MACRO athena_quotient(a, b, q) AS CASE WHEN (athena_is_decimal(a) OR athena_is_decimal(b)) AND typeof(a) NOT IN ('DOUBLE', 'FLOAT') AND typeof(b) NOT IN ('DOUBLE', 'FLOAT') THEN error('NOT_SUPPORTED: The division of decimals is not supported locally') ELSE q END;
CREATE MACRO athena_no_decimal(x) AS CASE WHEN athena_is_decimal(x) THEN error('NOT_SUPPORTED: avg of a decimal is not supported locally') ELSE x END;
CREATE MACRO athena_round(x, n) AS CASE WHEN athena_is_decimal(x) THEN error('NOT_SUPPORTED: round of a decimal is not supported locally') ELSE round(x, n) END;
CREATE MACRO athena_ceil(x TINYINT) AS x, (x SMALLINT) AS x, (x INTEGER) AS x, (x BIGINT) AS x, (x HUGEINT) AS x, (x) AS ceil(x);
CREATE MACRO athena_floor(x TINYINT) AS x, (x SMALLINT) AS x, (x INTEGER) AS x, (x BIGINT) AS x, (x HUGEINT) AS x, (x) AS floor(x);
CREATE MACRO athena_truncate(x) AS CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN trunc(x) ELSE error('NOT_SUPPORTED: truncate of ' || typeof(x) || ' is not supported locally') END;
CREATE MACRO athena_sign(x) AS CASE WHEN athena_is_decimal(x) THEN error('NOT_SUPPORTED: sign of a decimal is not supported locally') WHEN x IS NULL OR isnan(TRY_CAST(x AS DOUBLE)) THEN x ELSE sign(x) END;
CREATE MACRO athena_width_bucket(x, a, b, n) AS CASE WHEN n <= 0 OR a = b THEN error('INVALID_FUNCTION_ARGUMENT: bucketCount must be greater than 0') WHEN a < b AND x < a OR a > b AND x > a THEN 0 WHEN a < b AND x >= b OR a > b AND x <= b THEN CAST(n + 1 AS BIGINT) ELSE CAST(floor("/"(CAST(n * (x - a) AS DOUBLE), b - a)) + 1 AS BIGINT) END;
CREATE MACRO athena_upper(s) AS replace(upper(replace(s, 'ß', chr(57344))), chr(57344), 'ß');
CREATE MACRO athena_reverse(s) AS CASE WHEN typeof(s) IN ('VARCHAR', '"NULL"') THEN array_to_string(list_reverse(regexp_extract_all(CAST(s AS VARCHAR), '(?s).')), '') ELSE error('NOT_SUPPORTED: reverse of ' || typeof(s) || ' is not supported locally') END;
CREATE MACRO athena_codepoint(s) AS CASE WHEN length(s) = 1 THEN unicode(s) WHEN s IS NOT NULL THEN error('INVALID_FUNCTION_ARGUMENT: codepoint takes a text of one letter') END;
CREATE MACRO athena_bytes(b) AS CASE WHEN typeof(b) IN ('BLOB', '"NULL"') THEN CAST(b AS BLOB) ELSE error('TYPE_MISMATCH: varbinary is wanted, not ' || typeof(b)) END;
CREATE MACRO athena_cut(s, n) AS substring(s, 1, n);
CREATE MACRO athena_readable(x, good, type_) AS CASE WHEN x IS NULL OR typeof(x) <> 'VARCHAR' OR regexp_full_match(CAST(x AS VARCHAR), good) THEN x ELSE error('INVALID_CAST_ARGUMENT: Cannot cast ''' || CAST(x AS VARCHAR) || ''' to ' || type_) END;
CREATE MACRO athena_readable_or_null(x, good) AS CASE WHEN x IS NULL OR typeof(x) <> 'VARCHAR' OR regexp_full_match(CAST(x AS VARCHAR), good) THEN x END;
CREATE MACRO athena_readable_integer_or_fail(x) AS athena_readable(x, '[+-]?\d+', 'an integer');
CREATE MACRO athena_readable_integer(x) AS athena_readable_or_null(x, '[+-]?\d+');
CREATE MACRO athena_readable_boolean_or_fail(x) AS athena_readable(x, '(?i)t|true|1|f|false|0', 'boolean');
CREATE MACRO athena_readable_boolean(x) AS athena_readable_or_null(x, '(?i)t|true|1|f|false|0');
CREATE MACRO athena_readable_date_or_fail(x) AS athena_readable(x, '\s*\d{4}-\d{1,2}-\d{1,2}\s*', 'date');
CREATE MACRO athena_readable_date(x) AS athena_readable_or_null(x, '\s*\d{4}-\d{1,2}-\d{1,2}\s*');
CREATE MACRO athena_readable_double_or_fail(x) AS athena_readable(x, '\s*([+-]?(NaN|Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?))\s*', 'double');
CREATE MACRO athena_readable_double(x) AS athena_readable_or_null(x, '\s*([+-]?(NaN|Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?))\s*');
CREATE MACRO athena_readable_float_or_fail(x) AS athena_readable_double_or_fail(x);
CREATE MACRO athena_readable_float(x) AS athena_readable_double(x);
CREATE MACRO athena_readable_timestamp_or_fail(x) AS athena_readable(x, '\d{4}-\d{1,2}-\d{1,2}( \d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?', 'timestamp');
CREATE MACRO athena_readable_timestamp(x) AS athena_readable_or_null(x, '\d{4}-\d{1,2}-\d{1,2}( \d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?');
CREATE MACRO athena_parse(s, f) AS strptime(s, f);
CREATE MACRO athena_parse_utc(s, f) AS timezone('UTC', strptime(s, f));
CREATE MACRO athena_from_iso8601(s) AS CASE WHEN regexp_matches(s, '[+-](0[1-9]|1\d|00:?[1-9]|00:?0[1-9])(:?\d\d)?$') AND contains(s, 'T') THEN error('NOT_SUPPORTED: a time with an offset from UTC is not supported locally') WHEN s IS NULL OR regexp_full_match(s, '\d{4}-\d{2}-\d{2}(T(\d{2}(:\d{2}(:\d{2}(\.\d{1,9})?)?)?(Z|[+-]00:?00)?)?)?') THEN CAST(regexp_replace(s, 'T(\d\d)(Z|[+-]00:?00)?$', 'T\1:00\2') AS TIMESTAMPTZ) ELSE error('INVALID_FUNCTION_ARGUMENT: Invalid format: "' || s || '"') END;
CREATE MACRO athena_millisecond(x) AS date_part('millisecond', x) % 1000;
CREATE MACRO athena_has_null(a) AS len(a) <> list_count(a);
CREATE MACRO athena_distinct(a) AS list_filter(a, lambda x, i: list_position(a, x) = i);
CREATE MACRO athena_except(a, b) AS CASE WHEN b IS NOT NULL THEN list_filter(a, lambda x, i: list_position(a, x) = i AND list_position(b, x) IS NULL) END;
CREATE MACRO athena_intersect(a, b) AS CASE WHEN b IS NOT NULL THEN list_filter(a, lambda x, i: list_position(a, x) = i AND list_position(b, x) IS NOT NULL) END;
CREATE MACRO athena_union(a, b) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN athena_distinct(list_concat(a, b)) END;
CREATE MACRO athena_remove(a, e) AS CASE WHEN e IS NOT NULL THEN list_filter(a, lambda x: x IS DISTINCT FROM e) END;
CREATE MACRO athena_array_max(a) AS CASE WHEN NOT athena_has_null(a) THEN list_max(a) END;
CREATE MACRO athena_array_min(a) AS CASE WHEN NOT athena_has_null(a) THEN list_min(a) END;
CREATE MACRO athena_array_position(a, e) AS CASE WHEN a IS NOT NULL AND e IS NOT NULL THEN CAST(coalesce(list_position(a, e), 0) AS BIGINT) END;
CREATE MACRO athena_contains(a, e) AS CASE WHEN a IS NULL OR e IS NULL THEN NULL WHEN list_contains(a, e) THEN true WHEN athena_has_null(a) THEN NULL ELSE false END;
CREATE MACRO athena_overlap(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN list_has_any(list_filter(a, lambda x: x IS NOT NULL), b) THEN true WHEN athena_has_null(a) OR athena_has_null(b) THEN NULL ELSE false END;
CREATE MACRO athena_all_match(t) AS CASE WHEN t IS NULL THEN NULL WHEN list_contains(t, false) THEN false WHEN athena_has_null(t) THEN NULL ELSE true END;
CREATE MACRO athena_any_match(t) AS CASE WHEN t IS NULL THEN NULL WHEN list_contains(t, true) THEN true WHEN athena_has_null(t) THEN NULL ELSE false END;
CREATE MACRO athena_none_match(t) AS NOT athena_any_match(t);
CREATE MACRO athena_repeat(e, n) AS list_transform(range(n), lambda i: e);
CREATE MACRO athena_texts(a) AS list_transform(a, lambda x: athena_text(x));
CREATE MACRO athena_texts_or(a, s) AS list_transform(a, lambda x: coalesce(athena_text(x), s));
CREATE MACRO athena_place(i) AS TRY_CAST(CAST(i AS VARCHAR) AS BIGINT);
CREATE MACRO athena_subscript(x, i) AS CASE
    WHEN typeof(x) LIKE 'MAP(%' THEN CASE WHEN i IS NOT NULL AND x IS NOT NULL AND NOT contains(map_keys(TRY_CAST(x AS MAP(VARCHAR, VARCHAR))), CAST(i AS VARCHAR)) THEN error('INVALID_FUNCTION_ARGUMENT: Key not present in map: ' || CAST(i AS VARCHAR)) ELSE x[i] END
    WHEN typeof(x) LIKE 'STRUCT(%' THEN x[i]
    WHEN athena_place(i) = 0 THEN error('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1')
    WHEN athena_place(i) < 0 THEN error('INVALID_FUNCTION_ARGUMENT: Array subscript is negative: ' || CAST(i AS VARCHAR))
    WHEN x[i] IS NULL AND athena_place(i) > len(TRY_CAST(x AS VARCHAR[])) THEN error('INVALID_FUNCTION_ARGUMENT: Array subscript must be less than or equal to array length: ' || CAST(i AS VARCHAR) || ' > ' || CAST(len(TRY_CAST(x AS VARCHAR[])) AS VARCHAR))
    ELSE x[i] END;
CREATE MACRO athena_element(x, i) AS CASE WHEN typeof(x) LIKE '%]' AND athena_place(i) = 0 THEN error('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1') ELSE x[i] END;
CREATE MACRO athena_json_contains(j, v) AS CASE WHEN json_type(TRY_CAST(j AS JSON)) = 'ARRAY' THEN list_contains(list_transform(CAST(TRY_CAST(j AS JSON) AS JSON[]), lambda e: CAST(e AS VARCHAR)), CAST(to_json(v) AS VARCHAR)) END;
CREATE MACRO athena_json_array_get(j, i) AS CASE WHEN json_type(TRY_CAST(j AS JSON)) = 'ARRAY' THEN TRY_CAST(j AS JSON)->('$[' || CASE WHEN i < 0 THEN '#' ELSE '' END || CAST(i AS VARCHAR) || ']') END;
CREATE MACRO athena_json_array_length(j) AS CASE WHEN json_type(TRY_CAST(j AS JSON)) = 'ARRAY' THEN CAST(json_array_length(TRY_CAST(j AS JSON)) AS BIGINT) END;
CREATE MACRO athena_json_size(j, p) AS CASE json_type(TRY_CAST(j AS JSON), p) WHEN 'OBJECT' THEN CAST(len(json_keys(TRY_CAST(j AS JSON), p)) AS BIGINT) WHEN 'ARRAY' THEN CAST(json_array_length(TRY_CAST(j AS JSON), p) AS BIGINT) ELSE CASE WHEN json_type(TRY_CAST(j AS JSON), p) IS NOT NULL THEN 0 END END;
CREATE MACRO athena_is_json_scalar(j) AS json_type(CAST(j AS JSON)) NOT IN ('OBJECT', 'ARRAY');
CREATE MACRO athena_json_parse(s) AS CAST(athena_canonical_json(CAST(s AS VARCHAR)) AS JSON);
CREATE MACRO athena_json_text(j) AS CASE WHEN typeof(j) = 'JSON' THEN CAST(j AS VARCHAR) ELSE error('TYPE_MISMATCH: json_format takes JSON, not ' || typeof(j)) END;
