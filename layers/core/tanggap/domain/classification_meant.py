"""What stands around a listed word may say that it is meant otherwise: denied, a name, a figure of speech, long past,
feared. A denial, a name and a figure take it away, the past and a fear only lower it: whoever is in danger says so in
more words than one. All looks are at a bounded number of words around a match."""

from __future__ import annotations

import re
from enum import StrEnum

from .classification_rules import plain_forms, spelt, spelt_set, word_set
from .classification_said import Match, Said


class Meant(StrEnum):
    SO = "so"
    #: It may come, or was.
    LESS = "less"
    OTHERWISE = "otherwise"


#: What stands before or around such a word lowers it from now to some day ("rawan longsor"). Not what people do to
#: people, nor to themselves: who fears to be killed is in danger now.
LOWERED = frozenset({"fire", "flood", "landslide", "electricity", "gas", "collapse", "accident", "drowning", "medical"})

#: Directly before a listed word they say that it is not so, or only played, or whose work it is.
DENIED = spelt_set("""bukan tidak belum tanpa simulasi latihan pelatihan sosialisasi asuransi lomba film no not without
    drill pemadam tanggap penanggulangan proteksi alarm hidran sensor hampa""")
#: Between a denial and what it denies: "tidak [ada] kebakaran".
DENIED_OVER = spelt_set("ada pernah terjadi any yang sampai jadi lagi")
#: "Damkar tidak ada kebakaran makin besar": help is missing, not the fire.
_PLAYED = spelt_set("simulasi latihan pelatihan sosialisasi lomba film asuransi")
_PLAYED_OVER = spelt_set("gempa banjir bencana longsor dan atau bahaya tanggap darurat penanganan mitigasi")
_HELP = spelt_set("damkar ambulans bidan dokter perawat polisi petugas sopir bantuan perahu tim alat air sinyal")

#: A name follows. Only where it is abbreviated, since "di jalan anak saya jatuh" names nobody's street.
PLACE_BEFORE = word_set("jl jln jlan gg gang lorong lr perum")
#: A name may follow, which is one where it could be nothing else ("Warung Bakso Bom", "Jalan Ledakan Raya").
_NAMERS = spelt_set("""jalan gang gg lorong lr perum perumahan komplek kompleks cluster blok warung toko kedai kafe cafe
    depot makan restoran resto rm bakso mie mi soto sate sambal seblak ayam bebek kopi es martabak nasi ceker keripik
    rujak hotel salon bengkel apotek klinik pt cv ud kampung dusun desa kelurahan masjid mushola grup group band lagu
    game judul merek merk bernama bermerek dinamai""")
_DISHES = spelt_set("bakso mie mi soto sate sambal seblak kopi es martabak nasi ceker keripik rujak")
_SHOPS = _NAMERS - spelt_set("jalan desa dusun kampung kelurahan")
#: Things that happen to no street and no stall by being named behind it.
_NOUNS = spelt_set("bom ledakan tsunami teror petir badai begal darurat")
_NAME_ENDS = spelt_set("""raya indah permai asri jaya abadi makmur sejahtera lestari regency residence no nomor berkah
    barokah grup group corner""")
#: What is done or befalls: no name, however it is written.
_BEFALLS = re.compile(r"(?:ter|di|me|ke.*an\Z)")
_EVENT_GOES_ON = spelt_set(
    "di ke pada tadi sejak lagi dan karena akibat parah total habis sudah semua oleh saat pagi malam"
)
_PLACES_LOOKED_AT = 20

#: "Harga beras meledak": by the verb, of what it is said as a figure.
_RISING = spelt_set("""harga tarif tagihan penjualan omzet omset pesanan order orderan permintaan utang hutang biaya
    pajak pbb inflasi kasus jumlah populasi penduduk peserta pengunjung antrean antrian emosi amarah kemarahan tawa
    rating pendaftar viral laporan pinjaman bunga stres penonton suara""")
_FEELING = spelt_set("hati emosi semangat amarah cemburu asmara jiwa kulit cinta gairah wajah lemak kalori")
_SINKING = spelt_set("""harga nilai saham rupiah omzet omset usaha bisnis karier reputasi ekonomi matahari isu kabar
    berita suara mental kepercayaan popularitas server sistem""")
FIGURES = {
    **dict.fromkeys(("meledak", "ledakan", "bom", "exploded", "explosion"), _RISING),
    **dict.fromkeys(("terbakar", "membakar", "dibakar", "api"), _FEELING),
    **dict.fromkeys(
        ("tenggelam", "tumbang", "ambruk", "runtuh", "roboh", "longsor", "hanyut", "ambrol", "collapsed"), _SINKING
    ),
    **dict.fromkeys(("tabrakan", "bertabrakan"), spelt_set("jadwal aturan kepentingan jam rapat data")),
    **dict.fromkeys(
        ("tertabrak", "tersandera", "pingsan", "sekarat", "kejang"), spelt_set("harga aturan anggaran tagihan")
    ),
    **dict.fromkeys(("tertimpa",), spelt_set("musibah masalah utang tangga fitnah")),
    **dict.fromkeys(
        ("hangus", "gosong"), spelt_set("pulsa kuota token saldo uang poin tiket voucher deposit dana cuti")
    ),
    **dict.fromkeys(("terlindas",), spelt_set("zaman jaman")),
}
#: "Harga gas naik lalu tabung meledak": something stands there that can.
_EXPLOSIVE = spelt_set("tabung kompor gas bom petasan trafo elpiji ban mercon gardu aki baterai gudang pabrik granat")
#: What a figure is said of, behind it: "ledakan penduduk", "terjebak utang".
_FIGURED_BEHIND = {
    "ledakan": spelt_set(
        "penduduk jumlah kasus harga hama populasi pengunjung emosi amarah tawa penjualan permintaan covid"
    ),
    "bom": spelt_set("waktu iklan spam sms"),
    **dict.fromkeys(
        ("bunuh", "membunuh"), spelt_set("wacana ide gagasan semangat usaha karakter kreativitas demokrasi")
    ),
    "teror": spelt_set("pinjol debt kolektor penagih sms telepon wa"),
    "tsunami": spelt_set("informasi politik"),
    "longsor": spelt_set("harga"),
}

_PAST = spelt_set("lalu silam kemarin kapungkur kamari wingi ago last")
_PAST_UNITS = spelt_set(
    "tahun bulan year years month months januari februari maret april mei juni juli agustus september "
    "oktober november desember abad dekade"
)
_ONCE = spelt_set("dulu dahulu pernah mbiyen baheula dulunya")
_NOW = spelt_set("""sekarang barusan tadi masih kini saiki ayeuna semalam lagi terus kembali sedang baru today now again
    tolong segera darurat""")
#: Done once to strangers, not day by day at home.
_CRIMES = frozenset({"begal", "dibegal", "pembegalan", "perampokan", "dirampok", "tawuran", "penembakan", "pembunuhan"})
_OVER = spelt_set("aman kondusif tenang")
_PAPERS = spelt_set("""asuransi klaim santunan sertifikat akta akte keterangan berkas raharja surat ganti polis dokumen
    administrasi persyaratan arsip penggantian insurance claim""")
_PAPERS_BEFORE = spelt_set("asuransi klaim santunan keterangan retribusi formulir berita statistik rekap insurance")
#: "Tanggal 3 Maret tahun 2026" is a date, of today as well.
_DATED = spelt_set("tanggal tgl")
_PAST_WITHIN = 14

#: Shortly before a listed word they say that it may come.
FEARED = spelt_set("""rawan sering kerap mencegah cegah pencegahan antisipasi potensi berpotensi takut takutnya khawatir
    khawatirnya kuatir jangan kalau jika apabila bila seandainya misal misalnya hampir nyaris terancam menyebabkan
    mengakibatkan menimbulkan memicu penyebab risiko resiko bahaya prone prevent risk might could if""")
FEARED_WITHIN = 3
#: These say it only directly before, or over one of the others: "kami tidak bisa keluar, kebakaran" fears nothing.
_MAY = spelt_set("bisa dapat akan supaya agar mau")
_MAY_OVER = spelt_set("terjadi menyebabkan mengakibatkan menimbulkan ada jadi sampai memicu")
#: "Jangan biarkan kebakaran ini": it burns.
_LET = spelt_set("biarkan dibiarkan biarin diam diamkan didiamkan")
_GROWS = spelt_set("membesar meluas menjalar merembet merambat mengganas")


def meant(said: Said, match: Match) -> Meant:
    if _denied(said, match) or _named(said, match) or _figure(said, match):
        return Meant.OTHERWISE
    if match.listed.what != "urgent":
        return Meant.SO
    lowered = match.listed.value in LOWERED
    near = said.before(match.first, 2)
    if lowered and any(word in _PAPERS_BEFORE for word in near):
        return Meant.OTHERWISE
    if _past(said, match):
        lowered = lowered or match.listed.phrase in _CRIMES
        if _papers(said, match):
            return Meant.OTHERWISE if lowered else Meant.LESS
        return Meant.LESS if lowered else Meant.SO
    return Meant.LESS if lowered and _feared(said, match) else Meant.SO


# -- denied


def _denied(said: Said, match: Match) -> bool:
    return any(_denied_at(said, place, match.places) for place in match.places)


def _denied_at(said: Said, place: int, own: tuple[int, ...]) -> bool:
    near = said.before(place, 4)
    played = next((word for word in near if word not in _PLAYED_OVER), "")
    if played in _PLAYED:
        return True
    over = 0
    while over < len(near) - 1 and over < 3 and near[over] in DENIED_OVER:
        over += 1
    if not near or near[over] not in DENIED or place - 1 - over in own:
        return False
    return not (over and over + 1 < len(near) and near[over + 1] in _HELP)


# -- names


def _named(said: Said, match: Match) -> bool:
    if len(match.places) == 1:
        word = said.words[match.first]
        if word in PLACE_BEFORE:  # "Jl. Kenanga" complains of no road
            return True
        if match.listed.what == "vulnerable" and match.first and said.words[match.first - 1] in PLACE_BEFORE:
            return True
    return match.listed.what in ("urgent", "hazard") and any(named(said, place) for place in match.places)


def named(said: Said, place: int) -> bool:
    """Is this word the name of a street, a shop, a dish?"""
    behind = said.behind(place, 1)
    if spelt(said.words[place]) in _NOUNS and behind and behind[0] in _NAME_ENDS:
        return True
    if not place or spelt(said.words[place - 1]) not in _NAMERS or place == said.sentence(place):
        return False
    namer, word = said.words[place - 1], said.words[place]
    if spelt(word) in _NOUNS:
        return True
    if _BEFALLS.match(word) and (spelt(namer) not in _DISHES or set(said.before(place - 1, 1)) & _SHOPS):
        return False
    if behind and behind[0] in _NAME_ENDS:
        return True
    if namer not in PLACE_BEFORE and spelt(namer) not in _SHOPS:
        return False
    goes_on = bool(behind) and behind[0] in _EVENT_GOES_ON and spelt(namer) not in _DISHES
    return not goes_on and said.capitals(namer, word)


# -- figures of speech


def _figure(said: Said, match: Match) -> bool:
    for place in match.places:
        word = said.words[place]
        for form in plain_forms(word):
            if (of := FIGURES.get(form)) and _said_of(said.before(place, 8), of):
                return True
            if (behind := _FIGURED_BEHIND.get(form)) and any(one in behind for one in said.behind(place, 2)):
                return True
    return False


def _said_of(before: list[str], of: frozenset[str]) -> bool:
    for distance, word in enumerate(before):
        if any(form in of for form in plain_forms(word)):
            return distance < 3 or not any(one in _EXPLOSIVE for one in before[:distance])
    return False


# -- past and feared


def _past(said: Said, match: Match) -> bool:
    before, behind = said.before(match.first, _PAST_WITHIN), said.behind(match.first, _PAST_WITHIN)
    if any(word in _NOW for word in (*before, *behind)) and not any(word in _OVER for word in behind):
        return False
    if any(word in _ONCE for word in before):
        return True
    around = [*reversed(before), *behind]
    for place, word in enumerate(around):
        if word in _PAST and any(
            unit in _PAST_UNITS for unit in (*around[max(0, place - 2) : place], *around[place + 1 : place + 2])
        ):
            return True
        if word == "tahun" and not _DATED.intersection(around) and _is_year(around[place + 1 : place + 2]):
            return True
    return False


def _is_year(words: list[str]) -> bool:
    return bool(words) and len(words[0]) == 4 and words[0].isdigit()


def _papers(said: Said, match: Match) -> bool:
    return any(
        word in _PAPERS for word in (*said.before(match.first, _PAST_WITHIN), *said.behind(match.first, _PAST_WITHIN))
    )


def _feared(said: Said, match: Match) -> bool:
    if any(word in _GROWS for word in said.behind(match.last, FEARED_WITHIN + 2)):
        return False
    near = said.before(match.last, match.last - match.first + FEARED_WITHIN)
    if any(word in _LET for word in near):
        return False
    if any(word in FEARED for word in near):
        return True
    before = said.before(match.first, FEARED_WITHIN + 1)
    over = 0
    while over < len(before) and before[over] in _MAY_OVER:
        over += 1
    return over < len(before) and before[over] in _MAY and before[over + 1 : over + 2] != ["tidak"]
