"""What programs write when they give a mail back: words only, each row a family with its languages."""

from __future__ import annotations

import re


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


#: Words of such subjects anywhere; they count where the envelope is a machine's.
SUBJECTS = _any(
    r"deliver\w*.{0,30}(?:fail|problem|error|delay|status|impossible|report|notif)",
    r"(?:fail|problem|error|delay)\w*.{0,40}(?:deliver|mail|notice|send)",
    r"undeliver|not (?:be |been )?delivered|returned mail|returning (?:message )?to sender|non[- ]?delivery",
    r"mail (?:error|failed|system error)|delayed|user unknown|reject|bounce|mail ?box full|processing error",
    r"gagal|tidak (?:terkirim|dapat dikirim|tersampaikan|sampai)|dikembalikan|penundaan|tertunda",
    r"unzustellbar|nicht (?:zugestellt|übermittelt)|fehlgeschlagen|fehler|zustell",
    r"non (?:remis|distribu|d[ée]livr)|[ée]chec|retour",
    r"no (?:se )?(?:pudo|puede|entrega)|devuelto|fallo|error (?:de|en)|rechazad",
    r"n[ãa]o (?:entreg|foi|p[ôo]de)|falha|devolvid",
    r"non (?:consegn|recapit)|mancata consegna|errore",
    r"onbestelbaar|niet (?:bezorgd|afgeleverd)",
    r"не доставлен|недоставлен|ошибк",
    r"エラー|配信|不達|返送|届け|送信できません",
    r"失败|失敗|退信|无法|無法|送达|退回",
    r"반송|실패|배달",
    r"teslim edilemedi|iletilemedi",
)
#: A person who asks about such a mail answers it or passes it on.
PASSED_ON = _any(
    r"\s*(?:re|fwd?|fw|bls|balas|trs|terusan|tr|rv|enc|aw|wg|antw|sv|vs|回复|转发|返信|転送)\s*(?:\[\d+\])?\s*[:：]"
)
#: Somebody is away, or something was read: no failure, whoever sends it.
AWAY = _any(
    r"out of (?:the )?office|auto(?:matic|mated)?[- ]?(?:reply|response|responder)|autoreply|vacation|on leave",
    r"\baway (?:from|until|till)|holiday|balasan otomatis|jawaban otomatis|di luar kantor|\bcuti\b",
    r"abwesen|absence|absent|respuesta autom|fuera de (?:la )?oficina|resposta autom|ausência|\bferie|afwezig",
    r"不在|自動(?:返信|応答)|自动(?:回复|答复)|自動回覆|부재중",
    r"^read:|^not read:|^dibaca:|^gelesen:|^lu ?:|read receipt|return receipt|tanda terima",
)

#: How a person begins.
GREETING = _any(
    r"(?:\W{0,3}(?:yth|yang terhormat|kepada|assalam|salam|selamat|halo|hai|dengan hormat|mohon|maaf|tolong|permisi|"
    r"min\b|pak\b|bu\b",
    r"bapak|ibu|dear|hello\b|good (?:morning|day|evening)|please\b|sehr geehrte|bonjour|estimad|prezad|olá|buenos))",
)

#: Something was not delivered: evidence for a failure report, and what follows names whom.
FAILED = _any(
    r"(?:un|not |n't |in)able to (?:be )?(?:deliver|send|relay|complete)",
    r"(?:could|can|would|was|were|is|are|did|has|have)(?: ?not|n't) (?:yet )?(?:be |been |get )?(?:deliver|reach|"
    r"receiv|sent\b)",
    r"not be able to (?:be )?(?:deliver|reach)|\bnot (?:yet )?(?:been )?delivered|no[tn][- ]deliver",
    r"undeliver(?:able|ed)|deliver(?:y|ing)\b.{0,120}(?:fail|abort|delay|error|impossible|postponed|problem|gave up|"
    r"giving up)",
    r"delevery to|delivery (?:attempts|failed|failure)|fail(?:ed|ure) (?:permanently|to deliver|recipient|address|"
    r"deliver)",
    r"(?:fail|problem|error|trouble)\w*.{0,40}\bdeliver",
    r"(?:recipients?|address(?:es|\(es\))?)\s+(?:\w+\s+){0,3}(?:fail|rejected|returned|had (?:permanent|transient|"
    r"fatal|delivery))",
    r"(?:permanent|transient|fatal)\b.{0,20}\b(?:fatal |delivery )?errors?\b",
    r"has been (?:rejected|returned|bounced|postponed|delayed|refused)|(?:was|were|"
    r"been) (?:automatically )?(?:rejected|returned|refused|bounced)",
    r"returned (?:to sender|because|for the)|no valid recipients|deferred\b|i(?: ha|')ve given up|giving up",
    r"(?:user|recipient|mailbox|account|address)(?:'s)? (?:name )?(?:is |was )?(?:un|not |in)(?:known|found|"
    r"recogni[sz]ed|valid|available)",
    r"unknown (?:user|recipient|local|address|host)|no such (?:user|recipient|address|mailbox|host|domain)|"
    r"mailbox (?:is )?full|over ?quota",
    r"transcript of session|error (?:description|detail)|rcpt to\b|did not exactly match|not listed in|"
    r"are not (?:a )?member",
    r"invalid (?:final delivery userid|recipient|address)|no mailbox",
    r"tidak (?:dapat|bisa|berhasil) (?:di)?(?:kirim|sampai|antar|terkirim|menyampai|mengirim)|gagal (?:di)?(?:kirim|"
    r"sampai|mengirim|terkirim)",
    r"tidak (?:terkirim|tersampaikan)|pengiriman .{0,60}gagal|kotak (?:surat|masuk) .{0,30}penuh|"
    r"alamat .{0,40}tidak (?:ditemukan|dikenal|ada)",
    r"nicht (?:zugestellt|zustellbar|übermittelt|erreicht|ausgeliefert)|unzustellbar|zustell\w* .{0,80}(?:fehl|nicht|"
    r"verzögert|gescheitert)",
    r"n'a pas (?:pu|[ée]t[ée])|n'ont pas|non (?:remis|distribu)|impossible de (?:remettre|livrer|distribuer|"
    r"transmettre)|[ée]chec de|n'existe pas",
    r"no (?:se )?(?:pudo|ha podido|puede|pudieron|fue) (?:ser )?(?:entreg|envi|complet)|no pudo ser|"
    r"imposible entregar|error al (?:entregar|enviar)",
    r"n[ãa]o (?:p[ôo]de|foi poss[ií]vel|foi|pode) (?:ser )?(?:entreg|envi)|n[ãa]o foi poss[ií]vel|falha na entrega",
    r"non (?:[èe] stato possibile|[èe] stat[oa]) (?:consegn|recapit)|impossibile (?:consegn|recapit)|mancata consegna",
    r"niet (?:worden |kunnen )?(?:afgeleverd|bezorgd|besteld)|kon(?:den)? niet",
    r"не (?:может быть|было|удалось|был) доставл|невозможно доставить|не доставлен|не удалось доставить",
    r"(?:配信|配送|送信|送達|お届け|届ける|配達)(?:こと(?:が|は))?.{0,6}(?:でき|出来)ま?せん|配信不能|"
    r"送信できませんでした|届きませんでした|送信に失敗|エラーのため|配信に失敗",
    r"无法(?:发送|送达|投递|传递|送到)|未能(?:送达|投递|发送)|没有送达|投递失败|传输失败|发送失败|無法(?:傳遞|傳送|"
    r"寄送|投遞|送達)|投遞失敗",
    r"(?:배달|전송|전달)(?:되지|하지|할 수|에 실패)|반송",
    r"teslim edilemedi|iletilemedi|nie można dostarczyć|nie (?:został|mogła)|kunde inte levereras|ei voitu toimittaa",
)
#: A list of addresses follows.
LISTED = _any(
    r"(?:following|these|this|specified|intended|affected)\s+(?:\w{1,20}\s+){0,3}"
    r"(?:recipients?|address(?:es)?|users?|mailbox(?:es)?|persons?|destinations?)\b",
    r"recipients? (?:address)?(?:es)? ?(?:list)?:|addresses follow|address to which|failed recipients?",
    r"(?:penerima|alamat(?: email| surel)?) (?:berikut|ini|yang dituju)",
    r"folgende[nrs]? (?:empf[äa]nger|adresse)|destinataires? (?:suivant|ci-)|adresses? suivante|"
    r"siguientes? (?:destinatari|direcci)",
    r"seguintes? (?:destinat|endere)|destinatari(?:o)? (?:seguent|successiv)|volgende (?:ontvanger|adres|"
    r"geadresseerde)|следующ\w+ (?:адрес|получат)",
    r"(?:次|以下|下記)の.{0,12}(?:宛先|あて先|受信者|アドレス)|(?:以下|下列|下面).{0,8}(?:收件人|地址|邮箱|用户)|"
    r"다음.{0,8}(?:수신자|주소)",
)
#: A list of addresses follows that did get it.
ARRIVED = _any(
    r"success(?:ful|fully)?\b.{0,30}\b(?:deliver|relay|notification)",
    r"(?:were|was|been) (?:successfully )?(?:relayed|delivered) to",
)
#: Not given up yet. Said of the whole mail, not of one address.
WAITING = _any(
    r"warning message only|not yet been delivered|has been delayed|delayed (?:by|for )?\d|"
    r"still (?:being )?(?:re)?tr(?:ied|ying)",
    r"\bwill (?:continue|keep|be retried|retry|be attempted|try again)|"
    r"attempts (?:to deliver\b.{0,60})?will (?:continue|be made)",
    r"will be (?:retried|attempted)|will continue to (?:be made|try|attempt)|transient non-fatal|message delayed|"
    r"delayed mail",
    r"has been (?:delayed|postponed)|do not need to resend|not need to resend|queued for (?:retry|later)|(?:retry|"
    r"try) (?:it )?again (?:for|until|in) \d",
    r"(?:akan|terus) (?:di)?coba (?:lagi|kembali)|mencoba (?:lagi|kembali)|masih (?:mencoba|dicoba)|belum (?:dapat|"
    r"bisa) (?:di)?kirim|pengiriman (?:ter|di)tunda",
    r"verz[öo]ger|wird weiter versucht|retard[ée]|nouvelle tentative|se (?:ha )?retras|seguir[áa] intentando|"
    r"atras(?:o|ada)|tentando novamente",
    r"遅延|再送を|再試行|延迟|繼續嘗試|继续尝试",
)
#: Said at the same time, it is over after all.
OVER = _any(r"permanent(?:ly)? (?:error|fail|fatal)|failed permanently|given up|giving up|gave up")

#: The returned mail begins below.
RETURNED = _any(
    r"^[\W_]{0,80}(?:(?:here|this|following|included|below|the|a|is|line|next|your|unsent|start|of|truncated|message|"
    r"old|attached)\W{1,4}){0,8}"
    r"(?:copy of (?:the|your)\b.{0,20}\b(?:message|mail)|header of the (?:original|source)|headers? (?:and top|"
    r"of the)|(?:original|unsent|returned|old|source|forwarded) "
    r"(?:message|mail|email|e-mail)\b(?! (?:was|has|is|could|cannot|which|that|you|received|to|from|identifier|size|"
    r"subject|sent|details))|message (?:headers?|text) follow)",
    r"^[\W_]{0,80}(?:message (?:headers?|text)|headers?) (?:and .{0,40})?follows?\b",
    r"^[\W_]{0,80}your message reads\b|first \d+ lines of (?:your|the) original|summary of the undelivered message",
    r"^[\W_]{0,80}(?:a )?copy of the (?:original )?(?:message|mail|headers?)\b",
    r"^[\W_]{0,80}(?:original mail info|pesan asli|salinan pesan|isi pesan|ursprüngliche nachricht|"
    r"kopie der nachricht|message (?:d')?origin(?:al|e))",
    r"^[\W_]{0,80}(?:mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|"
    r"исходное сообщение|копия сообщения)",
    r"^[\W_]{0,80}(?:元のメッセージ|元のメール|オリジナル|原邮件|原始邮件|附件中的内容|原始郵件)",
)

#: A line names an address for another reason than a failure.
ASIDE = _any(
    r"contact|assistance|question|support|\bhelp\b|problem report|for (?:more|further) info|reply to|"
    r"send (?:a )?mail|please (?:send|e-?mail|write)",
    r"^\W{0,6}(?:from|sender|reply-to|cc|return-path|message-id|mail from|x-[\w-]+|date|subject|received|"
    r"envelope-from|user-agent|errors-to)\b\s{0,3}[:=<]",
    r">>> ?mail\b|mail from ?:|\bhelo\b|\behlo\b|message-?id|on behalf of|sent by|you sent from|accepting mail from|"
    r"hubungi|bantuan|kontak",
    r"for additional|abuse@|means of|locator|alternate|guidelines?|unsubscribe|if you (?:feel|believe|have)|"
    r"kontaktieren|contactez|contacte|連絡|联系",
)
#: A line that names by its form the address that failed.
NAMED = _any(
    r"rcpt to ?:|(?:final|original|failed|x-actual)[- ]recipient|\brecipient(?:'s)?(?: address)? ?:|undeliver(?:able|"
    r"ed)(?: address)?\s{0,3}(?:to|:)",
    r"unknown (?:user|recipient|local|address|mailbox)\W{0,3}:|invalid final delivery userid|error-for:|(?:unable|"
    r"failed|not able|trouble|error|problem)"
    r".{0,30}deliver\w*.{0,30} to\b|delivery failed .{0,40}:|delivered to\b|deliver(?:ing|y of|y) .{0,24}to\b|"
    r"addressed to|\bto (?:e-?mail )?address\b|intended recipient|message to\b",
    r"mail to\b|generated from|address: ?<|rcpt: ?<|local mailbox|to user|message for\b|penerima ?:|kepada ?:|"
    r"empf[äa]nger ?:|destinataire ?:|destinatario ?:|destinat[áa]rio ?:|收件人|宛先|to local user",
)
