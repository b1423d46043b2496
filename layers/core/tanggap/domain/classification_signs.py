"""Signs of danger to life: words of two or three groups near each other, in any order, where no single word says it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .classification_groups import GROUPS
from .classification_rules import plain_forms, spelt, spelt_set


@dataclass(frozen=True, slots=True)
class Sign:
    """`within`: how far from a word of the first group the others may stand. `unless`: words that say it is meant
    otherwise where one stands among these, or so many words before (behind) them."""

    rule: str
    groups: tuple[str, ...]
    within: int = 5
    unless: frozenset[str] = frozenset()
    unless_before: int = 3
    unless_behind: int = 3
    #: Its groups, as a set.
    needs: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "needs", frozenset(self.groups))


_KNOWN = 8192
#: A group, a phrase of it as it is told, and what must follow its first word.
Member = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Signs:
    """`words`: groups by the first word of a phrase."""

    words: Mapping[str, tuple[Member, ...]]
    signs: tuple[Sign, ...]
    _known: dict[str, tuple[Member, ...]] = field(default_factory=dict, repr=False)

    def of(self, word: str) -> tuple[Member, ...]:
        """What a written word may stand for. Words of one desk repeat: so many answers are kept."""
        found = self._known.get(word)
        if found is None:
            found = tuple(member for form in plain_forms(word) for member in self.words.get(form, ()))
            if len(self._known) < _KNOWN:
                self._known[word] = found
        return found


_COOKING = spelt_set("""sampah daun jerami ikan sate jagung ayam kayu arang rumput lilin dupa kemenyan kalori uang batu
    bata genteng tahu sosis petasan kembang menyan sabut limbah runtah uwuh plastik""")
_FUMING = _COOKING | spelt_set("pabrik knalpot bus truk bis kendaraan cerobong rokok sate angkot vape fogging motor")
_TRAINS = spelt_set("kereta stasiun gunung korek tungku kompor kembang semangat kapal roket unggun bunga ka")
_SHARES = spelt_set("harga tarif pajak ekonomi inflasi omzet penjualan biaya tagihan kebijakan aturan")
_THINGS = spelt_set("""dompet uang hp handphone motor mobil sepeda tas ktp kk kia akta akte ijazah rapor berkas surat
    dokumen sertifikat dana buku kartu data nama hak bantuan bansos pekerjaan kesempatan sinyal air lampu helm sandal
    sepatu paket barang foto laptop kucing anjing sapi kambing ayam burung kunci stnk bpkb kis bpjs beasiswa pip buku
    gaji akun saldo rekening kepercayaan masa suara minat semangat listrik internet""")
_PLANTS = spelt_set("""akta akte surat kartu lampu listrik air pohon tanaman hp mesin kompor ikan padi usaha ac komputer
    jaringan sinyal wifi toko bisnis pasar warung ternak ayam sawah sapi kebun rumput motor mobil pam pdam takut""")
_DROWNED_IN = spelt_set("""pekerjaan ponsel ponselnya hp game gim utang hutang kesibukan kesedihan duka pikiran masalah
    matahari dunia media""")
_PESTS = spelt_set(
    """anjing satpam satpol petugas deadline target guru hama dbd penyakit virus wereng
    tikus flu medsos netizen komentar kutu ulat nyamuk jamur"""
)
_DRUMS = spelt_set("kentongan bedug bola gong kendang genderang rata mundur")
_SEEPING = spelt_set("limbah air solar oli bensin sampah hp tinja ayam kucing kambing")
_HOARDED = spelt_set(
    "bbm solar sembako beras sampah limbah minyak pupuk gas barang masker musibah masalah utang fitnah"
)
_SHAMS = spelt_set("""penipuan phk pinjol gusuran penggusuran investasi arisan judi pungli mutasi iklan film drama
    lomba""")


def _sign(rule: str, groups: str, within: int = 5, unless: frozenset[str] = frozenset(), around: str = "3 3") -> Sign:
    before, behind = map(int, around.split())
    return Sign(rule, tuple(groups.split()), within, unless, before, behind)


SIGNS: tuple[Sign, ...] = (
    _sign("fire", "flame flaring", 3, _TRAINS | _COOKING),
    _sign("fire", "flame spreading", 5, _TRAINS),
    _sign("fire", "flame building", 4, _TRAINS | _COOKING),
    _sign("fire", "burning burnt", 4, _COOKING, "1 4"),
    _sign("fire", "smoke thick building", 7, _FUMING),
    _sign("fire", "brigade come", 4, spelt_set("pos gaji honor honorer seleksi lowongan latihan kantor kunjungan")),
    _sign(
        "flood", "roof climbing water", 8, spelt_set("bocor hujan talang toren torn tandon pompa rembes tangki biaya")
    ),
    _sign("flood", "carried stream", 3, spelt_set("ikan sampah sandal sepatu kayu bangkai lele ternak hp uang mobil")),
    _sign("flood", "water deep", 4, spelt_set("sumur bor galian pompa tandon kolam debit pdam pipa")),
    _sign("flood", "boat come water", 10),
    _sign("drowning", "vessel sunk", 3, _DROWNED_IN),
    _sign("drowning", "entered hole kin", 4, _SEEPING),
    _sign("drowning", "drowning pool", 5, _DROWNED_IN),
    _sign("drowning", "plunged pool kin", 6, _THINGS),
    _sign("drowning", "plunged pool person", 6, _THINGS),
    _sign("drowning", "plunged stream kin", 5, _THINGS),
    _sign("drowning", "drowning kin", 4, _DROWNED_IN),
    _sign("drowning", "drowning person", 4, _DROWNED_IN),
    _sign("landslide", "buried kin", 5, _HOARDED),
    _sign("landslide", "buried person", 5, _HOARDED),
    _sign("accident", "crushed kin", 5, _HOARDED),
    _sign("accident", "crushed person", 5, _HOARDED),
    _sign("collapse", "structure fallen", 4, _SHARES | spelt_set("hampir nyaris")),
    _sign("collapse", "ceiling falling many", 6),
    _sign("electricity", "shock kin", 6, spelt_set("ikan")),
    _sign("electricity", "shock person", 6, spelt_set("ikan")),
    _sign("gas", "fumes leaking building", 7, spelt_set("ban septic harga subsidi")),
    _sign("violence", "beating kin", 5, _DRUMS | _SHARES),
    _sign("violence", "beating person", 5, _DRUMS | _SHARES),
    _sign(
        "violence", "weapon menace", 4, spelt_set("dapur kurban sembelih daging jual dijual sayur panen asah pertalite")
    ),
    _sign("violence", "attack person", 3, _PESTS | _SHARES),
    _sign("violence", "attack kin", 3, _PESTS | _SHARES),
    _sign("violence", "rage raging", 3, spelt_set("netizen medsos")),
    _sign("violence", "vowed kill", 3, spelt_set("usaha karakter hama nyamuk sampah pasar tikus")),
    _sign("violence", "sexual young", 5),
    _sign("violence", "forced trade", 6, spelt_set("imigrasi oleh oleh ekspor produk")),
    _sign("violence", "locked kin", 4),
    _sign("violence", "locked person", 4, spelt_set("pintu gerbang portal wc toilet pagar kantor")),
    _sign("violence", "unfed kin", 4),
    _sign("threat", "cry help", 3, spelt_set("harga ekonomi")),
    _sign(
        "threat",
        "corpse lying_in",
        5,
        spelt_set("ambulans mobil film pemulasaraan keranda pemakaman makam mandi biaya"),
    ),
    _sign("threat", "lying person lying_in", 6, _THINGS),
    _sign("suicide", "wish die", 3, _PLANTS, "4 2"),
    _sign("suicide", "wish join weary", 8, spelt_set("berkas lomba sekolah")),
    _sign("suicide", "weary life", 5, spelt_set("biaya harga usaha ekonomi")),
    _sign("suicide", "cut self", 3, spelt_set("dapur anggaran")),
    _sign("suicide", "wish leap height", 5, spelt_set("ikan lomba katak")),
    _sign("medical", "swallow poison", 3, spelt_set("tikus hama sapi ikan ayam kucing")),
    _sign("missing", "unreturned missed since", 12, _THINGS, "2 0"),
    _sign("missing", "missed gone", 3, _THINGS, "3 0"),
    _sign("missing", "missed taken stranger", 5, _THINGS, "2 0"),
    _sign("medical", "birth unhelped kin", 9, spelt_set("akta akte bulan cuti")),
    _sign("medical", "birth soon kin", 4, spelt_set("akta akte bulan cuti bpjs biaya")),
    _sign("medical", "blood flowing", 3, spelt_set("donor gula tekanan golongan cuci cek kucing pmi stok")),
    _sign("medical", "vomit many", 3, spelt_set("harga melihat lihat mencium bau")),
    _sign("medical", "poison died", 6, spelt_set("tikus hama sapi ikan ayam kucing rumput")),
    _sign("medical", "lifeless kin", 6, spelt_set("proses berkas antrean antrian")),
    _sign("medical", "lifeless person", 4, spelt_set("proses berkas antrean antrian kartu lampu")),
    _sign("medical", "fit young", 4, spelt_set("by langkah")),
    _sign("medical", "bitten beast", 3),
    _sign("threat", "cut_off in_want", 5, spelt_set("tahun sinyal internet telepon")),
    _sign("medical", "chest kin", 6),
    _sign("medical", "chest person", 5),
    _sign("accident", "crash traffic harmed", 8, spelt_set("ayam kucing anjing")),
    _sign("accident", "victims bad", 2, _SHAMS),
    _sign("accident", "lying person traffic", 8, _THINGS - spelt_set("motor mobil sepeda")),
)

_NASAL = {"p": "mem", "t": "men", "k": "meng", "s": "meny"}
_KEPT = {**dict.fromkeys("bfv", "mem"), **dict.fromkeys("dcjz", "men"), **dict.fromkeys("ghaiueo", "meng")}


def voices(root: str) -> Iterator[tuple[str, str]]:
    """As it is looked for and as it is told. "pukul": dipukul, memukul, mukul, ngepukul, pemukul(an); not "pukul",
    which tells the hour."""
    active = f"{_NASAL[root[0]]}{root[1:]}" if root[0] in _NASAL else f"{_KEPT.get(root[0], 'me')}{root}"
    spoken = f"ny{root[1:]}" if root[0] == "c" else active.removeprefix("me")
    for voice in (f"di{root}", active, spoken, f"nge{root}"):
        if voice != root:  # me- swallows nothing before l, r, m, n
            yield voice, voice
    noun = f"pe{active[2:]}"
    yield noun, noun if noun.endswith("an") else f"{noun}an"


def _phrases(text: str) -> Iterator[tuple[str, str]]:
    for phrase in text.split(","):
        if (phrase := " ".join(phrase.split())).startswith("~"):
            yield from voices(phrase[1:])
        else:
            yield phrase, phrase


@functools.cache
def signs() -> Signs:
    """All groups as one index, made at the first report."""
    found: dict[str, list[Member]] = {}
    for group, text in GROUPS.items():
        for phrase, told in _phrases(text):
            first, *rest = map(spelt, phrase.split())
            found.setdefault(first, []).append((group, told, tuple(rest)))
    return Signs({word: tuple(rows) for word, rows in found.items()}, SIGNS)
