"""Changes of IAM's OpenID Connect providers, which ministack only makes, reads and deletes.

Seams, internals of the pinned ministack 1.5.33: `services.iam._IAM_HANDLERS`, `_oidc_providers`
and its readers and writers of query parameters and XML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Parameters = Mapping[str, list[str]]
Record = dict[str, Any]


def install() -> None:
    """Have ministack answer the calls that change a provider's audiences, thumbprints and tags."""
    from ministack.services import iam

    def answering(operation: str, act: Callable[[Record, Parameters], str]) -> None:
        def handle(parameters: Parameters) -> Any:
            arn = iam._p(parameters, "OpenIDConnectProviderArn")
            record = iam._oidc_providers.get(arn)
            if record is None:
                return iam._error(404, "NoSuchEntity", f"OIDC provider {arn} not found.")
            return iam._xml(200, f"{operation}Response", act(record, parameters))

        iam._IAM_HANDLERS[operation] = handle

    def add_client_id(record: Record, parameters: Parameters) -> str:
        client_id = iam._p(parameters, "ClientID")
        if client_id not in record["ClientIDList"]:
            record["ClientIDList"].append(client_id)
        return ""

    def remove_client_id(record: Record, parameters: Parameters) -> str:
        client_id = iam._p(parameters, "ClientID")
        record["ClientIDList"] = [known for known in record["ClientIDList"] if known != client_id]
        return ""

    def set_thumbprints(record: Record, parameters: Parameters) -> str:
        record["ThumbprintList"] = _members(parameters, "ThumbprintList")
        return ""

    def tag(record: Record, parameters: Parameters) -> str:
        added = iam._extract_tags(parameters)
        keys = {found["Key"] for found in added}
        record["Tags"] = [found for found in record["Tags"] if found["Key"] not in keys] + added
        return ""

    def untag(record: Record, parameters: Parameters) -> str:
        keys = _members(parameters, "TagKeys")
        record["Tags"] = [found for found in record["Tags"] if found["Key"] not in keys]
        return ""

    def list_tags(record: Record, parameters: Parameters) -> str:
        members = "".join(
            f"<member><Key>{found['Key']}</Key><Value>{found['Value']}</Value></member>"
            for found in record["Tags"]
        )
        return (
            "<ListOpenIDConnectProviderTagsResult>"
            f"<Tags>{members}</Tags><IsTruncated>false</IsTruncated>"
            "</ListOpenIDConnectProviderTagsResult>"
        )

    answering("AddClientIDToOpenIDConnectProvider", add_client_id)
    answering("RemoveClientIDFromOpenIDConnectProvider", remove_client_id)
    answering("UpdateOpenIDConnectProviderThumbprint", set_thumbprints)
    answering("TagOpenIDConnectProvider", tag)
    answering("UntagOpenIDConnectProvider", untag)
    answering("ListOpenIDConnectProviderTags", list_tags)


def _members(parameters: Parameters, field: str) -> list[str]:
    """A list of the query protocol: `Field.member.1`, `Field.member.2`, …"""
    prefix = f"{field}.member."
    found = [
        (int(key[len(prefix) :]), value[0])
        for key, value in parameters.items()
        if key.startswith(prefix)
    ]
    return [value for _, value in sorted(found)]
