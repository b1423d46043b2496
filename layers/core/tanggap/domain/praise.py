"""Is a report surely praise, and nothing else? Then it is filed as praise, thanked, and put on no clock.

A closed vocabulary, like that of mere thanks (thanks): every word must be known, one of them must praise or thank, and
a name may stand only where names stand. In doubt it is a complaint: praise with a clock costs a look, a complaint
without one costs its reporter. Irony praises a fault, and a fault's words ("mati", "tiga bulan", "antre") are not in
here; what mocks with praise alone reads like praise to anybody."""

from __future__ import annotations

import re
import unicodedata

from .thanks import AROUND, DONE, GOODS, NEVER, PHRASES, SETTLED, THANKS, WISHES, only_thanks

#: Nobody praises at greater length without telling something else.
LONGEST = 400  # characters
MOST_WORDS = 45


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Says that something, or somebody, is good. One of these, or thanks for something, must be there.
PRAISES = _words(
    "bagus mantap mantab mantul mantaap keren hebat luar_biasa istimewa memuaskan puas terbaik top jos salut"
    " apresiasi mengapresiasi diapresiasi bangga kagum terkesan ramah sabar sigap cekatan sopan santun"
    " terpuji teladan patut_dicontoh dua_jempol jempol acungan_jempol sip_banget sae pisan_sae hade"
    " excellent great awesome amazing wonderful fantastic outstanding impressive helpful"
    " love appreciate appreciated proud well_done good_job great_job kudos bravo keren_abis"
)
#: Praise only beside another of these, or thanks: alone they agree ("baik pak") or urge ("cepat pak").
FAINT = _words(
    "baik cepat tanggap responsif profesional good nice best fast quick friendly professional helpful bersih"
)
#: What and whom it is said of.
_OF = GOODS | _words(
    "pelayanan pelayanannya layanan layanannya petugas petugasnya pegawai pegawainya staf stafnya staff kantor"
    " kantornya kelurahan kecamatan desa dinas pemerintah pemda pemdes pemkab pemkot pemprov bupati walikota gubernur"
    " camat lurah kades rt rw puskesmas posyandu rsud rumah_sakit sekolah loket antrean pelaksanaan program kegiatan"
    " acara aplikasi website admin adminnya operator cs damkar satpol polisi linmas pemadam tim relawan bidan dokter"
    " perawat guru ktp kk akta akte kia sim pembuatan pengurusan pengambilan proses prosesnya prosedur pengerjaan"
    " pekerjaan hasil hasilnya jalan jalannya lampu lampunya taman tamannya drainase selokan trotoar jembatan pasar"
    " lingkungan kebersihan taman kota kampung tempat fasilitas fasilitasnya ruang ruangan tunggu gedung penerangan"
    " kinerja kinerjanya inovasi inovasinya sikap sikapnya cara caranya sistem sistemnya kerja kerjanya"
    " service staff officers officer team office work job response road street lights everyone people help"
)
_SMALL = (
    AROUND
    | DONE
    | WISHES
    | SETTLED
    | THANKS
    | _words(
        "yang yg dan serta di ke dari dr pada oleh dengan dgn untuk utk buat bagi atas dalam sebagai karena krn jadi"
        " menjadi begitu sangat sgt amat sekali skali banget bgt bngt sungguh benar bener betul betul2 sungguh2 makin"
        " semakin tambah lebih paling terus_semangat terus_pertahankan pertahankan dipertahankan tingkatkan"
        " ditingkatkan lanjutkan teruskan selamat tetap_semangat telah sudah sdh udah rapi bersih nyaman aman lancar"
        " mudah gampang"
        " terang indah cantik asri mulus tertib jelas detail informatif ini itu tsb tersebut nya kali hari pagi siang"
        " sore kemarin tadi hari_ini saya kami kita warga masyarakat memberi memberikan diberikan diberi mengucapkan"
        " ucapan"
        " sampaikan menyampaikan kepada kpd bapak ibu pak bu para seluruh semua segenap jajaran"
        " jajarannya beserta staf nih ini_loh sih_keren membantu dibantu melayani dilayani menangani bekerja rapih"
        " the is are was were very so really your our my for of to in on at and with all us we i you it its this that"
        " such keep up always a an me have has been done quick fast clean bright fixed today"
    )
)
#: Joined before the words are looked at: their parts alone mean something else, or nothing.
_JOINED = {
    phrase: phrase.replace(" ", "_")
    for phrase in (
        *("luar biasa", "patut dicontoh", "dua jempol", "acungan jempol", "hari ini", "rumah sakit", "well done"),
        *("good job", "great job", "terus pertahankan", "terus semangat", "tetap semangat"),
    )
} | {
    f"{wish} {said}": said
    for wish in ("ingin", "mau", "hanya", "cuma", "mo")
    for said in ("mengucapkan", "menyampaikan", "ucapkan")
}
#: After these a name may stand, of so many words at most.
_NAMED = _words(
    "pak bapak bpk bu ibu mas mbak mba kak bang om tante haji hj h dr drg kelurahan kecamatan desa dinas kantor kota"
    " kabupaten provinsi puskesmas posyandu rsud jalan jl gang gg kampung kp dusun dsn perumahan rt rw lurah camat"
    " kades bupati walikota gubernur jembatan taman pasar sekolah sd smp sma"
)
_NAME_WORDS = 2
#: Whatever else is said. Wishes for more ("semoga") are praise's own and stay.
_ELSE = (NEVER | _words("tolong mohon harap harusnya seharusnya lebih_baik sayang sayangnya cuman asal")) - _words(
    "tetap"
)
#: Faces that mock, questions, sums of money, quotation marks, links.
_MORE = re.compile(r"[?\"“”„«»@/\\%$#<>=+*]|rp ?\d|\.\.\.|…", re.IGNORECASE)
_MOCKING = frozenset("😡😠🤬😤👎🙄😒💩🤡🖕😏🥱😑💔😭😢😞😩🙃😂🤣😅😆🫠")
_TOKEN = re.compile(r"[a-z_]+[0-9]?|[0-9]+|[.,;:!\n]")
_REPEATED = re.compile(r"(.)\1+")


def _same(word: str) -> str:
    return _REPEATED.sub(r"\1", word)


_ALLOWED = frozenset(map(_same, PRAISES | FAINT | _OF | _SMALL))
_GOOD, _FAINT, _STOP = (frozenset(map(_same, words)) for words in (PRAISES, FAINT, _ELSE))
_THANK, _WISH = frozenset(map(_same, THANKS)), frozenset(map(_same, WISHES))
_BEFORE_NAMES = frozenset(map(_same, _NAMED))
#: Thanks in several words, as one.
_THANKING = tuple((re.compile(rf"\b{phrase}\b"), one) for one in ("terimakasih", "nuwun") for phrase in PHRASES[one])
#: What was done stands with the thanks for it: "terima kasih, lampu sudah menyala".
_OVER, _DONE = frozenset(map(_same, SETTLED)), frozenset(map(_same, DONE))
_REACH = 2  # words
_NUMBERED = frozenset({"rt", "rw", "jalan", "jl", "no", "gang", "sd", "smp", "sma"})


def surely_praise(subject: str, text: str) -> str | None:
    """The word that praises, or None. `text` is what the person wrote, quotes cut."""
    whole = f"{subject}\n{text}" if subject else text
    if len(whole) > LONGEST or _MORE.search(whole) or not _MOCKING.isdisjoint(whole):
        return None
    if only_thanks(text) and (not subject or only_thanks(subject)):
        return "terima kasih"
    return _praising(_plain(whole))


def _plain(text: str) -> str:
    low = "".join(c for c in unicodedata.normalize("NFKD", text).lower() if not unicodedata.combining(c))
    for said, one in _THANKING:
        low = said.sub(one, low)
    for phrase, one in _JOINED.items():
        low = low.replace(phrase, one)
    return low


def _praising(plain: str) -> str | None:
    if any(char.isalpha() and not "a" <= char <= "z" for char in plain):
        return None
    tokens = [_same(token) if token[0].isalpha() else token for token in _TOKEN.findall(plain)]
    words = [token for token in tokens if token[0].isalnum()]
    if not words or len(words) > MOST_WORDS:
        return None
    praise, faint, thanked, wished = "", "", False, False
    name_left = 0
    before = ""
    over, since_done = False, _REACH + 1
    for word in tokens:
        if not word[0].isalnum():
            name_left, wished = 0, False
        # "buat": for whom, or "make", which asks for something.
        elif word in _STOP or (word == "buat" and not (praise or faint or thanked)):
            return None
        elif word in _GOOD or word in _FAINT:
            name_left = 0
            if wished:  # "semoga jalan jadi bagus"
                continue
            if word in _GOOD or (faint and faint != word):
                praise = praise or word
            faint = faint or word
        elif word in _BEFORE_NAMES:
            name_left = _NAME_WORDS
        elif word.isdigit():
            if before not in _NUMBERED:
                return None  # a date, a duration, a sum: something is told
        elif word in _ALLOWED:
            thanked, wished = thanked or word in _THANK, wished or word in _WISH
            name_left = 0
        elif name_left:
            name_left -= 1
        else:
            return None
        before = word
        since_done = 0 if word in _DONE else since_done + 1
        over = over or (word in _OVER and since_done <= _REACH and not wished)
    found = praise or (faint or ("terima kasih" if over else "") if thanked else "")
    return found.replace("_", " ") or None
