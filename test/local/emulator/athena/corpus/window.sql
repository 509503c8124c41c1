SELECT x, cume_dist() OVER (ORDER BY x) FROM (VALUES 1, 2) AS t(x) ORDER BY x -- integer, double: 1 ; 0.5 | 2 ; 1.0
SELECT x, rank() OVER (ORDER BY x) FROM (VALUES 1, 1, 2) AS t(x) ORDER BY x -- integer, bigint: 1 ; 1 | 1 ; 1 | 2 ; 3
SELECT x, dense_rank() OVER (ORDER BY x) FROM (VALUES 1, 1, 2) AS t(x) ORDER BY x -- integer, bigint: 1 ; 1 | 1 ; 1 | 2 ; 2
SELECT x, percent_rank() OVER (ORDER BY x) FROM (VALUES 1, 2) AS t(x) ORDER BY x -- integer, double: 1 ; 0.0 | 2 ; 1.0
SELECT x, row_number() OVER (ORDER BY x DESC) FROM (VALUES 1, 2, NULL) AS t(x) ORDER BY x -- integer, bigint: 1 ; 2 | 2 ; 1 | NULL ; 3
SELECT x, ntile(2) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x -- integer, bigint: 1 ; 1 | 2 ; 1 | 3 ; 2
SELECT x, first_value(x) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t(x) ORDER BY x -- integer, integer: 1 ; 1 | 2 ; 1
SELECT x, last_value(x) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t(x) ORDER BY x -- integer, integer: 1 ; 1 | 2 ; 2
SELECT x, nth_value(x, 2) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t(x) ORDER BY x -- integer, integer: 1 ; NULL | 2 ; 2
SELECT x, lag(x) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t(x) ORDER BY x -- integer, integer: 1 ; NULL | 2 ; 1
SELECT x, lag(x, 1, 0) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t(x) ORDER BY x -- integer, integer: 1 ; 0 | 2 ; 1
SELECT x, lag(x, 2) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x -- integer, integer: 1 ; NULL | 2 ; NULL | 3 ; 1
SELECT x, lead(x) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t(x) ORDER BY x -- integer, integer: 1 ; 2 | 2 ; NULL
SELECT x, lead(x, 1) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t(x) ORDER BY x -- integer, integer: 1 ; 2 | 2 ; NULL
SELECT x, lead(x, 1, 9) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t(x) ORDER BY x -- integer, integer: 1 ; 2 | 2 ; 9
SELECT i, last_value(x) IGNORE NULLS OVER (ORDER BY i) FROM (VALUES (1, 5), (2, NULL)) AS t(i, x) ORDER BY i -- integer, integer: 1 ; 5 | 2 ; 5
SELECT x, sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x -- integer, bigint: 1 ; 1 | 2 ; 3 | 3 ; 5
SELECT x, sum(x) OVER (ORDER BY x) FROM (VALUES 1, 1, 2) AS t(x) ORDER BY x -- integer, bigint: 1 ; 2 | 1 ; 2 | 2 ; 4
