# ruff: noqa: E501 - a text stands in one line, as it was sent
"""What comes back when an office asks a reporter for details: 60 texts of machines without a header that says so, and
120 of people. Written before the rule that tells them apart, and not changed after it (domain.second_sign)."""

from __future__ import annotations

from typing import NamedTuple

#: Stands for our letter's own subject, as a mail program repeats it.
OURS = "{ours}"


class Matter(NamedTuple):
    """A report, and what its reporter was asked."""

    subject: str
    report: str
    question: str


MATTERS = {
    "lamp": Matter(
        "Lampu jalan mati",
        "Lampu di depan musala Gang Melati mati sejak dua minggu, anak-anak takut lewat.",
        "Mohon sebutkan RT/RW, nomor tiang lampu bila ada, dan patokan lokasinya.",
    ),
    "road": Matter(
        "Jalan berlubang",
        "Jalan di depan pasar berlubang besar, kemarin ada motor jatuh. Tolong segera ditambal.",
        "Di sebelah mana pasar tepatnya, dan berapa kira-kira lebar lubangnya? Bila ada, lampirkan foto.",
    ),
    "aid": Matter(
        "Bansos tidak cair",
        "Ibu saya tidak menerima bansos sejak Juli padahal tetangga dapat semua.",
        "Mohon kirim nama lengkap penerima, empat angka terakhir NIK, dan nama RT yang mendata.",
    ),
    "fee": Matter(
        "Diminta uang waktu urus KTP",
        "Waktu mengurus KTP saya diminta 150 ribu oleh petugas loket.",
        "Kapan kejadiannya, loket nomor berapa, dan apakah Anda menerima kuitansi?",
    ),
    "waste": Matter(
        "Sampah menumpuk",
        "Sampah di TPS Jalan Kenanga sudah seminggu tidak diangkut, bau sampai ke rumah.",
        "Apakah kami boleh menelepon Anda untuk mencari tempatnya? Mohon nomor telepon yang aktif.",
    ),
}

#: (subject, text)
ROBOTS: tuple[tuple[str, str], ...] = (
    # absence, Indonesian
    (
        OURS,
        "Halo, per tanggal 20 November saya rehat dulu dari urusan kantor. Kotak ini baru saya buka lagi awal Desember.",
    ),
    (
        "Sedang menunaikan ibadah haji",
        "Mohon doanya. Selama di Tanah Suci saya tidak membuka laptop. Urusan proyek silakan ke Mas Hendra.",
    ),
    (
        f"Auto: {OURS}",
        "Saya lagi di lapangan sampai Jumat dan jarang dapat jaringan. Yang penting sekali telepon sekretariat saja.",
    ),
    (
        "Melahirkan :)",
        "Alhamdulillah si kecil lahir. Saya kembali bertugas tiga bulan lagi, sementara digantikan Bu Ratna di ext 214.",
    ),
    (
        OURS,
        "Terima kasih sudah mengirim surel. Saya mengikuti diklat kepemimpinan di Puncak dan baru membaca kotak masuk Senin depan.",
    ),
    (
        "Pindah tugas",
        "Rekan-rekan, mulai 1 November saya bertugas di cabang Makassar. Surel ke alamat ini diteruskan ke pengganti saya.",
    ),
    (
        f"Re: {OURS}",
        "Kotak surat ini milik almarhum Bapak Suharto. Keluarga tidak lagi menggunakannya. Mohon hapus dari daftar kontak Anda.",
    ),
    ("Saya sudah resign", "Per Oktober saya bukan lagi karyawan PT Maju Bersama. Untuk kerja sama silakan kontak HRD."),
    (
        OURS,
        "Karena kesehatan, dokter menyarankan saya menjauh dari layar selama dua pekan. Balasan menyusul sesudahnya.",
    ),
    (
        "Rawat inap",
        "Sementara saya dirawat di RSUD. Pesan yang masuk belum tentu terbaca dalam waktu dekat. Mohon pengertiannya.",
    ),
    # shops, schools, clinics
    (
        f"Re: {OURS}",
        "Hai kak! Makasih sudah chat Toko Berkah Jaya. Admin online jam 9 sampai jam 5 sore. Ready stok cek di etalase ya kak.",
    ),
    (
        "Pesanan Anda",
        "Terima kasih telah menghubungi Warung Seblak Teteh. Sebutkan menu, level pedas dan alamat antar. Ongkir dihitung kurir.",
    ),
    (
        "SDN 2 Sukamaju",
        "Bapak/Ibu wali murid, surel sekolah hanya dibuka petugas tata usaha setiap Rabu. Informasi PPDB ada di papan pengumuman.",
    ),
    (
        "Klinik Sehat Sentosa",
        "Pendaftaran pasien lewat aplikasi. Surel tidak digunakan untuk konsultasi. Bila gawat segera ke IGD terdekat.",
    ),
    (
        "Kos Putri Anggrek",
        "Hai, terima kasih sudah menghubungi Kos Putri Anggrek. Kamar kosong tersisa dua. Harga mulai 850 ribu per bulan.",
    ),
    (
        "Promo akhir tahun",
        "Halo Sobat Hemat! Nikmati potongan 30 persen untuk semua kategori sampai akhir bulan. Syarat dan ketentuan berlaku.",
    ),
    # ticket systems
    (
        "[Tiket #884213] Permintaan diterima",
        "Permintaan Anda masuk antrean kami. Estimasi penanganan dua hari kerja. Jangan ubah judul agar riwayat tetap menyatu.",
    ),
    (
        "Case 00519822 has been logged",
        "We have opened a case for you. An analyst will pick it up in the order received. Quote the reference in all further correspondence.",
    ),
    (
        f"[ID:77120] {OURS}",
        "Surat Anda telah teregistrasi di tata naskah dengan nomor agenda 77120 dan akan didisposisikan kepada pejabat terkait.",
    ),
    (
        "Ticket received: we're on it!",
        "Hi there, our support heroes are on the way. Average first response today is 4 hours. Meanwhile browse the help center.",
    ),
    (
        "Nomor agenda 102/XI/2026",
        "Naskah dinas Saudara sudah tercatat pada sistem persuratan elektronik. Progres dapat dipantau pada laman resmi instansi.",
    ),
    (
        "Your enquiry (ref 5H2-991)",
        "This is to confirm that your enquiry reached the service desk. No action is required from you at this point.",
    ),
    (OURS, "Hola, hemos registrado tu consulta con el folio 30991. Un agente te atenderá en breve."),
    (
        "Laporan gangguan IT",
        "Tiket gangguan berhasil dibuat. Prioritas: sedang. Teknisi: belum ditugaskan. SLA: 8 jam kerja.",
    ),
    # challenge, filters, lists
    (
        "Verifikasi pengirim",
        "Saya memakai penyaring surat. Supaya pesan sampai ke saya, buka halaman berikut dan centang kotaknya: https://saring.example/k/81",
    ),
    (
        "Please verify you're human",
        "I use MailGate to keep junk out. Tap the link once and your message will be released: https://gate.example/r/9f",
    ),
    (
        "Moderation needed",
        "Your posting to wargaRW05 is being held because you are not a member. The list owner will accept or decline it.",
    ),
    (
        "Karantina",
        "Satu pesan dari Anda ditahan pada gerbang keamanan penerima karena memuat lampiran. Pesan dilepas setelah diperiksa admin.",
    ),
    (
        "Whitelist request",
        "To reach this inbox for the first time add the word KELAPA in the title and send once more.",
    ),
    (
        "Kotak hampir penuh",
        "Kuota penyimpanan pengguna ini 98 persen. Pesan Anda sudah masuk, tetapi pesan berikutnya mungkin ditolak.",
    ),
    # absence, English and others
    (
        OURS,
        "Hey! I'm off the grid hiking Rinjani until the 29th. No signal up there, I will get back to you once I'm down.",
    ),
    (
        "OOO",
        "Traveling for work this week with spotty connection. Expect delays. For anything urgent ping Maya on Slack.",
    ),
    (
        "Sabbatical",
        "I am taking the semester off to write. Mail gets read on Fridays only. Students: see the department office.",
    ),
    (
        "Moved on",
        "I no longer work at Nusantara Logistics. Please reach out to ops@nusalog.example for shipping matters.",
    ),
    (
        "Limited availability",
        "Thank you for your note. Due to a family matter I am working reduced hours and replies will be slow.",
    ),
    (f"Re: {OURS}", "Bonjour, je suis en déplacement jusqu'au 30 et je lirai votre courrier à mon retour."),
    ("Afwezigheid", "Ik ben er even niet en ben maandag weer bereikbaar. Voor spoed kunt u terecht bij de balie."),
    ("휴가 중", "현재 휴가 중입니다. 다음 주 월요일에 확인 후 회신드리겠습니다. 감사합니다."),
    ("不在通知", "ただいま休暇をいただいております。十二月一日より順次ご返信いたします。"),
    ("Gone fishing", "Back when the fish stop biting, probably Thursday. If the boat sinks call my wife."),
    # Javanese, Sundanese, Minang, mixed
    (OURS, "Nyuwun pangapunten, kula saweg wonten Solo ngantos dinten Setu. Mangke menawi sampun wangsul dipun waos."),
    ("Lagi lunga", "Sepurane, aku lagi ning Malang nganti minggu ngarep. Nek penting banget WA wae Lik Parmin."),
    (f"Re: {OURS}", "Punten, abdi nuju di luar kota dugi ka Salasa. Serat sadayana bade diwaler saatos uih."),
    ("Hajatan", "Hapunten ka sadayana, minggu ieu abdi nuju hajatan. Perkawis padamelan mangga ka Kang Asep heula."),
    (
        "Sadang pulang kampuang",
        "Ambo sadang pulang kampuang, surek ko baru dibaco pakan muko. Paralu capek, hubungi Uda Rizal.",
    ),
    (
        "Nembe wonten acara",
        "Matur nuwun emailipun. Kula nembe wonten rapat koordinasi ngantos sonten, benjing kula bikak malih.",
    ),
    # receipts, notices and other machines
    (
        "Bukti terima dokumen",
        "Dokumen elektronik yang Anda kirim sudah kami simpan dengan kode arsip AR-20934. Simpan kode tersebut.",
    ),
    (
        "Pembaruan kebijakan privasi",
        "Kami memperbarui kebijakan privasi yang berlaku mulai 1 Januari. Dengan terus memakai layanan, Anda dianggap setuju.",
    ),
    (
        "Survei kepuasan",
        "Bantu kami menjadi lebih baik. Beri nilai pengalaman Anda hari ini dari 1 sampai 5 pada tautan di bawah.",
    ),
    (
        "Alamat baru",
        "Mulai bulan ini semua korespondensi dipindahkan ke alamat kantorpusat@koperasi.example. Alamat lama segera ditutup.",
    ),
    (
        "Kode masuk Anda",
        "Kode sekali pakai Anda 551902, berlaku lima menit. Jangan berikan kepada siapa pun termasuk petugas.",
    ),
    (
        "Konfirmasi pertemuan",
        "Undangan rapat Rabu pukul 10.00 telah ditambahkan ke kalender. Ruang: Aula Lantai 2. Peserta: 14 orang.",
    ),
    ("Delivery update", "Good news! Parcel JX0912 is out for delivery with our courier and should arrive before 6 pm."),
    ("Statement ready", "Your e-statement for October can now be viewed in the app. Never share your PIN with anyone."),
    (
        "Jadwal piket",
        "Daftar piket satpam minggu ini: Senin Udin, Selasa Joko, Rabu Wawan. Tukar jadwal lapor ke koordinator.",
    ),
    (
        "Welcome aboard",
        "Thanks for joining our newsletter. Every Tuesday we send recipes and tips. You can leave any time.",
    ),
    (
        "Balasan dari asisten virtual",
        "Hai, aku Sari, asisten virtual Bank Rakyatku. Ketik SALDO, MUTASI atau CS untuk melanjutkan percakapan.",
    ),
    (
        "Sistem absensi",
        "Presensi Anda hari ini belum lengkap. Segera lakukan koreksi melalui aplikasi sebelum pukul 16.00.",
    ),
    (
        "Pengumuman libur",
        "Dalam rangka hari jadi kabupaten, toko kami tutup Kamis dan buka seperti biasa hari Jumat pukul 08.00.",
    ),
    (
        "Terkirim dari formulir",
        "Formulir kontak berhasil dikirim. Tim pemasaran akan menghubungi Anda dalam 1x24 jam pada hari kerja.",
    ),
)

#: (matter, subject, text, with a file)
ANSWERS: tuple[tuple[str, str, str, bool], ...] = (
    # the detail itself, and nothing else
    ("lamp", OURS, "RT 03 RW 05", False),
    ("lamp", OURS, "RT 3/RW 5, tiang nomor 117", False),
    ("lamp", OURS, "Tiang no 12 pak, dekat warung bu Tini", False),
    ("lamp", OURS, "sebelah musala persis", False),
    ("lamp", OURS, "tidak ada nomornya", False),
    ("lamp", f"Re: {OURS}", "Patokannya pohon beringin.", False),
    ("road", OURS, "Sebelah timur", False),
    ("road", OURS, "kira2 1 meter", False),
    ("road", OURS, "Depan toko emas Cahaya, lebarnya dua meter", False),
    ("road", OURS, "pintu masuk utara", False),
    ("aid", OURS, "Sumiyati binti Karto, 4417, Pak RT Slamet", False),
    ("aid", OURS, "Nama: Rukmini\nNIK: 0912\nRT: 07", False),
    ("aid", OURS, "rukmini 0912", False),
    ("fee", OURS, "Selasa 10 November jam 9 pagi, loket 3", False),
    ("fee", OURS, "Loket 2. Kuitansi tidak diberi.", False),
    ("fee", OURS, "tgl 12", False),
    ("fee", OURS, "gak dikasih kuitansi", False),
    ("waste", OURS, "0812 3456 7890", False),
    ("waste", OURS, "Boleh, 081234567890 atas nama Joko", False),
    ("waste", OURS, "iya benar", False),
    ("waste", OURS, "Ya boleh", False),
    ("waste", OURS, "silakan", False),
    ("waste", OURS, "jangan ditelepon, WA saja", False),
    ("waste", OURS, "Monggo pak, niki nomer kula 0857 1122 3344", False),
    ("waste", OURS, "Mangga, 0822 1111 2222", False),
    # whole sentences that answer
    ("lamp", OURS, "Gang Melati masuk RT 02 RW 07, dari jalan raya lurus saja kurang lebih seratus meter.", False),
    ("lamp", OURS, "Lampunya yang di tikungan, bukan yang di depan masjid besar.", False),
    ("lamp", OURS, "Saya tidak tahu nomor tiangnya. Letaknya di seberang rumah Pak Kadus.", False),
    ("lamp", OURS, "Tiangnya warna abu-abu, dekat pos ronda, kalau malam gelap sekali di situ.", False),
    ("lamp", OURS, "Mushola Al-Ikhlas, gang sebelah kiri setelah jembatan kecil.", False),
    ("lamp", OURS, "Wonten sisih kidul langgar, RT kalih.", False),
    ("lamp", OURS, "Di kulon masjid, caket imah Pa Haji Dadang.", False),
    ("lamp", OURS, "Maaf baru sempat membalas. Ada dua tiang yang padam, nomor 21 dan 22.", False),
    ("lamp", OURS, "Titik lokasinya -7.7956, 110.3695", False),
    ("lamp", OURS, "https://maps.app.goo.gl/Xa91kQ", False),
    ("road", OURS, "Lubangnya persis di belokan sebelum gapura, sekitar satu setengah meter dan dalam.", False),
    ("road", OURS, "Sebelah kanan pasar kalau dari arah terminal, sudah saya tandai pakai ban bekas.", False),
    ("road", OURS, "Yang di sisi barat pasar dekat penjual ikan. Lebar semeter, dalam sejengkal.", False),
    ("road", OURS, "Ini ada tiga lubang. Yang paling besar di depan pangkalan ojek.", False),
    ("road", OURS, "Nggak sempat ukur, yang jelas ban motor masuk semua.", False),
    ("road", OURS, "Lubange ngarep kantor pos lawas, ombone sak baskom.", False),
    ("road", OURS, "Kurang lebih selebar pintu rumah, letaknya dekat drainase.", False),
    ("aid", OURS, "Penerimanya ibu saya, Sumarni, tinggal di RT 11. Yang mendata Bu RT Yanti.", False),
    ("aid", OURS, "NIK empat angka terakhir 2231. Pendataan dilakukan kader posyandu, bukan RT.", False),
    ("aid", OURS, "Waktu itu yang datang mendata orang desa, saya tidak tahu namanya.", False),
    ("aid", OURS, "Nama lengkap beliau Siti Maryam, lahir 1955, sudah janda.", False),
    ("aid", OURS, "Ibu saya tidak punya KTP elektronik, jadi NIK diambil dari KK: 0071.", False),
    ("aid", OURS, "Sampun kula serat wingi: Ngadiyem, RT gangsal.", False),
    ("fee", OURS, "Kejadiannya minggu lalu hari Kamis, saya bayar tunai tanpa bukti.", False),
    ("fee", OURS, "Petugasnya laki-laki berkacamata di loket paling ujung.", False),
    ("fee", OURS, "Sekitar pukul sebelas siang. Ada saksi, adik saya ikut.", False),
    ("fee", OURS, "Tidak ada kuitansi sama sekali, uangnya langsung masuk laci.", False),
    ("fee", OURS, "Dua kali diminta: pertama 100 ribu, lalu 50 ribu waktu pengambilan.", False),
    ("fee", OURS, "Saya lupa tanggalnya, awal bulan ini.", False),
    ("fee", OURS, "Nama di seragamnya Dedi kalau tidak salah.", False),
    ("waste", OURS, "Boleh ditelepon kapan saja di 0813 9000 1111, kalau bisa sore.", False),
    ("waste", OURS, "Nomor saya yang kemarin sudah mati, pakai yang ini: 0896 2222 3333", False),
    ("waste", OURS, "Telepon suami saya saja, Pak Eko, 0852-1234-0000.", False),
    ("waste", OURS, "TPS-nya persis di samping lapangan voli, gampang dicari.", False),
    ("waste", OURS, "Saya kerja shift malam jadi tolong telepon setelah jam 2 siang.", False),
    # "I have sent it already", thanks with it, later
    ("lamp", OURS, "sudah saya kirim", False),
    ("road", OURS, "Fotonya sudah saya kirim kemarin lewat email yang sama.", False),
    ("road", OURS, "sudah terlampir di email pertama pak", False),
    ("aid", OURS, "Data itu kan sudah saya tulis di laporan pertama?", False),
    ("aid", OURS, "Sudah saya serahkan ke kantor desa hari Senin.", False),
    ("fee", OURS, "Sudah saya jelaskan semua di surat pertama.", False),
    ("waste", OURS, "Nomor saya kan sudah ada di bawah email saya", False),
    ("lamp", OURS, "Besok saya fotokan tiangnya ya pak, hari ini hujan.", False),
    ("road", OURS, "Nanti sore saya ukur dulu.", False),
    ("aid", OURS, "Sebentar saya tanyakan dulu ke ibu saya.", False),
    # photos
    ("lamp", OURS, "", True),
    ("road", OURS, "Terlampir", True),
    ("road", OURS, "ini fotonya", True),
    ("road", OURS, "Berikut saya kirimkan dokumentasi dari dua arah.", True),
    ("aid", OURS, "Terlampir KK dan KTP ibu saya.", True),
    ("fee", OURS, "Ini tangkapan layar percakapan dengan calonya.", True),
    ("waste", OURS, "Foto TPS pagi ini, sudah meluber ke jalan.", True),
    ("lamp", "IMG_2031.jpg", "", True),
    # annoyed
    ("lamp", OURS, "Ya ampun, cuma lampu mati saja ditanya macam-macam. Datang saja ke gang, semua orang tahu.", False),
    ("road", OURS, "Sudah jelas saya tulis depan pasar, masih tanya sebelah mana. Pasarnya kan cuma satu!", False),
    ("road", OURS, "Kapan diperbaikinya kalau tanya terus?", False),
    ("aid", OURS, "Kenapa dipersulit? Tetangga saya tidak ditanya begini.", False),
    ("aid", OURS, "Percuma kirim data, dari dulu tidak ada hasilnya.", False),
    ("fee", OURS, "Mana ada pungli pakai kuitansi, Pak.", False),
    ("fee", OURS, "Loket mana saja sama, semua minta uang.", False),
    ("waste", OURS, "Tidak usah telepon, suruh truknya datang!", False),
    ("waste", OURS, "Lalat sudah masuk rumah, kok malah minta nomor telepon.", False),
    ("lamp", OURS, "LAMPU GANG MELATI ITU CUMA SATU PAK. TOLONG SEGERA.", False),
    # refuses, fears, withdraws
    ("fee", OURS, "Saya takut kalau nama saya ketahuan, apakah identitas saya aman?", False),
    ("fee", OURS, "Saya tidak berani menyebut nama orangnya.", False),
    ("fee", OURS, "Batalkan saja laporan saya, saya tidak mau ribut.", False),
    ("aid", OURS, "NIK tidak saya berikan lewat email, saya datang langsung saja.", False),
    ("waste", OURS, "Saya keberatan memberi nomor pribadi.", False),
    ("lamp", OURS, "Tidak jadi pak, lampunya sudah menyala tadi malam.", False),
    ("road", OURS, "Sudah ditambal warga sendiri pakai batu.", False),
    ("waste", OURS, "Sudah diangkut barusan, terima kasih.", False),
    # asks back
    ("lamp", OURS, "Nomor tiang itu lihatnya di mana ya?", False),
    ("aid", OURS, "NIK saya atau NIK ibu saya?", False),
    ("aid", OURS, "Apa boleh diwakilkan?", False),
    ("road", OURS, "Ini dari dinas apa ya, resmi tidak?", False),
    ("fee", OURS, "Kalau tidak ada kuitansi apa tetap bisa diproses?", False),
    # under their own subject
    ("lamp", "Alamat lengkap", "Gang Melati no 8 RT 02 RW 07 Kelurahan Sukajadi", False),
    ("road", "Foto menyusul", "HP saya rusak, saya kirim lewat anak saya.", False),
    ("aid", "Data ibu saya", "Sumarni, 62 tahun, alamat Dusun Krajan", False),
    (
        "fee",
        "Kronologi",
        "Tanggal 9 saya datang jam 8, antre sampai jam 10, lalu dipanggil ke dalam dan diminta uang.",
        False,
    ),
    ("waste", "no hp", "085611112222", False),
    ("lamp", "lokasi", "depan rumah pak lurah lama", False),
    # polite and long
    (
        "lamp",
        OURS,
        "Selamat siang Bapak/Ibu. Terima kasih atas tanggapannya. Lokasi yang kami maksud berada di RT 04 RW 02, kurang "
        "lebih 50 meter dari balai warga. Demikian, atas perhatiannya kami ucapkan terima kasih.",
        False,
    ),
    (
        "road",
        OURS,
        "Dengan hormat, menindaklanjuti surat Bapak, dapat kami sampaikan bahwa lubang berada di sisi selatan, berdekatan "
        "dengan pos polisi, dan membahayakan pengendara terutama malam hari.",
        False,
    ),
    (
        "aid",
        OURS,
        "Assalamualaikum. Terima kasih sudah merespons. Nama ibu saya Painem, umur 70 tahun, tinggal sendiri. Untuk yang "
        "mendata setahu saya Pak Carik. Mohon dibantu ya Pak, kasihan beliau.",
        False,
    ),
    (
        "fee",
        OURS,
        "Terima kasih atas balasannya. Kejadiannya tanggal 3 dan 5 November, di ruang pelayanan. Mohon maaf saya tidak "
        "bisa menyebut namanya karena tidak pakai tanda pengenal.",
        False,
    ),
    (
        "waste",
        OURS,
        "Terima kasih Pak sudah ditanggapi. Silakan hubungi saya di 0811-222-333 setelah magrib, saya antar ke tempatnya.",
        False,
    ),
    # English and mixed
    ("lamp", OURS, "It's right next to the mosque gate, pole has no number.", False),
    ("road", OURS, "About one meter wide, on the left side coming from the station", False),
    ("fee", OURS, "Last Tuesday, counter 4, no receipt given", False),
    ("waste", OURS, "yes you can call me, +62 812 000 111", False),
    ("aid", OURS, "Her name is Sulastri, I will send the NIK tomorrow.", False),
    ("lamp", OURS, "Saya sedang di luar kota, adik saya yang akan menunjukkan tempatnya. Namanya Rian.", False),
    ("road", OURS, "Mohon maaf saya sedang sakit, jadi belum bisa ke sana lagi untuk mengukur.", False),
    ("waste", OURS, "Saya ikut saja, yang penting cepat.", False),
)

assert len(ROBOTS) == 60
assert len(ANSWERS) == 120, len(ANSWERS)
