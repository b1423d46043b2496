"""Does a mail look from outside as if a mail system gave something back? Cheap: every mail is asked."""

from __future__ import annotations

from dataclasses import dataclass

from .. import headers
from ..mime import Part

#: Names under which mail systems write, in a local part without its "-", "_" and ".".
_DAEMONS = (
    "mailerdaemon", "maildaemon", "mdaemon", "postmaster", "maildeliver", "mailsystem", "mailserver", "mailadmin",
    "systemadministrator", "deliverysubsystem", "bouncenotif", "bouncehandler", "smtpservice", "mailservice",
    "smtpgateway", "mailgateway", "antivirus", "interscan",
)  # fmt: skip
#: Those that no person carries as a name either.
_DISPLAYED = ("mailerdaemon", "maildeliver", "deliverysubsystem")
_WHOLE = frozenset({"ndr", "imss", "bounce", "bounces"})
#: How the subjects of failure reports begin, in lower case. None of them are words that a person would begin with.
_FORMAL = (
    "undeliverable", "undelivered", "non-delivery", "nondelivery", "non delivery",
    "delivery status", "delivery notification", "delivery report", "delivery failure", "delivery failed",
    "delivery delay", "delivery warning", "delivery has failed", "delivery error", "permanent delivery failure",
    "mail delivery", "email delivery", "e-mail delivery", "mail could not be delivered", "mail not delivered",
    "mail system error", "mail failed", "mail failure", "mail error", "mail returned", "email could not be delivered",
    "message delivery", "message delayed", "message not delivered", "message could not be delivered",
    "message undeliverable", "message rejected by", "returned mail", "returned email", "returned e-mail",
    "failure notice", "failure delivery", "failure report", "failed mail", "failed delivery", "failed to deliver",
    "warning: message", "warning: could not send", "warning: unable to deliver", "delayed mail",
    "rejected mail", "automatically rejected", "complaint about message from", "request to mailing list",
    "unzustellbar:", "unzustellbar (", "nicht zugestellt:", "nicht zustellbar:",
    "tidak terkirim:", "tidak dapat dikirim:", "tidak dapat dikirimkan:", "tidak tersampaikan:",
    "pemberitahuan status pengiriman", "laporan kegagalan pengiriman", "kegagalan pengiriman", "pengiriman email gagal",
    "pengiriman surel gagal", "pengiriman pesan gagal", "pesan dikembalikan", "email dikembalikan",
    "no se puede entregar:", "no entregable:", "não é possível entregar:", "não entregue:",
    "non remis", "impossible de remettre", "non recapitabile:", "onbestelbaar:",
    "配信不能", "配信できません", "送信できませんでした",
    "无法送达", "无法投递", "系统退信", "邮件传输失败", "無法傳遞", "退信",
)  # fmt: skip
_SEPARATORS = str.maketrans("", "", "-_. ")
_NULL = frozenset({"", "<>"})
_LOOKED_AT = 300  # characters of a header


@dataclass(frozen=True, slots=True)
class Envelope:
    """`report`: RFC 6522's container, with its report-type or "?". `daemon`: a mail system's name wrote it. `robot`: a
    null return path or a header that only programs write. `formal`: the subject begins as such reports do; `subject`:
    it speaks of it. `away`: an absence or a receipt. `notice`: a notification of SES, mailed by SNS."""

    report: str = ""
    daemon: bool = False
    robot: bool = False
    formal: bool = False
    subject: bool = False
    away: bool = False
    notice: bool = False

    @property
    def suspicious(self) -> bool:
        return bool(self.report or self.daemon or self.robot or self.formal or self.notice)

    @property
    def machine(self) -> bool:
        """Nobody's own mail program makes this."""
        return bool(self.report or self.daemon or self.robot)


def look(tree: Part, source: str) -> Envelope:
    found = tree.headers
    report = ""
    if tree.type == "multipart/report" or tree.type.endswith("delivery-status"):
        report = tree.parameters.get("report-type", "").strip().lower() or "?"
    author = headers.decoded(found.raw("from")[:_LOOKED_AT])[0]
    path = found.get("return-path")[:_LOOKED_AT].strip().lower() if "return-path" in found else None
    name, angle, address = _packed(author).rpartition("<")
    locals_ = [one.partition("@")[0].strip('<>"') for one in (address, _packed(path or ""), _packed(source))]
    daemon = any(local in _WHOLE or any(word in local for word in _DAEMONS) for local in locals_)
    daemon = daemon or author.endswith("<>") or (bool(angle) and any(word in name for word in _DISPLAYED))
    null = source.strip() in _NULL or (path is not None and "".join(path.split()) == "<>")
    robot = (
        null
        or "x-failed-recipients" in found
        or "x-mlserver" in found
        or found.get("auto-submitted").lower().startswith("auto-")
    )
    subject = headers.decoded(found.raw("subject"))[0][:_LOOKED_AT].strip()
    formal = _is_formal(subject.lower())
    notice = author.rstrip("> ").endswith("@sns.amazonaws.com")
    if not (report or daemon or robot or formal or notice):
        return Envelope()
    from . import phrases

    words = formal or (phrases.PASSED_ON.match(subject) is None and phrases.SUBJECTS.search(subject) is not None)
    away = not daemon and not formal and phrases.AWAY.search(subject) is not None
    return Envelope(report, daemon, robot, formal, words, away, notice)


def _packed(text: str) -> str:
    return text[:_LOOKED_AT].lower().translate(_SEPARATORS)


def _is_formal(subject: str) -> bool:
    if subject.startswith(("your message to ", "your mail to ", "you ")):
        return "@" in subject[:80] and any(
            said in subject for said in ("not be delivered", "undeliver", "are not member", "are not a member")
        )
    return subject.startswith(_FORMAL)
