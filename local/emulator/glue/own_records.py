"""Records of the Glue API that moto doesn't keep."""

from __future__ import annotations

from dataclasses import dataclass, field

from emulator.moto_api import Payload


@dataclass
class OwnRecords:
    """Pickled with the region's other records.

    `classifiers` by name, each as the API's Classifier: its kind, and its fields.
    """

    classifiers: dict[str, Payload] = field(default_factory=dict)
