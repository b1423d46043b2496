"""Why a mail could not be delivered, and whether the address itself is at fault.

A failure is permanent where the address can take no later letter either: no such mailbox, moved, no such domain. All
else (full, refused for this letter's content or our reputation, too large, nobody answered) says nothing against it."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Causes that lie in the address. The others: full, size, suspended, refused, network, system.
DEAD = frozenset({"unknown", "moved", "host"})
LOOKED_AT = 2_500  # characters of what was said about one recipient


@dataclass(frozen=True, slots=True)
class Judgement:
    """`status` is the RFC 3463 code where one was told, `code` the SMTP reply code; `cause` is empty if none shows."""

    permanent: bool
    status: str = ""
    code: str = ""
    cause: str = ""


_STATUS = re.compile(
    r"(?:(?<![\d.])[245]\d\d[ :\-]{1,4}#?|#|\bstatus(?: code)?[:=]?\s{0,3}|code\s{0,2}:\s{0,2}|smtp;\s{0,3}|^\s{0,9}|"
    r"--\s|[:(\[]\s?)"
    r"([245]\.\d{1,3}\.\d{1,3})(?![\d.])",
    re.IGNORECASE | re.MULTILINE,
)
_CODE = re.compile(
    r"(?:^[\s<>*\"'#|-]{0,20}|(?:said|reason|error|code|response|replied|returned|reply|smtp|failed|status|message|"
    r"because)\W{1,12}"
    r"|[:;(\[\"']\s{0,3})([45]\d\d)(?=[\s:;,)\]#>-]|$)(?!-\d\d)",
    re.IGNORECASE | re.MULTILINE,
)

#: Words first, for many systems give every refusal the same code. In order: the first row that is found decides.
_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (cause, re.compile(words, re.IGNORECASE))
    for cause, words in (
        (
            "full",
            r"(?:mail)?box(?: \S{1,80})?(?: is| size| has)?(?: currently)? (?:full|exceed|over)|(?:over|exceed\w*|"
            r"above|out of) ?(?:\w{1,20} ){0,3}(?:disk |storage )?quota"
            r"|quota\b.{0,40}(?:exceed|full|violation|reached|limit)|full mailbox|disk (?:is )?full|no space left|"
            r"mailbox.{0,40}(?:storage|limit exceeded|too large)"
            r"|(?:insufficient|not enough|space not) (?:\w{1,20} )?(?:storage|space|enough)|(?:out of|"
            r"exceed\w*).{0,30}storage|mail ?folder is full|user is over"
            r"|penuh|postfach.{0,30}voll|bo[îi]te.{0,30}pleine|buz[óo]n.{0,20}lleno|caixa.{0,30}cheia|"
            r"casella.{0,20}piena|容量(?:超|不)|いっぱい|已满|已滿|overquota",
        ),
        (
            "size",
            r"message (?:\w{1,12} )?(?:size|length)? ?(?:exceeds?|is|was)? ?(?:too (?:large|big|long)|"
            r"exceeds? .{0,30}(?:limit|size|maximum))|(?:max\w*|exceed\w*|over) (?:\w{1,20} ){0,4}(?:message )?size"
            r"|size .{0,30}(?:exceeds?|limit)|message length exceeds|terlalu besar|too (?:large|big)\b",
        ),
        (
            "moved",
            r"has moved\b|\bmoved to\b|user not local|please try (?:<|\S+@)|(?:address|user|account|"
            r"mailbox).{0,40}(?:has changed|replaced by|no longer (?:at|with|here|works))"
            r"|no longer (?:on server|employed|works?|accepts)|has left the (?:company|organi[sz]ation)|sudah pindah|"
            r"not collected",
        ),
        ("unknown", r"(?:account|user|mailbox|address) or domain may not exist"),
        (
            "blocked",  # said of us as senders
            r"(?:after|to|our) mail from|sender (?:address )?(?:\S{1,80} )?(?:was )?(?:rejected|denied|not|refused|"
            r"unknown|verify|does)|unknown sender|invalid sender|valid from|permission to post|groups\.google\.|"
            r"(?:not|n't) have permission",
        ),
        (
            "unknown",
            r"user unknown|unknown (?:or illegal )?user|no such (?:user|recipient|mailbox)|(?:account|user|"
            r"mailbox) (?:does not|doesn't|may not) exist|recipient (?:not|is not) found"
            r"|recipient address rejected: access denied|(?:recipient )?address rejected\.?\s*$",
        ),
        (
            "blocked",  # said of this letter, though the words below may be near
            r"spam\b|spamhaus|blacklist|black list|blocklist|block list|denylist"
            r"|\brbl\b|dnsbl|unsolicited|reputation|dmarc|\bspf\b|\bdkim\b|virus|malware|reverse dns|\bptr\b|\bhelo\b|"
            r"client host|greylist|graylist|\bhop(?:s| count)|loop\b|authentication|unauthenticated"
            r"|rate limit|too many|relay(?:ing)? (?:access )?(?:denied|not|prohibited)|relaying|"
            r"not (?:be )?permitted to (?:relay|send)|message content|content (?:rejected|filter)|policy|security|"
            r"tls\b"
            r"|not allowed to (?:send|post)|not (?:a )?member|restricted to|bad sequence|syntax error|bare (?:lf|"
            r"line)|not rfc|5322|2822",
        ),
        (
            "host",
            r"(?:host|domain|server|site)(?: or domain)?(?: name)?\b.{0,80}(?:unknown|not found|not exist|"
            r"n[o']t exist|not resolve|invalid|not be found|couldn'?t be found)|unknown (?:host|domain)|(?:no such|"
            r"nonexistent|illegal|bad) (?:host|domain|destination (?:host|system))"
            r"|nxdomain|domain is not reachable|name or service not known|unrouteable (?:mail )?domain|no (?:valid |"
            r"such )?mx\b|\bmx (?:record|host)|(?:couldn'?t|could not|cannot|can't|unable to) (?:find|resolve|"
            r"look).{0,40}(?:host|domain|server|mx|exchanger)"
            r"|dns (?:lookup|error|failure).{0,60}(?:not|fail|no |host)|all relevant mx|"
            r"does not accept (?:any )?(?:mail|e-?mail)|null ?mx|not accept(?:ing)? mail|domain tidak ditemukan|"
            r"misspelled|no hay servidor",
        ),
        (
            "suspended",
            r"(?:disabled|suspended|inactive|deactivated|discontinued|locked|not active|dinonaktifkan|ditangguhkan|"
            r"gesperrt|on hold)\b",
        ),
        (
            "unknown",
            r"(?:unknown|no such|unrecogni[sz]ed|nonexistent|non-existent|illegal|invalid|bad|wrong|unrouteable|"
            r"undeliverable|incorrect) (?:or illegal |local |or invalid |\w{1,10} )?(?:user|recipient|address|"
            r"mailbox|account|person|alias|id\b|name|e-?mail|local|final|destination|subscriber|party)"
            r"|(?:user|recipient|address|addressee|mailbox|account|alias|e-?mail|name|person|subscriber|"
            r"recipient name|entry)\b.{0,80}?(?:unknown|not? (?:be )?(?:listed|found|known|recogni[sz]ed|exist|"
            r"registered|valid|available|mapped|local)|n[o']t (?:exist|found|have)|unavailable|invalid|wrong|"
            r"no longer valid|is not a|does not have|(?:can|could)(?:n't| ?not) be found)"
            r"|not? (?:a )?(?:known|valid|matching|such|registered|our) (?:\w{1,20} )?(?:user|recipient|mailbox|"
            r"address|account|customer|name|e-?mail)|does(?:n't| not) have an? \S{1,60} account|"
            r"no mailbox (?:here )?(?:by|with|for|found)|no mail ?box|no (?:user|one|account|person|"
            r"recipients?) (?:by|with|named|here|matched|found)|this user doesn"
            r"|not listed in|did not exactly match|no matches to|not a valid|have a final email delivery point|"
            r"n'existe pas|existiert nicht|no existe|n[ãa]o existe|tidak (?:ditemukan|dikenal|ada|terdaftar)|"
            r"inesistente|unbekannt|inconnu|desconocid|存在しません|見つから|不存在|없는|не найден|не существует"
            r"|mailbox unavailable|destination addresses were unknown|inexistant|do not exist|does not exist|"
            r"doesn't exist|is not known",
        ),
        (
            "network",
            r"timed? ?-?out|connection (?:refused|reset|dropped|closed|lost|died|fail)|unreachable|not (?:reachable|"
            r"responding|respond)|retry time|could not connect|couldn'?t connect|(?:in (?:the )?queue|"
            r"waiting) too long|expired|queue (?:period|lifetime)"
            r"|network|no route|establish|could not find a gateway|name service error|lookup fail|giving up|gave up|"
            r"after \d+ (?:hours|days|attempts)|attempts: |collected after|delivery time|try again|temporar",
        ),
        (
            "refused",
            r"reject|refus|denied|block|prohibit|banned|not (?:allowed|accepted|authori[sz]ed|permitted)|"
            r"unauthori[sz]ed|content|attachment|filter|not like our|permission|ditolak|abgelehnt|rechaz|refus[ée]|"
            r"拒",
        ),
        (
            "system",
            r"system|mailer|i/o error|internal|config|command died|pipe to|service unavailable|local error|"
            r"can't create|unavailable|error",
        ),
    )
)
#: RFC 3463, without the class: where the code says more than "something".
_CODES = {
    "1.1": "unknown", "1.2": "host", "1.3": "unknown", "1.4": "unknown", "1.6": "moved", "1.7": "refused",
    "1.8": "refused", "1.10": "unknown", "2.1": "suspended", "2.2": "full", "2.3": "size", "3.1": "full", "3.2": "host",
    "3.4": "size", "3.5": "system", "4.1": "network", "4.2": "network", "4.3": "network", "4.4": "host",
    "4.6": "system", "4.7": "network", "6.0": "refused", "7.13": "suspended",
}  # fmt: skip
#: The address was accepted, the letter was not: "unknown" is then what a recipient's own filter pretends.
_AFTER_DATA = re.compile(
    r"end of data\b|after i sent the message|"
    r">>> data[^\n]{0,20}\n\W{0,6}<<< 5\d\d[^\n]{0,60}(?:unknown user|user unknown)[^\n]{0,200}\n"
    r"\W{0,6}55\d 5\.0\.0 service unavailable|"
    r"^\W{0,9}smtp command\s{1,4}data$",
    re.IGNORECASE | re.MULTILINE,
)
_BLANKS = re.compile(r"[ \t]+")
#: What words may overrule such a code: systems say 5.1.1 also of a full box, 4.4.7 of whatever they tried.
_STRONGER = frozenset({"full", "moved", "blocked"})
#: A service's own words around the other side's answer.
_WRAPPING = re.compile(r"5\.1\.0 - unknown address error\s*", re.IGNORECASE)
_PLAIN = {"blocked": "refused"}
_CODE_CAUSES = {"552": "full", "551": "moved", "512": "host"}


def judge(said: str, status: str = "", given_up: bool = True, around: str = "") -> Judgement:
    """From what was said about one recipient (`said`) and the report's own status. `given_up` is false for a delay;
    `around` is the rest of the report's words, where a transcript may stand."""
    said = _WRAPPING.sub("", _BLANKS.sub(" ", said[:LOOKED_AT]))
    inside = _STATUS.search(said)
    if inside and (not status or status.endswith(".0.0") or status[:1] == "2"):
        status = inside[1]
    found = _CODE.search(said)
    code = found[1] if found else ""
    words = next((cause for cause, pattern in _WORDS if pattern.search(said)), "")
    told = _CODES.get(status.partition(".")[2], "")
    if status[2:4] == "7." and not told:
        told = "unknown" if words == "unknown" and status == "5.7.1" else "refused"
    overruled = words in _STRONGER or (words == "unknown" and told in ("suspended", "network"))
    cause = words if not told or overruled else told
    cause = _PLAIN.get(cause, cause) or _CODE_CAUSES.get(code, "")
    if cause == "unknown" and status[2:4] != "1." and _AFTER_DATA.search(f"{said}\n{around[:LOOKED_AT]}"):
        cause = "refused"
    temporary = (status or code)[:1] == "4"
    return Judgement(given_up and not temporary and _dead(cause, status, code), status, code, cause)


def _dead(cause: str, status: str, code: str) -> bool:
    """Nothing told at all: a system that gave a mail back without a reason most often knows no such address."""
    return cause in DEAD or not (cause or status or code)
