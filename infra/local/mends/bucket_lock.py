"""Stock: CloudFormation drops ObjectLockEnabled and ObjectLockConfiguration of AWS::S3::Bucket: the bucket keeps no
versions and locks none.

Mended: a bucket that is made with the lock has versions and the default retention, as PutObjectLockConfiguration leaves
them; stock's S3 does the rest. An update changes neither, since AWS makes a new bucket for it.
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
    from ministack.services import s3
    from ministack.services.cloudformation import provisioners

    handler = provisioners._RESOURCE_HANDLERS[BUCKET]
    create = handler["create"]

    def create_with_lock(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        name, attributes = create(logical_id, properties, stack)
        if str(properties.get("ObjectLockEnabled", False)).lower() == "true":
            kept = properties.get("ObjectLockConfiguration", {}).get("Rule", {}).get("DefaultRetention")
            if kept:
                kept = {key: kept[key] if key == "Mode" else int(kept[key]) for key in kept}
            s3._bucket_versioning[name] = "Enabled"
            s3._bucket_object_lock[name] = {"enabled": True, "default_retention": kept}
        return name, attributes

    handler["create"] = create_with_lock
