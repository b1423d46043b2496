"""A double of the platforms: Meta's Graph API (WhatsApp, Messenger, Instagram) and Telegram's Bot API, by real HTTP on
127.0.0.1, as a process of its own (`python -m infra.local.providers`).

It asks for the right tokens, holds to the lengths, sizes, windows and rates that the platforms hold to, keeps what was
sent, and fails when told to. Beside the platforms' own addresses it answers:

    GET    /                       a page of what was sent
    GET    /_sent?channel=&to=     the same as JSON, oldest first: {"sent": [...]}
    GET    /_calls                 every call by operation and status, also those that were refused: {"calls": [...]}
    POST   /_fail                  {"operation", "outcome", "count"?, "seconds"?, "to"?, "delay"?, ...} (rules.py)
    GET    /_fail                  the rules in force, and the operations and outcomes there are
    POST   /_media                 {"name", "type", "content": base64} -> what a webhook may name: id, url, sha256, ...
    POST   /_inbound               {"channel", "person", "at"?} opens a window; {"channel", "comment", "at"?} dates one
    DELETE /_all                   forgets everything but the tokens
"""
