SELECT CAST('12' AS bigint) + 1 -- bigint: 13
SELECT CAST('-12' AS integer) -- integer: -12
SELECT CAST('1.5' AS integer) -- error: INVALID_CAST_ARGUMENT: Cannot cast '1.5'
SELECT CAST(' 1' AS integer) -- error: INVALID_CAST_ARGUMENT: Cannot cast ' 1'
SELECT CAST('' AS bigint) -- error: INVALID_CAST_ARGUMENT
SELECT CAST(300 AS tinyint) -- error: NUMERIC_VALUE_OUT_OF_RANGE
SELECT TRY_CAST('x' AS bigint) -- bigint: NULL
SELECT try_cast('1.5' AS integer) -- integer: NULL
SELECT CAST(2.5 AS bigint) -- bigint: 3
SELECT CAST(-2.5 AS integer) -- integer: -3
SELECT CAST(DECIMAL '2.5' AS integer) -- integer: 3
SELECT CAST('t' AS boolean) -- boolean: true
SELECT CAST('yes' AS boolean) -- error: INVALID_CAST_ARGUMENT: Cannot cast 'yes' to boolean
SELECT CAST(0 AS boolean) -- boolean: false
SELECT CAST(true AS integer) -- integer: 1
SELECT CAST('1e3' AS double) -- double: 1000.0
SELECT CAST('inf' AS double) -- error: INVALID_CAST_ARGUMENT
SELECT CAST('1_000' AS double) -- error: INVALID_CAST_ARGUMENT
SELECT CAST('NaN' AS double) -- double: NaN
SELECT CAST('2020-01-02' AS date) -- date: 2020-01-02
SELECT CAST('2020/01/02' AS date) -- error: INVALID_CAST_ARGUMENT
SELECT CAST('2020-01-02 03:04:05' AS timestamp) -- timestamp: 2020-01-02 03:04:05.000
SELECT CAST('2020-01-02T03:04:05' AS timestamp) -- error: INVALID_CAST_ARGUMENT
SELECT CAST(TIMESTAMP '2020-01-02 03:04:05' AS date) -- date: 2020-01-02
SELECT CAST(DATE '2020-01-02' AS timestamp) -- timestamp: 2020-01-02 00:00:00.000
SELECT CAST(1.5 AS varchar) -- varchar: 1.5E0
SELECT CAST(0.0 AS varchar) -- varchar: 0E0
SELECT CAST(DOUBLE '10000000' AS varchar) -- varchar: 1.0E7
SELECT CAST(-0.00125 AS varchar) -- varchar: -1.25E-3
SELECT CAST(nan() AS varchar) -- varchar: NaN
SELECT CAST(REAL '1.5' AS varchar) -- error: NOT_SUPPORTED
SELECT CAST(12 AS varchar) -- varchar: 12
SELECT CAST(true AS varchar) -- varchar: true
SELECT CAST(DECIMAL '1.50' AS varchar) -- varchar: 1.50
SELECT CAST(DATE '2020-01-02' AS varchar) -- varchar: 2020-01-02
SELECT CAST(TIMESTAMP '2020-01-02 03:04:05.123' AS varchar) -- varchar: 2020-01-02 03:04:05.123
SELECT CAST(TIMESTAMP '2020-01-02 03:04:05' AS varchar) -- error: NOT_SUPPORTED
SELECT CAST('abcd' AS varchar(2)) -- varchar: ab
SELECT CAST('ab' AS char(3)) -- error: NOT_SUPPORTED: CAST AS char
SELECT CAST(ROW(1, 'x') AS ROW(a integer, b varchar)) -- row: {a=1, b=x}
SELECT CAST(9007199254740993 AS bigint) -- bigint: 9007199254740993
SELECT CAST('abc' AS json) -- json: "abc"
SELECT CAST(map(ARRAY['a'], ARRAY[1]) AS json) -- json: {"a":1}
SELECT CAST(JSON '[1,2]' AS ARRAY(integer)) -- array: [1, 2]
SELECT 1::integer -- error: SYNTAX_ERROR
SELECT format('%s', 1) -- error: NOT_SUPPORTED: The function 'format'
SELECT typeof(1) -- error: NOT_SUPPORTED: The function 'typeof'
