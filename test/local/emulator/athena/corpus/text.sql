SELECT chr(65) -- varchar: A
SELECT codepoint('A') -- integer: 65
SELECT codepoint('AB') -- error: INVALID_FUNCTION_ARGUMENT
SELECT concat('a', 'b', 'c') -- varchar: abc
SELECT concat('a', NULL) -- varchar: NULL
SELECT 'a' || NULL -- varchar: NULL
SELECT 'a' || 'b' -- varchar: ab
SELECT concat_ws('-', 'a', NULL, 'c') -- varchar: a-c
SELECT concat_ws('-', 'a') -- varchar: a
SELECT hamming_distance('karolin', 'kathrin') -- bigint: 3
SELECT length('größe') -- bigint: 5
SELECT levenshtein_distance('kitten', 'sitting') -- bigint: 3
SELECT lower('ABC') -- varchar: abc
SELECT upper('abc') -- varchar: ABC
SELECT upper('straße') -- varchar: STRAßE
SELECT lpad('7', 3, '0') -- varchar: 007
SELECT lpad('abc', 2, 'x') -- varchar: ab
SELECT rpad('7', 3, '0') -- varchar: 700
SELECT ltrim('  a ') -- varchar: a 
SELECT rtrim(' a  ') || '.' -- varchar:  a.
SELECT trim('	 a ') -- varchar: a
SELECT trim(LEADING 'x' FROM 'xxa') -- varchar: a
SELECT trim(BOTH 'x' FROM 'xax') -- varchar: a
SELECT position('b' IN 'abc') -- bigint: 2
SELECT replace('abcb', 'b', 'x') -- varchar: axcx
SELECT replace('abcb', 'b') -- varchar: ac
SELECT reverse('abc') -- varchar: cba
SELECT reverse(ARRAY[1]) -- error: NOT_SUPPORTED: reverse of INTEGER[]
SELECT split('a,b,c', ',') -- array: [a, b, c]
SELECT split('a,b', ',', 2) -- error: NOT_SUPPORTED: line 1:8: The function 'split' with 3 arguments
SELECT split_part('a,b,c', ',', 2) -- varchar: b
SELECT split_part('a,b', ',', 3) -- varchar: NULL
SELECT split_part('a,b', ',', -1) -- error: INVALID_FUNCTION_ARGUMENT: Index must be greater than zero
SELECT starts_with('abc', 'ab') -- boolean: true
SELECT strpos('abc', 'c') -- bigint: 3
SELECT strpos('abc', 'x') -- bigint: 0
SELECT substr('abcdef', 2, 3) -- varchar: bcd
SELECT substr('abc', 0) -- varchar: 
SELECT substr('abc', -5) -- varchar: 
SELECT substr('abcdef', -2) -- varchar: ef
SELECT substr('abc', 1, -1) -- varchar: 
SELECT substring('abcdef', 3) -- varchar: cdef
SELECT substring('abcdef', 3, 2) -- varchar: cd
SELECT substring('abcdef' FROM 2 FOR 2) -- varchar: bc
SELECT translate('abc', 'ab', 'x') -- varchar: xc
SELECT regexp_count('1a 2b 14m', '\s*[a-z]+\s*') -- bigint: 3
SELECT regexp_extract('1a 2b 14m', '\d+') -- varchar: 1
SELECT regexp_extract('1a 2b 14m', '(\d+)([a-z]+)', 2) -- varchar: a
SELECT regexp_extract('x', '\d+') -- varchar: NULL
SELECT regexp_extract_all('1a 2b 14m', '\d+') -- array: [1, 2, 14]
SELECT regexp_extract_all('1a 2b 14m', '(\d+)([a-z]+)', 2) -- array: [a, b, m]
SELECT regexp_like('1a 2b 14m', '\d+b') -- boolean: true
SELECT regexp_replace('1a 2b 14m', '\d+[ab] ') -- varchar: 14m
SELECT regexp_replace('1a 2b 14m', '(\d+)([ab]) ', '3c$2 ') -- varchar: 3ca 3cb 14m
SELECT regexp_split('1a 2b 14m', '\s*[a-z]+\s*') -- array: [1, 2, 14, ]
SELECT regexp_position('1a', 'a') -- error: NOT_SUPPORTED
SELECT word_stem('great') -- error: NOT_SUPPORTED
SELECT soundex('x') -- error: NOT_SUPPORTED
SELECT normalize('x') -- error: NOT_SUPPORTED
SELECT url_extract_host('http://x/') -- error: NOT_SUPPORTED
SELECT url_encode('a b') -- error: NOT_SUPPORTED
SELECT uuid() -- error: NOT_SUPPORTED
SELECT to_hex(to_utf8('ab')) -- varchar: 6162
SELECT to_utf8('ab') -- varbinary: 61 62
SELECT from_utf8(to_utf8('é')) -- varchar: é
SELECT from_hex('6162') -- varbinary: 61 62
SELECT X'65' -- varbinary: 65
SELECT to_base64(to_utf8('hello')) -- varchar: aGVsbG8=
SELECT from_utf8(from_base64('aGVsbG8=')) -- varchar: hello
SELECT to_hex(md5(to_utf8('a'))) -- varchar: 0CC175B9C0F1B6A831C399E269772661
SELECT to_hex(sha1(to_utf8('abc'))) -- varchar: A9993E364706816ABA3E25717850C26C9CD0D89D
SELECT to_hex(sha256(to_utf8(''))) -- varchar: E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855
SELECT md5('a') -- error: TYPE_MISMATCH
SELECT xxhash64(to_utf8('a')) -- error: NOT_SUPPORTED
SELECT list_aggregate(ARRAY[1], 'sum') -- error: FUNCTION_NOT_FOUND
SELECT concat_ws(',', 'a', 'b') -- varchar: a,b
SELECT concat(1, 'a') -- error: TYPE_MISMATCH: line 1:8: Unexpected parameters (integer, varchar(1)) for function concat
SELECT 1 || 'a' -- error: TYPE_MISMATCH
SELECT x || 'a' FROM (VALUES 1, 2) t(x) -- error: TYPE_MISMATCH: line 1:8: Unexpected parameters (integer, varchar(1)) for function concat
SELECT ARRAY[1] || ARRAY[2] -- array: [1, 2]
SELECT concat_ws(',', 1, 2) -- error: TYPE_MISMATCH
SELECT chr('65') -- error: TYPE_MISMATCH
SELECT lpad('a', '5', 'b') -- error: TYPE_MISMATCH
SELECT substr('abc', '1') -- error: TYPE_MISMATCH
SELECT length(12) -- error: TYPE_MISMATCH
SELECT to_hex('a') -- error: TYPE_MISMATCH: varbinary is wanted, not VARCHAR
SELECT md5('a') -- error: TYPE_MISMATCH: varbinary is wanted, not VARCHAR
SELECT to_hex(NULL) -- varchar: NULL
SELECT to_base64('a') -- error: TYPE_MISMATCH
