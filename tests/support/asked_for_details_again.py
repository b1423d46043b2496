# ruff: noqa: E501 - a text stands in one line, as it was sent
"""A second set of the same kind, of other matters: 30 machines, 60 people. Written after a stricter rule
stood, which asked 13 of these people once more; the milder one was then chosen with both sets in sight, so its figures
on them are no held-out ones. Most of the people write at length and name nothing that the rule could know."""

from __future__ import annotations

from tests.support.asked_for_details import OURS, Matter

MATTERS = {
    "water": Matter(
        "Air PDAM keruh",
        "Air ledeng di rumah kami kecokelatan dan berbau sejak awal bulan.",
        "Mohon sebutkan nomor pelanggan dan alamat rumah. Apakah tetangga mengalami hal yang sama?",
    ),
    "school": Matter(
        "Pungutan di SD negeri",
        "Anak saya kelas 4 diminta iuran renovasi kelas 300 ribu, katanya wajib.",
        "Sekolah mana, siapa yang meminta, dan adakah surat edarannya?",
    ),
    "noise": Matter(
        "Karaoke sampai subuh",
        "Tempat karaoke di belakang rumah buka sampai subuh setiap malam Minggu, bising sekali.",
        "Mohon nama tempat usahanya, alamat, dan pukul berapa biasanya berakhir.",
    ),
    "bridge": Matter(
        "Jembatan gantung rusak",
        "Papan jembatan gantung banyak yang lepas, anak sekolah lewat situ tiap pagi.",
        "Jembatan di dusun apa, menghubungkan mana ke mana, dan berapa papan yang lepas?",
    ),
}

ROBOTS: tuple[tuple[str, str], ...] = (
    (OURS, "Saya menemani istri persalinan dan tidak memegang ponsel kantor. Pekan depan saya aktif seperti semula."),
    (OURS, "Sejak pagi listrik kantor padam dan server mati suri. Surel dibaca setelah genset datang, mohon bersabar."),
    ("Saya cuti besar", "Sampai Maret saya berkeliling Sumatra naik sepeda. Kiriman ke sini tidak saya buka."),
    (
        "Perpindahan domain",
        "Domain kami berganti. Surat ke alamat lama masih masuk sampai Desember lalu hilang begitu saja.",
    ),
    (
        f"Re: {OURS}",
        "Halo Sahabat Koperasi, kasir kami melayani setoran dan penarikan Senin sampai Kamis. Bagi hasil dihitung Januari.",
    ),
    (
        "Gerai Kopi Senja",
        "Makasih udah mampir di inbox kita! Menu baru: kopi gula aren dan es cincau. Pesan antar via aplikasi hijau.",
    ),
    (
        "Your request #4417-B",
        "We've added this to the backlog. Engineers triage twice a day. You will see progress on the portal.",
    ),
    ("Antrean layanan", "Posisi Anda dalam antrean: 38. Petugas berikutnya akan tersedia dalam kira-kira dua jam."),
    ("Notulen otomatis", "Ringkasan rapat siang ini siap diunduh. Durasi 48 menit, lima pembicara, tiga keputusan."),
    (
        "Bukan spam?",
        "Sebelum sampai ke tangan saya, setiap pengirim baru menjawab satu soal: ketik hasil dua tambah lima.",
    ),
    ("Held for review", "The message was placed in the moderation queue of alumni-smkn3 and expires after five days."),
    (OURS, "Je suis absente, ma collègue s'occupe des dossiers en cours. Bonne journée à vous."),
    (
        OURS,
        "I'm in back-to-back workshops all week. My inbox is on autopilot, so please don't expect much before Monday.",
    ),
    ("Parental leave", "A tiny human has arrived! I'll be swapping keyboards for diapers until spring."),
    ("Retired!", "After 31 years I have handed in my badge. This mailbox is no longer looked at by anyone."),
    (OURS, "Kulo nembe nderek ziarah wali sanga, wangsul Jumat enjing. Menawi kesesa, tepangi Pak Bayan kemawon."),
    ("Nuju di leuweung", "Abdi nuju survei ka leuweung lima poe, sinyal euweuh. Sing sabar nya, engke diwaro."),
    ("Libur tanam", "Kantor kelompok tani tutup selama musim tanam. Pupuk bersubsidi diambil di kios sesuai jadwal."),
    (
        "Pembayaran diterima",
        "Transfer sebesar Rp 75.000 untuk iuran keanggotaan berhasil. Bukti tersimpan di menu riwayat.",
    ),
    (
        "Undangan webinar",
        "Daftar sekarang untuk webinar pengelolaan keuangan desa. Peserta memperoleh sertifikat elektronik.",
    ),
    (
        "Peringatan keamanan",
        "Ada percobaan masuk dari perangkat baru di Bekasi. Kalau bukan Anda, ubah sandi sekarang.",
    ),
    ("Laporan mingguan", "Minggu ini situs Anda dikunjungi 212 kali, naik delapan persen. Halaman teratas: beranda."),
    ("Ulang tahun", "Segenap direksi mengucapkan selamat ulang tahun. Semoga panjang umur dan sukses selalu."),
    (
        "Terjemahan selesai",
        "Dokumen berbahasa asing sudah dialihbahasakan oleh mesin. Ketepatan diperkirakan 92 persen.",
    ),
    (
        "Salam dari bot",
        "Beep boop. Aku robot kecil penjaga kotak surat. Majikanku tidur. Tinggalkan pesan setelah bunyi ini.",
    ),
    ("Delivery failed? No worries", "We could not show images in the letter, so a plain version was stored instead."),
    (
        "Perubahan jam layanan",
        "Selama Ramadan loket buka pukul delapan sampai dua siang. Hari Jumat istirahat lebih panjang.",
    ),
    (OURS, "Akun ini dikelola bergantian oleh tiga relawan. Giliran jaga hari ini belum datang, sabar ya kawan."),
    ("Backup ok", "Nightly backup of mailbox siti finished without errors. Size 1.2 GB, duration 00:14:31."),
    (
        "Kuesioner alumni",
        "Isi kuesioner pelacakan lulusan paling lambat akhir pekan. Data dipakai untuk akreditasi kampus.",
    ),
)

#: (matter, subject, text, with a file)
ANSWERS: tuple[tuple[str, str, str, bool], ...] = (
    ("water", OURS, "00128834", False),
    ("water", OURS, "Nopel 00128834, Jl. Cempaka 14", False),
    ("water", OURS, "Ya, satu gang kena semua, dari rumah Bu Lastri sampai ujung.", False),
    ("water", OURS, "Saya mengontrak, jadi kartunya dipegang pemilik rumah. Nanti saya pinjam dulu.", False),
    ("water", OURS, "Perumahan Griya Asri blok C nomor 7, meterannya di dekat pagar.", False),
    ("water", OURS, "Iya pak tetangga juga, bahkan ada yang anaknya gatal-gatal sampai ke puskesmas.", False),
    ("water", OURS, "Kalau pagi malah hitam. Siang agak mendingan tetapi tetap tidak bisa dipakai mandi.", False),
    ("water", OURS, "Sebelah rumah pakai sumur jadi tidak kena. Yang kena yang langganan saja.", False),
    ("water", OURS, "Nomor di struk terakhir sudah pudar, yang terbaca hanya 8834.", False),
    ("water", OURS, "Sampai hari ini belum ada petugas yang datang mengecek sama sekali.", False),
    ("water", OURS, "Banyune buthek kabeh sak RT, mboten namung griya kula.", False),
    ("water", OURS, "Yes the whole street. Customer number is on the photo I sent before.", False),
    ("water", "pelanggan", "atas nama Bambang Sutrisno almarhum, belum dibalik nama", False),
    ("water", OURS, "", True),
    ("water", OURS, "Percuma dikasih nomor, dulu juga sudah lapor ke kantor cabang dan tidak ada yang turun.", False),
    ("school", OURS, "SDN Margahayu 5", False),
    ("school", OURS, "SDN 02 Tegalsari, yang minta ketua komite lewat grup WA orang tua.", False),
    ("school", OURS, "Tidak ada surat, cuma diumumkan lisan waktu ambil rapor.", False),
    ("school", OURS, "Bendahara kelas yang menagih, katanya atas perintah kepala sekolah.", False),
    ("school", OURS, "Saya khawatir anak saya dikucilkan kalau saya sebut orangnya.", False),
    ("school", OURS, "Edarannya ditarik lagi setelah ada yang protes, jadi saya tidak pegang.", False),
    ("school", OURS, "Bukan renovasi saja, ada juga uang seragam dan uang perpisahan yang dipaksa.", False),
    ("school", OURS, "Wali kelasnya bilang kalau belum lunas rapor ditahan. Itu terjadi pada keponakan saya.", False),
    ("school", OURS, "Yang di Jalan Veteran, seberang kantor pos. Namanya lupa, yang catnya hijau.", False),
    ("school", OURS, "Ibu kepala sekolahnya sendiri waktu rapat di aula.", False),
    ("school", OURS, "Wonten serat saking komite, mangke kula foto.", False),
    ("school", OURS, "Tolong jangan sampai guru tahu saya yang mengadu, tahun depan adiknya masuk situ juga.", False),
    ("school", OURS, "Sudah dikembalikan uangnya kemarin sore, jadi tidak usah diperpanjang.", False),
    ("school", "surat edaran", "terlampir", True),
    ("school", OURS, "Kenapa bukan dinas yang mencari tahu sendiri?", False),
    ("noise", OURS, "Diva Family Karaoke", False),
    ("noise", OURS, "Tidak ada papan namanya. Ruko dua lantai cat ungu di ujung jalan.", False),
    ("noise", OURS, "Biasanya jam 4 baru sepi, kalau malam Minggu malah sampai azan.", False),
    ("noise", OURS, "Persisnya di samping bengkel, masuk gang sedikit. Orang sini menyebutnya warung Mami.", False),
    ("noise", OURS, "Semalam polisi sudah ke sana, musik berhenti sebentar lalu nyala lagi.", False),
    ("noise", OURS, "Berakhirnya tidak tentu, tergantung tamunya.", False),
    ("noise", OURS, "Bayi saya tidak bisa tidur tiap akhir pekan, istri sampai stres.", False),
    ("noise", OURS, "Pemiliknya oknum, makanya warga tidak ada yang berani menegur.", False),
    ("noise", OURS, "Karaokenya satu-satunya di kelurahan ini, semua orang pasti tahu.", False),
    ("noise", OURS, "Jam tiga lebih, kadang sampai ada yang muntah dan berkelahi di depan pagar saya.", False),
    ("noise", OURS, "Di Jalan Rajawali, nomornya tidak kelihatan karena tertutup spanduk bir.", False),
    ("noise", OURS, "Usually ends around 4 am. There is no sign, just a red lamp.", False),
    ("noise", OURS, "Saya rekam suaranya dari kamar, nanti saya lampirkan kalau sudah di rumah.", False),
    ("noise", OURS, "Mohon jangan sebut saya, mereka tahu siapa saja yang pernah protes.", False),
    ("noise", "Re: Karaoke", "namanya berubah-ubah pak, sekarang spanduknya tulisan Cafe Bintang", False),
    ("bridge", OURS, "Dusun Sawahan ke Dusun Krajan", False),
    ("bridge", OURS, "Kira-kira ada belasan yang hilang, sisanya sudah lapuk.", False),
    ("bridge", OURS, "Antara kampung kami dengan SMP di seberang sungai. Kalau hujan licin sekali.", False),
    ("bridge", OURS, "Kemarin ada ibu-ibu terperosok sampai kakinya luka dijahit.", False),
    ("bridge", OURS, "Talinya juga sudah berkarat, satu putus diganti warga pakai kawat.", False),
    ("bridge", OURS, "Belum saya hitung, besok sekalian lewat.", False),
    ("bridge", OURS, "Setahu saya peninggalan proyek tahun 90-an, dulu dibuat tentara masuk desa.", False),
    ("bridge", OURS, "Warga sudah iuran bambu tetapi cuma kuat sebulan.", False),
    ("bridge", OURS, "Kreteg ing Dukuh Ngemplak, sing nyambung menyang pasar.", False),
    ("bridge", OURS, "Itu akses satu-satunya, kalau memutar harus lewat kecamatan lain delapan kilometer.", False),
    ("bridge", OURS, "Ini saya kirim ulang gambarnya karena kemarin gagal.", True),
    ("bridge", OURS, "Pak Kades bilang bukan wewenangnya, disuruh tanya provinsi.", False),
    ("bridge", OURS, "About fifteen planks. It links Sawahan with the main road.", False),
    ("bridge", OURS, "Masih sama seperti bulan lalu, tambah parah malah sejak banjir.", False),
    (
        "bridge",
        OURS,
        "Selamat sore Bapak/Ibu yang terhormat. Terima kasih banyak atas perhatian dan balasan suratnya. Yang dimaksud "
        "adalah penyeberangan di atas Kali Serayu. Atas bantuan Anda kami haturkan terima kasih.",
        False,
    ),
)
