"""Stock: CloudFormation drops ObjectLockEnabled and ObjectLockConfiguration of AWS::S3::Bucket: the bucket keeps no
versions and locks none.

Mended: a bucket that is made with the lock, or gets it by an update, has versions and the default retention, as
PutObjectLockConfiguration leaves them; stock's S3 does the rest. On AWS too an update sets both in place
(CloudFormation made a new bucket for ObjectLockEnabled until S3 could turn it on later), and none takes the lock away.
"""

from __future__ import annotations

from typing import Any

BUCKET = "AWS::S3::Bucket"
_LOCK = {
    "ObjectLockEnabled": True,
    "ObjectLockConfiguration": {"Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}},
}


def still_needed() -> bool:
    from ministack.services import s3
    from ministack.services.cloudformation import provisioners

    name, _ = provisioners._RESOURCE_HANDLERS[BUCKET]["create"]("Probe", dict(_LOCK), "probe")
    return name not in s3._bucket_object_lock


def apply() -> None:
    from ministack.services.cloudformation import provisioners

    handler = provisioners._RESOURCE_HANDLERS[BUCKET]
    create, update = handler["create"], handler["update"]

    def create_with_lock(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        name, attributes = create(logical_id, properties, stack)
        _put(name, properties)
        return name, attributes

    def update_with_lock(
        physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str
    ) -> tuple[str, dict[str, Any]]:
        name, attributes = update(physical_id, old, new, stack)
        _put(name, new)
        return name, attributes

    handler["create"], handler["update"] = create_with_lock, update_with_lock


def _put(bucket: str, properties: dict[str, Any]) -> None:
    from ministack.services import s3

    if str(properties.get("ObjectLockEnabled", False)).lower() != "true":
        return
    kept = properties.get("ObjectLockConfiguration", {}).get("Rule", {}).get("DefaultRetention")
    if kept:
        kept = {key: kept[key] if key == "Mode" else int(kept[key]) for key in kept}
    s3._bucket_versioning[bucket] = "Enabled"
    s3._bucket_object_lock[bucket] = {"enabled": True, "default_retention": kept}
