"""What mail programs write around a quote, as alternatives of patterns, Indonesian first."""

from __future__ import annotations

#: The word with which a line that announces a quote begins …
STARTING_WORDS = r"(?:pada|tanggal|tgl|dina|dinten|ing|nalika|on|at|am|le|el|em|il|la|op|den|dne|dnia|w dniu|vào)\b"
#: … or other beginnings, where it does not begin with a name and an address.
STARTS = STARTING_WORDS + r"|\d{1,4}[-/. 年]|-{2,} on\b|在|於|\w{2,15}, \d"

#: How it ends.
WROTE = (
    "menulis|nulis|nyerat|nyeratkeun|berkata|wrote|writes|schrieb|a écrit|écrit|escribió|va escriure|"
    r"escreveu|ha scritto|schreef|geschreven|skrev|napisał(?:\(a\)|a)?|napsal(?:\(a\)|a)?|"
    r"napísal(?:\(a\)|a)?|пишет|пише|написала?|написав|写道|寫道|のメール|書きました|작성|yazdı|kirjoitti|ezt írta|"
    "a scris|έγραψε|đã viết|เขียนว่า|sumulat|كتب|כתב(?:/ה|ה)?"
)
COLONS = r"(?::|：|-{2,})"

#: Or what stands in its middle, with date and time behind it.
WROTE_IN_THE_MIDDLE = "schrieb|skrev|schreef"

#: The labels of a header block over a quote, by kind.
LABELS = {
    "from": (
        "dari|daripada|pengirim|from|von|de la|de|da|van|fra|från|lähettäjä|odesílatel|od|от|від|από|feladó|"
        "kimden|gönderen|发件人|寄件者|寄件人|差出人|보낸 ?사람|từ|จาก|من|מאת"
    ),
    "sent": (
        "dikirim|terkirim|dihantar|waktu|sent|gesendet|envoyé|enviado em|enviado el|enviado|enviada em|"
        "inviato|verzonden|sendt|skickat|lähetetty|wysłano|odesláno|отправлено|надіслано|στάλθηκε|εστάλη|"
        "elküldve|trimis|gönderme tarihi|gönderilme|gönderildi|发送时间|寄件日期|傳送時間|送信日時|보낸 ?날짜|"
        "đã gửi|ส่ง|تم الإرسال|נשלח"
    ),
    "date": "tanggal|tarikh|tgl|hari|date|data|datum|fecha|dato|päiväys|дата|tarih|日期|日付|날짜|ngày|วันที่",
    "to": (
        "kepada|ke|untuk|to|an|à|para|a|aan|til|till|vastaanottaja|do|komu|кому|προς|címzett|către|kime|"
        "alıcı|收件人|收件者|宛先|받는 ?사람|đến|tới|ถึง|إلى|אל"
    ),
    "subject": (
        "subjek|subyek|perihal|judul|hal|subject|betreff|objet|asunto|assunto|oggetto|onderwerp|emne|ämne|"
        "aihe|temat|předmět|тема|θέμα|tárgy|subiect|konu|主题|主旨|件名|제목|chủ đề|tiêu đề|เรื่อง|الموضوع|נושא"
    ),
    "other": (
        "cc|kopie|kopia|tembusan|salinan|bcc|reply-to|balas ke|risposta|lampiran|attachments?|importance|"
        "копия|抄送|副本|참조"
    ),
}

ORIGINAL = (
    "pesan asli|pesan semula|pesan sebelumnya|surel asli|e-?mail asli|mesej asal|original message|"
    "original appointment|original e-?mail|reply message|ursprüngliche nachricht|originalnachricht|"
    "message d'origine|message original|mensaje original|missatge original|mensagem original|"
    "messaggio originale|oorspronkelijk bericht|oprindelig meddelelse|opprinnelig melding|"
    "ursprungligt meddelande|alkuperäinen viesti|wiadomość oryginalna|původní zpráva|исходное сообщение|"
    "оригінальне повідомлення|eredeti üzenet|mesaj original|orijinal mesaj|özgün ileti|αρχικό μήνυμα|"
    "原始邮件|原始郵件|邮件原件|元のメッセージ|원본 메시지|thư gốc"
)

#: How the subject of an answer begins; a mail with another subject is a new one.
ANSWERED_SUBJECT = (
    r"(?:re|bls|balas|balasan|jawab|jawaban|tanggapan|aw|antw|sv|vs|ref|rif|res|resp|odp|ynt|отв|на|回复|答复|回覆|返信|답장)"
    r"\s{0,2}(?:[\[(]\d{1,3}[\])]|\d{1,3})?\s{0,2}[:：]"
)
#: Who a citizen tells of before "menulis:"; a program writes a name.
TOLD_OF = (
    r"\b(?:pak|bu|bapak|ibu|kepala|ketua|lurah|camat|kades|sekdes|bupati|wali ?kota|rt|rw|dia|ia|beliau|mereka|oknum"
    r"|petugas|pegawai|warga|tetangga|seseorang|saya|suami|istri|anak|guru|polisi|nomor|akun|he|she|they|someone)\b"
)

#: Between dashes, or at the start of a line before a colon.
FORWARDED = (
    "forwarded message|forwarded by|forwarded e-?mail|pesan (?:yang )?(?:di)?teruskan|pesan terusan|"
    "diteruskan|mesej (?:yang )?dimajukan|weitergeleitete nachricht|message transféré|mensaje reenviado|"
    "mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht|videresendt (?:meddelelse|melding)|"
    "vidarebefordrat meddelande|przekazana wiadomość|přeposlaná zpráva|пересылаемое сообщение|転送メッセージ|"
    "转发的邮件|轉寄郵件"
)
FORWARDED_BEGINS = (
    "begin forwarded message|"
    "(?:mulai|awal) (?:pesan|e-?mail|surel) (?:(?:yang )?(?:di)?teruskan|terusan)|"
    "anfang der weitergeleiteten nachricht|début du message (?:transféré|réexpédié)|"
    "inicio del mensaje reenviado|início da mensagem encaminhada|inizio messaggio inoltrato|"
    "begin doorgestuurd bericht"
)
#: How the subject of a forwarded mail begins.
FORWARDED_SUBJECT = (
    r"(?:fwd?|trs|trm|terusan|diteruskan|pesan terusan|wg|tr|rv|enc|doorst|vb|vs|i|pd|转发|轉寄)\s{0,2}[:：]"
)

#: The person says where their answers stand: nothing below is cut then.
ANSWERS_BELOW = (
    r"(?:jawab|tanggap|balas|komentar|penjelasan|keterangan)\w*\b[^.!?]{0,60}\b(?:di ?bawah|di ?sela|di ?antara"
    r"|warna|merah"
    r"|biru|hijau|ungu|tebal|inline|in-line)\b",
    r"(?:saya|kami|sudah|telah)\b[^.!?]{0,20}\b(?:jawab|tanggapi|balas|isi|tandai"
    r"|sisipkan)\b[^.!?]{0,40}\b(?:di ?bawah|di ?atasnya|merah"
    r"|biru|warna|tebal)\b",
    r"(?:lihat|simak|cek|baca|periksa|mohon)\b[^.!?]{0,40}\bdi ?bawah(?: ini)?\s{0,3}(?:[.,:;!)]|$)",
    r"(?:e-?mail|surel|pesan|surat|laporan|kiriman|kutipan|percakapan)\w*\b[^.!?]{0,30}\bdi ?bawah(?: ini)?\b",
    r"(?:answers?|answered|repl(?:y|ies|ied)|comments?|commented|responses?|responded|see"
    r"|notes?)\b[^.!?]{0,40}\b(?:below|inline"
    r"|in-line|in (?:red|blue|green|purple|bold|colou?r|caps))\b",
    r"\b(?:the|this|attached|forwarded) (?:e-?mail|mail|message|correspondence|thread) below\b",
)

#: A first line that greets and says nothing; its comma tells that something was to follow.
GREETING = (
    r"(?:(?:yth|kepada yth|kepada|dear)\b[^.!?:]{0,60}[.]?[^.!?:]{0,60}|(?:selamat (?:pagi|siang|sore|malam)"
    r"|assalamu?\W?alaikum|asalamualaikum|salam(?: sejahtera)?|dengan hormat|halo|hallo|hai|hi|hello"
    r"|good (?:morning|afternoon|evening|day)|sugeng|wilujeng|bapak|ibu|pak|bu)\b[^.!?:]{0,60}[,:])\s?[,:]?"
)

#: The closing words of a letter.
CLOSING = (
    r"(?:(?:hormat (?:kami|saya)|salam(?: hormat)?|wassalam\w*|(?:best |kind |warm )?regards|sincerely(?: yours)?"
    r"|yours (?:sincerely|faithfully|truly))\s{0,3}[,.!]{0,3}"
    r"|(?:terima kasih|matur nuwun|hatur nuhun|thanks|thank you|cheers)\s?,)"
)
