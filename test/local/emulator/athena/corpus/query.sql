SELECT x FROM (VALUES 2, NULL, 1) AS t(x) ORDER BY x -- integer: 1 | 2 | NULL
SELECT x FROM (VALUES 2, NULL, 1) AS t(x) ORDER BY x DESC -- integer: 2 | 1 | NULL
SELECT x FROM (VALUES 2, NULL) AS t(x) ORDER BY x NULLS FIRST -- integer: NULL | 2
SELECT x FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x OFFSET 1 LIMIT 1 -- integer: 2
SELECT x FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x FETCH FIRST 1 ROW ONLY -- integer: 1
SELECT 1 UNION ALL SELECT 1 -- integer: 1 | 1
SELECT 1 UNION SELECT 1 -- integer: 1
SELECT x FROM (VALUES 1, 2) AS t(x) INTERSECT SELECT 2 -- integer: 2
SELECT x FROM (VALUES 1, 2) AS t(x) EXCEPT SELECT 2 -- integer: 1
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT n FROM t ORDER BY n -- integer: 1 | 2 | 3
SELECT a.x, b.x FROM (VALUES 1, 2) AS a(x) LEFT JOIN (VALUES 2) AS b(x) ON a.x = b.x ORDER BY 1 -- integer, integer: 1 ; NULL | 2 ; 2
SELECT x FROM (VALUES 1, 2) AS a(x) WHERE EXISTS (SELECT 1 FROM (VALUES 2) AS b(y) WHERE y = x) -- integer: 2
SELECT DISTINCT ON (x) x FROM (VALUES 1) AS t(x) -- error: SYNTAX_ERROR
SELECT * EXCLUDE (x) FROM (VALUES (1, 2)) AS t(x, y) -- error: FUNCTION_NOT_FOUND
SELECT x FROM (VALUES 1) AS t(x) QUALIFY row_number() OVER (ORDER BY x) = 1 -- error: line 1:34: mismatched input 'QUALIFY'
SELECT x FROM (VALUES 1) AS t(x) TABLESAMPLE BERNOULLI (50) -- error: NOT_SUPPORTED: TABLESAMPLE
SELECT 1 UNION ALL SELECT 'a' -- error: TYPE_MISMATCH: line 1:27: column 1 in UNION query has incompatible types: integer, varchar(1)
SELECT 1 WHERE 'true' -- error: TYPE_MISMATCH: line 1:16: WHERE clause must evaluate to a boolean (actual: varchar(4))
SELECT x FROM (VALUES 1, 2) t(x) ORDER BY x LIMIT '1' -- error: SYNTAX_ERROR
