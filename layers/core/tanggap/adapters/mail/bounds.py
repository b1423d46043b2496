"""How much of one mail is looked at. Whatever is over a bound stays in the stored raw mail and leaves a doubt.

The sender chooses every one of these sizes, so each is named here and nothing below grows without one."""

from __future__ import annotations

from enum import StrEnum

HEADER_VALUE = 8_192  # bytes of one header, before anything is parsed in it
HEADER_COUNT = 500  # headers of one part
HEADER_BLOCK = 512 * 1024  # bytes of one part's headers
PARTS = 500  # leaves and containers together
DEPTH = 20  # containers in containers; each level reads its bytes once more
FILES = 50  # one object is stored for each
NAMES_LEFT_OUT = 20  # names of attachments over a bound, told to citizen and officer
TEXT = 512 * 1024  # characters kept of what is shown; and of HTML that is turned into text, four times that
HTML = 4 * TEXT
SUBJECT = 500
NAME = 200
ADDRESS = 254  # RFC 5321 4.5.3.1.3
ADDRESSES = 50
IDENTIFIER = 250
REFERENCES = 100
FILE_NAME = 120
KEY = 900  # bytes of an object's name
FAILURES = 50
REPORT = 64 * 1024  # bytes of a delivery report's fields
SECONDS = 12  # of the function's 30: the rest is for fetching and storing; 40 MB are read in two on a fast core
SHORT = 64 * 1024  # bytes read of a mail that took longer, or that ended the function
FALSE_ALARMS = 10_000  # places that look like a boundary or an encoded line and are none


class Doubt(StrEnum):
    """Marks for the officer: what of this mail could not be taken at its word."""

    CHARSET = "charset_guessed"
    ENCODING = "broken_encoding"
    STRUCTURE = "broken_structure"
    PARTS = "too_many_parts"
    DEPTH = "too_deep"
    FILES = "too_many_files"
    HEADERS = "headers_cut"
    TEXT = "text_cut"
    NO_SENDER = "no_sender"
    SENDERS = "several_senders"
    NO_DATE = "no_date"
    NO_ID = "no_message_id"
    NO_TEXT = "no_text"
    ENCRYPTED = "encrypted"
    NOT_OPENED = "not_opened"  # kept as it is; nothing of it was read (TNEF, opaque S/MIME, a piece of a mail)
    INVITATION = "invitation"  # a calendar's entry, kept as a file
    QUOTE = "quote_left_out"  # another's letter that nobody here has; it is in the full text
    FILE_TYPE = "file_type_disguised"
    IN_PART = "read_in_part"  # its beginning only: all of it took too long, or ended the function
