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
    WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN athena_double(TRY_CAST(CAST(x AS VARCHAR) AS DOUBLE))
    WHEN typeof(x) = 'TIMESTAMP' THEN strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g')
    WHEN typeof(x) = 'TIMESTAMP WITH TIME ZONE' THEN strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMPTZ), '%Y-%m-%d %H:%M:%S.%g UTC')
    WHEN typeof(x) = 'JSON' AND json_type(TRY_CAST(CAST(x AS VARCHAR) AS JSON)) IN ('OBJECT', 'ARRAY') THEN error('INVALID_CAST_ARGUMENT: Cannot cast JSON to varchar')
    WHEN typeof(x) = 'JSON' THEN TRY_CAST(CAST(x AS VARCHAR) AS JSON)->>'$'
    ELSE CAST(x AS VARCHAR) END;
CREATE MACRO athena_sequence_any(a, b) AS generate_series(a, b), (a, b, i) AS generate_series(a, b, i);
CREATE MACRO athena_sequence_date(a, b) AS list_transform(generate_series(a, b, INTERVAL 1 DAY), lambda x: CAST(x AS DATE)), (a, b, i) AS list_transform(generate_series(a, b, i), lambda x: CAST(x AS DATE));
CREATE MACRO athena_sequence(a DATE, b DATE) AS athena_sequence_date(a, b), (a, b) AS generate_series(a, b), (a DATE, b DATE, i) AS athena_sequence_date(a, b, i), (a, b, i) AS generate_series(a, b, i);
CREATE MACRO athena_slice(a, s, n) AS list_slice(a, s, CASE WHEN s < 0 AND s + n >= 0 THEN len(a) ELSE s + n - 1 END);
CREATE MACRO athena_split_part(s, d, n) AS CASE WHEN len(str_split(s, d)) >= n THEN split_part(s, d, n) END;
CREATE MACRO athena_regexp_extract(s, p) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p) END, (s, p, g) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END;
CREATE MACRO athena_json_scalar(j, p) AS CASE WHEN json_type(TRY_CAST(j AS JSON), p) IN ('OBJECT', 'ARRAY') THEN NULL ELSE TRY_CAST(j AS JSON)->>p END;
CREATE MACRO athena_json_extract(j, p) AS TRY_CAST(j AS JSON)->p;
CREATE MACRO athena_substr(s, i) AS CASE WHEN i = 0 THEN '' ELSE substring(s, i) END, (s, i, n) AS CASE WHEN i = 0 THEN '' ELSE substring(s, i, n) END;
CREATE MACRO athena_cardinality(x) AS len(x);
CREATE MACRO athena_with_timezone(x, z) AS timezone(z, CAST(x AS TIMESTAMP));
