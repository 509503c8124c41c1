"""Work groups: moto's records, with what moto doesn't do (update, deletion rules, tags that exist).

Source: Athena API reference; messages as the service gives them.
"""

from __future__ import annotations

import time
from typing import Any

from emulator.athena.errors import ApiError
from emulator.athena.records import Records, page, required
from emulator.moto_api import Payload

PRIMARY = "primary"
ENGINE = "Athena engine version 3"
SETTINGS = (
    "AdditionalConfiguration",
    "BytesScannedCutoffPerQuery",
    "EnableMinimumEncryptionConfiguration",
    "EnforceWorkGroupConfiguration",
    "ExecutionRole",
    "PublishCloudWatchMetricsEnabled",
    "RequesterPaysEnabled",
)
RESULT_SETTINGS = (
    "AclConfiguration",
    "EncryptionConfiguration",
    "ExpectedBucketOwner",
    "OutputLocation",
)


class WorkGroups:
    """Answers the operations on work groups. The caller holds the region's lock."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def get(self, name: str) -> dict[str, Any]:
        """The record as GetWorkGroup gives it. Raises ApiError for one that isn't there."""
        group = self._records.backend.work_groups.get(name)
        if group is None:
            raise ApiError("WorkGroup is not found.", "WORKGROUP_NOT_FOUND")
        return {
            "Name": group.name,
            "State": group.state,
            "Configuration": group.configuration,
            "Description": group.description or "",
            "CreationTime": getattr(group, "creation_time", 0.0),
        }

    def create(self, payload: Payload) -> Payload:
        name = required(payload, "Name")
        if name in self._records.backend.work_groups:
            raise ApiError("WorkGroup is already created")
        configuration = payload.get("Configuration") or {}
        configuration["EngineVersion"] = _engine(configuration.get("EngineVersion"))
        self._records.call("CreateWorkGroup", {**payload, "Configuration": configuration})
        group: Any = self._records.backend.work_groups[name]
        group.creation_time = time.time()
        return {}

    def describe(self, payload: Payload) -> Payload:
        return {"WorkGroup": self.get(required(payload, "WorkGroup"))}

    def list(self, payload: Payload) -> Payload:
        groups = [self.get(name) for name in sorted(self._records.backend.work_groups)]
        summaries = [
            {
                **{key: group[key] for key in ("Name", "State", "Description", "CreationTime")},
                "EngineVersion": group["Configuration"]["EngineVersion"],
            }
            for group in groups
        ]
        return page(summaries, payload, "WorkGroups")

    def update(self, payload: Payload) -> Payload:
        name = required(payload, "WorkGroup")
        self.get(name)
        group: Any = self._records.backend.work_groups[name]
        if "Description" in payload:
            group.description = payload["Description"]
        if "State" in payload:
            group.state = payload["State"]
        _update_configuration(group.configuration, payload.get("ConfigurationUpdates") or {})
        return {}

    def delete(self, payload: Payload) -> Payload:
        name = required(payload, "WorkGroup")
        if name == PRIMARY:
            raise ApiError("Cannot delete the primary WorkGroup")
        self.get(name)
        backend = self._records.backend
        queries = [key for key, kept in backend.named_queries.items() if _is_in(kept, name)]
        prepared = [key for key, kept in backend.prepared_statements.items() if _is_in(kept, name)]
        if (queries or prepared) and not payload.get("RecursiveDeleteOption"):
            raise ApiError(f"WorkGroup {name} is not empty")
        for key in queries:
            del backend.named_queries[key]
        for key in prepared:
            del backend.prepared_statements[key]
        backend.tagger.delete_all_tags_for_resource(backend.work_groups[name].arn)
        return self._records.call("DeleteWorkGroup", payload)

    def list_tags(self, payload: Payload) -> Payload:
        arn = self._tagged(payload)
        tags = self._records.backend.tagger.list_tags_for_resource(arn)["Tags"]
        return page(tags, payload, "Tags", 75)

    def tag(self, payload: Payload) -> Payload:
        self._tagged(payload)
        return self._records.call("TagResource", payload)

    def untag(self, payload: Payload) -> Payload:
        self._tagged(payload)
        return self._records.call("UntagResource", payload)

    def _tagged(self, payload: Payload) -> str:
        """The ARN of the request, of something that is there."""
        arn = required(payload, "ResourceARN")
        backend = self._records.backend
        kept = (*backend.work_groups.values(), *backend.data_catalogs.values())
        if not any(resource.arn == arn for resource in kept):
            raise ApiError(f"Resource {arn} not found", None, "ResourceNotFoundException")
        return arn


def _is_in(kept: Any, group: str) -> bool:
    """Whether a named query or prepared statement belongs to the work group."""
    return bool(getattr(kept.workgroup, "name", kept.workgroup) == group)


def _engine(selected: Any) -> dict[str, str]:
    version = (selected or {}).get("SelectedEngineVersion") or "AUTO"
    if version not in ("AUTO", ENGINE):
        raise ApiError(f"{version} is not a valid engine version: use AUTO or {ENGINE}")
    return {"SelectedEngineVersion": version, "EffectiveEngineVersion": ENGINE}


def _update_configuration(configuration: dict[str, Any], updates: dict[str, Any]) -> None:
    for setting in SETTINGS:
        if setting in updates:
            configuration[setting] = updates[setting]
    if updates.get("RemoveBytesScannedCutoffPerQuery"):
        configuration.pop("BytesScannedCutoffPerQuery", None)
    if "EngineVersion" in updates:
        configuration["EngineVersion"] = _engine(updates["EngineVersion"])
    result_updates = updates.get("ResultConfigurationUpdates") or {}
    results = configuration.setdefault("ResultConfiguration", {})
    for setting in RESULT_SETTINGS:
        if setting in result_updates:
            results[setting] = result_updates[setting]
        if result_updates.get(f"Remove{setting}"):
            results.pop(setting, None)
