SELECT coalesce(NULL, 'b') -- varchar: b
SELECT coalesce(NULL, NULL, 3) -- integer: 3
SELECT greatest(1, 3, 2) -- integer: 3
SELECT greatest(1, NULL) -- integer: NULL
SELECT least(3, 1) -- integer: 1
SELECT least(3, 1, 2) -- integer: 1
SELECT least(1, NULL) -- integer: NULL
SELECT if(1 > 2, 'yes') -- varchar: NULL
SELECT if(1 < 2, 'yes', 'no') -- varchar: yes
SELECT nullif('a', 'a') -- varchar: NULL
SELECT nullif(1, 2) -- integer: 1
SELECT try(1 / 0) -- integer: NULL
SELECT try(CAST('x' AS integer)) -- integer: NULL
SELECT try(coalesce(CAST('x' AS integer), 5)) -- error: NOT_SUPPORTED
SELECT CASE WHEN NULL THEN 1 ELSE 2 END -- integer: 2
SELECT CASE 3 WHEN 3 THEN 'x' END -- varchar: x
SELECT NULL IS NOT DISTINCT FROM NULL -- boolean: true
SELECT 1 IS DISTINCT FROM NULL -- boolean: true
SELECT NULL = NULL -- boolean: NULL
SELECT true AND NULL -- boolean: NULL
SELECT true OR NULL -- boolean: true
SELECT 3 BETWEEN 2 AND 6 -- boolean: true
SELECT 1 IN (2, NULL) -- boolean: NULL
SELECT 1 NOT IN (2, 3) -- boolean: true
SELECT 'abc' LIKE 'a_c' -- boolean: true
SELECT 'a%' LIKE 'a\%' -- boolean: false
SELECT 'a%' LIKE 'a!%' ESCAPE '!' -- boolean: true
SELECT 1 = '1' -- error: TYPE_MISMATCH: line 1:10: Cannot apply operator: integer = varchar(1)
SELECT ILIKE('a', 'A') -- error: FUNCTION_NOT_FOUND
SELECT 'a' ILIKE 'A' -- error: NOT_SUPPORTED: ILIKE
SELECT coalesce(1, 'a') -- error: TYPE_MISMATCH: line 1:8: All COALESCE operands must be the same type: integer, varchar(1)
SELECT coalesce(NULL, 'a') -- varchar: a
SELECT coalesce(1, 2.5) -- double: 1.0
SELECT if(true, 1, 'a') -- error: TYPE_MISMATCH
SELECT if(1, 1, 2) -- error: TYPE_MISMATCH: line 1:11: IF condition must evaluate to a boolean (actual: integer)
SELECT CASE WHEN true THEN 1 ELSE 'a' END -- error: TYPE_MISMATCH
SELECT CASE WHEN 1 THEN 1 END -- error: TYPE_MISMATCH
SELECT CASE 1 WHEN '1' THEN 2 END -- error: TYPE_MISMATCH
SELECT CASE 1 WHEN 1 THEN 'a' END -- varchar: a
SELECT nullif(1, '1') -- error: TYPE_MISMATCH
SELECT NOT 1 -- error: TYPE_MISMATCH
SELECT 1 AND true -- error: TYPE_MISMATCH
