"""What stands under a mail and is nobody's own words: programs' lines, legal notices, lists' footers; and what a
citizen says, which is none of these. Fragments of patterns and sets of words, Indonesian first."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Words that make sentences and no names, titles or addresses. Left out for what else they are: hari, ana, eta, aya
#: (names), it, who (IT, WHO), no (No. 3).
SENTENCE = _words(
    "ada adanya saya aku gue gua kami kita dia ia mereka anda kalian kamu ini itu yang yg tidak tdk tak gak ngga nggak"
    " ga enggak bukan belum blm sudah sdh udah telah akan sedang masih sangat sekali banget lagi juga karena krn sebab"
    " jika kalau kalo bila agar supaya tetapi tapi namun sejak sampai hingga selama ketika saat sehingga maka lalu"
    " kemudian tolong tolonglah mohon minta harap segera secepatnya kapan kenapa mengapa bagaimana gimana mana apa"
    " apakah siapa berapa bisa harus perlu butuh ingin mau jangan banyak beberapa semua setiap kemarin kemaren tadi"
    " besok sekarang semalam barusan disini disana disitu cuma hanya malah terus lewat oleh"
    " ora mboten durung wis iki kuwi kulo kula nyuwun tulung tulungi panjenengan teu henteu geus acan ieu abdi punten"
    " nyungkeun parantos"
    " there is are was were am been has have had i'm i've this these those we he she they not don't doesn't didn't"
    " can't cannot won't please need needs since because when where why how now again still"
)
#: Stems of what people report; Indonesian's prefixes and suffixes are taken off a word before it is looked up. "Serang"
#: is a town and "pukul" the hour: only what is made of them.
MATTERS = _words(
    "bakar banjir longsor gempa roboh ambruk runtuh tumbang putus patah rusak retak bocor mati padam gelap mampet"
    " sumbat buntu macet genang jatuh tabrak celaka laka luka darah sakit racun tenggelam hanyut hilang culik curi"
    " rampok begal maling jambret tipu nipu peras meras pungli pungut suap korupsi ancam aniaya dipukul mukul bunuh"
    " tewas ninggal perkosa cabul leceh hamil lahirkan korban jebak sandera tawur keroyok kelahi rusuh narkoba judi"
    " sampah cemar limbah kotor asap ledak setrum lapar darurat gawat kritis bahaya rugi kecewa bohong palsu lalai"
    " lantar wabah usir gusur serobot ambulans kobong kobar ambrol bolong lubang jebol amblas seret pingsan sekarat"
    " diserang serangan gigit rabies korslet konslet ngungsi ungsi lapor adu keluh rampas intimidasi mogok buang"
    " diare keruh bau fire burning flood flooded dead died dying kill killed accident injured trapped drowning"
    " broken robbed robbery stolen emergency urgent explosion bleeding attacked threat threatened collapsed"
    " bacok bom bomb celurit golok parang senjata gebug gebuk hajar kroyok siksa nyiksa telanjang tusuk nusuk tembak"
    " nembak sambar gantung loncat lompat jurang muntah napas nafas sesak cebur cemplung timbun timpa lindas perosok"
    " sengat setrom strum serempet korsleting konsleting nyawa overdosis pasung sekap nyekap sajam tsunami teror tppo"
    " kdrt kekerasan kejang ketuban ular rubuh rendam arus tubruk sesat kelupas menjuntai dipagut dipatok membesar"
    " menjalar akhiri ngeroyok merkosa mukulin dipukulin digebukin dihajar digebugi digebukan disiksa tertimpa"
    " pembacokan kelem kintir palid kabeuleum kabeuleuman kahuruan kaurugan kasetrum kabanjiran tilelep titeuleum"
    " mbledos ngabeledug pedot pegat leungit ilang ngendat maehan jugrug rugrug rungkad caah mokad"
    " abused afraid attack beaten beating beats buried casualties broke drowned electrocuted exploded fallen kidnapped"
    " kidnapping landslide leak missing mudslide murder poisoned rape raped rescue shooting stabbed stabbing suicide"
    " swept hostage unconscious evacuate violence ambulance threatening dangerous hazard earthquake flooding buaya"
    " oplosan beliung miring telantar perpisahan killing mbledug njeblos njeblug shock dbd chikungunya leptospirosis"
    " muntaber dengue epidemic unsafe"
)
PREFIXES = tuple(_words("ke ter te ber be di me mem men meng meny pe per pem pen peng peny se nge"))
SUFFIXES = tuple(_words("an kan nya annya kannya i lah"))
#: Behind the name of a telephone no citizen's sentence goes on with another of SENTENCE than these.
PROGRAM_SAYS = _words("saya mohon ini please this")
#: ... and these, which a program does not say there.
AFTER_DEVICE = _words("di ke pada dicuri orang warga rt rw pak bu bapak ibu")
#: Who says one of these under "confidential" or "please print" speaks of a matter, not of the mail.
CITIZEN = _words("pelapor rt rw ktp kk identitas pengadu tetangga")

#: A line that begins with one of these is about a thing or a place, however its letters are written ...
THINGS = _words(
    "lampu air selokan got parit sungai kali jembatan listrik pohon drainase trotoar tiang kabel pipa sumur jalan jl"
    " jln gang gg dusun rt rw anak bayi lokasi alamat tempat nomor kejadian perum perumahan perumnas komplek kompleks"
    " blok blk kavling kav kampung kp kelurahan kel kecamatan kec rusun rusunawa lingkungan dukuh banjar lorong"
    " simpang depan samping belakang dekat seberang"
)
#: ... and one with RT or RW in it says where, unless it begins with an office.
OFFICES = _words("ketua wakil sekretaris bendahara pengurus kader")

#: Small words inside names, titles and addresses.
PARTICLES = _words(
    "di dan of and the for in at bin binti with van von de da del la le der den dan un und et y e i a an untuk bidang"
    " pada"
)
#: The labels of a signature's lines; any other "Word: …" is a form that somebody has filled in.
CONTACTS = _words(
    "t m p e w f c tel telp telepon telpon tlp telephone phone mobile mobil mob cell hp hape handphone wa whatsapp fax"
    " faks faksimile email e-mail surel mail web website situs blog ig instagram fb facebook twitter skype telegram tg"
    " linkedin office kantor sekretariat voice ext gsm direct url homepage"
)
#: A line of nothing but these greets or addresses, and says nothing yet.
GREETS = _words(
    "selamat pagi siang sore malam assalamualaikum assalamu'alaikum asalamualaikum assalamu alaikum ass wr wb"
    " warahmatullahi wabarakatuh warrahmatullah salam sejahtera dengan hormat halo hallo hai hei hi hello hey permisi"
    " punten kulonuwun sugeng enjing siyang sonten dalu wilujeng enjing siang wengi sampurasun om swastiastu shalom"
    " syalom horas good morning afternoon evening day dear sir madam team yth yang terhormat kepada pak bu bapak bpk"
    " ibu mas mbak kak kakak bang min admin lapor semua semuanya para lurah camat bupati walikota gubernur kades kepala"
    " desa kelurahan kecamatan dinas kantor tempat di dan untuk"
)
#: How an address or a heading begins: such a line, if short and without a matter, says nothing yet.
ADDRESSES = _words("yth kepada dear assalamualaikum formulir form laporan pengaduan aduan keluhan perihal hal subjek")
#: What announces that the words below it are told, not signed: in the last sentence above them ...
ANNOUNCES = (
    r"(?<!hari )(?<!minggu )(?<!bulan )(?<!tahun )(?<!kali )\bberikut\b(?!(?: ini| adalah| saya| kami| juga| dengan"
    r"| turut){0,4},? (?:foto|gambar|video|bukti|dokumen|berkas|tautan|link|(?:di|ter|saya |kami )?lampir"
    r"|(?:di|saya |kami )?kirim))",
    r"\b(?:sbb|as follows|the following)\b",
    r"\b(?:di ?bawah(?: ini)?|ing ngisor(?: iki)?|ing ngandhap(?: punika)?|di handap(?: ieu)?|below)$",
    r"\b(?:yaitu|yakni|ialah|adalah|antara lain|di ?antaranya|atas nama|a\.?n|bernama|namely|named|called|such as|yaiku"
    r"|inggih punika|nyaeta|nyaéta)$",
    r"\b(?:di|ke|dari|pada|oleh|kepada|dengan|dan|atau|serta|melawan|bersama|by|at|from|with|against|and)$",
    r"\b(?:alamat|rumah|lokasi|nomor|kontak|hubungi|telepon|telp|hp|wa|tempat(?: tinggal)?|address|house|call)"
    r" (?:saya|kami|me|ini)$",
    r"\b(?:my|our|this|the) (?:address|house|home|place|number)(?: is)?$",
)
#: ... which a signature of the sender's own outweighs ...
ANNOUNCES_WEAKLY = (
    r"\b(?:ini|these|those|this|here|orang|oknum|alamat\w*|nama\w*|nomor\w*|lokasi\w*|pelaku\w*|orangnya|korban\w*"
    r"|saksi\w*|terlapor|penipu\w*|pencuri\w*|maling\w*|rekening\w*|kontak\w*|identitas\w*|pemilik\w*|kandhané"
    r"|jenengé|jenenge|namina|ngaranna)"
)
#: ... or as the first word of a short line that ends as no sentence does.
HEADS_A_LIST = (
    "daftar|nama(?:-nama)?|nama2|data|alamat|lokasi|list|rincian|pelaku|korban|saksi|terlapor|titik|nomor|no|rekening"
    "|kontak|identitas|penerima|anggota|peserta|warga yang|orang yang|yang|names?|addresses|address|victims?|suspects?"
    "|witness(?:es)?"
)
#: Numbers that nobody signs with: an account or identity number, a car's plate, money. Telephones begin with 0, 62, 8.
NUMBERS_TOLD = (
    r"(?<![\d+/.-])[1-57]\d{9,17}(?!\d)|\b(?!RT|RW|NO|SD|KM|KK|GG)[A-Z]{1,2} \d{1,4} [A-Z]{1,3}\b"
    r"|\b[Rr][Pp]\.? ?\d|\b(?:NIK|[Rr]ek(?:ening)?|[Pp]lat|[Nn]opol|BCA|BRI|BNI|BSI|BTN)\b.{0,20}\d{4}"
)
#: Words of roles, offices and companies: a line with one signs.
SIGNS = _words(
    "ketua wakil sekretaris bendahara pengurus kader kepala kadis kabid kasi lurah camat kades direktur manajer manager"
    " staf staff guru dosen dokter perawat bidan pengacara advokat konsultan mahasiswa pelajar karyawan pegawai warga"
    " humas admin operator koordinator relawan wartawan jurnalis redaksi penulis peneliti engineer director officer"
    " developer designer president ceo cto cfo founder owner editor professor lecturer student assistant consultant"
    " pt cv ud yayasan koperasi lsm lbh universitas university institut fakultas sekolah sd sdn smp smpn sma sman smk"
    " kantor dinas badan puskesmas rsud klinik pemerintah desa kelurahan kecamatan kabupaten kota provinsi ltd inc gmbh"
    " llc company office department departemen divisi bagian bidang forum komunitas paguyuban karang"
    " hormat salam wassalam ttd tertanda regards sincerely cheers thanks terima kasih nuwun nuhun pelapor pengadu"
    " spd mpd sh mh se mm skom st ssos skm amd drs dra ir phd msc mba"
)
#: Houses of everybody's mail; not whose signature it is.
PROVIDERS = _words(
    "gmail googlemail yahoo ymail rocketmail outlook hotmail live msn icloud me mail proton protonmail aol gmx zoho"
    " yandex fastmail"
)
#: Words of a name or address that are nobody's alone.
NO_NAMES = _words(
    "pak bapak ibu bpk mas mbak kak haji hajah drs dra info admin kontak contact office mail email surat lapor warga"
    " desa kelurahan the dan bin binti muhammad mohammad muhamad com net org"
)
#: Closing words may stand first in a signature.
CLOSES = (
    r"(?:hormat (?:kami|saya)|salam(?: hormat| hangat| sejahtera)?|wassalam\w*|tertanda|ttd"
    r"|(?:best |kind |warm )?regards|sincerely(?: yours)?|yours \w{4,10}|cheers|thanks|thank you|terima kasih"
    r"|matur nuwun|hatur nuhun|(?:mit )?(?:\w{4,14} )?grü(?:ße|ßen|sse)|cordialement|saludos|atentamente|groeten?)\b"
)
#: Somebody shows what theirs is.
SAYS_SIGNATURE = r".{0,40}\b(?:this is|here is|here's|it's) my (?:e-?mail )?signature\W{0,5}"

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
    r".{0,60}\b(?:(?:environment|lingkungan|trees?|pohon|bumi|planet|paper|kertas)\b.{0,60}"
    r"\b(?:print\w*|mencetak|cetak)|(?:print\w*|mencetak|cetak)\b.{0,60}"
    r"\b(?:environment|lingkungan|trees?|pohon|bumi|planet|paper|kertas))\b",
    r"you (?:are receiving|have received|received|got) this (?:message|e-?mail|mail|because)",
    r"anda (?:menerima|mendapatkan|mendapat) (?:pesan|surel|e-?mail) ini karena",
    r"(?:to |click here to )?unsubscribe\b.{0,200}(?:https?:|@|group|list|e-?mail)",
    r"(?:untuk )?(?:berhenti berlangganan|berhenti menerima)\b.{0,200}(?:https?:|@|grup|milis|tautan)",
    r"to (?:view this discussion|post to this group|change your (?:settings|subscription)|reply to this e-?mail)\b",
    r"untuk (?:melihat diskusi ini|mengirim ke grup ini)\b",
    r"reply to this e-?mail directly or view it on\b",
    r"\S{1,60} mailing list$",
)
