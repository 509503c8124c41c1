SELECT current_date = CAST(now() AS date) -- boolean: true
SELECT now() > TIMESTAMP '2020-01-01 00:00:00 UTC' -- boolean: true
SELECT current_timestamp = now() -- boolean: true
SELECT date('2026-11-20') -- date: 2026-11-20
SELECT date_add('day', 1, DATE '2026-11-20') -- date: 2026-11-21
SELECT date_add('month', 1, TIMESTAMP '2026-01-31 01:00:00') -- timestamp: 2026-02-28 01:00:00.000
SELECT date_add('week', -1, DATE '2026-11-20') -- date: 2026-11-13
SELECT date_add('quarter', 1, DATE '2026-11-30') -- date: 2027-02-28
SELECT date_add('millisecond', 5, TIMESTAMP '2026-01-01 00:00:00') -- timestamp: 2026-01-01 00:00:00.005
SELECT date_diff('day', DATE '2026-01-01', DATE '2026-03-01') -- bigint: 59
SELECT date_diff('hour', TIMESTAMP '2026-11-20 01:59:00', TIMESTAMP '2026-11-20 03:00:00') -- bigint: 1
SELECT date_diff('month', DATE '2026-01-31', DATE '2026-02-28') -- bigint: 1
SELECT date_diff('second', TIMESTAMP '2020-03-01 00:00:00', TIMESTAMP '2020-03-02 00:00:00') -- bigint: 86400
SELECT date_diff('day', DATE '2020-03-01', DATE '2020-02-28') -- bigint: -2
SELECT date_format(TIMESTAMP '2026-11-20 13:05:09', '%Y-%m-%d %H:%i:%s') -- varchar: 2026-11-20 13:05:09
SELECT date_format(TIMESTAMP '2022-10-20 05:10:00', '%m-%d-%Y %H') -- varchar: 10-20-2022 05
SELECT date_format(TIMESTAMP '2026-01-02 03:04:05', '%a %b %c %e %h %I %j %k %l %M %p %T %W %y %%') -- varchar: Fri Jan 1 2 03 03 002 3 3 January AM 03:04:05 Friday 26 %
SELECT date_format(TIMESTAMP '2026-01-02 15:04:05', '%r') -- varchar: 03:04:05 PM
SELECT date_format(TIMESTAMP '2026-01-02 15:04:05', '%v') -- error: NOT_SUPPORTED
SELECT date_parse('2022/10/20/05', '%Y/%m/%d/%H') -- timestamp: 2022-10-20 05:00:00.000
SELECT date_parse('x', '%Y') -- error: INVALID_FUNCTION_ARGUMENT
SELECT date_trunc('second', TIMESTAMP '2022-10-20 05:10:00.9') -- timestamp: 2022-10-20 05:10:00.000
SELECT date_trunc('hour', TIMESTAMP '2022-10-20 05:10:00') -- timestamp: 2022-10-20 05:00:00.000
SELECT date_trunc('week', DATE '2022-10-20') -- date: 2022-10-17
SELECT date_trunc('month', DATE '2022-10-20') -- date: 2022-10-01
SELECT date_trunc('quarter', TIMESTAMP '2022-11-20 05:10:00') -- timestamp: 2022-10-01 00:00:00.000
SELECT date_trunc('year', DATE '2022-10-20') -- date: 2022-01-01
SELECT day(DATE '2026-11-20') -- bigint: 20
SELECT day_of_month(DATE '2026-11-20') -- bigint: 20
SELECT day_of_week(DATE '2026-11-22') -- bigint: 7
SELECT day_of_week(DATE '2026-11-23') -- bigint: 1
SELECT day_of_year(DATE '2026-02-01') -- bigint: 32
SELECT dow(DATE '2026-11-22') -- bigint: 7
SELECT doy(DATE '2026-02-01') -- bigint: 32
SELECT extract(YEAR FROM DATE '2026-11-20') -- bigint: 2026
SELECT extract(DOW FROM DATE '2026-11-22') -- bigint: 7
SELECT extract(DAY_OF_YEAR FROM DATE '2026-02-01') -- bigint: 32
SELECT extract(DAY_OF_MONTH FROM DATE '2026-02-03') -- bigint: 3
SELECT extract(WEEK FROM DATE '2027-01-01') -- bigint: 53
SELECT extract(YOW FROM DATE '2027-01-01') -- bigint: 2026
SELECT extract(EPOCH FROM DATE '2027-01-01') -- error: NOT_SUPPORTED
SELECT extract(TIMEZONE_HOUR FROM now()) -- error: NOT_SUPPORTED
SELECT from_iso8601_date('2026-11-20') -- date: 2026-11-20
SELECT from_iso8601_timestamp('2026-11-20T13:00:00Z') -- timestamp with time zone: 2026-11-20 13:00:00.000 UTC
SELECT from_iso8601_timestamp('2026-11-20') -- timestamp with time zone: 2026-11-20 00:00:00.000 UTC
SELECT from_iso8601_timestamp('2026-11-20T13:00:00+02:00') -- error: NOT_SUPPORTED
SELECT from_unixtime(0) -- timestamp with time zone: 1970-01-01 00:00:00.000 UTC
SELECT from_unixtime(1.5) -- timestamp with time zone: 1970-01-01 00:00:01.500 UTC
SELECT from_unixtime(0, 'UTC') -- error: NOT_SUPPORTED
SELECT format_datetime(TIMESTAMP '2026-07-01 09:05:00', 'yyyy-MM-dd''T''HH:mm:ss') -- varchar: 2026-07-01T09:05:00
SELECT format_datetime(TIMESTAMP '2026-07-01 09:05:00', 'EEE, d MMM yyyy h:mm a') -- varchar: Wed, 1 Jul 2026 9:05 AM
SELECT format_datetime(TIMESTAMP '2026-07-01 09:05:00', 'e') -- error: NOT_SUPPORTED
SELECT parse_datetime('2026-07-01 10', 'yyyy-MM-dd HH') -- timestamp with time zone: 2026-07-01 10:00:00.000 UTC
SELECT parse_datetime('26', 'yy') -- error: NOT_SUPPORTED
SELECT hour(TIMESTAMP '2026-11-20 13:45:10') -- bigint: 13
SELECT last_day_of_month(DATE '2026-02-03') -- date: 2026-02-28
SELECT millisecond(TIMESTAMP '2026-11-20 13:45:10.123') -- bigint: 123
SELECT minute(TIMESTAMP '2026-11-20 13:45:10') -- bigint: 45
SELECT month(DATE '2026-11-20') -- bigint: 11
SELECT quarter(DATE '2026-11-20') -- bigint: 4
SELECT second(TIMESTAMP '2026-11-20 13:45:10') -- bigint: 10
SELECT to_unixtime(TIMESTAMP '1970-01-01 00:01:00') -- double: 60.0
SELECT week(DATE '2026-01-01') -- bigint: 1
SELECT week_of_year(DATE '2027-01-01') -- bigint: 53
SELECT year(DATE '2026-11-20') -- bigint: 2026
SELECT yow(DATE '2027-01-01') -- bigint: 2026
SELECT year_of_week(DATE '2027-01-01') -- bigint: 2026
SELECT to_unixtime(with_timezone(TIMESTAMP '1970-01-01 00:00:00', 'America/Los_Angeles')) -- double: 28800.0
SELECT with_timezone(TIMESTAMP '1970-01-01 00:00:00', 'America/Los_Angeles') -- error: NOT_SUPPORTED
SELECT hour(at_timezone(from_unixtime(0), 'America/Los_Angeles')) -- bigint: 16
SELECT CAST(TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'America/Los_Angeles' AS date) -- date: 2026-06-30
SELECT date(date_trunc('day', TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'Asia/Tokyo')) -- date: 2026-07-01
SELECT TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'America/Los_Angeles' -- error: NOT_SUPPORTED
SELECT to_unixtime(TIMESTAMP '2026-07-01 00:00:00' AT TIME ZONE 'UTC') -- error: NOT_SUPPORTED
SELECT DATE '2012-08-08' + INTERVAL '2' DAY -- date: 2012-08-10
SELECT DATE '2026-01-31' + INTERVAL '1' MONTH -- date: 2026-02-28
SELECT TIMESTAMP '2012-08-08 01:00' + INTERVAL '29' HOUR -- timestamp: 2012-08-09 06:00:00.000
SELECT TIMESTAMP '2012-10-31 01:00' - INTERVAL '1' MONTH -- timestamp: 2012-09-30 01:00:00.000
SELECT INTERVAL '2' DAY + INTERVAL '3' HOUR -- interval day to second: 2 03:00:00.000
SELECT INTERVAL '26' HOUR -- interval day to second: 1 02:00:00.000
SELECT current_time -- error: NOT_SUPPORTED
SELECT current_user -- error: NOT_SUPPORTED
SELECT to_iso8601(DATE '2026-01-01') -- error: NOT_SUPPORTED
SELECT human_readable_seconds(96) -- error: NOT_SUPPORTED
SELECT strftime(now(), '%Y') -- error: FUNCTION_NOT_FOUND
SELECT DATE '2020-01-01' + 1 -- error: TYPE_MISMATCH: line 1:26: Cannot apply operator: date + integer
SELECT from_unixtime('1') -- error: TYPE_MISMATCH
SELECT year('2020-01-01') -- error: TYPE_MISMATCH
