"""Raw objects whose events hold odd keys and values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

from .archive import event, gz_lines, place
from .lines import Objects
from .values import Huge, Json

DAY = date(2026, 3, 9)

SOUND_TIMESTAMPS = (
    "2026-03-09T06:30Z",
    "2026-03-09T06:30:59Z",
    "2026-03-09T06:30:00.1Z",
    "2026-03-09T06:30:00.123Z",
    "2026-03-09T06:30:00.123456Z",
    "2026-03-09T06:30:00.123456789Z",
    "2026-03-09T06:30:00.999999999Z",
    "2026-03-09T06:30:00+00:00",
    "2026-03-09T06:30:00-00:00",
    "2026-03-09T06:30:00.5+0530",
    "2026-03-09T06:30:00-08",
    "2026-03-09T06:30+14:00",
    "2026-03-09T06:30-14:59",
    "2024-02-29T23:59:59.999999Z",
    "2000-01-01T00:00Z",
    "2000-01-01T02:00+02:00",
    "2026-03-12T00:00:00Z",
    "2026-03-11T17:00-07:00",
)
"""Timestamps of events that can have been received on DAY."""

UNSOUND_TIMESTAMPS: tuple[Json, ...] = (
    "1999-12-31T23:59:59.999999999Z",
    "2000-01-01T00:00:00+00:01",
    "2026-03-12T00:00:00.000000001Z",
    "2026-03-11T17:00:01-07:00",
    "1970-01-01T00:00:00.000Z",
    "2099-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
    "2026-03-09",
    "2026-03-09T06Z",
    "2026-03-09T06:30:00",
    "2026-03-09T06:30:00.123",
    "2026-03-09 06:30:00Z",
    "2026-03-09t06:30:00z",
    "2026-03-09T06:30:00z",
    "2026-03-09T06:30:00,5Z",
    "2026-03-09T06:30:00.Z",
    "2026-03-09T06:30.5Z",
    "2026-03-09T06:30:00.1234567890Z",
    "2026-03-09T6:30:00Z",
    "2026-3-9T06:30:00Z",
    "20260309T063000Z",
    "2026-068T06:30:00Z",
    "2026-W11-1T06:30:00Z",
    "+02026-03-09T06:30:00Z",
    "2026-02-29T06:30:00Z",
    "2026-13-01T06:30:00Z",
    "2026-00-01T06:30:00Z",
    "2026-03-00T06:30:00Z",
    "2026-03-09T24:00:00Z",
    "2026-03-09T06:60:00Z",
    "2026-03-09T06:30:60Z",
    "2026-03-09T06:30:00+15:00",
    "2026-03-09T06:30:00+08:60",
    "2026-03-09T06:30:00+8",
    "2026-03-09T06:30:00+8:00",
    "2026-03-09T06:30:00\u221208:00",
    "2026-03-09T06:30:00+08:00Z",
    "2026-03-09T06:30:00 Z",
    "2026-03-09T06:30:00Z\n",
    " 2026-03-09T06:30:00Z",
    "2026-03-09T06:30:00 UTC",
    "2026-03-09T06:30:00[America/Los_Angeles]",
    "\uff12026-03-09T06:30:00Z",
    "\u0662026-03-09T06:30:00Z",
    "Mon, 09 Mar 2026 06:30:00 GMT",
    "1773037800000",
    "yesterday",
    "",
    1773037800000,
    1773037800.5,
    True,
    None,
    [],
    ["2026-03-09T06:30:00Z"],
    {},
    {"seconds": 1773037800},
)
"""Values of `timestamp` for which an event of DAY is quarantined."""


def _events(file: str, fields: Iterable[dict[str, Json]], source: str = "ios") -> Objects:
    lines = (event(DAY, f"{file}-{i}", **each) for i, each in enumerate(fields, start=1))
    return {place(source, DAY, file): gz_lines(lines)}


def timestamp_forms() -> Objects:
    """Every form of a timestamp that is one, in all four fields."""
    names = ("timestamp", "sentAt", "receivedAt", "originalTimestamp")
    return _events("timestamp-forms", [dict.fromkeys(names, form) for form in SOUND_TIMESTAMPS])


def timestamp_nonsense() -> Objects:
    """Everything that is no timestamp, or not a plausible one, and no timestamp at all."""
    nonsense: list[dict[str, Json]] = [{"timestamp": value} for value in UNSOUND_TIMESTAMPS]
    absent = '{"type":"track","messageId":"no-timestamp"}'
    wrong_case = event(DAY, "timestamp-case").replace("timestamp", "Timestamp")
    objects = _events("timestamp-nonsense", nonsense)
    return {**objects, place("ios", DAY, "timestamp-absent"): gz_lines([absent, wrong_case])}


def nonsense_in_other_timestamps() -> Objects:
    """What is no timestamp in the fields that needn't be one goes to siblings."""
    values: list[Json] = ["soon", "", 1773037800000, 1.5, True, [], None, {}, {"a": 1}, 2**64]
    names = ("sentAt", "receivedAt", "originalTimestamp")
    return _events("other-timestamps", [dict.fromkeys(names, value) for value in values])


def implausible_other_timestamps() -> Objects:
    """Only `timestamp` must be plausible; the others can be before 1970, which cuts downwards."""
    values = ("1969-12-31T23:59:59.999999999Z", "0001-01-01T00:00Z", "9999-12-31T23:59:59.999999Z")
    return _events("other-times-far", [{"sentAt": value} for value in values])


def instants_beyond_the_years() -> Objects:
    """By their offset, instants in the years 0 and 10000."""
    values = ("0001-01-01T00:00+14:00", "9999-12-31T23:59:59-14:00")
    return _events("other-times-beyond", [{"sentAt": value} for value in values])


def keys_that_differ_in_case() -> Objects:
    """Also from those that mean something."""
    lookalikes: dict[str, Json] = {
        "userId": 1, "userid": "2", "USERID": 3, "UserID": 4, "messageid": 5, "MessageId": 6,
        "Timestamp": 7, "TIMESTAMP": 8, "SentAt": 9, "sentat": 10, "Channel": 11,
    }  # fmt: skip
    inner: dict[str, Json] = {"Total": 1, "total": 2, "TOTAL": 3, "toTal": 4}
    return _events("case", [{**lookalikes, "properties": inner}, {"properties": {"TOTAL": "x"}}])


def odd_keys() -> Objects:
    """Keys of all sorts of letters, at the top and below."""
    keys = (
        "order id", "cart.total", "größe", "is-new", "2fa", "", " ", "_", "__", "日本", "日本語",
        "🎉", "$ref", "@", "a/b", "a\\b", 'a"b', "a'b", "a,b", "a\nb", "a\tb", "a`b", "a\x00b",
        "İstanbul", "ﬁne", "ŒUVRE", "ẞ", "Ⅷ", "x²", "e\u0301A", "éA", "ÀB", "\uff21\uff22",
        "HTTPServer", "userIDs", "utf8String", "IPv4", "x-Address", "a__b", "_a_", "A", "AB",
        "aB1C", "1A", "a:b", "a=b", "a;b", "a<b", "a{b}", "a(b)", "a%20b", "ключ", "مفتاح", "null",
        "true",
    )  # fmt: skip
    fields: dict[str, Json] = {key: f"value of {key}" for key in keys}
    nested: dict[str, Json] = {"properties": {**fields, "inner": {**fields}}}
    return _events("odd-keys", [{**fields}, nested])


def separators_in_keys() -> Objects:
    """Paths that are the same once their parts are joined."""
    joined: dict[str, Json] = {"a\x1fb": 1, "a": {"b": 2, "c.d": 3, "c": {"d": 4}}, "a.b": 5}
    return _events("separators", [joined])


def long_keys() -> Objects:
    """Names beyond 255 characters, alike in the first of them, and what does not fit them."""
    long = "k" * 300
    keys = (long, f"{long}2", "l" * 255, "m" * 256, "n" * 250, "N" * 250)
    path: Json = 1
    for _ in range(60):
        path = {"part": path}
    fields: dict[str, Json] = {**dict.fromkeys(keys, 1), "path": path}
    objects = _events("long-keys", [fields])
    tomorrow = DAY + timedelta(days=1)
    misfits: list[Json] = ["text", 1.5, True]
    lines = [
        event(tomorrow, f"long-keys-misfit-{i}", **dict.fromkeys(keys, value))
        for i, value in enumerate(misfits)
    ]
    return {**objects, place("ios", tomorrow, "long-keys"): gz_lines(lines)}


def lone_surrogates() -> Objects:
    """Escapes of halves of letters: in values, ids, lists and keys."""
    half = event(DAY, "half-ID", a="HALF", b=["HALF", {"HALF": 1}], pair="😀", HALF="key")
    lines = [half.replace("HALF", escape) for escape in (r"\ud800", r"\udfff", r"\udc00\ud800")]
    ids = [line.replace("ID", f"{i}") for i, line in enumerate(lines)]
    ids += [event(DAY, "half-ID").replace("ID", escape) for escape in (r"\ud83d", r"\ude00")]
    return {place("ios", DAY, "surrogates"): gz_lines(ids)}


def names_of_the_pipeline() -> Objects:
    """Fields that have the names of the pipeline's own columns."""
    own: tuple[str, ...] = (
        "platform",
        "utc_timestamp",
        "local_timestamp",
        "sent_at",
        "received_at",
        "year",
    )
    own += ("original_timestamp", "month", "date", "message_id", "Date", "sentAt__string")
    return _events("pipeline-names", [dict.fromkeys(own, "raw"), {"date": 5, "sentAt": "soon"}])


def names_that_collide() -> Objects:
    """Paths with one name, and names that others get by their suffix."""
    digest = hashlib.sha256(b"order_id").hexdigest()
    one: dict[str, Json] = {"orderId": 1, "order_id": 2, "order id": 3, "order": {"id": 4}}
    taken: dict[str, Json] = {f"order_id_{digest[:6]}": 5, f"Order_id_{digest[:6]}": 6}
    return _events("collisions", [one, {**one, **taken}])


def names_of_siblings() -> Objects:
    """A sibling whose name another path has already."""
    tomorrow = DAY + timedelta(days=1)
    digest = hashlib.sha256(b"thing").hexdigest()[:6]
    first: dict[str, Json] = {"thing": 1, "thing__string": 2, f"thing__boolean_{digest}": 3}
    misfits: list[Json] = ["text", True, 1.5, [1], 2**70]
    lines = [event(tomorrow, f"sibling-{i}", thing=value) for i, value in enumerate(misfits)]
    lines.append(event(tomorrow, "sibling-names", thing__boolean=7, thing__double={"a": "x"}))
    return {**_events("siblings", [first]), place("ios", tomorrow, "siblings"): gz_lines(lines)}


def scalar_and_object() -> Objects:
    """A field that is a scalar here and an object there."""
    values: list[Json] = [1, {"a": 2}, {"a": {"b": 3}}, [], {}, None]
    return _events("scalar-and-object", [{"thing": value} for value in values])


def number_here_and_string_there() -> Objects:
    """A field of one type on iOS, of another on Android."""
    ios: dict[str, Json] = {"size": 5, "flag": True, "ratio": 1, "mixed": [1]}
    android: dict[str, Json] = {"size": "5", "flag": "true", "ratio": 0.5, "mixed": 1.5}
    return {**_events("types", [ios]), **_events("types-a", [android], source="android")}


def types_that_change() -> Objects:
    """One column for each first type, then values of every type, two days long."""
    values: list[Json] = ["t", 1, 2**53 + 1, 2**60, 2**70, 10**400, 1.0, 0.5, Huge("1e400")]
    values += [True, [], [1], "2026-03-09T06:30:00Z", {"deep": "x"}, None, ""]
    first: dict[str, Json] = {"s": "t", "b": 1, "d": 0.5, "f": True, "l": [], "h": Huge("1e400")}
    objects = _events("types-first", [first])
    for day in (DAY + timedelta(days=1), DAY + timedelta(days=2)):
        lines = (
            event(day, f"change-{day}-{i}", **dict.fromkeys(first, value))
            for i, value in enumerate(values)
        )
        objects[place("android", day, "types-later")] = gz_lines(lines)
    return objects


def big_integers() -> Objects:
    """Integers about the ends of doubles and of 64 bits, alone and beside doubles."""
    numbers = [2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63), 0]
    beyond = [2**63, -(2**63) - 1, 2**64, 10**400]
    rows: list[dict[str, Json]] = [{"long": n, "with_double": n, "any": n} for n in numbers]
    rows += [{"any": n, "beyond": n} for n in beyond]
    rows += [{"with_double": 0.5, "exact": 0.5}, {"exact": 2**62}, {"exact": -(2**53)}]
    alone: list[dict[str, Json]] = [{"exact": -(2**63)}, {"exact": 2**62}]
    return {
        **_events("big-integers", rows),
        **_events("big-integers-alone", alone, source="android"),
    }


def odd_doubles() -> Objects:
    """Doubles about the ends of what one can hold, and beyond."""
    texts: tuple[str, ...] = (
        "1e400",
        "-1E+400",
        "1.0e999",
        "1e-400",
        "-0.0",
        "-0",
        "1.0",
        "1e2",
        "5e-324",
    )
    texts += ("1.7976931348623157e308", "0.1", "0.30000000000000004", "1e22", "1e16", "123456.0")
    rows: list[dict[str, Json]] = [
        {f"n{i}": Huge(text), "in_list": [Huge(text)], "mixed": Huge(text)}
        for i, text in enumerate(texts)
    ]
    return _events("odd-doubles", rows)


def arrays() -> Objects:
    """Empty, nested, of objects, and of nulls."""
    values: list[Json] = [[], [[]], [{}], [None], [[], [[]]], [{"a": [{"b": None, "c": [1.0]}]}]]
    values += [["a,b", 'say "hi"', "line\nbreak", "🎉", "\\"], [True, 1, 1.5, "1", None, 2**70]]
    return _events("arrays", [{"items": value, "properties": {"i": value}} for value in values])


def nulls() -> Objects:
    """Nulls and empty objects wherever they can stand."""
    nothing: dict[str, Json] = {"a": None, "b": {}, "c": {"d": None, "e": {"f": {}}}}
    everywhere = dict.fromkeys(("sentAt", "receivedAt", "originalTimestamp", "type", "userId"))
    return _events("nulls", [nothing, {**everywhere}, {"properties": None, "context": {}}])


def odd_texts() -> Objects:
    """Texts that a format with quotes, separators and escapes may lose."""
    texts: tuple[str, ...] = (
        "",
        " ",
        "  a  ",
        '"',
        '""',
        "'",
        "a,b",
        ",",
        "a\nb",
        "a\r\nb",
        "\r",
        "\t",
        "\\",
        "\\n",
    )
    texts += (
        "\\\\",
        '\\"',
        '",\n"',
        "🎉",
        "👩\u200d👩\u200d👧",
        "größe",
        "e\u0301",
        "\u202eabc",
        "\ufeffa",
    )
    texts += ("\x00", "a\x00b", "\x1a", "\x7f", "\u0085", "\u2028", "\ufffd", "\uffff", "null")
    texts += ("NULL", "\\N", "None", "NaN", "true", "1", "1e5", "[]", "{}", "=1+1", "#", "--", ";")
    return _events("odd-texts", [{"text": text, "properties": {text: text}} for text in texts])


def long_text() -> Objects:
    """A text of a million letters."""
    return _events("long-text", [{"text": "größe🎉\\\n" * 125_000}])


def dropped_and_private_fields() -> Objects:
    """What is dropped, and what only looks like it."""
    private: Json = {"ip": "203.0.113.7", "device": {"advertisingId": "ad", "id": "d"}, "ipX": 1}
    fields: dict[str, Json] = {
        "integrations": {"All": True}, "_metadata": {"a": [1]}, "projectId": "p", "channel": "c",
        "version": 2, "context": private, "Version": 3, "properties": {"channel": "kept"},
        "context.ip": "joined", "versions": 4,
    }  # fmt: skip
    return _events("dropped", [fields, {"projectId": {"a": 1}, "channel": ["c"]}])
