"""The sentences of answers that nobody typed, as a table: somebody is away and why, until when, whom to ask instead,
will answer later; a report came, its number, it is being worked on, do not reply; nobody reads this address.

Patterns are fragments for `re.IGNORECASE`, each tried at the start of one sentence. All that a mail says must be of
these kinds. A sentence goes on freely only where a machine's does: else what follows must be words of its set in
CLOSED, or names (NAMED), for a person who is on leave goes on with what they have to say."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: A cheap look before the sentences are.
HINTS = (
    *("cuti", "otomatis", "luar kantor", "dinas luar", "perjalanan dinas", "tugas luar", "luar kota", "luar negeri"),
    *(
        "kami terima",
        "anda telah",
        "anda sudah",
        "menerima",
        "libur",
        "di tempat",
        "ibadah",
        "umrah",
        "di kantor",
        "balas",
    ),
    *("pelatihan", "diklat", "rapat", "berhalangan", "dipantau", "dimonitor", "monitored", "unattended", "tiket"),
    *("out of", "automat", "vacation", "holiday", "on leave", "maternity", "received", "ticket", "away", "tidak lagi"),
    *("bertugas", "pensiun", "no longer", "kami tutup", "closed"),
)

#: What a person tells or complains of: one of these, and somebody typed it. "Anda dapat" and the like is a machine's.
TROUBLE = (
    r"\b(?:tapi|tetapi|padahal|belum(?! (?:dapat|bisa) me[mn])|tolong(?! (?:jangan|tidak|hubungi|menghubungi))|kenapa"
    r"|mengapa|kapan|kalau(?! ada (?:hal|keperluan|yang))|kalo|apakah|bagaimana|kok|rusak|keluhan saya|laporan saya"
    r"|laporan kami|pengaduan saya|aduan saya|minta"
    r"|ditolak|menolak|dipersulit|tidak pernah|tidak ada(?! di (?:kantor|tempat))|tidak kunjung|tidak jadi|terus[- ]?"
    r"menerus|katanya|sampai sekarang|hingga kini|roboh|longsor|(?<!pemadam )kebakaran|mati|hilang|bocor|menumpuk"
    r"|rumah saya|rumah kami|lampu|jalan rusak|my (?:report|complaint))\b"
)
VETO = rf"\?(?![\w=&/])|\b(?:but(?! (?:i )?(?:will|may|can|shall|do|have))|why)\b|{TROUBLE}"
#: Whom a citizen sends an officer to who wants to see the place; a machine's colleague has an address and reads mail.
NEAR_BY = (
    r"\b(?:rt|rw|kadus|kepala dusun|dukuh|ketua|tetangga|survei|survey|peninjauan|penjaga|satpam)\b"
    r"|\b(?:\+?62|0)8[\d -]{7,14}"
)
OF_MAIL = (
    r"@|\b(?:e-?mail|surel|surat elektronik|pesan|mailbox|kotak surat|(?:mem)?balas|membalas|menjawab|merespon\w*)\b"
)
#: Told to the reader by a machine, though it has a word of those.
SPARED = (
    r"\b(?:jika|bila|apabila|if)(?: anda| bapak/ibu| saudara| you)? (?:belum|have not|do not|don't)"
    r" (?:menerima|mendapat\w*|memperoleh|received?|hear)\b"
)

GREETING = (
    r"(?:kepada )?(?:bapak/ibu|ibu/bapak|yth|yang terhormat|halo+|hai|hello|hi|dear|salam (?:sejahtera|sehat)"
    r"|dengan hormat|greetings"
    r"|selamat (?:pagi|siang|sore|malam|datang)|good (?:morning|afternoon|evening|day)|ass?alamu.?alaikum|shalom"
    r"|om swastiastu|kepada)\b"
)

_WHEN = r"(?:per|mulai|sejak|pada|dari|tanggal|terhitung|selama|from)"
_I = r"(?:saya|kami|i am|i'm|i will be|i'll be|we are|i)"
_TELL = (
    r"(?:dengan ini |perlu |dapat )?(?:kami|saya) (?:informasikan|sampaikan|beritahukan)(?: bahwa)?"
    r"|(?:mohon|harap|perlu) diketahui(?: bahwa)?|please (?:note|be informed)(?: that)?"
)
_NOW = (
    r"(?:saat ini|sementara ini|untuk sementara|masih|mohon maaf|maaf|namun|currently|sorry|at the moment"
    rf"|unfortunately|sehubungan dengan [^,]{{1,60}}|{_TELL})"
)
_THANKS = r"(?:terima ?kasih|thank you|thanks)"
_LEAD = rf"(?:{_THANKS}[^,]{{0,60}}, )?(?:{_NOW},? )*"
_MAIL = (
    r"(?:e-?mail|surel|surat(?: elektronik)?|pesan|laporan|permohonan|pengaduan|aduan|keluhan|permintaan|pertanyaan"
    r"|tiket|message|inquiry|enquiry|mail|request|ticket|report|case|complaint|submission)"
)
_YOURS = r"(?:anda|bapak/ibu|bapak|ibu|saudara/i|saudara|bpk/ibu)"
_NUMBER = (
    r"(?:(?:dengan )?(?:nomor|no|number|id|kode)(?: (?:registrasi|register|tiket|laporan))?[.:]? ?)?"
    r"[#\[(]{0,2}[\w/.-]{0,20}\d[\w/.-]{0,20}[\])]?"
)
_IS = r"(?:sedang |akan |tengah |masih )?"
_IN = (
    r"(?:(?:berada|menjalani|mengambil|melaksanakan|menjalankan|menunaikan|melakukan|mengikuti|menghadiri|dalam)"
    r"(?: dalam)? )?(?:masa )?"
)
_AWAY = (
    rf"{_IS}{_IN}(?:cuti|di luar (?:kantor|jam kerja)|tidak (?:sedang )?(?:berada |ada )?di kantor"
    r"|(?:ibadah )?(?:haji|umrah|umroh))|(?:currently |now )?(?:away from|out of) (?:the |my )?office"
    r"|(?:currently |now )?on (?:\w{4,10} )?leave|(?:currently |now )?on (?:vacation|holiday)"
)
_TRAVEL = (
    rf"{_IS}{_IN}(?:dinas luar|perjalanan dinas|tugas (?:luar|belajar)|di luar (?:kota|negeri)"
    r"|tidak (?:berada )?di tempat|libur|pelatihan|diklat|rapat|bimtek|seminar|berhalangan)"
    r"|(?:currently |now )?(?:travell?ing|on a business trip|attending an? \w{4,12})"
)
_GOT = (
    r"(?:diterima|masuk|tercatat|terdaftar|teregistrasi|terkirim|dibuat(?:kan)?|dibuka|received|recorded|created|opened"
    r"|registered|logged|submitted|assigned)"
)
_ANSWERED = (
    r"\b(?:(?:mem|di)?balas|(?:me|di)?respons?|(?:me|di)?tanggap\w*|di ?proses|memproses|diverifikasi|ditelaah"
    r"|menindaklanjuti|ditindaklanjuti|tindak ?lanjuti|kembali|masuk|aktif|bekerja|membaca|mengakses|(?:di|me)?neruskan"
    r"|diteruskan|(?:di|men)?jawab|(?:di|meng)hubungi|return|reply|respond|answer|back|contact|touch|process\w*"
    r"|review\w*)\b"
)
_ASK = r"(?:hubungi|menghubungi|kontak|telepon|kunjungi|mengunjungi|contact|call|reach out to|e-?mail|visit)"
_FAMILY = r"(?!.{0,40}\b(?:istri|suami|anak|tetangga|kakak|adik|saudara|ibu|bapak|pak) saya\b)"
_NOT_MINE = r"(?:(?!\b(?:saya|kami|sudah|telah|pernah)\b).){0,80}"

#: The first that fits counts; in this order.
SENTENCES: tuple[tuple[str, str], ...] = (
    (
        "machine",
        rf"(?:ini (?:adalah|merupakan)|{_MAIL} ini(?: adalah| merupakan)?).{{0,40}}\b"
        r"(?:(?:balasan|jawaban|pesan|surel|e-?mail|respons?|tanggapan|notifikasi) (?:secara )?otomatis"
        r"|(?:dibalas|dikirim(?:kan)?|dibuat|terkirim|dihasilkan) (?:secara )?otomatis)"
        r"(?: (?:oleh|dari|melalui) .{1,60}|,? (?:dan )?(?:mohon|harap|jangan|tidak perlu|sehingga) .{1,80})?$",
    ),
    ("machine", r"(?:balasan|jawaban|pesan|respons?|e-?mail|surel|notifikasi) otomatis$"),
    ("machine", r"this is an? auto\w* .{0,80}$|this (?:e-?mail|message) (?:was|is) (?:sent )?automatically .{0,80}$"),
    ("machine", r"this is an? (?:system|computer)[- ]generated .{0,80}$"),
    (
        "unread",
        r"(?:mohon|harap|jangan|tidak perlu|dimohon|diharap|silakan|please)\b.{0,30}\b(?:mem|di)?(?:balas|reply"
        r"|respond)\b"
        rf"(?=.{{0,30}}{_MAIL})",
    ),
    ("unread", r"(?:mohon|harap|dimohon|please)\b.{0,20}\b(?:tidak|jangan|not)\b.{0,12}\b(?:membalas|dibalas|reply)$"),
    ("unread", r"(?:balasan (?:ke|atas|pada|untuk)|repl(?:y|ies) to) .{1,40}\b(?:tidak|not|unread)\b.{0,40}$"),
    (
        "unmonitored",
        r"(?:this |our )?(?:kotak (?:surat|masuk)|alamat(?: e-?mail| surel)?|e-?mail|surel|mailbox|inbox"
        r"|address|account)"
        r"(?: (?:ini|tersebut|elektronik|address|account))* (?:is |sudah "
        r"|hanya )?(?:tidak (?:lagi )?(?:dipantau|dimonitor"
        r"|dibaca|digunakan|menerima (?:balasan|pesan|e-?mail))|(?:not|never|no longer)(?: \w{5,9})? (?:monitored|read"
        r"|checked|in use|attended)|unmonitored|unattended)\b",
    ),
    (
        "received",
        rf"{_LEAD}(?:{_MAIL} {_YOURS}(?: {_NUMBER})? (?:telah |sudah |berhasil )*(?:kami (?:terima|catat)|{_GOT})"
        rf"|{_MAIL}(?: {_NUMBER})? (?:telah |sudah )kami (?:terima|catat)"
        rf"|your {_MAIL}(?: {_NUMBER})? (?:has been|have been|was|is)(?: \w{{5,12}}ly)? {_GOT})\b",
    ),
    (
        "received",
        rf"{_LEAD}(?:tiket|ticket|an? (?:support )?ticket|kasus|case|request)(?: {_NUMBER})?"
        r" (?:telah|sudah|berhasil|has been|was)(?: berhasil)? (?:dibuat(?:kan)?|dibuka|created|opened|registered)\b",
    ),
    (
        "received",
        rf"{_LEAD}(?:kami|we) (?:telah |sudah |have )(?:menerima {_MAIL} {_YOURS}|received your {_MAIL}"
        rf"|mencatat {_MAIL} {_YOURS})\b",
    ),
    ("away", rf"{_LEAD}(?:{_WHEN} .{{1,60}}? )?{_I} (?:{_NOW} )*(?:{_AWAY})\b"),
    ("away", r"(?:sedang cuti|sedang di luar kantor|out of (?:the )?office|on (?:annual |maternity )?leave)\b"),
    ("travel", rf"{_LEAD}(?:{_WHEN} .{{1,60}}? )?{_I} (?:{_NOW} )*(?:{_TRAVEL})\b"),
    ("travel", rf"{_LEAD}(?:kantor|pelayanan|layanan|our office) (?:kami )?(?:tutup|libur|is closed|will be closed)\b"),
    ("left", r"(?:saya (?:sudah|telah) (?:tidak (?:lagi )?(?:bertugas|bekerja)|pensiun|pindah tugas)"
        r"|i (?:no longer work"
     r"|am no longer|have left))\b"),
    (
        "thanks",
        rf"{_THANKS} (?:banyak )?(?:atas|telah|sudah|for) (?:menghubungi|mengirim\w*|contacting"
        rf"|getting in touch|writing"
        rf"|your (?:interest|patience|understanding)|(?:your )?{_MAIL}|perhatian|kesabaran|pengertian|kerja ?sama"
        r"|partisipasi).{0,80}$",
    ),
    (
        "limited",
        r"(?:saya |kami )?(?:memiliki |dengan )?akses (?:saya |kami )?(?:ke |terhadap )?(?:e-?mail|surel|internet)"
        r"(?: saya| kami)? (?:yang )?(?:sangat )?terbatas|(?:i|we|with)(?: will)?(?: have| having)? (?:limited|no"
        r"|intermittent|restricted) access",
    ),
    (
        "later",
        rf"(?:{_LEAD}(?:{_MAIL}(?: {_YOURS})? (?:baru |saat ini )?(?:akan|sedang)|your {_MAIL} (?:will|is being)"
        rf"|{_I} (?:baru |juga )?(?:akan|dapat|tidak dapat|belum dapat|tidak bisa|will|shall|cannot)"
        r"|(?:tim|petugas|staf|admin|operator)(?: kami| terkait)?(?: akan| sedang)|(?:our team|someone|a member of our"
        r" team|one of our \w{4,9}|we|and|but)(?: i)? (?:will|aim to)|(?:dan )?(?:akan|baru)|kembali|segera))"
        rf"(?=.{{0,80}}{_ANSWERED})",
    ),
    ("later", r"(?:saya )?(?:baru |akan )*kembali (?:ke kantor|pada|tanggal|tgl|hari|setelah|mulai|bekerja|masuk)\b"),
    ("later", r"(?:respons?|balasan|tanggapan|jawaban|repl(?:y|ies)|responses?)(?: \w{3,5})? (?:mungkin|akan"
        r"|may|will)\b"),
    # "You may reach me" says when somebody has time; who else is to be asked, a machine says.
    ("self", rf"(?:untuk|jika|bila|apabila|dalam|for|if) {_NOT_MINE}\b{_ASK} (?:saya|me)\b.{{1,100}}$"),
    (
        "urgent",
        r"(?:namun,? |selama .{1,40}?,? |while .{1,40}?,? |during .{1,40}?,? )?(?:untuk|jika|bila|apabila|dalam"
        r"|for|if|in) "
        r"(?:ada |terdapat |memerlukan |membutuhkan |keperluan |you (?:need|have|require) |your \w{4,8} is "
        r"|it is )?(?:hal"
        r"|keperluan|urusan|kebutuhan|keadaan|informasi|bantuan|sesuatu|pertanyaan|yang|anda|belum|urgent|immediate|any"
        rf"|an? emergency|case|mendesak|lebih|penting|assistance|help|you){_NOT_MINE}\b{_ASK}\b.{{1,160}}$",
    ),
    (
        "urgent",
        r"(?:(?:selama|while|during|in) .{1,40}?,? )?(?:(?:anda |you )?(?:silakan|dapat|bisa|harap|mohon|can"
        r"|may|please)"
        rf"(?: langsung)?) {_ASK} (?!saya\b|me\b){_FAMILY}.{{2,160}}$",
    ),
    (
        "track",
        r"(?:silakan|mohon|harap|anda|you|please)(?: dapat| bisa| can| may)? (?:cek|mengecek|pantau|memantau"
        r"|lacak|melacak"
        r"|simpan|menyimpan|catat|gunakan|cantumkan|mencantumkan|sertakan|tunggu|menunggu|bersabar|track|check"
        r"|keep|quote"
        r"|use|include|view|wait|allow)\b.{0,160}$",
    ),
    ("number", rf"(?:nomor|no|kode)(?: (?:tiket|registrasi|register|laporan|pengaduan|aduan))*(?: {_YOURS})?"
     rf"(?: adalah|:| :)? {_NUMBER}$"),
    ("number", rf"(?:your )?(?:ticket|case|reference|request)(?: (?:number|id|no))?(?: is|:)? {_NUMBER}$"),
    ("hours", r"(?:jam|hari|waktu) (?:kerja|layanan|pelayanan|operasional)\b"),
    ("contact", r"(?:hp|wa|whatsapp|telp|telepon|tlp|e-?mail|surel|kontak|call center|hotline|phone|tel|mobile|fax)\b"),
    ("contact", r"(?:https?://\S+|www\.\S+|[^\s@]+@[^\s@]+)$"),
    ("end", rf"(?:salam|hormat (?:saya|kami)|wassalam\w*|regards|(?:best|kind|warm) regards|best|sincerely"
        rf"|{_THANKS}|ttd)\b"),
)  # fmt: skip

_DATES = """sampai hingga s d dengan dari mulai sejak pada per tanggal tgl hari minggu pekan bulan tahun selama jam
    pukul wib wita wit senin selasa rabu kamis jumat sabtu ahad januari februari maret april mei juni juli agustus
    september oktober november desember jan feb mar apr jun jul agu sep okt nov des kerja berikutnya waktu until from to
    monday tuesday wednesday thursday friday saturday sunday january february march may june july august october
    december on starting through till business days day week hours within next"""
_WORK = """dan serta sehingga untuk akan sedang segera kami di proses diproses dalam antrean antrian verifikasi
    diverifikasi telaah ditelaah ditindaklanjuti tindaklanjuti tindak lanjuti lanjut menindaklanjuti diteruskan
    teruskan meneruskan disampaikan ke kepada oleh melalui unit bidang bagian seksi instansi dinas opd perangkat daerah
    petugas tim admin operator pihak terkait berwenang sesuai urutan ketentuan prosedur mekanisme peraturan yang berlaku
    paling lambat maksimal secepatnya sudah telah berhasil sistem aplikasi dijawab balas
    dibalas membalas ditanggapi tanggapi menanggapi
    respons direspons merespons direspon merespon hubungi menghubungi anda bapak ibu saudara baik ini and is are being
    will be we you your shall processed reviewed process review answered as soon possible by our team the of in with
    under get back get touch contact respond reply it shortly assigned staff for has been"""

#: What may follow in a sentence of a kind. A word with a digit may follow in all.
_ABSENT = _words(
    f"""{_DATES} tahunan bersama melahirkan besar sakit lebaran idulfitri idul fitri natal nyepi nasional libur cuti
    dinas luar kota kantor negeri keluar panjang akhir haji umrah umroh ibadah alasan penting tempat kerja
    dan serta sehingga karena oleh itu maka untuk dalam rangka tidak dapat bisa akan baru segera kembali masuk aktif
    bekerja membalas dibalas balas merespons merespon direspons direspon menanggapi ditanggapi membaca mengakses akses
    email surel pesan surat anda bapak ibu saudara internet terbatas setelah sekembali sekembalinya secepatnya sementara
    ke di ini saya kami yang diproses proses ditindaklanjuti tindaklanjuti diteruskan teruskan meneruskan dijawab
    menjawab terkait petugas tim unit bidang sesuai urutan ketentuan paling lambat maksimal sudah telah lanjut sedang
    berada menghubungi segera belum mungkin tertunda terlambat sangat pelatihan diklat rapat
    and will be back returning return with no limited access my the a in office mail emails reply respond answer your
    message messages as soon possible when i we am not during this period of for at upon after shall you away leave out
    annual maternity paternity sick parental but get check checking occasionally intermittently delay delayed touch
    contact responding sporadically have unable it s"""
)
_WORKED_ON = _words(
    f"""{_DATES} {_WORK} nomor no number id kode registrasi register tiket ticket laporan email surel pesan
    pengaduan kami terima reference case request"""
)
CLOSED: dict[str, frozenset[str]] = {
    **dict.fromkeys(("away", "travel", "limited", "unmonitored"), _ABSENT),
    "later": _ABSENT | _WORKED_ON,
    "received": _WORKED_ON,
    "unread": _ABSENT
    | _words(
        """langsung kotak alamat dipantau dimonitor dibaca otomatis dikirim dibuat sistem oleh secara elektronik it is
        unmonitored monitored automatically automated generated directly sent was address mailbox inbox notification"""
    ),
    "hours": _words(f"{_DATES} adalah kami layanan pelayanan kerja operasional libur tutup nasional kecuali"),
}
#: Names, offices, numbers and addresses may follow, and these.
_NAMES = """dan di pada bin binti a n u p dr d s no and of the jl jalan rt rw kec kel kab atau or"""
SMALL = _words(_NAMES)
ADDRESSED = _words(
    """bapak ibu pak bu bpk sdr sdri saudara saudari semua para warga sahabat pelanggan rekan admin all customer sir
    madam team there everyone yang terhormat pengirim pelapor masyarakat pengguna wr wb warahmatullahi wabarakatuh yth
    di tempat pagi siang sore malam dengan hormat user colleague colleagues citizen valued"""
)
NAMED: dict[str, frozenset[str]] = {
    "left": SMALL | _words("di pada instansi kantor dinas ini lagi sejak working work with at for per employed"),
    "contact": SMALL | _words("center kantor kami nomor wa hp telepon email pada jam kerja whatsapp line ext"),
    "end": SMALL
    | ADDRESSED
    | _words(
        """saya kami hormat salam sehat atas perhatian perhatiannya kerja sama kerjasama samanya kerjasamanya pengertian
        pengertiannya kesabaran kesabarannya banyak sebelumnya maklum regards wishes you for your understanding patience
        anda dan wassalam much very kind best warm"""
    ),
}
#: First words of a signature's lines wherever they stand.
OFFICES = _words(
    """dinas badan kantor kecamatan kelurahan desa pemerintah rsud rumah puskesmas bagian bidang seksi subbag
    sekretariat kementerian direktorat polsek polres ppid upt uptd tim layanan customer helpdesk admin unit pusat jl
    jalan gedung kepala staf camat lurah sekretaris"""
)
#: No line of a signature, though in capitals.
NO_NAME = _words(
    """tutup roboh rusak mati hilang banjir sampah bau macet longsor bocor gelap terbakar ambruk putus kosong padam
    berlubang meluap"""
)

#: What makes such an answer one: these alone, or two different kinds of the second row.
ALONE = frozenset({"machine", "away", "received"})
TOGETHER = frozenset({"travel", "later", "urgent", "unread", "unmonitored", "limited", "left"})
#: Whose mail answers nothing reports something, unless it says so much: one set of these, wholly.
UNASKED = tuple(
    map(
        frozenset,
        (
            {"machine"},
            {"received"},
            {"unmonitored", "unread"},
            *({one, other} for one in ("away", "left") for other in ("later", "urgent", "limited")),
            {"travel", "urgent"},
        ),
    )
)
#: Said only of a report that came.
ONLY_RECEIVED = frozenset({"track", "number", "hours"})
