SELECT any_value(x) FROM (VALUES NULL, 2) AS t(x) -- integer: 2
SELECT approx_distinct(x) FROM (VALUES 1, 2, 2, NULL) AS t(x) -- bigint: 2
SELECT approx_distinct(x, 0.1) FROM (VALUES 1, 2, 2) AS t(x) -- bigint: 2
SELECT approx_percentile(x, 0.5) FROM (VALUES 1, 2, 3) AS t(x) -- integer: 2
SELECT approx_percentile(x, ARRAY[0.5, 0.9]) FROM (VALUES 1, 2, 3) AS t(x) -- error: NOT_SUPPORTED
SELECT approx_percentile(x, 1, 0.5) FROM (VALUES 1, 2, 3) AS t(x) -- error: NOT_SUPPORTED
SELECT arbitrary(x) FROM (VALUES NULL, 2) AS t(x) -- integer: 2
SELECT array_agg(x ORDER BY x DESC) FROM (VALUES 1, NULL, 2) AS t(x) -- array: [2, 1, null]
SELECT array_agg(x ORDER BY x) FILTER (WHERE x > 1) FROM (VALUES 1, 3, 2) AS t(x) -- array: [2, 3]
SELECT array_agg(x) FROM (VALUES 1) AS t(x) WHERE x > 1 -- array: NULL
SELECT avg(x) FROM (VALUES 1, 2) AS t(x) -- double: 1.5
SELECT avg(CAST(x AS real)) FROM (VALUES 1, 2) AS t(x) -- float: 1.5
SELECT avg(x) FROM (VALUES DECIMAL '1.5') AS t(x) -- error: NOT_SUPPORTED: avg of a decimal
SELECT bitwise_and_agg(x) FROM (VALUES 6, 3) AS t(x) -- bigint: 2
SELECT bitwise_or_agg(x) FROM (VALUES 6, 3) AS t(x) -- bigint: 7
SELECT bool_and(x > 1) FROM (VALUES 1, 2) AS t(x) -- boolean: false
SELECT bool_or(x > 1) FROM (VALUES 1, 2) AS t(x) -- boolean: true
SELECT every(x > 0) FROM (VALUES 1, 2) AS t(x) -- boolean: true
SELECT corr(x, x) FROM (VALUES 1, 2, 3) AS t(x) -- double: 1.0
SELECT count(*) FROM (VALUES 1, NULL) AS t(x) -- bigint: 2
SELECT count() FROM (VALUES 1, NULL) AS t(x) -- bigint: 2
SELECT count(x) FROM (VALUES 1, NULL) AS t(x) -- bigint: 1
SELECT count(DISTINCT x) FROM (VALUES 1, 1, 2) AS t(x) -- bigint: 2
SELECT count(*) FILTER (WHERE x > 1) FROM (VALUES 1, 2) AS t(x) -- bigint: 1
SELECT count_if(x > 1) FROM (VALUES 1, 2, NULL) AS t(x) -- bigint: 1
SELECT covar_pop(x, x) FROM (VALUES 1, 3) AS t(x) -- double: 1.0
SELECT covar_samp(x, x) FROM (VALUES 1, 2, 3) AS t(x) -- double: 1.0
SELECT geometric_mean(x) FROM (VALUES 2, 8) AS t(x) -- double: 4.0
SELECT histogram(x) FROM (VALUES 'a', 'a') AS t(x) -- map: {a=2}
SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x) FROM (VALUES 'a', 'c', 'b') AS t(x) -- varchar: a,b,c
SELECT max(x) FROM (VALUES 1, NULL, 3) AS t(x) -- integer: 3
SELECT max(x, 2) FROM (VALUES 1, 3) AS t(x) -- error: NOT_SUPPORTED
SELECT max_by(g, x) FROM (VALUES (1, 'a'), (2, 'b')) AS t(x, g) -- varchar: b
SELECT min(x) FROM (VALUES 1, 3) AS t(x) -- integer: 1
SELECT min_by(g, x) FROM (VALUES (1, 'a'), (2, 'b')) AS t(x, g) -- varchar: a
SELECT regr_slope(y, x) FROM (VALUES (1, 2), (2, 4)) AS t(x, y) -- double: 2.0
SELECT regr_intercept(y, x) FROM (VALUES (1, 3), (2, 5)) AS t(x, y) -- double: 1.0
SELECT stddev(x) FROM (VALUES 1, 2, 3) AS t(x) -- double: 1.0
SELECT stddev(x) FROM (VALUES 1) AS t(x) -- double: NULL
SELECT stddev_pop(x) FROM (VALUES 1, 3) AS t(x) -- double: 1.0
SELECT stddev_samp(x) FROM (VALUES 1, 2, 3) AS t(x) -- double: 1.0
SELECT sum(x) FROM (VALUES 1, 2) AS t(x) -- bigint: 3
SELECT sum(x) FROM (VALUES 1) AS t(x) WHERE x > 1 -- bigint: NULL
SELECT sum(x) FROM (VALUES DECIMAL '1.50', DECIMAL '2.25') AS t(x) -- decimal: 3.75
SELECT sum(CAST(x AS real)) FROM (VALUES 1, 2) AS t(x) -- float: 3.0
SELECT var_pop(x) FROM (VALUES 1, 3) AS t(x) -- double: 1.0
SELECT var_samp(x) FROM (VALUES 1, 2, 3) AS t(x) -- double: 1.0
SELECT variance(x) FROM (VALUES 1, 2, 3) AS t(x) -- double: 1.0
SELECT x, grouping(x), count(*) FROM (VALUES 'a', 'b') AS t(x) GROUP BY ROLLUP (x) ORDER BY 1 -- varchar, bigint, bigint: a ; 0 ; 1 | b ; 0 ; 1 | NULL ; 1 ; 2
SELECT x, y, count(*) FROM (VALUES (1, 2)) AS t(x, y) GROUP BY GROUPING SETS ((x), (y)) ORDER BY 1 -- integer, integer, bigint: 1 ; NULL ; 1 | NULL ; 2 ; 1
SELECT x FROM (VALUES 1, 1, 2) AS t(x) GROUP BY x HAVING count(*) > 1 -- integer: 1
SELECT map_agg(x, x) FROM (VALUES 1) AS t(x) -- error: NOT_SUPPORTED
SELECT multimap_agg(x, x) FROM (VALUES 1) AS t(x) -- error: NOT_SUPPORTED
SELECT checksum(x) FROM (VALUES 1) AS t(x) -- error: NOT_SUPPORTED
SELECT skewness(x) FROM (VALUES 1) AS t(x) -- error: NOT_SUPPORTED
SELECT kurtosis(x) FROM (VALUES 1) AS t(x) -- error: NOT_SUPPORTED
SELECT reduce_agg(x, 0, (a, b) -> a + b, (a, b) -> a + b) FROM (VALUES 1) AS t(x) -- error: NOT_SUPPORTED
SELECT approx_set(x) FROM (VALUES 1) AS t(x) -- error: NOT_SUPPORTED
SELECT tdigest_agg(x) FROM (VALUES 1) AS t(x) -- error: NOT_SUPPORTED
SELECT ST_Point(1, 2) -- error: NOT_SUPPORTED
SELECT grouping(x, y) FROM (VALUES (1, 2)) AS t(x, y) GROUP BY GROUPING SETS ((x), (x, y)) ORDER BY 1 -- bigint: 0 | 1
SELECT bool_and(1) -- error: TYPE_MISMATCH
SELECT sum('1') -- error: TYPE_MISMATCH
