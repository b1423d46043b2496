"""Words for comparing two reports: what names a place, what says nothing, what says the same."""

from __future__ import annotations

from .classification_rules import word_set

#: A name follows. Value: the kind of place that it is one spelling of.
PLACES = {
    spelling: place
    for place, spellings in {
        "jalan": "jl jln jalan jlan road street",
        "gang": "gg gang",
        "desa": "desa ds kelurahan kel nagari pekon",
        "dusun": "dusun dsn dukuh kampung kp kmp lingkungan banjar",
        "kecamatan": "kecamatan kec",
        "perumahan": "perumahan perum komplek kompleks komp",
        "pasar": "pasar psr",
        "jembatan": "jembatan jbt",
        "sungai": "sungai kali",
        "sd": "sd sdn",
        "smp": "smp smpn",
        "sma": "sma sman",
        "smk": "smk smkn",
        "madrasah": "mi mts",
        "tk": "tk paud",
        "puskesmas": "puskesmas pkm pustu posyandu",
        "terminal": "terminal",
        "masjid": "masjid mushola musholla gereja pura vihara",
        "lapangan": "lapangan alun",
    }.items()
    for spelling in spellings.split()
}
#: Named by a number.
NUMBERED = word_set("sd smp sma smk madrasah tk")
#: Abbreviated so only before a name; the others also stand in plain speech ("jalan rusak").
ALWAYS_NAMES = word_set("jl jln gg ds kel dsn kp kec perum komp psr sdn smpn sman smkn pkm")
#: A landmark follows, named by the next word that says something ("depan balai desa").
BESIDE = word_set("depan dekat sebelah samping belakang seberang sekitar near")

#: Between "jalan" and what is wrong with it: no name. Besides every stop word.
NOT_NAMES = word_set("""rusak parah berlubang lubang macet becek gelap licin banjir tergenang genangan longsor
    amblas ambles ambruk putus mati padam kotor sempit retak hancur bergelombang berdebu setapak lingkungan utama
    umum desa kampung dusun kota provinsi kabupaten nasional poros raya penghubung tol rabat beton aspal cor tanah
    makadam pinggir keluar masuk menuju ke dari lampu sampah air warga masyarakat rumah kami saya ini itu tersebut
    nya penerangan baru lama darurat alternatif akses tikus kaki bebas besar kecil dalam bau tersumbat mampet meluap
    bersih layanan pelayanan buka tutup dasar negeri swasta is was and""")

STOP = word_set("""yang dan di ke dari untuk pada dengan ini itu adalah ada akan atau juga sudah belum tidak bukan
    saya kami kita anda bapak ibu saudara mohon tolong minta harap segera agar supaya karena sebab oleh para pihak
    selaku sebagai dalam atas bagi serta hingga sampai sejak sekitar lebih kurang sangat sekali lagi masih hanya
    saja pun lah kah nya mereka dia ia beliau yth kepada hormat salam assalamualaikum wassalamualaikum alaikum
    selamat pagi siang sore malam terima kasih wr wb warga masyarakat lapor melaporkan laporan pengaduan mengadu
    aduan keluhan admin pemerintah pemda dinas kantor petugas ditindaklanjuti tindak lanjut tindaklanjut perhatian
    perhatiannya bantuannya demikian sampaikan menyampaikan informasi hari minggu bulan tahun jam tanggal kemarin
    tadi sekarang lama baru setiap sering selalu pernah kali dua tiga empat lima satu sebuah beberapa banyak semua
    seluruh hal tersebut tempat daerah wilayah lokasi bisa dapat harus perlu mau ingin seperti jika kalau apabila
    maka tetapi tapi namun sehingga bahwa dimana mana apa siapa kapan bagaimana kenapa mengapa rt rw jalan gang desa
    kelurahan dusun kecamatan kabupaten kota depan dekat sebelah samping belakang seberang nomor the and for with
    this that from have has had are was were been not you your our please dear sir madam hello thank thanks regards
    there here about into since very also can will would could should report complaint nggih inggih punten kulo kula
    panjenengan abdi anu teh mah atuh sareng kalih niku puniki ieu eta sim dong sih kok deh nih min kak gan bang mas
    mbak pa bro kepala kades lurah camat bupati walikota gubernur tiap tetangga orang""")

#: One thing by several names: without these, two neighbours who see one dark lamp share no word.
SAME = {
    word: one
    for one, words in {
        "mati": "padam pejah pareum pareumeun off gelap",  # jv pejah, su pareum: gone out
        "lampu": "pju penerangan lamp light",
        "sampah": "runtah uwuh rubbish garbage trash limbah",  # su runtah, jv uwuh
        "rusak": "hancur ruksak bobrok jebol broken damaged",  # su ruksak
        "lubang": "bolong legok pothole",  # jv bolong, su legok
        "banjir": "genangan tergenang genang caah flood rob",  # su caah
        "tumpuk": "numpuk tumpukan gunung",
        "sumbat": "mampet buntu mampat sumpal blocked",
        "selokan": "got drainase parit saluran gorong drain solokan",
        "bau": "busuk menyengat smell",
        "pohon": "wit tangkal tree",  # jv wit, su tangkal
        "tumbang": "roboh ambruk rubuh runtuh rungkad collapsed",  # su rungkad
        "air": "pdam pam ledeng water cai banyu",  # su cai, jv banyu
        "alir": "ngalir keluar ngocor",
        "longsor": "landslide ambrol jugrug",
        "listrik": "pln",
        "ktp": "ektp",
        "angkut": "ambil",
        "bising": "berisik gaduh ribut",
    }.items()
    for word in (one, *words.split())
}
