"""Sample events of a made-up shopping app, as Segment's S3 destination would store them.

The same seed, end date, number of days and number of events give the same files, byte for byte
(with the same build of zlib).
"""
