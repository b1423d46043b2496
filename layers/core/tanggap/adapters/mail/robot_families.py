"""What answers that nobody typed speak of: who is away, that mail is not read, until when, whom to ask instead, that
mail will be answered, that an address is dead, that a report got a number and where it can be followed, that a machine
writes. No sentence alone is a proof; robot_evidence.py adds them up.

A family is told by kinds of words that stand in one sentence, in whatever order, so that it needs no list of phrases.
Patterns are fragments, searched in one sentence in lower case whose abbreviations are written out."""

from __future__ import annotations

import re

_YOU = r"(?:anda|bapak/ibu|ibu/bapak|bapak|ibu|saudara/i|saudari|saudara|sdr/i|bpk/ibu|kakak)"
_REPORT = (
    r"(?:pengaduan|aduan|laporan|keluhan|permohonan|permintaan|pertanyaan|tiket|pesan|e-?mail|surel|surat|pengajuan"
    r"|masukan|aspirasi|usulan|kasus|formulir|saran)"
)
_HANDLED = (
    r"(?:terima|teruskan|buat(?:kan)?|buka|catat|daftar(?:kan)?|proses|verifikasi|tindak ?lanjuti|tutup|tugaskan"
    r"|sampaikan|disposisi(?:kan)?|kirim(?:kan)?|perbarui|alihkan|simpan|limpahkan|arsipkan|registrasi(?:kan)?|telaah"
    r"|tangani|ubah|koordinasikan|selesaikan|terbit(?:kan)?|jawab|tanggapi|eskalasi(?:kan)?|distribusikan|tolak"
    r"|setujui)"
)

WORDS: dict[str, str] = {
    "mail": r"\b(?:e-?mails?|surel|surat elektronik|pesan|inbox|kotak (?:masuk|surat)|messages?|mail(?:box)?|wa"
    r"|whatsapp"
    r"|korespondensi|correspondence|nachricht\w*|berichten?|courriels?|correos?|surat)\b",
    "you": rf"\b(?:{_YOU}|your?|ihre?[rn]?|votre|vous|uw|su)\b",
    "yours": rf"\banda\b|\b{_REPORT} (?:[\w-]+ ){{0,3}}?{_YOU}\b|\b{_YOU}\b.{{0,20}}\b{_REPORT}\b|\b(?:your"
    rf"|ihre?|votre|uw|su)\b"
    r".{0,20}\b(?:requests?|tickets?|cases?|complaints?|reports?|messages?|e-?mails?|inquiry|enquiry|submission"
    r"|question"
    r"|incident|feedback|form|application|anfrage|nachricht|demande|solicitud|aanvraag|consulta|verzoek)\b"
    r"|\bon your behalf\b|\batas nama anda\b",
    "anda": r"\banda\b|\b\w+ saudara\b|\b(?:your|ihre|votre|su|uw)\b",
    "report": rf"\b{_REPORT}\b|\b(?:requests?|tickets?|cases?|incidents?|anfrage|demande|solicitud|aanvraag)\b",
    "number": r"(?:#|\b[a-z]{0,8}[-/]?)\d[\w/.-]{2,}|\b[a-z]{2,6}/\d|#\d",
    "handled": rf"\b(?:di|ter){_HANDLED}\b|\bkami (?:\w+ )?{_HANDLED}\b|\b(?:berstatus|selesai|teregist\w+"
    rf"|tercatat|masuk|proses|tindak lanjut"
    r"|(?:telah|sudah|sedang|akan|berhasil) kami \w{4,}|(?:telah|sudah|sedang|berhasil) (?:\w+ )?di\w{5,}"
    r"|has been \w+ed"
    r"|merged|passed|routed|referred"
    r"|menerima|received?|recorded|created|opened|registered|logged|submitted|assigned|escalated|forwarded|updated"
    r"|resolved|closed|transferred|queued|reviewed|processed|solved|accepted|got|acknowledge|erfasst|eingegangen"
    r"|registrad[oa]|recibid[oa]|enregistrée?|reçue?|geregistreerd|ontvangen)\b",
    "done": r"\b(?:telah|sudah|sedang|berhasil|akan|baru saja|berstatus|dalam|has|have|was|is|were|we've|been|wurde|ist"
    r"|ha|été|is)\b",
    "read": r"\b(?:(?:mem|di|ter)?(?:balas|baca|buka)(?:nya)?|(?:menge|di)?cek|(?:di)?periksa|memeriksa|(?:me"
    r"|di)?respons?"
    r"|(?:me|di)?tanggapi|menanggapi|tanggapan|balasan|jawaban|respons|(?:men|di|ter)?jawab(?:nya)?|(?:meng|di)?akses"
    r"|memantau|dipantau|layani|dilayani|melayani|"
    r"catch up|read\w*|check\w*|monitor\w*|access|answer\w*|repl(?:y|ies|ying)|respon\w+|forwarded|delivered"
    r"|discarded|expect"
    r"|get back|in touch|gelesen|weitergeleitet|beantwort\w*|antworten|melden|lees|beantwoord\w*|lire|lue?s?"
    r"|leeré|répondr\w*"
    r"|responder\w*|leer)\b",
    "not": r"\b(?:tidak|belum|jarang|baru|sulit|lambat|terlambat|tertunda|lama|terbatas|sesekali|not|no|never|only|slow"
    r"|delay\w*|limited|rarely|cannot|can't|won't|without|longer|nicht|keine?n?|niet|geen|ne|pas|discarded)\b",
    "later": r"\b(?:akan|segera|besok|lusa|nanti|setelah|sampai|kembali|selanjutnya|maksimal|paling lambat|pekan depan"
    r"|hari kerja|will|shall|'ll|back|return\w*|within|soon|once a|(?:minggu|pekan|bulan) depan|sekali|shortly"
    r"|werden?|kürze|expect|aim|plazo|délai|binnen)\b|\b\d+ ?x ?24",
    "we": r"\b(?:kami|saya|tim|petugas|staf|admin|agen|operator|layanan|i|we|i'm|i'll|we'll|we're|team|staff"
    r"|someone|agent"
    r"|employee|yang bersangkutan|pegawai (?:ini|tersebut)|representative|ich|wir|ik|wij|je|nous|yo|estoy|estaré"
    r"|keluarga)\b",
    "tell": r"\b(?:memberi\w*|menginformasikan|mengabari|mengirim\w*|menghubungi|menindaklanjuti|memproses|menangani"
    r"|look into|review\w*|contact you|send you|update you|further updates?|be in touch)\b",
    "away": r"\b(?:sakit|dirawat|opname|rawat inap|bed ?rest|isolasi mandiri|pemulihan|operasi|cuti|libur|off|pensiun"
    r"|purna ?(?:bakti|tugas)|mutasi|dimutasi|pindah (?:tugas|unit|instansi|bagian|kerja)|dipindah(?:tugas)?kan"
    r"|mengundurkan diri|resign|tugas belajar|studi lanjut|dinas luar|dinas ke|perjalanan|tugas (?:luar|ke"
    r"|di luar|lapangan)"
    r"|bertugas di luar|di luar (?:kantor|kota|daerah|negeri|jangkauan|jam)|tidak (?:berada |ada |sedang )*(?:di kantor"
    r"|di tempat|masuk)|haji|umr[ao]h?|melahirkan|bersalin|(?:mengikuti|menghadiri|sedang|dalam"
    r"|ada) (?:\w+ ){0,2}?(?:rapat|diklat|pendidikan|pelatihan|seminar|bimtek|workshop"
    r"|konferensi|kursus)|berduka|berkabung|berhalangan|sabatikal|sabbatical|ditugaskan (?:ke|di luar)|isolasi"
    r"|tidak lagi|tidak (?:bekerja|bertugas|menjabat)|berhenti"
    r"|(?:\b(?:tutup|ditutup|hari raya|cuti bersama|tidak beroperasi))"
    r"|kembali (?:bertugas|bekerja|ke kantor|masuk|aktif)|away|ill|sick|retired|travell?ing|have left|moved to"
    r"|on (?:\w+ ){0,2}(?:leave|vacation|holiday|trip|sabbatical)|attending|no longer|in hospital|out (?:of|today|this"
    r"|until|next)|closed|outside (?:of )?(?:our )?\w+ hours|nicht im (?:büro|haus)|abwesend|urlaub|elternzeit|afwezig"
    r"|vakantie|verlof|absente?|congés?|vacances|vacaciones|ausente|fuera de)\b",
    "house": r"\b(?:kantor|sekolah|layanan|pelayanan|toko|operasional|jam|offices?|perpustakaan|klinik|kampus"
    r"|bank|cabang|gudang|loket|unit|library|clinic|shop|branch|cent(?:er|re)|campus|hours|desk|store|school"
    r"|support)\b",
    "occasion": r"\b(?:dalam rangka|sehubungan|cuti bersama|hari raya|libur|natal|lebaran|jam|s\.?d|sampai|holidays?"
    r"|reopen\w*|until|hours|kami)\b",
    "contact": r"\b(?:hubungi|menghubungi|kontak|telepon|wa|whatsapp|sampaikan|disampaikan|ditujukan|dialamatkan"
    r"|dialihkan"
    r"|diarahkan|diambil alih|kirim\w*|ke|kepada|kunjungi|oleh|alamat baru|melalui|via|dihubungi|ditangani"
    r"|diwakili|diajukan|contact|write|direct|resend|reach|e-?mail|call|text|ring"
    r"|send|ask|assist|help|wenden|neem|contacter|contactez|écrire|écrivez|contactar|contacte|escrib\w+)\b",
    "address": r"[^\s@]@[^\s@.]+\.\w",
    "urgent": r"\b(?:mendesak|urgent|urgen|darurat|penting ?2?|kedinasan|pekerjaan|lebih lanjut|emergency|emergencies"
    r"|immediate|pressing|time-sensitive|sooner|cannot wait|dringend\w*|urgence|urgente)\b|\burusan (?:kantor|dinas)"
    r"|\b(?:hal|kebutuhan|keperluan) (?:yang )?(?:segera|kantor|dinas)|\bseputar\b",
    "other": r"\b(?:rekan|pengganti|plt|plh|kepala (?:seksi|bagian|bidang|sub)\w*|kabid|kasi|sekretariat|atasan|kolega"
    r"|call center|contact center|customer service|kantor cabang|ext|my (?:colleague|manager|assistant|deputy|successor"
    r"|team)|front desk|instead|on my behalf|in my absence|diambil alih|tata usaha)\b|\b(?:dapat|bisa"
    r"|can be) (?:dihubungi|reached)\b|\bpelaksana harian\b",
    "follow": r"\b(?:status\w*|perkembangan\w*|progress?|pantau|memantau|dipantau|lacak|melacak|lihat|melihat"
    r"|dilihat|cek"
    r"|mengecek|dicek|klik|penilaian|kepuasan|membukanya|buka kembali|mengikuti|track|follow|view|check|see|review|add"
    r"|update|reopen|rate|click|survey)\b",
    "place": r"https?://|www\.|\b(?:portal|tautan|link|aplikasi|website|laman|situs|tiket|ticket|here"
    r"|help cent(?:er|re)"
    r"|e-?mail ini)\b",
    "addressed": rf"\b(?:{_YOU}|you|please|silakan|mohon|harap|dapat|bisa|click|klik|pantau|below)\b|^(?:lihat"
    rf"|ikuti|cek|track|view|see|follow)\b",
    "until": r"\b(?:sampai|s/d|sejak|mulai|per|terhitung|until|till|through|bis(?: zum)?|tot|jusqu'au|hasta(?: el)?)"
    r" (?:hari |tanggal |dengan |awal |akhir )*(?:\d|senin|selasa|rabu|kamis|jumat|sabtu|minggu|januari|februari"
    r"|maret|april|mei|juni|juli|agustus|september|oktober|november|desember|jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|dec|mon|tue|wed|thu|fri|next|pekan)"
    r"|\b(?:kembali|balik) (?:\w+ )?(?:bertugas|bekerja|ke kantor|buka|masuk|aktif|dibuka|normal|beroperasi|pada"
    r"|tanggal|hari|di kantor)\b|\bsekembali(?:nya)?\b|\bsetelah (?:kembali|masuk|kantor|libur|pulang)"
    r"|\bwieder erreichbar\b|\bhari kerja\b|\b\d+ ?x ?24 jam\b|\b(?:business|working) days?\b"
    r"|\bwithin \d+ (?:hours|days)\b|\breopens?\b"
    r"|\b(?:when|once|until|after) (?:i|we)(?: am| are)? (?:return|get back|back|reopen)|\bestimasi\b"
    r"|\b(?:back|return(?:ing)?)\b.{0,25}\b(?:on|in|mon|tues|wednes|thurs|fri|next|\d)",
    "dead": r"\b(?:alamat(?: e-?mail| surel| ini)|akun|kotak (?:surat|masuk)|mailbox|e-?mail"
    r"|surel)\b(?: \w+){0,5}? (?:tidak"
    r"|bukan|telah|sudah|akan) (?:lagi |akan |tidak )*(?:aktif|dipakai|digunakan|berlaku|dipantau|dimonitor|diperiksa"
    r"|dinonaktifkan|ditutup|dihapus|menerima|non-?aktif)\b|\b(?:address|account|mailbox|inbox)\b.{0,40}\b(?:closed"
    r"|no longer|unmonitored|unattended|not (?:\w+ )?(?:monitored|in use|active|read|checked)|deactivated|disabled"
    r"|decommissioned|retired)\b|\b(?:unattended|unmonitored|inactive|unused) (?:mailbox|inbox|address|account)\b"
    r"|\b(?:hanya|only) (?:\w+ )?(?:untuk mengirim|for sending|outgoing)|\bsend-only\b|\bkhusus (?:notifikasi"
    r"|pengiriman)|\b(?:mailbox|kotak masuk|inbox)\b.{0,15}\b(?:penuh|full)\b",
    "machine": r"\b(?:balasan|jawaban|pesan|surel|e-?mail|respons?|notifikasi|pemberitahuan"
    r"|surat) (?:ini )?(?:\w+ ){0,3}?"
    r"(?:otomatis|oleh sistem|robot)\b|\b(?:anda menerima|you(?: are)? receiv(?:ed?|ing)) (?:pesan|e-?mail|surel"
    r"|this)\b|\b(?:mohon|harap|jangan|tidak perlu|dimohon)\b.{0,20}\b(?:mem|di)?balas\b.{0,15}"
    r"\b(?:e-?mail|surel|pesan|surat) ini\b|\bautomat(?:ed|ic|ically)\b|\bauto-?(?:reply|response|generated)\b"
    r"|\b(?:system|computer)[- ]generated\b|\b(?:do not|don't) (?:reply|respond) (?:to this|directly)\b"
    r"|\b(?:reply|type|write|balas|tulis\w*)\b.{0,25}\b(?:above|di atas) (?:this|baris|garis)\b|\bautomatische\b"
    r"|\bréponse automatique|\brespuesta automática|\bautomatisch\b"
    r"|\b(?:replies|balasan|responses?)\b.{0,30}\b(?:not|tidak)\b.{0,20}\b(?:monitored|read|dibaca|dipantau)",
    "label": r"\b(?:kode|nomor|id|no)(?: (?:tiket|registrasi|register|aduan|pelacakan|referensi|tracking"
    r"|permohonan|laporan"
    r"|antrean|antrian|agenda))(?: \w+){0,2}? ?[:=]? ?(?:adalah )?[#\w/.-]{0,20}\d|\breference (?:number|no"
    r"|id)?.{0,20}\d"
    r"|\b(?:ticket|case|request) (?:number|id|no)\b.{0,15}\d|\bref:\w"
    r"|\b(?:pertahankan|cantumkan|sertakan|simpan|gunakan|catat|quote|keep|include)\b.{0,30}\b(?:nomor|kode|number"
    r"|ticket|tiket|reference|referensi|subject|subjek)\b",
    "thanks": r"\b(?:terima ?kasih|thank you|thanks|vielen dank|bedankt|merci|gracias)\b",
    "wrote": r"\b(?:menghubungi|menulis|mengirim\w*|contacting|writing|reaching out|getting in touch|partisipasi"
    r"|masukan"
    r"|note)\b",
    "state": r"\b(?:menunggu|berubah|berstatus|waiting|pending|awaiting)\b",
    "signal": r"\b(?:sinyal|internet|jaringan|koneksi|wi-?fi|signal|connection)\b.{0,20}\b(?:terbatas"
    r"|tidak stabil|patchy"
    r"|limited|unreliable)\b|\b(?:limited|patchy|unreliable) (?:signal|internet|wi-?fi|connection)\b",
    "wish": r"\b(?:semoga|mohon|harap|tolong|minta|please|hope)\b",
    "arrived": r"\b(?:sudah|telah) (?:masuk|kami terima|diterima)\b|\bhas been received\b",
    "new": r"\b(?:tiket|ticket) baru\b|\bnew (?:ticket|request|incident)\b|\b(?:ticket"
    r"|tiket) #?\w{0,6}\d+ (?:created|dibuat"
    r"|opened|resolved|closed)\b",
    "gone": r"\bnicht im (?:büro|haus)|\babwesend\b|\bout of (?:the )?office\b|\bon annual leave\b|\bafwezig\b"
    r"|\bdi luar jam (?:kerja|layanan|operasional|pelayanan|kantor)\b",
    "own": r"\b(?:saya|sy|my|i)\b",
}

#: (family, the kinds of words that must all stand in one sentence, such as must not).
FAMILIES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("absent", ("we", "away"), ()),
    ("absent", ("house", "away", "occasion"), ()),
    ("absent", ("gone",), ()),
    ("unread", ("signal",), ()),
    ("unread", ("mail", "read", "not"), ()),
    ("unread", ("we", "read", "not", "away"), ()),
    ("promise", ("mail", "read", "later"), ()),
    ("promise", ("you", "read", "later"), ("own",)),
    ("promise", ("we", "tell", "later"), ("own",)),
    ("promise", ("you", "tell", "later"), ("own",)),
    ("promise", ("we", "read", "later"), ("own",)),
    ("promise", ("read", "later", "away"), ()),
    ("promise", ("report", "handled", "later"), ("own", "wish")),
    ("promise", ("read", "later", "not"), ("own",)),
    ("promise", ("we", "read", "later", "you"), ()),
    ("promise", ("later", "read", "until"), ("own",)),
    ("until", ("until",), ()),
    ("instead", ("contact", "address"), ()),
    ("instead", ("contact", "urgent"), ()),
    ("instead", ("contact", "other"), ()),
    ("instead", ("other", "urgent"), ()),
    ("instead", ("other", "address"), ()),
    ("dead", ("dead",), ()),
    ("receipt", ("yours", "handled", "done"), ()),
    ("receipt", ("report", "number", "handled", "done"), ("own",)),
    ("receipt", ("anda", "report", "state"), ("own",)),
    ("told", ("anda", "handled", "done"), ("own",)),
    ("receipt", ("mail", "arrived"), ("own",)),
    ("receipt", ("new",), ("own",)),
    ("follow", ("follow", "place", "addressed"), ("own",)),
    ("follow", ("label",), ("own",)),
    ("machine", ("machine",), ()),
    ("thanks", ("thanks", "wrote"), ("own",)),
    ("thanks", ("thanks", "mail", "you"), ("own",)),
)

#: What a mail may speak of that is about mail itself, or about a report's number: who only reports something does not.
OF_MAIL = frozenset({"unread", "promise", "dead", "receipt", "follow", "machine", "instead"})
#: Said by institutions and their machines to one whom they serve.
INSTITUTION = frozenset({"dead", "receipt", "follow", "machine"})
#: Weak: people say these as well.
WEAK = frozenset({"until", "redirect", "thanks"})


def told(sentence: str) -> set[str]:
    """The families that one sentence, written out, is of."""
    known: dict[str, bool] = {}

    def has(name: str) -> bool:
        if name not in known:
            known[name] = re.search(WORDS[name], sentence) is not None
        return known[name]

    return {family for family, wanted, unwanted in FAMILIES if all(map(has, wanted)) and not any(map(has, unwanted))}


#: Which kinds of the closed sentences count as which family.
OF_KIND: dict[str, str] = {
    "machine": "machine",
    "unread": "machine",
    "unmonitored": "dead",
    "received": "receipt",
    "away": "absent",
    "travel": "absent",
    "left": "absent",
    "limited": "unread",
    "later": "promise",
    "track": "follow",
    "thanks": "thanks",
    "urgent": "redirect",
}

#: Lines of a form that a ticket system prints, and words that say nothing.
NEUTRAL = (
    r"(?:nomor|no|kode|id|url|tiket|ticket|status|pemohon|deskripsi|description|short description|prioritas"
    r"|prioritas|priority|kategori|category|tanggal|waktu|dibuat|created|subjek"
    r"|subject|judul|perihal|unit|instansi|petugas|agent|assignee|department|departemen|pelapor|requester|nama|name"
    r"|date|time|type|jenis|ref|reference)(?: \w+){0,2} ?[:#=].{0,90}"
    r"|(?:mit (?:freundlichen|besten) grüßen|met vriendelijke groet(?:en)?|cordialement|bien à vous|atentamente"
    r"|saludos)"
    r".{0,40}|(?:sehr geehrte|bonjour|hallo|beste|estimad[oa]s?|chers?|geachte)\b.{0,40}"
    r"|(?:mohon|kami mohon|saya mohon) maaf (?:atas|untuk|bila)\b.{0,60}|mohon maklum|harap maklum|demikian\b.{0,60}"
    r"|(?:sorry|apologies|we apologi[sz]e)\b.{0,40}|(?:our|jam|hari|waktu)\b.{0,20}\b(?:hours|kerja|layanan"
    r"|operasional)\b.{0,60}|atas perhatian\w*\b.{0,60}|mohon dimaklumi.{0,30}"
    r"|salam\b.{0,60}|have a (?:nice|great|good)\b.{0,30}|semoga (?:hari|sehat)\b.{0,40}|sukses selalu"
    r"|sehat selalu|ass|wr|wb|customer (?:care|service)"
    r"|(?:jika|bila|apabila|if|when|while)\b(?!.{0,200}\b(?:saya|kami|i|we|my|our)\b).{0,120}|guten tag.{0,30}"
    r"|buenos d[ií]as|terima kasih\b.{0,40}|maaf"
)

#: Short forms, written out before anything is looked for.
SHORT = {
    **dict.fromkeys(("sy", "sya", "aku"), "saya"),
    **dict.fromkeys(("tdk", "gak", "ga", "gk", "nggak", "enggak", "tak"), "tidak"),
    **dict.fromkeys(("blm", "blum"), "belum"),
    **dict.fromkeys(("smp", "sampe", "hingga", "sd", "smpi"), "sampai"),
    **dict.fromkeys(("lg", "sdg", "sdang", "tengah"), "sedang"),
    **dict.fromkeys(("sdh", "udah", "udh", "dah"), "sudah"),
    **dict.fromkeys(("dpt", "dapet"), "dapat"),
    **dict.fromkeys(("dgn", "dg"), "dengan"),
    **dict.fromkeys(("hub", "hubungin", "kontak"), "hubungi"),
    **dict.fromkeys(("bls", "balesin", "bales"), "balas"),
    "yg": "yang",
    "utk": "untuk",
    "u/": "untuk",
    "tgl": "tanggal",
    "stlh": "setelah",
    "krn": "karena",
    "dr": "dari",
    "klo": "kalau",
    "dlm": "dalam",
    "pd": "pada",
    "msk": "masuk",
    "bs": "bisa",
    "jd": "jadi",
    "mhn": "mohon",
    "tlg": "tolong",
    "sgr": "segera",
    "silahkan": "silakan",
    "thx": "terima kasih",
    "tks": "terima kasih",
    "trims": "terima kasih",
    "makasih": "terima kasih",
    "lapor": "laporan",
    "akn": "akan",
}
_SHORT = r"(?<![\w@./-])(?:" + "|".join(map(re.escape, sorted(SHORT))) + r")(?![\w@-])"
_UNTIL_WITH = r"\bs\.d\.?(?= )|\bs/d\b|\bsampai dengan\b"


def written_out(text: str) -> str:
    """In lower case, short forms in full."""
    plain = re.sub(_UNTIL_WITH, "sampai", text.lower().replace("\u2019", "'"))
    return re.sub(_SHORT, lambda found: SHORT[found[0]], plain)


def neutral(sentence: str) -> bool:
    """Says nothing of the sender's own: a line of a form, a courtesy, what the reader's mail is to them."""
    if re.fullmatch(NEUTRAL, sentence):
        return True
    return re.search(WORDS["anda"], sentence) is not None and re.search(WORDS["own"], sentence) is None
