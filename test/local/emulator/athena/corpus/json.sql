SELECT json_array_length('[1, 2]') -- bigint: 2
SELECT json_array_length('{}') -- bigint: NULL
SELECT json_array_contains('[1, 2, 3]', 2) -- boolean: true
SELECT json_array_contains('["a"]', 'b') -- boolean: false
SELECT json_array_get('["a", [3, 9], "c"]', 1) -- json: [3,9]
SELECT json_array_get('["a", "c"]', -1) -- json: "c"
SELECT json_extract('{"a": {"b": 1}}', '$.a') -- json: {"b":1}
SELECT json_extract('not JSON', '$.a') -- json: NULL
SELECT json_extract_scalar('{"a": {"b": "x"}}', '$.a.b') -- varchar: x
SELECT json_extract_scalar('{"a": {"b": 1}}', '$.a') -- varchar: NULL
SELECT json_extract_scalar('{"a b": [1, 2]}', '$["a b"][1]') -- varchar: 2
SELECT json_extract_scalar('{"a": 1}', '$.*') -- error: NOT_SUPPORTED
SELECT json_format(json_extract('{"a": [1, 2]}', '$.a')) -- varchar: [1,2]
SELECT json_format(JSON '{"b": 1, "a": 1.50}') -- varchar: {"a":1.50,"b":1}
SELECT json_parse('[1, 2 ]') -- json: [1,2]
SELECT json_parse('not_json') -- error: INVALID_FUNCTION_ARGUMENT: Cannot convert value to JSON: 'not_json'
SELECT json_size('{"x": {"a": 1, "b": 2}}', '$.x') -- bigint: 2
SELECT json_size('{"x": [1, 2, 3]}', '$.x') -- bigint: 3
SELECT json_size('{"x": {"a": 1}}', '$.x.a') -- bigint: 0
SELECT is_json_scalar('1') -- boolean: true
SELECT is_json_scalar('[1, 2, 3]') -- boolean: false
SELECT CAST(json_extract('{"a": 5}', '$.a') AS bigint) -- bigint: 5
SELECT json_value('{"a": 1}', 'lax $.a') -- error: NOT_SUPPORTED
SELECT json_query('{"a": 1}', 'lax $.a') -- error: NOT_SUPPORTED
SELECT json_exists('{"a": 1}', 'lax $.a') -- error: NOT_SUPPORTED
