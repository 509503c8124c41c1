SELECT ARRAY[1, NULL, 3] -- array: [1, null, 3]
SELECT ARRAY[1, 2] || ARRAY[3] -- array: [1, 2, 3]
SELECT ARRAY['x', 'y'][2] -- varchar: y
SELECT ARRAY[1, 2][3] -- error: INVALID_FUNCTION_ARGUMENT: Array subscript must be less than or equal to array length: 3 > 2
SELECT ARRAY[1, 2][0] -- error: INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1
SELECT ARRAY[1, 2][-1] -- error: INVALID_FUNCTION_ARGUMENT: Array subscript is negative: -1
SELECT a[i] FROM (VALUES (ARRAY[5, NULL], 1), (ARRAY[7, NULL], 2)) AS t(a, i) -- integer: 5 | NULL
SELECT element_at(ARRAY['a', 'b'], -1) -- varchar: b
SELECT element_at(ARRAY['a', 'b'], 5) -- varchar: NULL
SELECT element_at(ARRAY['a', 'b'], 0) -- error: INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1
SELECT element_at(map(ARRAY['k'], ARRAY[1]), 'x') -- integer: NULL
SELECT map(ARRAY['k'], ARRAY[1])['k'] -- integer: 1
SELECT map(ARRAY['k'], ARRAY[1])['x'] -- error: INVALID_FUNCTION_ARGUMENT: Key not present in map: x
SELECT map(ARRAY[1], ARRAY['a'])[1] -- varchar: a
SELECT map(ARRAY[1], ARRAY['a'])[2] -- error: INVALID_FUNCTION_ARGUMENT: Key not present in map: 2
SELECT all_match(ARRAY[1, 2], x -> x > 0) -- boolean: true
SELECT all_match(ARRAY[1, NULL], x -> x > 0) -- boolean: NULL
SELECT all_match(ARRAY[], x -> x) -- boolean: true
SELECT any_match(ARRAY[1, NULL], x -> x > 0) -- boolean: true
SELECT any_match(ARRAY[1, NULL], x -> x > 1) -- boolean: NULL
SELECT none_match(ARRAY[1, 2], x -> x > 2) -- boolean: true
SELECT array_distinct(ARRAY[3, 1, NULL, 3, NULL]) -- array: [3, 1, null]
SELECT array_except(ARRAY[1, 2, 2, NULL], ARRAY[1]) -- array: [2, null]
SELECT array_intersect(ARRAY[1, 2, 2, 3], ARRAY[2, 3, 4]) -- array: [2, 3]
SELECT array_join(ARRAY['a', NULL, 'b'], '-') -- varchar: a-b
SELECT array_join(ARRAY['a', NULL], ',', 'x') -- varchar: a,x
SELECT array_join(ARRAY[1.5], ',') -- varchar: 1.5E0
SELECT array_max(ARRAY[1, 3, 2]) -- integer: 3
SELECT array_max(ARRAY[1, NULL]) -- integer: NULL
SELECT array_min(ARRAY[1, 3]) -- integer: 1
SELECT array_min(ARRAY[1, NULL]) -- integer: NULL
SELECT array_position(ARRAY['a', 'b'], 'b') -- bigint: 2
SELECT array_position(ARRAY['a', 'b'], 'c') -- bigint: 0
SELECT array_remove(ARRAY[1, NULL, 2, 1], 1) -- array: [null, 2]
SELECT array_sort(ARRAY[3, 1, NULL, 2]) -- array: [1, 2, 3, null]
SELECT array_sort(ARRAY[3, 1], (x, y) -> 1) -- error: NOT_SUPPORTED
SELECT array_union(ARRAY[2, 1], ARRAY[1, 3]) -- array: [2, 1, 3]
SELECT arrays_overlap(ARRAY[1, 2], ARRAY[2, 3]) -- boolean: true
SELECT arrays_overlap(ARRAY[1, NULL], ARRAY[2]) -- boolean: NULL
SELECT arrays_overlap(ARRAY[NULL, 1], ARRAY[NULL, 2]) -- boolean: NULL
SELECT cardinality(ARRAY[1, 2, 3]) -- bigint: 3
SELECT cardinality(map(ARRAY['k'], ARRAY[1])) -- bigint: 1
SELECT contains(ARRAY[1, 2], 2) -- boolean: true
SELECT contains(ARRAY[1, NULL], 2) -- boolean: NULL
SELECT filter(ARRAY[5, -6, NULL, 7], x -> x > 0) -- array: [5, 7]
SELECT flatten(ARRAY[ARRAY[1], ARRAY[2, 3]]) -- array: [1, 2, 3]
SELECT reduce(ARRAY[5, 20, 50], 0, (s, x) -> s + x, s -> s) -- integer: 75
SELECT reduce(ARRAY[5, 20, 50], 0, (s, x) -> s + x, s -> s * 2) -- integer: 150
SELECT repeat('a', 3) -- array: [a, a, a]
SELECT ROW(1) -- row: {field0=1}
SELECT ROW(1, 'x') -- row: {field0=1, field1=x}
SELECT sequence(1, 3) -- array: [1, 2, 3]
SELECT sequence(3, 1, -1) -- array: [3, 2, 1]
SELECT sequence(DATE '2026-01-31', DATE '2026-02-01', INTERVAL '1' DAY) -- array: [2026-01-31, 2026-02-01]
SELECT slice(ARRAY[1, 2, 3, 4], 2, 2) -- array: [2, 3]
SELECT slice(ARRAY[1, 2, 3], -2, 2) -- array: [2, 3]
SELECT transform(ARRAY[5, NULL, 6], x -> x + 1) -- array: [6, null, 7]
SELECT map(ARRAY['k'], ARRAY[1]) -- map: {k=1}
SELECT cardinality(map()) -- bigint: 0
SELECT map_concat(map(ARRAY['a'], ARRAY[1]), map(ARRAY['b'], ARRAY[2])) -- map: {a=1, b=2}
SELECT map_keys(map(ARRAY['k'], ARRAY[1])) -- array: [k]
SELECT map_values(map(ARRAY['k'], ARRAY[1])) -- array: [1]
SELECT x FROM UNNEST(ARRAY[1, 2]) AS t(x) -- integer: 1 | 2
SELECT x, i FROM UNNEST(ARRAY['a', 'b']) WITH ORDINALITY AS t(x, i) -- varchar, bigint: a ; 1 | b ; 2
SELECT g, x FROM (VALUES ('p', ARRAY[1, 2])) AS t(g, a) CROSS JOIN UNNEST(a) AS u(x) -- varchar, integer: p ; 1 | p ; 2
SELECT x FROM UNNEST(ARRAY[1], ARRAY[2]) AS t(x, y) -- error: NOT_SUPPORTED: line 1:15: The function 'unnest' with 2 arguments
SELECT unnest(ARRAY[1]) -- error: SYNTAX_ERROR
SELECT zip(ARRAY[1], ARRAY[2]) -- error: NOT_SUPPORTED
SELECT zip_with(ARRAY[1], ARRAY[2], (x, y) -> x) -- error: NOT_SUPPORTED
SELECT map_filter(map(), (k, v) -> true) -- error: NOT_SUPPORTED
SELECT transform_values(map(), (k, v) -> v) -- error: NOT_SUPPORTED
SELECT combinations(ARRAY[1, 2], 2) -- error: NOT_SUPPORTED
SELECT ngrams(ARRAY[1, 2], 2) -- error: NOT_SUPPORTED
SELECT shuffle(ARRAY[1, 2]) -- error: NOT_SUPPORTED
SELECT ARRAY[1, 'a'] -- error: TYPE_MISMATCH
SELECT contains(ARRAY[1, 2], '1') -- error: TYPE_MISMATCH
SELECT element_at(ARRAY[1, 2], '1') -- error: TYPE_MISMATCH
SELECT array_join(ARRAY[1, 2], 1) -- error: TYPE_MISMATCH
SELECT repeat('a', '2') -- error: TYPE_MISMATCH
SELECT sequence('1', '2') -- error: TYPE_MISMATCH
