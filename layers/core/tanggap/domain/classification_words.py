"""Our own tables: what a village that lists nothing starts with. Indonesian first, English, and some Javanese (jv) and
Sundanese (su) with their sense beside them. A policy's `triage` adds to them, or stands in their place."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from .classification_rules import Index, Listed, index_of, spelt
from .words import Kind

#: Somebody's life or safety is at stake now. Rule: phrases.
URGENT: dict[str, str] = {
    "fire": """kebakaran, terbakar, kobaran api, kobong, kobongan, kahuruan, kabeuleum, kabeuleuman, si jago merah,
        house fire, building fire, on fire, caught fire, burning down""",
    # jv kobong(an), su kahuruan, kabeuleuman: on fire
    "flood": """banjir bandang, terjebak banjir, terkepung banjir, terseret arus, hanyut, tanggul jebol, bendungan
        jebol, tsunami, air bah, rumah terendam, caah dengdeng, palid, terseret banjir, terseret ombak, terseret air,
        terbawa arus, kintir, air setinggi dada, air setinggi leher, air sampai dada, air sampai leher, banjir setinggi
        dada, banjir setinggi leher, banjir sampai dada, banjir sampai leher, kabanjiran sadada, flash flood, swept
        away, trapped by flood, dam broke""",
    # su caah dengdeng: flash flood; su palid, jv kintir: carried off by water; su sadada: up to the breast
    "drowning": """anak tenggelam, orang tenggelam, warga tenggelam, ada tenggelam, korban tenggelam, bocah tenggelam,
        balita tenggelam, siswa tenggelam, remaja tenggelam, perahu tenggelam, kapal tenggelam, kelem, titeuleum,
        tilelep, drowning, drowned""",
    # jv kelem, su titeuleum, tilelep: drowned
    "landslide": """longsor, tanah bergerak, rumah ambles, rumah amblas, tertimbun tanah, tertimbun reruntuhan, warga
        tertimbun, orang tertimbun, tertimpa, lemah jugrug, kaurugan, landslide, mudslide, buried alive""",
    # jv lemah jugrug: the ground slid; su kaurugan: buried by it
    "electricity": """tersengat, sengatan listrik, kesetrum, tersetrum, kestrum, kesetrom, kasetrum, keserempet listrik,
        kabel putus, kabel menjuntai, kabel jatuh, kabel terkelupas, kabel telanjang, kabel pedot, kabel pegat,
        korsleting, konsleting, korslet, trafo meledak, tiang listrik roboh, tiang listrik tumbang, tiang listrik
        ambruk, electrocuted, electric shock, live wire, fallen cable, hanging cable""",
    # jv pedot, su pegat: torn; ka- is Sundanese ter-
    "gas": """gas bocor, bocor gas, kebocoran gas, gas beracun, bau gas, gas meledak, elpiji meledak, elpiji bocor,
        ledakan, meledak, mbledos, mbledug, meleduk, mledug, njeblug, njeblos, ngabeledug, gas leak, explosion,
        exploded""",
    "collapse": """jembatan ambruk, jembatan roboh, jembatan runtuh, jembatan putus, ambruknya jembatan, rumah ambruk,
        rumah roboh, rumah runtuh, rumah rubuh, sekolah ambruk, sekolah roboh, kelas ambruk, gedung roboh, gedung
        runtuh, gedung ambruk, bangunan roboh, bangunan runtuh, bangunan ambruk, atap ambruk, atap runtuh, atap roboh,
        plafon ambruk, plafon runtuh, plafon jebol, tembok roboh, tembok runtuh, dinding roboh, kreteg ambrol, sasak
        rugrug, bridge collapsed, building collapsed, roof collapsed, collapsed""",
    # jv kreteg ambrol, su sasak rugrug: the bridge collapsed
    "accident": """kecelakaan, tabrakan, tertabrak, ditabrak, ketabrak, ketubruk, tersambar petir, disambar petir,
        kesambar petir, jatuh ke jurang, masuk jurang, jatuh ke sumur, tercebur, kecemplung, tabrak lari, terlindas,
        terperosok, korban jiwa, korban luka, korban meninggal, tewas, traffic accident, car accident, hit and run,
        casualties""",
    "medical": """tidak sadarkan diri, pingsan, kejang, sekarat, pendarahan, perdarahan, serangan jantung, keracunan,
        sesak napas, sesak nafas, kondisi kritis, keadaan kritis, pasien kritis, ditolak rumah sakit, mau melahirkan,
        akan melahirkan, ketuban pecah, pecah ketuban, melahirkan di jalan, digigit ular, dipatok ular, dipagut ular,
        tidak bernapas, tidak bernafas, tidak bisa napas, tidak bisa nafas, tidak bisa bernapas, tidak bisa bernafas,
        susah napas, susah nafas, sulit bernapas, sulit bernafas, muntah darah, overdosis, siswa muntah, murid muntah,
        anak muntah, warga muntah, butuh ambulans, perlu ambulans, minta ambulans, kirim ambulans, kirimkan ambulans,
        panggil ambulans, panggilkan ambulans, need ambulance, send ambulance, call ambulance, unconscious, heart
        attack, poisoned, bleeding, cannot breathe, not breathing""",
    "suicide": """bunuh diri, gantung diri, ingin mati, pengen mati, pengin mati, pingin mati, mau mati saja, pengen
        mokad, surat perpisahan, pesan perpisahan, selamat tinggal semua, pergi selamanya, akhiri hidup, mengakhiri
        hidup, tidak mau hidup lagi, tidak kuat hidup lagi, tidak sanggup hidup lagi, loncat dari jembatan, lompat dari
        jembatan, loncat dari gedung, lompat dari gedung, ngendat, maehan maneh, suicide, kill myself, killing myself,
        end my life, want to die""",
    # jv ngendat: hanged oneself; su maehan maneh: kill yourself (oneself)
    "violence": """kdrt, kekerasan, aniaya, menganiaya, penganiayaan, dipukuli, dipukul, dipukulin, memukuli, mukuli,
        mukulin, suami memukul, suami mukul, dihajar, disiksa, menyiksa, penyiksaan, dikeroyok, dikroyok, pengeroyokan,
        perkosa, memperkosa, pemerkosaan, perkosaan, cabul, mencabuli, pencabulan, pelecehan, dilecehkan, melecehkan
        anak, ditelanjangi, sekap, penyekapan, disandera, bacok, membacok, pembacokan, ditusuk, penusukan, ditembak,
        penembakan, bunuh, membunuh, pembunuhan, ancaman pembunuhan, tawuran, begal, dibegal, pembegalan, perampokan,
        dirampok, pasung, digebugi, digebuki, digebukin, digebukan, diancam parang, diancam golok, diancam pisau,
        diancam celurit, diancam senjata, diancam mati, bawa parang, bawa golok, bawa celurit, membawa parang, membawa
        golok, membawa celurit, bawa senjata, membawa senjata, sajam, anak ditelantarkan, bayi ditelantarkan, bayi
        dibuang, tppo, perdagangan orang, domestic violence, stabbed, stabbing, raped, rape, shooting, murder, beaten,
        abused, beats me, beating me, hits me, kill me, hostage, threatened to kill, going to kill, will kill, kill his,
        kill her, kill my""",
    # jv digebugi, su digebukan: beaten up
    "missing": """culik, menculik, penculikan, anak hilang, orang hilang, balita hilang, lansia hilang, tersesat di,
        hilang dari rumah, belum pulang sejak, tidak pulang sejak, tidak pulang rumah, anak ilang, bocah ilang, budak
        leungit, kidnapped, kidnapping, missing child, missing person""",
    "threat": """bom, teror, mengancam nyawa, mengancam jiwa, membahayakan nyawa, membahayakan jiwa, nyawa taruhannya,
        bertaruh nyawa, keadaan darurat, kondisi darurat, situasi darurat, darurat sekali, nyawa kami, nyawa terancam,
        terancam nyawa, takut mati, butuh evakuasi, minta evakuasi, mohon evakuasi, perlu evakuasi, tolong evakuasi,
        segera evakuasi, evakuasi segera, belum dievakuasi, selamatkan kami, selamatkan saya, selamatkan nyawa, terjebak
        di atap, terjebak di rumah, terjebak di dalam, terjebak api, terjebak asap, terjebak lift, kami terjebak, warga
        terjebak, orang terjebak, anak terjebak, keluarga terjebak, kejebak di, rescue us, need rescue, need evacuation,
        evacuate us, afraid for my life, fear for my life, bomb, life threatening, medical emergency, this is an
        emergency""",
}

#: Somebody to whom the same trouble weighs more.
VULNERABLE: dict[str, str] = {
    "child": """anak, anak saya, anak kami, anak kecil, anak sekolah, bayi, balita, batita, bocah, putra putri, siswa,
        murid, orok, budak leutik, bocah cilik, lare alit, child, children, baby, infant, toddler, newborn""",
    # su orok: baby; su budak leutik, jv bocah cilik, lare alit: small child
    "elderly": """lansia, lanjut usia, manula, jompo, kakek, nenek, usia lanjut, sudah tua renta, tua renta, uzur, orang
        tua renta, simbah, embah, mbah kakung, mbah putri, wong tuwo, wong tuwa, tiyang sepuh, aki aki, nini nini, jalma
        kolot, elderly, grandmother, grandfather, old man, old woman, old people, senior citizen""",
    # jv simbah, embah: grandparent; jv wong tuwo, tiyang sepuh, su jalma kolot: old person; su aki, nini: old man, old
    # woman
    "pregnancy": """hamil, bumil, mengandung anak, kandungan saya, nifas, baru melahirkan, menyusui, meteng, mbobot,
        reuneuh, kakandungan, pregnant, pregnancy, breastfeeding""",
    # jv meteng, mbobot, su reuneuh, kakandungan: pregnant
    "disability": """difabel, disabilitas, difable, tunanetra, tuna netra, tunarungu, tuna rungu, tunawicara, tuna
        wicara, tunadaksa, tuna daksa, tunagrahita, tuna grahita, kursi roda, penyandang cacat, cacat fisik, cacat
        mental, orang cacat, cacat sejak lahir, lumpuh, buta, tuli, bisu, odgj, gangguan jiwa, gangguan mental, autis,
        autisme, down syndrome, tongkat penyangga, kruk, berkebutuhan khusus, wuta, disabled, disability, wheelchair,
        blind, deaf, mentally ill""",
    # jv wuta: blind
    "illness": """sakit keras, sakit parah, sakit berat, sakit menahun, cuci darah, hemodialisa, hemodialisis, kanker,
        kemoterapi, gagal ginjal, stroke, tbc, stunting, gizi buruk, kurang gizi, terbaring sakit, tabung oksigen,
        gering parna, kulo gerah, kula gerah, seriously ill, cancer, dialysis, chemotherapy, malnutrition""",
    # su gering parna: gravely ill; jv kulo gerah: (somebody of) mine is ill
    "destitute": """kelaparan, belum makan, tidak makan, orang terlantar, warga terlantar, anak terlantar, yatim,
        sebatang kara, starving, orphan, homeless""",
}

#: A danger to health or safety that has not struck yet.
HAZARD: dict[str, str] = {
    "hazard": """banjir, kebanjiran, kabanjiran, caah, bahaya, berbahaya, membahayakan, bebaya, rawan kecelakaan,
        nyaris celaka, hampir celaka, jalan amblas, jalan ambles, lubang dalam, lubang besar, lubang menganga, tanpa
        penutup, gorong terbuka, pohon tumbang, tumbang, wit ambruk, tangkal rungkad, tiang miring, pohon miring,
        jembatan lapuk, jembatan rusak, jembatan goyang, retak, demam berdarah, dbd, wabah, muntaber, leptospirosis,
        chikungunya, rabies, anjing gila, limbah beracun, limbah pabrik, pencemaran, tercemar, asap tebal, kabut
        asap, puting beliung, angin kencang, gempa, buaya, ular kobra, narkoba, sabu sabu, miras
        oplosan, flood, flooding, dangerous, hazard, unsafe, epidemic, dengue, earthquake"""
    # jv bebaya: danger; su caah, kabanjiran: flood(ed); jv wit ambruk, su tangkal rungkad: a tree fell
}

#: Meant otherwise: what is found within one of these does not count. Here the words stand side by side.
IGNORED = """anak jalan, jalan anak, jalan anakan, anak sungai, anak kali, anak tangga, anak kunci, anak buah, anak
    cabang, anak perusahaan, anak usaha, anak panah, anak judul, anak gunung, anak timbangan, anak ayam, anak kos, anak
    kost, anak muda, anak motor, anak punk, anak band, anak tiri, anak emas, anak agung, anak krakatau, ibu dan anak,
    ibu anak, perlindungan anak, kartu identitas anak, identitas anak hilang, akta anak, ijazah anak, dinas pendidikan
    anak, bayi tabung, bayi lobster, nenek moyang, kakek moyang, tugu nenek, gang bayi, gang anak, gang buntu, blok
    anak, pohon kelapa sawit anak, buta huruf, buta aksara, buta warna, babi buta, membabi buta, tutup mata, blind spot,
    lalu lintas lumpuh, ekonomi lumpuh, aktivitas lumpuh, jalan lumpuh, jaringan lumpuh, arus lalu lintas lumpuh, sistem
    lumpuh, pelayanan lumpuh, disabled account, account disabled, feature disabled, hidran kebakaran, simulasi
    kebakaran, asuransi kebakaran, sertifikat kebakaran, retribusi kebakaran, fire station, fire department, fire
    extinguisher, kabel data putus, kabel telepon putus, kabel internet putus, kabel wifi putus, kabel fiber putus,
    kabel optik putus, asuransi kecelakaan, santunan kecelakaan, jasa raharja kecelakaan, hari anti kekerasan, laporan
    meledak, viral meledak, harga meledak, siswa baru, penerimaan siswa, penerimaan murid, seleksi siswa, daya tampung
    siswa, beasiswa, banjir pujian, banjir protes, banjir pesanan, banjir keluhan, banjir iklan, dibanjiri, kebanjiran
    pesanan, bahaya laten, pasar banjir, posko banjir, kanal banjir timur, kanal banjir barat, bagian tumbang, mati
    kutu, takut mati lampu, takut mati listrik, takut mati air, takut lampu mati, takut listrik mati, takut air mati,
    takut tanaman mati, takut tanamannya mati, takut padi mati, takut ikan mati, takut ayam mati, takut pohon mati,
    takut usaha mati, terjebak macet, kami terjebak macet, warga terjebak macet, orang terjebak macet, anak terjebak
    macet, kami terjebak kemacetan, warga terjebak kemacetan, orang terjebak kemacetan, warga terjebak pinjol, warga
    terjebak utang, anak terjebak pinjol, butuh jalur evakuasi, perlu jalur evakuasi, mohon jalur evakuasi, minta jalur
    evakuasi, butuh rambu evakuasi, perlu rambu evakuasi, mohon rambu evakuasi, tolong evakuasi pohon, mohon evakuasi
    pohon, tolong evakuasi sampah, mohon evakuasi sampah, minta ambulans desa, butuh ambulans desa, perlu ambulans desa,
    membunuh nyamuk, bunuh nyamuk, membunuh hama, membunuh karakter, bunuh karakter, pembunuhan karakter, membunuh
    usaha, bunuh usaha, dipukul rata, dipukul mundur, dihajar hujan, dihajar harga, dompet anak hilang, sepeda anak
    hilang, hp anak hilang, motor anak hilang, tas anak hilang, kia anak hilang, pelecehan profesi, pelecehan terhadap
    profesi, pelecehan institusi"""

#: Kinds are proposed, never set: each has its own legal term, and a wrong one is a wrong deadline.
KINDS: dict[Kind, str] = {
    Kind.SUPERVISORY: """pungli, pungutan liar, korupsi, korup, suap, menyuap, penyuapan, gratifikasi, uang pelicin,
        minta uang, minta duit, meminta uang, dimintai uang, diminta uang, dimintai bayaran, mark up anggaran,
        penyelewengan, diselewengkan, menyelewengkan, selewengkan, gelapkan dana, penggelapan, penyalahgunaan
        wewenang, menyalahgunakan wewenang, penyalahgunaan jabatan, jual beli jabatan, nepotisme, kolusi, proyek
        fiktif, fiktif, bansos dipotong, bantuan dipotong, dana dipotong, potong dana, disunat, oknum pegawai, oknum
        petugas, oknum perangkat, oknum aparat, oknum pejabat, mesum di kantor, bribe, bribery, corruption,
        embezzlement, illegal levy, extortion""",
    Kind.INFORMATION: """permohonan informasi, permintaan informasi, permohonan informasi publik, informasi publik,
        ppid, keterbukaan informasi, uu kip, minta salinan, mohon salinan, permohonan salinan, salinan dokumen,
        minta informasi, mohon informasi, mohon info, minta info, freedom of information, information request,
        request for information, copy of document""",
    Kind.ASPIRATION: """aspirasi, usul, usulan, mengusulkan, usulkan, saran saya, sekadar saran, saran kami, masukan
        saya, memberi masukan, kritik dan saran, mohon dibangunkan, mohon dibangun, alangkah baiknya, alangkah lebih
        baik, sebaiknya pemerintah, urun rembug, suggestion, proposal, suggest""",
    # jv urun rembug: to take part in deliberating
    Kind.PRAISE: """apresiasi, mengapresiasi, terima kasih atas pelayanan, terima kasih atas respon, pelayanan
        memuaskan, pelayanan sangat baik, pelayanan bagus, pelayanannya cepat, salut, bangga dengan, matur nuwun
        sanget pelayanan, hatur nuhun pelayanan, great service, excellent service, well done, appreciate""",
    # jv matur nuwun, su hatur nuhun: thank you
}
#: Of someone who complains, thanks are courtesy: no praise is proposed where one of these stands.
COMPLAINING = """rusak, keluhan, mengeluh, mengeluhkan, lapor, melaporkan, laporan, pengaduan, mengadu, adukan,
    kecewa, lambat, lama, belum, mati, bau, sampah, banjir, macet, berlubang, bocor, tolong, sayangnya, tetapi,
    tapi, namun, complaint, broken, but, unfortunately"""


def _listed(what: str, value: str, text: str) -> Iterator[Listed]:
    """Our own phrases are plain words already: read without the care that a policy's need, within a cold start."""
    for one in text.split(","):
        words = one.split()
        yield Listed(what, value, " ".join(words), tuple(map(spelt, words)))


def _entries() -> Iterator[Listed]:
    for what, table in (("urgent", URGENT), ("vulnerable", VULNERABLE), ("hazard", HAZARD)):
        for rule, text in table.items():
            yield from _listed(what, rule, text)
    for kind, text in KINDS.items():
        yield from _listed("kind", kind.value, text)
    yield from _listed("complaining", "complaining", COMPLAINING)
    yield from _listed("ignore", "ignore", IGNORED)


@functools.cache
def defaults() -> Index:
    """All tables as one index, made at the first report."""
    return index_of(_entries())
