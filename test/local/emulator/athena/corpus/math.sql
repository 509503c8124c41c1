SELECT abs(-2) -- integer: 2
SELECT abs(DECIMAL '-1.5') -- decimal: 1.5
SELECT acos(1) -- double: 0.0
SELECT asin(0) -- double: 0.0
SELECT atan(0) -- double: 0.0
SELECT atan2(0, 1) -- double: 0.0
SELECT cbrt(27) -- error: NOT_SUPPORTED
SELECT ceil(1.2) -- double: 2.0
SELECT ceil(7) -- integer: 7
SELECT ceiling(-1.2) -- double: -1.0
SELECT ceil(DECIMAL '1.5') -- decimal: 2
SELECT cos(0) -- double: 1.0
SELECT cosh(0) -- double: 1.0
SELECT degrees(pi()) -- double: 180.0
SELECT e() -- double: 2.718281828459045
SELECT exp(0) -- double: 1.0
SELECT floor(-1.2) -- double: -2.0
SELECT floor(7) -- integer: 7
SELECT infinity() -- double: Infinity
SELECT is_finite(infinity()) -- boolean: false
SELECT is_finite(nan()) -- boolean: false
SELECT is_infinite(-infinity()) -- boolean: true
SELECT is_nan(nan()) -- boolean: true
SELECT ln(1) -- double: 0.0
SELECT ln(0) -- double: -Infinity
SELECT log(2, 8) -- double: 3.0
SELECT log10(100) -- double: 2.0
SELECT log2(8) -- double: 3.0
SELECT mod(-7, 3) -- integer: -1
SELECT -7 % 3 -- integer: -1
SELECT mod(5, 0) -- error: DIVISION_BY_ZERO: Division by zero
SELECT pi() -- double: 3.141592653589793
SELECT pow(2, 3) -- double: 8.0
SELECT power(2, -1) -- double: 0.5
SELECT radians(180) -- double: 3.141592653589793
SELECT rand() < 1 -- boolean: true
SELECT random() < 1 -- boolean: true
SELECT random(10) -- error: NOT_SUPPORTED: line 1:8: The function 'random' with 1 arguments
SELECT round(2.5) -- double: 3.0
SELECT round(-2.5) -- double: -3.0
SELECT round(2.567, 1) -- double: 2.6
SELECT round(1234.567, -2) -- double: 1200.0
SELECT round(7) -- integer: 7
SELECT round(DECIMAL '1.235', 2) -- decimal: 1.240
SELECT sign(-3) -- integer: -1
SELECT sign(-1.5) -- double: -1.0
SELECT sin(0) -- double: 0.0
SELECT sqrt(16) -- double: 4.0
SELECT sqrt(-1) -- double: NaN
SELECT tan(0) -- double: 0.0
SELECT tanh(0) -- double: 0.0
SELECT truncate(-1.7) -- double: -1.0
SELECT width_bucket(5.35, 0.024, 10.06, 5) -- bigint: 3
SELECT width_bucket(20, 0, 10, 5) -- bigint: 6
SELECT width_bucket(-1, 0, 10, 5) -- bigint: 0
SELECT bitwise_and(19, 25) -- bigint: 17
SELECT bitwise_or(19, 25) -- bigint: 27
SELECT bitwise_xor(19, 25) -- bigint: 10
SELECT bitwise_not(19) -- bigint: -20
SELECT 1 / 2 -- integer: 0
SELECT -7 / 2 -- integer: -3
SELECT 7 / 2.0 -- double: 3.5
SELECT 1 / 0 -- error: DIVISION_BY_ZERO: Division by zero
SELECT 1.5 / 0 -- double: Infinity
SELECT 0.1 + 0.2 -- double: 0.30000000000000004
SELECT 2147483647 + 1 -- error: NUMERIC_VALUE_OUT_OF_RANGE
SELECT 2147483648 -- bigint: 2147483648
SELECT DECIMAL '1.50' -- decimal: 1.50
SELECT DECIMAL '44.6' + DECIMAL '77.2' -- decimal: 121.8
SELECT DECIMAL '1.5' * DECIMAL '1.5' -- decimal: 2.25
SELECT DECIMAL '1.50' / DECIMAL '2' -- error: NOT_SUPPORTED: The division of decimals
SELECT CAST(1 AS decimal) -- decimal: 1
SELECT CAST(DECIMAL '1.25' AS decimal(5, 1)) -- decimal: 1.3
SELECT sinh(0) -- error: NOT_SUPPORTED: The function 'sinh'
SELECT bitwise_left_shift(1, 2) -- error: NOT_SUPPORTED
SELECT cot(1) -- error: FUNCTION_NOT_FOUND: line 1:8: Function 'cot' not registered
SELECT sqrt('4') -- error: TYPE_MISMATCH: line 1:8: Unexpected parameters (varchar(1)) for function sqrt
SELECT power('2', 3) -- error: TYPE_MISMATCH
SELECT '1' % 2 -- error: TYPE_MISMATCH
SELECT '1' + 1 -- error: TYPE_MISMATCH: line 1:12: Cannot apply operator: varchar(1) + integer
SELECT x + '1' FROM (VALUES 1, 2) t(x) -- error: TYPE_MISMATCH: line 1:10: Cannot apply operator: integer + varchar(1)
SELECT greatest(1, '2') -- error: TYPE_MISMATCH
SELECT greatest(1, 2.5) -- double: 2.5
