"""What a run costs must follow what is new, not the history: requests to S3 are counted.

The audit's trailing week is read, too: five days of history have five days of it, 400 have seven.
"""

from __future__ import annotations

from lake import Lake


def test_requests_do_not_grow_with_the_history(s3_endpoint: str) -> None:
    found = {}
    for history in (5, 400):
        lake = Lake(s3_endpoint, history)
        lake.receive_today()
        daily = lake.run()["objects"]["processed"], lake.requests.total()
        nothing_new = lake.run()["objects"]["processed"], lake.requests.total()
        found[history] = daily, nothing_new
    for few, many in zip(found[5], found[400], strict=True):
        assert few[0] == many[0], "both take the same objects"
        assert many[1] <= 1.1 * few[1], f"requests by days of history: {found}"
    assert found[5][0][0] == 24
    assert found[5][1][0] == 0
