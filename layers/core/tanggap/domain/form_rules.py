"""What a form may hold (page, API, Open311): each bound once, for the door that refuses, the reader that doubts, the
page that shows it and the published description."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .words import Kind

#: The shape of a form's arrival (its `v`). One of a higher number is a newer release's: parked, not guessed at.
VERSION = 1

#: Characters of what happened, as of whatever officers type (application.texts).
TEXT_LIMIT = 50_000
#: Characters of GeoReport v2's `description`; one value of a service's attribute may be as long.
DESCRIPTION_LIMIT = 4_000
NAME_LIMIT = 200
#: GeoReport's first_name and last_name, which make one name.
HALF_NAME_LIMIT = NAME_LIMIT // 2
#: An address with a landmark or two.
PLACE_LIMIT = 500
#: Of a category's id; the policy's own have 40, an Open311 client's may be anything.
CATEGORY_LIMIT = 60
#: RFC 5321, 4.5.3.1.3.
ADDRESS_LIMIT = 254
#: Room for the spaces and brackets that people write, around PHONE_DIGITS.
PHONE_LIMIT = 30
#: E.164 has 15 at most; with fewer than 8 nobody is reached from elsewhere.
PHONE_DIGITS = (8, 15)
LATITUDE, LONGITUDE = 90, 180
#: What GeoReport has beside the report (device_id, media_url, …): as long as an address of a page may be.
BESIDE_LIMIT = 2_000

#: A number or a code with whatever people put between its characters.
NUMBER_LIMIT = CODE_LIMIT = 40
#: A key that only its maker can have made: shorter ones two strangers' clients choose alike.
KEY_LEAST, KEY_LIMIT = 8, 200
KEY = re.compile(rf"[\x21-\x7e]{{{KEY_LEAST},{KEY_LIMIT}}}")

#: Where the presigned forms of the public put a file, in the attachments bucket.
UPLOADS = "uploads/web/"
#: Files of one arrival, and bytes of each: a phone's photo has 3 to 8 MB.
FILES_LIMIT, FILE_BYTES = 5, 10_000_000
#: What a phone makes and what a letter is; an archive or a table is nothing that an officer should open unasked.
FILE_TYPES: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "video/mp4": (".mp4",),
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a", ".mp4"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
}
#: A file's name as its uploader tells it; kept of it are so many bytes, which in base64 fit an upload's id.
FILE_NAME_LIMIT, FILE_NAME_BYTES = 1_000, 300
#: An upload's id: its place, and behind a dot the file's name in base64.
UPLOAD = re.compile(r"([0-9A-Za-z_-]{8,64})(?:\.([0-9A-Za-z_-]{0,400}))?")
UPLOAD_LIMIT = 64 + 1 + 400

#: The words by which a kind is named: its own, and DESIGN's longer ones for two.
KINDS: Mapping[str, Kind] = {kind.value: kind for kind in Kind} | {
    "supervisory_complaint": Kind.SUPERVISORY,
    "information_request": Kind.INFORMATION,
}
_PHONE = re.compile(r"\+?[0-9][0-9 ().-]{5,24}")


def is_phone(text: str) -> bool:
    least, most = PHONE_DIGITS
    return bool(_PHONE.fullmatch(text)) and least <= sum(sign.isdigit() for sign in text) <= most


#: Stands before the address of a picture that lies elsewhere, behind a report's words. For the officer alone.
LINKED = "media_url: "
