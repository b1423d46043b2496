"""What stands under a mail and is nobody's own words: programs' lines, legal notices, lists' footers. Fragments of
patterns, Indonesian first."""

from __future__ import annotations

#: The last line of a person who holds a telephone.
DEVICES = (
    r"i ?phone|ipad|ipod|mobile|phone|android|cell|galaxy|samsung|yahoo|mail\b|\[mail|mailbox|airmail|"
    r"outlook|windows|huawei|xiaomi|mi\b|poco|oppo|vivo|honor|itel|tecno|advan|evercoss|asus|lenovo|"
    "motorola|pixel|htc|nokia|blackberry|alcatel|ti-85|proton|realme|redmi|infinix|gmail|sparrow|spark|"
    r"thunderbird|zoho|fastmail|hp\b|handphone|hape|ponsel|perangkat|peranti|telepon|telefon|gawai|"
    r"smartphone|tablet|surat\b|e-?mail untuk"
)
SENT_FROM = (
    rf"(?:(?:di|ter)kirim|kirim|dihantar) (?:dari|daripada|melalui|menggunakan|lewat|via|dengan|saking|ti|tina)"
    rf"(?: [^\s,.;:!?]{{1,20}}){{0,3}} (?:{DEVICES})",
    rf"(?:dikintun|kakintun|dipunkirim)(?: [^\s,.;:!?]{{1,20}}){{0,3}} (?:{DEVICES})",
    r"(?:dapatkan|unduh|dapatkan aplikasi) \[?outlook (?:untuk|for)\b",
    r"yahoo mail ?[:：]",
    r"powered by(?: [^\s,.;:!?]{1,20}){0,3} (?:blackberry|telkomsel|indosat|android|gmail)",
    rf"(?:someone )?(?:sent|send|posted)? ?(?:from|via|by|with) (?:my |a |an |the )?(?:{DEVICES})",
    rf"sent from my(?: [^\s,.;:!?]{{1,20}}){{1,3}} (?:{DEVICES})",
    r"get \[?outlook for\b",
    r"envoyé (?:de|depuis|à partir)",
    r"von meinem\b.{0,60}gesendet",
    r"diese nachricht wurde von\b.{0,60}gesendet",
    r"gesendet von (?:mein|mail|outlook|yahoo)",
    r"enviado (?:desde|do|a partir)",
    r"verzonden (?:met|vanaf|via)",
    "inviato da",
    r"sendt fra (?:min|mail|outlook)",
    r"skickat från (?:min|mail|outlook)",
    r"lähetetty (?:i?phone|laitteesta|puhelimesta)",
    "wysłane z",
    r"odesláno z(?:e)? (?:mého|i?phonu|mobil)",
    "отправлено (?:с|из)",
    "надіслано (?:з|із)",
    "從我的",
    "发自我的",
    r"iphone ?から送信",
    r"나의 iphone에서 보냄",
    "được gửi từ (?:i?phone|điện thoại)",
    r"iphone'umdan gönderildi",
)

#: A notice to strangers who read a mail by mistake needs all three: what it speaks of, that it is closed to others,
#: and what those others must not do. One alone is what a citizen writes who asks for secrecy.
NOTICE_OF = (
    r"\b(?:this|the) (?:electronic )?(?:e-?mail|message|communication|transmission|mail|fax)\b"
    r"|information (?:contained|transmitted|in this)"
    r"|\b(?:surel|e-?mail|pesan|surat elektronik|komunikasi|dokumen|transmisi)(?: elektronik)? (?:ini|berikut"
    r"|beserta|dan lampiran)\b"
    r"|\binformasi (?:yang|dalam|di dalam|pada)\b|\bisi (?:surel|e-?mail|pesan)\b|\bcontents of\b"
)
NOTICE_CLOSED = (
    r"confidential|privileged|proprietary|\bintended\b|legally|rahasia|konfidensial|terbatas|ditujukan"
    r"|dimaksudkan|diperuntukkan"
    r"|dilindungi|hak istimewa"
)
NOTICE_STRANGER = (
    r"intended recipient|addressees?\b|not (?:the|an) (?:intended|named)|if you (?:are not|have received"
    r"|received)|\bin error\b|by mistake"
    r"|unauthori[sz]ed|strictly prohibited|solely for|only for the use"
    r"|penerima (?:yang|dari|sah)|bukan (?:merupakan |sebagai )?(?:penerima|pihak|orang) (?:yang )?(?:dituju"
    r"|dimaksud|berhak|sah|seharusnya)"
    r"|bukan(?:lah)? penerima|(?:secara|karena|dengan|akibat) (?:keliru|salah|kekeliruan|kesalahan|tidak sengaja)"
    r"|(?:hapus|musnahkan|menghapus|memusnahkan|dihapus)\b"
    r"|dilarang (?:keras )?(?:untuk )?(?:menyebar|menyalin|mengungkap|mengguna|mendistribusi|meneruskan"
    r"|memperbanyak|menyampaikan|membuka)"
)
#: Whoever says one of these speaks for themselves.
FIRST_PERSON = r"\b(?:saya|aku|gue|gua|kulo|kula|abdi|my|mine|me)\b|\bI\b"

#: A paragraph that only goes on with a notice above it says at least two of these.
NOTICE_GOES_ON = (
    r"e-?mails?",
    r"messages?|pesan",
    r"communications?|komunikasi",
    r"surel",
    r"attachments?|lampiran",
    r"virus(?:es)?|malware",
    r"recipients?|penerima",
    r"liab\w+|tanggung jawab|bertanggung",
    r"regulat\w+|compliance|peraturan",
    r"monitor\w*|memantau",
    r"confidential\w*|rahasia",
    r"views|opinions|pendapat|pandangan",
    r"company|perusahaan|instansi|bank",
)

#: The heading over a notice.
NOTICE_HEADING = (
    r"(?:legal |e-?mail |email )?(?:disclaimer|penafian|penyangkalan|sangkalan|peringatan|perhatian"
    r"|pemberitahuan|confidentiality"
    r"|kerahasiaan|caution|warning|notice|important)(?: (?:notice|hukum|kerahasiaan|notification|e-?mail))?"
)

#: Paragraphs that programs and lists put under a mail, by how they begin. No person's own paragraph begins so.
FOOTERS = (
    r"(?:virus-free|bebas virus|tanpa virus|libre de virus|virenfrei|garanti sans virus|senza virus|virusvrij)\b",
    r"<?#dab4fad8",
    r"<?(?:https?://)?www\.(?:avast|avg)\.com\b",
    r"(?:this|the|surel|e-?mail|pesan)\b.{0,40}\b(?:scanned|checked|dipindai|diperiksa"
    r"|diuji)\b.{0,60}\b(?:virus|malware|spam|avast|avg)",
    r"[^a-z]{0,5}(?:please |mohon |harap |tolong |save |selamatkan |go green|pikirkan |pertimbangkan |think "
    r"|consider )"
    r".{0,60}\b(?:environment|lingkungan|trees?|pohon|bumi|planet|paper|kertas|print\w*|mencetak)\b.{0,60}"
    r"\b(?:print\w*|mencetak|cetak|environment|lingkungan|trees?|pohon|kertas|paper)\b",
    r"you (?:are receiving|have received|received|got) this (?:message|e-?mail|mail|because)",
    r"anda (?:menerima|mendapatkan|mendapat) (?:pesan|surel|e-?mail) ini karena",
    r"(?:to |click here to )?unsubscribe\b.{0,200}(?:https?:|@|group|list|e-?mail)",
    r"(?:untuk )?(?:berhenti berlangganan|berhenti menerima)\b.{0,200}(?:https?:|@|grup|milis|tautan)",
    r"to (?:view this discussion|post to this group|change your (?:settings|subscription)|reply to this e-?mail)\b",
    r"untuk (?:melihat diskusi ini|mengirim ke grup ini)\b",
    r"reply to this e-?mail directly or view it on\b",
    r"\S{1,60} mailing list$",
)
