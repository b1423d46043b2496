"""What lies in the tables and buckets, and by which number its shape goes.

A number is raised when the release before would misread, or spoil, what this one writes of that kind; it then becomes
one more than any here. A field that the release before may leave unread raises none: shapes only grow, and what is
missing has a default. Each row carries its kind's number (`schema`); rows from before they did carry none, and are
older than all. Who meets a higher number than its own touches nothing, and says so (`Unreadable`): going forward again
reads it.

Rows, by the beginning of their key, those of a case (`CASE#…`) by that of their sort key: `ROWS`.

| elsewhere | where its number stands |
| --- | --- |
| a mail, a webhook's body, a bounce: `mail/`, `webhooks/`, `events/` | the sender's format, kept as it came |
| a form's report: `webhooks/web/`, `webhooks/open311/` | its own `v`; a higher one is parked |
| what a batch held: `parts/` | the platform's format, one piece |
| a batch's index, in the batch's place | its own `v`; a higher one is parked |
| a text too long for its row: attachments bucket, `….json` | its message's row |
| attachments, uploads: `files/`, `sent/`, `uploads/`, or under their arrival | a person's file: none of ours |
| an anchor, a note of a restore: `anchors/`, `restores/` | its own `v`; another one is told as broken |
| a letter in a parcel | its own row's number, within the parcel's |
| who a reporter is, sealed in the vault | its `REPORTER` row |
| a policy: `POLICY` | its fields: one that a release does not know, it refuses; its row's number decides nothing |
| a notice on a queue | the word after `tanggap`; one that is unknown is parked, and the ledger finds its object |
| the look-up secret, the channels' secret | its sections: what is unknown is left alone |
| reply addresses, receipt codes, case numbers | with citizens for ever: no release may stop reading one |
| officers: groups and `custom:unit` in the user pool | a role that is unknown is none |
"""

from __future__ import annotations

#: Schema 1 was the first; 2 brought digests, officers by mail, stopped clocks, platforms and forms.
ROWS = {
    "CASE": 2,
    "DESK": 2,  # the case again, on a further unit's desk
    "MSG": 2,
    "OUT": 2,
    "PARCEL": 2,
    "PART": 1,
    "HIST": 1,
    "LIKE": 1,
    "ALSO": 1,
    "PUBLIC": 1,
    "FILE": 1,
    "ANSWERED": 1,
    "ARRIVAL": 2,
    "TRIAL": 1,
    "SEEN": 1,
    "TALK": 1,
    "POLICY": 1,
    "JOB": 1,
    "NEW": 1,
    "DIGEST": 1,
    "GUESS": 1,
    "CANARY": 1,
    "LEDGER": 1,
    # of the vault
    "LOOKUP": 1,
    "REPORTER": 1,
    "SALT": 1,
}
#: What a release says of itself (`GET /v1/health`).
SCHEMA = max(ROWS.values())


def kind_of(pk: str, sk: str) -> str:
    kind = pk.partition("#")[0]
    return sk.partition("#")[0] if kind == "CASE" else kind
