"""Machines that say so by no header and in no sentence that we know, and people who say nearly the same."""

from __future__ import annotations

from time import perf_counter

import pytest

from tanggap.adapters.mail import headers, robot_evidence, robot_families, robots

OURS = "Re: [TGP-WU7SAGAAB] Laporan Anda diteruskan"
TOKEN = ("lapor+mfrggzdfmztwq2lk@desa-contoh.example",)


def sign(text: str, subject: str = "", block: bytes = b"", recipients: tuple[str, ...] = ()) -> str:
    found, _ = headers.split(block + b"\r\n\r\n", 0, len(block) + 4)
    return robots.sign(found, "a@warga.example", "a@warga.example", subject, text, None, recipients)


#: Known in a first mail too.
MACHINES = [
    (
        "Mohon maaf, sejak Senin saya dirawat di rumah sakit sehingga belum dapat membuka email. Hal-hal "
        "mendesak dapat disampaikan kepada Bu Ratna, ratna@kantor2.example."
    ),
    (
        "Terima kasih sudah menulis. Saya memasuki masa purnabakti per 1 Oktober 2026 dan alamat ini tidak "
        "dipakai lagi. Surat dinas mohon dialamatkan ke sekretariat@instansi.example."
    ),
    (
        "Saya sedang bed rest atas anjuran dokter sampai 12 Desember 2026, email tidak saya cek setiap hari. "
        "Untuk urusan kantor bisa ke Mas Agus (agus@kantor2.example)."
    ),
    (
        "Salam. Saya telah dimutasi ke unit lain. Mulai 1 November 2026 korespondensi mengenai perizinan "
        "silakan ditujukan kepada Kepala Seksi Perizinan, perizinan@instansi.example. Terima kasih."
    ),
    (
        "Yth. Pengirim, saya sedang melaksanakan tugas di luar daerah s.d. tgl 28/11/2026 dg sinyal terbatas."
        " Pesan Anda akan sy balas sekembalinya. Tks."
    ),
    "sy lg cuti smp tgl 5 des, email sy balas stlh masuk kantor. utk yg urgent wa admin 0812xxxx. tks",
    (
        "Saya sedang studi lanjut hingga Agustus 2027 dan jarang membuka surel ini. Silakan menghubungi Plt. "
        "Kabid, Bapak Hendra."
    ),
    ("Maaf, saya sedang dalam perjalanan ke luar negeri dan baru bisa membaca pesan Anda pada Senin, 7 Desember 2026."),
    (
        "Kantor kami tutup dalam rangka Natal dan Tahun Baru mulai 24 Desember 2026 hingga 3 Januari 2027. "
        "Surel yang masuk akan kami jawab setelah kantor kembali buka."
    ),
    (
        "Sehubungan dengan libur nasional, layanan surel kami berhenti sementara dan dibuka lagi Rabu 2 "
        "Desember 2026. Pesan Bapak/Ibu akan ditanggapi sesuai urutan masuk."
    ),
    (
        "Anda menghubungi kami di luar jam layanan. Petugas kami akan membalas pesan Anda pada hari kerja "
        "berikutnya pukul 08.00 WIB."
    ),
    (
        "Terima kasih telah menghubungi layanan nasabah Bank Contoh. Pesan Anda sudah masuk ke antrean kami. "
        "Petugas akan merespons dalam 2x24 jam."
    ),
    ("Pengaduan Anda nomor 7723410 sudah kami disposisikan kepada Dinas Pekerjaan Umum untuk ditindaklanjuti."),
    (
        "Permintaan Anda telah tercatat dengan nomor REQ-00981. Perkembangannya bisa dilihat di "
        "https://helpdesk.example/req/981."
    ),
    (
        "Hai Budi,\n"
        "\n"
        "Tiket baru dengan ID #55213 sudah dibuat atas nama Anda.\n"
        "Judul: Laporan Anda diteruskan\n"
        "Prioritas: Normal\n"
        "Status: Terbuka\n"
        "\n"
        "Klik tautan berikut untuk melihat tiket: https://bantuan.example/t/55213"
    ),
    (
        "Laporan Anda dengan kode LPR99120 sedang diverifikasi oleh admin. Kami akan mengirim pemberitahuan "
        "jika ada perubahan status."
    ),
    "Aduan Anda telah ditutup. Bila belum puas, buka kembali tiket dari portal dalam waktu 7 hari.",
    (
        "Permohonan informasi Saudara sudah kami registrasi dengan Nomor 112/PPID/XI/2026. Jawaban tertulis "
        "disampaikan paling lambat 10 hari kerja."
    ),
    (
        "[Ticket#2026112200017] Kami sudah menerima permintaan Anda dan agen kami segera menanganinya. Harap "
        "pertahankan nomor tiket pada subjek."
    ),
    (
        "I am away at a conference this week and will be slow to answer. For anything pressing write to "
        "office@corp.example."
    ),
    ("I retired on 30 September 2026. This account is closed; kindly direct correspondence to reception@corp.example."),
    ("Thanks for your note! I'm off sick and not checking messages. My colleague Tom (tom@corp.example) can help."),
    (
        "Our offices are closed for the holidays and reopen on 4 January 2027. We will respond to your "
        "message when we return."
    ),
    (
        "Your case 00412345 has been escalated to the responsible department. You can follow its progress in "
        "the customer portal."
    ),
    (
        "Hello,\n"
        "\n"
        "We've got your request (48213). A member of our support staff will look into it.\n"
        "To add comments, reply above this line or visit https://help.example/48213."
    ),
    (
        "I will be on paternity leave through 15 January and have no access to email. Contact my manager, "
        "lee@corp.example, if it cannot wait."
    ),
    "You have reached an unattended mailbox. Mail sent here is discarded.",
    (
        "Vielen Dank für Ihre Nachricht. Ich bin bis zum 4. Dezember 2026 nicht im Büro. Ihre E-Mail wird "
        "nicht weitergeleitet. In dringenden Fällen wenden Sie sich an zentrale@firma.example."
    ),
    (
        "Ik ben afwezig tot 7 december en lees mijn e-mail niet. Neem voor dringende zaken contact op met "
        "kantoor@bedrijf.example."
    ),
    ("Je suis absent du bureau jusqu'au 2 décembre. En cas d'urgence, veuillez contacter accueil@societe.example."),
    (
        "Saya akan kembali bertugas pada 1 Desember 2026. Selama itu surat elektronik tidak terbaca; untuk "
        "kebutuhan segera harap kontak Sdri. Maya di ext. 214."
    ),
    (
        "Akun email ini sudah dinonaktifkan karena pemiliknya tidak lagi menjadi pegawai kami. Silakan kirim "
        "ulang pesan Anda ke info@perusahaan.example."
    ),
    (
        "Yth. Bapak/Ibu Nasabah, terima kasih telah menghubungi Halo Contoh. Nomor laporan Anda: "
        "CX-2026-441902. Kami akan memberikan informasi selanjutnya paling lambat 14 hari kerja."
    ),
    (
        "Dear Customer,\n"
        "\n"
        "Your email has been forwarded to our claims unit under reference CLM/88/2026. Expect an answer "
        "within five working days.\n"
        "\n"
        "Customer Care"
    ),
    ("Email Anda masuk di luar jam operasional kami (Senin-Jumat 08.00-17.00). Kami akan membacanya besok pagi."),
    (
        "Nomor ini khusus notifikasi. Untuk pertanyaan seputar tagihan hubungi 1500-000 atau kunjungi kantor "
        "cabang terdekat."
    ),
    (
        "Terima kasih atas partisipasi Saudara. Aduan nomor 2026-11-00871 telah diverifikasi dan diteruskan "
        "ke Inspektorat. Status dapat dicek melalui aplikasi SIPADU."
    ),
    (
        "Laporan Saudara telah selesai ditindaklanjuti oleh instansi terkait. Mohon berikan penilaian pada "
        "laman lapor.example dalam 10 hari."
    ),
    (
        "Sekolah libur semester 14 Desember 2026 s.d. 2 Januari 2027. Surat dan email akan kami layani "
        "kembali hari Senin, 4 Januari 2027."
    ),
    ("RSUD Contoh mengucapkan terima kasih atas masukan Anda. Masukan Anda sudah kami sampaikan kepada unit terkait."),
    ("Permohonan Anda berstatus: DIPROSES. Nomor registrasi 3171-2026-0091. Pantau melalui https://layanan.example"),
    "Surat Bapak/Ibu sudah terdaftar di sistem persuratan kami dengan nomor agenda 0912. Terima kasih.",
    "Kami informasikan bahwa tiket Anda #77120 telah ditugaskan kepada petugas kami, Sdr. Wahyu.",
    ("Pengaduan Anda sedang dalam proses tindak lanjut oleh Dinas Perhubungan. Estimasi penyelesaian 5 hari kerja."),
    (
        "Halo, saya lagi umroh sampai tgl 30. Email baru saya buka setelah pulang. Yang penting2 bisa WA ke "
        "Pak Anwar 0811xxxx"
    ),
    "Saya off hari ini. Besok baru bisa balas ya. Terima kasih",
    (
        "Ass. Wr. Wb. Mohon maaf, saya sedang mengikuti pendidikan dan pelatihan di Jakarta hingga 18 "
        "Desember 2026, sehingga respons terhadap surel mungkin terlambat. Wassalam."
    ),
    (
        "Terhitung 1 Desember 2026 saya resign dari perusahaan ini. Semua komunikasi pekerjaan dapat "
        "dialihkan ke rina@perusahaan.example. Sukses selalu!"
    ),
    ("Turut berduka, keluarga kami sedang berkabung sehingga saya belum bisa merespons email sampai pekan depan."),
    "Mailbox saya penuh dan jarang dibuka. Kirim saja ke alamat dinas: umum@instansi.example",
    "I'm out today with limited signal, back Thursday. If it's urgent text my assistant Joan.",
    (
        "Thank you for your email. I am on annual leave, returning Monday 7 December. Your message has not "
        "been forwarded."
    ),
    "Hi! I only check this inbox on Fridays. If you need something sooner, call the front desk.",
    (
        "I have left Example Corp. Your message was not delivered to another person; please resend it to "
        "team@corp.example."
    ),
    (
        "Incident INC0998812 has been opened on your behalf.\n"
        "Short description: Laporan Anda selesai\n"
        "Priority: 4 - Low\n"
        "Click here to view: https://snow.example/INC0998812\n"
        "Ref:MSG12345"
    ),
    (
        "Your request has been updated.\n"
        "\n"
        "To review the status of the request, follow the link below:\n"
        "https://help.example/requests/5511"
    ),
    (
        "##- Please type your reply above this line -##\n"
        "\n"
        "Your request (5511) has been received and is being reviewed by our support staff."
    ),
    (
        "We would like to acknowledge that we have received your request and a ticket has been created. A "
        "support representative will be reviewing your request and will send you a personal response."
    ),
    (
        "Tiket Anda [#88213] sudah kami tutup karena tidak ada tanggapan dalam 3 hari. Balas email ini untuk "
        "membukanya kembali."
    ),
    "Guten Tag, Ihre Anfrage wurde unter der Nummer 2026-4411 erfasst. Wir melden uns in Kürze.",
    (
        "Mohon maaf saya sedang sakit dan tidak dapat membalas email sampai tanggal 3 Desember 2026. Untuk "
        "keperluan mendesak silakan hubungi Sdr. Joko di 0812345678."
    ),
    (
        "Saya sudah pensiun sejak 1 Oktober 2026. Alamat email ini tidak aktif lagi. Silakan menghubungi Dewi"
        " di dewi@kantor.example."
    ),
    ("Kantor kami tutup dalam rangka Idul Fitri 1448 H. Email Anda akan kami balas setelah kantor buka kembali."),
    (
        "I am on parental leave until January 2027 and will not be reading this mailbox. Please contact "
        "hr@corp.example instead."
    ),
    "Pengaduan Anda dengan nomor 8812345 telah kami teruskan ke instansi terkait.",
    (
        "Tiket INC0012345 telah dibuat untuk permintaan Anda. Anda dapat memantau status tiket di "
        "https://layanan.example/tiket."
    ),
    (
        "Terima kasih, email sudah masuk. Dosen yang bersangkutan sedang sabatikal; urusan akademik silakan "
        "melalui tata usaha, tu@kampus.example."
    ),
    ("Kami telah menerima lamaran dan pesan Anda. Tim rekrutmen hanya akan menghubungi kandidat yang lolos."),
    (
        "Terima kasih sudah menghubungi PLN Contoh. Laporan gangguan Anda G5212611220 sudah diteruskan ke "
        "petugas lapangan."
    ),
    "Klaim asuransi Anda nomor 90112 sedang kami telaah. Hasilnya disampaikan paling lama 14 hari kerja.",
    (
        "Selamat siang, saya sedang isolasi mandiri, jadi pekerjaan kantor ditangani Mbak Rini, "
        "rini@kantor2.example. Pesan yang masuk saya baca minggu depan."
    ),
    (
        "Halo, mulai hari ini saya ditugaskan di luar provinsi selama tiga bulan. Email jarang terbaca. Mohon"
        " kontak staf saya untuk keperluan dinas."
    ),
    (
        "Anda menerima pesan ini karena menulis ke alamat layanan kami. Nomor antrean Anda: A-0192. Jangan "
        "membalas email ini."
    ),
    "Kasus Anda telah diselesaikan. Jika masalah masih terjadi, balas dalam 3 hari untuk membukanya lagi.",
    (
        "Yth. Pelapor, laporan Anda telah didisposisi kepada Dinas Lingkungan Hidup dan menunggu tanggapan. "
        "Pantau di aplikasi JAKI."
    ),
    "Sorry I missed you. I'm travelling with patchy wifi and will catch up on mail after 9 December.",
    "Your enquiry has been logged as Q-22119 and passed to the duty officer.",
    "Ticket 88231 has been merged into 88102. You will receive further updates there.",
    (
        "Terima kasih atas surel Anda. Saya sedang mendampingi keluarga di rumah sakit dan akan membalas "
        "setelah tanggal 1 Desember 2026."
    ),
    "Saya sedang tugas lapangan di Papua dengan sinyal terbatas. Email akan dibaca minggu depan.",
    (
        "Kantor pertanahan tutup selama cuti bersama 24-26 Desember. Permohonan yang masuk akan diproses pada"
        " hari kerja pertama."
    ),
    "Email ini dijawab oleh sistem. Petugas kami akan menghubungi Anda paling lambat besok.",
    "Laporan Anda #A1192 telah selesai. Terima kasih telah membantu kota kami.",
    "Permintaan data Saudara telah diterima dengan nomor 88/PPID. Mohon menunggu maksimal 10 hari kerja.",
    (
        "Pengaduan Saudara sudah kami limpahkan kepada Polsek setempat. Untuk informasi lebih lanjut hubungi "
        "call center 110."
    ),
    "Tiket Anda menunggu tanggapan. Klik tautan https://help.example/7781 untuk menjawab.",
    "Status laporan Anda berubah menjadi DIKERJAKAN. Lihat perkembangan di https://lapor.example/7781",
    "saya lg dinas ke surabaya, email baru bs dibaca kamis. klo urgent wa sy aja",
    "Pesan ini dibalas otomatis karena saya sedang rapat kerja di luar kota.",
    (
        "Hi, thanks for getting in touch. I'm on sabbatical until summer 2027 and will not answer email. My "
        "deputy is jane@uni.example."
    ),
    (
        "Our team has received your email and assigned case number 5518822. Please keep this number in the "
        "subject of any reply."
    ),
    "I am currently in training with little time for email; expect delays until Wednesday.",
    "This inbox is no longer used. Write to support@shop.example.",
    "Your ticket has been solved. If you think it is not, just reply within 5 days.",
    "Merry Christmas! We are closed from 24 December to 2 January and will answer your email after that.",
    "Ich bin im Urlaub und ab dem 7. Dezember wieder erreichbar. Ihre Nachricht wird nicht gelesen.",
    ("Je suis en congé jusqu'au 7 décembre. Votre message ne sera pas lu. Contactez accueil@mairie.example."),
    ("Estoy de vacaciones hasta el 7 de diciembre y no leeré el correo. Para urgencias escriba a info@ayto.example."),
    "Terima kasih telah menghubungi SMK Contoh. Pesan Anda akan kami teruskan ke bagian kesiswaan.",
    "Halo kak, chat dan email di luar jam kerja akan dibalas besok mulai jam 8 ya.",
]
#: Known on a case; in a first mail they are given the benefit of the doubt.
MACHINES_ON_A_CASE = [
    "Saya sedang cuti melahirkan. Tugas saya diambil alih Sdri. Nia (nia@kantor2.example).",
    ("Please note I have moved to a different department. For licensing questions email licensing@agency.example."),
    ("Saya dalam masa cuti besar. Pak Herman menjadi pelaksana harian dan dapat dihubungi pada 021-5550000."),
    "Greetings! The library is closed for renovation through March. Emails are answered once a week.",
    ("Thank you for contacting City Services. Our hours are 8-5. We aim to reply within three business days."),
    "This employee is no longer with the company. Please send future correspondence to info@corp.example.",
    (
        "Yth. Mitra, saya sudah tidak menjabat sebagai PPK. Seluruh surat mohon dikirim ke pejabat baru: "
        "ppk@balai.example."
    ),
    (
        "Thank you for your report. It has been assigned reference FS-4471 and you can track it at "
        "https://fix.example/4471."
    ),
]
PEOPLE = [
    "saya sedang sakit dan tidak bisa ke kantor kelurahan, apa boleh diwakilkan anak saya",
    "petugas bilang hubungi Dinas X saja",
    "kantor kelurahan tutup, padahal hari kerja",
    "tiket pengaduan saya nomor 123 belum dijawab",
    "sampai tanggal 3 Desember air tidak mengalir",
    "saya pensiun sejak 2020 dan gaji pensiun belum cair, hubungi saya di 0812",
    (
        "Saya sedang dirawat di RSUD sampai Jumat dan perawat menyuruh saya beli obat sendiri di luar. Mohon "
        "ditindaklanjuti."
    ),
    (
        "Saya sudah pensiun. Alamat saya pindah ke Jl. Melati 3, bansos tetap dikirim ke alamat lama yang "
        "tidak aktif lagi."
    ),
    (
        "Email saya ke dinas tidak dibalas. Nomor telepon kantor tidak aktif lagi. Silakan hubungi saya di "
        "0812-1111-2222."
    ),
    (
        "Saya tidak dapat membalas email dengan cepat karena sinyal di kampung susah, jadi silakan telepon "
        "saya saja di 0813-0000-1111. Fotonya saya lampirkan."
    ),
    "Saya sakit sampai hari Kamis. Petugas boleh datang sesudah itu, hubungi istri saya 0812-0000-2222.",
    "Kantor desa kami tutup sejak Idul Fitri dan warga tidak bisa mengurus surat.",
    ("Pengaduan saya nomor 8812345 di LAPOR telah diteruskan ke instansi terkait sejak Maret dan jalannya masih sama."),
    (
        "Saya dapat balasan begini: Pengaduan Anda dengan nomor 8812345 telah kami teruskan ke instansi "
        "terkait. Sudah tiga bulan begitu saja."
    ),
    "Tiket INC0012345 telah dibuat untuk permintaan saya bulan lalu, listrik di rumah masih padam.",
    "Status tiket saya di portal selesai, lubangnya masih ada. Anda dapat memantau sendiri di lapangan.",
    "Saya cuti sampai 5 Desember jadi ada di rumah terus. Petugas bisa survei kapan saja.",
    "Maaf baru membalas, saya baru pulang dari luar kota. Lampunya menyala dua hari lalu padam lagi.",
    "Silakan menghubungi Ketua RT 03 Bapak Slamet 0812-3333-4444 sebagai saksi.",
    "Bidan desa cuti melahirkan, penggantinya datang seminggu sekali. Ibu hamil di sini harus ke kota.",
    "Dokter di puskesmas pensiun dan loketnya ditutup. Kami disuruh menghubungi RSUD.",
    "Loket tutup dalam rangka apa? Tidak ada pengumuman.",
    "Kami sudah menerima bantuan, hanya tiga karung, yang dijanjikan lima.",
    "I am ill and cannot come to your office. The water has been brown since Monday.",
    "I am away until Friday, the neighbours will let your people in.",
    "My ticket 00412345 has been escalated twice and nothing happened. Please contact me on 0812 000 111.",
    "The village office is closed for the holiday and my mother needs a referral letter.",
    "Anda menutup laporan saya. Jalan belum dikerjakan.",
    "Terima kasih atas balasannya. Saya sedang di luar daerah, foto saya kirim setelah kembali.",
    ("Nomor tiket: 55213\nStatus: selesai\nKenyataan: selokan tetap mampet"),
    "Mohon maaf saya lama membalas, sedang sakit. KTP sudah saya kirim tanggal 3, mohon dicek.",
    (
        "Saya guru honorer, tidak bekerja lagi di SD itu sejak Juli. Honor bulan Mei dan Juni ditahan kepala "
        "sekolah. Silakan hubungi dinas pendidikan untuk datanya."
    ),
    "Sy lg sakit pak, mhn bantuan obat, alamat msh sama. wa sy 0812xxxx",
    "Kami tidak akan membalas email lagi kalau begini caranya. Tutup saja laporannya.",
    "Mohon laporan kami nomor 14 diteruskan ke instansi terkait. Kami akan menunggu sampai hari Senin.",
    (
        "Surat kami sudah diterima petugas dengan nomor 112/XI/2026, jawaban tertulis dijanjikan 10 hari "
        "kerja dan lewat."
    ),
    "Pak, saya lagi di luar kota sampai Minggu. Nanti saya balas lagi kalau sudah di rumah.",
    "Sudah saya terima emailnya, besok saya kirim fotokopi KTP ke kantor kelurahan.",
    "Email dari dinas sudah kami terima. Tapi isinya cuma nomor.",
    "Saya tidak bisa membuka portal untuk cek status, muncul error. Mohon bantuannya.",
    "Nomor registrasi saya 3171-2026-0091, statusnya diproses terus dari bulan Agustus.",
    "Sekolah anak saya libur terus gurunya, padahal belum masa liburan.",
    "RSUD tutup pendaftaran jam 10, pasien dari desa tidak kebagian nomor.",
    ("Bapak/Ibu Yth, permohonan akta kelahiran telah kami ajukan sejak September dan sampai kini belum terbit."),
    "Petugas PLN bilang akan menghubungi saya dalam 2x24 jam, ini sudah seminggu.",
    (
        "Kami warga RT 05 memohon agar aduan nomor 2026-11-00871 ditindaklanjuti. Silakan menghubungi Pak "
        "Darto, 0812-9999-0000."
    ),
    "Mohon maaf email saya yang kemarin salah kirim. Yang benar lokasinya di Jl. Kenanga.",
    "Alamat email saya ganti, yang lama tidak aktif. Tolong balas ke alamat ini.",
    "Saya resign dari pabrik tanggal 1 Desember, pesangon belum dibayar. HRD tidak membalas email saya.",
    "Ibu saya opname di RSUD, BPJS-nya ditolak. Mohon segera dibantu, mendesak.",
    "Untuk hal mendesak seperti kebakaran, nomor 113 tidak ada yang angkat.",
    "Laporan Anda sudah kami terima, begitu terus jawabannya setiap saya kirim email.",
    "Saya guru, sedang cuti melahirkan, tunjangan saya dipotong. Silakan cek ke bendahara dinas.",
    "Kotak saran di puskesmas tidak pernah dibuka dan tidak dibaca.",
    "Terima kasih atas email Bapak. Kami akan menunggu kedatangan petugas hari Rabu.",
    "Terima kasih atas balasannya. Saya akan kirim dokumen setelah kembali dari Medan tanggal 5.",
    "Boleh minta nomor tiketnya? Saya mau cek di portal.",
    "Layanan adminduk di kecamatan tutup dalam rangka cuti bersama, kok tidak ada pemberitahuan.",
    ("Saya sakit stroke sejak 2024, tidak bisa bekerja lagi, mohon bantuan sosial. Bisa hubungi kepala dusun."),
    "Jadwal pengambilan e-KTP saya tanggal 3 Desember, saya dinas luar, apakah bisa diwakilkan?",
    (
        "Pengaduan tentang parkir liar: sudah saya sampaikan ke Dishub lewat email dishub@kota.example dan "
        "belum dibalas."
    ),
    "Silakan hubungi admin@pasarcontoh.example untuk rekaman CCTV, kejadian tanggal 12 malam.",
    "Data saya di aplikasi berstatus meninggal. Saya masih hidup. Nomor registrasi 0912.",
    "Please resend the form, I could not open the attachment.",
    (
        "I have moved to another house and the water meter is still under my name. Contact my landlord at "
        "owner@rent.example."
    ),
    "I will be home on Monday and will reply with the photos then.",
    "Your officer said the request was closed. It is not fixed.",
    "My father is in hospital and I can't read your long letter now. What do you need from me?",
    "Ya, hari Senin bisa. Saya tunggu di lokasi.",
    ("Saya akan membalas surat dinas itu setelah musyawarah desa. Keputusan warga menolak pembangunan tower."),
    "Saya kehilangan HP, nomor lama tidak aktif. Email ini saja.",
    ("Lokasi: Jl. Anggrek 5\nTanggal: 12 November\nKejadian: kabel listrik menjuntai\nNomor pelanggan: 5123"),
    (
        "Kantor kami, koperasi tani, tidak dapat mengakses email pemerintah karena jaringan terbatas. Kapan "
        "menara dibangun"
    ),
    "Permintaan informasi publik: mohon salinan APBDes 2026. Jawaban dapat dikirim ke alamat email ini.",
    (
        "Dengan hormat, bersama ini kami sampaikan permohonan perbaikan jembatan. Informasi lebih lanjut "
        "dapat menghubungi Sekretaris Desa, sekdes@desa2.example. Terima kasih atas perhatian Bapak."
    ),
    ("Sesuai permintaan Anda, KTP dan KK sudah kami kirim lewat pos dengan nomor resi JX1234. Silakan dilacak."),
    "Kepada admin, akun saya di aplikasi JAKI tidak aktif, tidak bisa memantau laporan.",
    "Saya ditugaskan RT mengumpulkan data warga miskin. Data terlampir, mohon diteruskan ke dinas sosial.",
    "Baik Pak, berkasnya sudah kami lengkapi dan sudah kami kirim lewat email tadi pagi.",
    "Listrik di kantor kami padam dari pagi, email tidak bisa dibuka, laporan ini saya kirim dari HP.",
    "Petugas belum datang, kata operator 3 hari kerja. Ini hari keenam.",
    "Saya belum membaca surat Bapak karena sedang di sawah. Nanti malam saya baca.",
    "Nomor laporan G5212611220, lampu jalan depan masjid masih mati.",
    "Mohon nomor tiketnya dikirim ke email ini. Terima kasih.",
    "Terima kasih infonya. Selama saya di luar kota yang menunggu rumah adik saya.",
    "Sdr. Joko dari kelurahan sulit dihubungi, nomornya 0812345678 tidak aktif.",
    "Saya mau melapor perihal jalan rusak, bisa lewat email ini?",
    "Klaim BPJS saya nomor 90112 ditelaah terus tanpa hasil.",
    "Perpustakaan desa tutup untuk renovasi sampai Maret, anak-anak mau belajar di mana.",
    ("Kami dari kampus mengundang Bapak pada seminar 12 Desember. Konfirmasi kehadiran ke tu@kampus.example."),
    "Pelaksana harian kepala desa, Pak Herman, meminta uang untuk surat pindah.",
    "Sudah saya balas kemarin pak, silakan dicek lagi. Alamatnya Jl. Sawo 12.",
    ("Untuk keperluan sekolah anak kami butuh surat keterangan, kelurahan bilang sistem offline sampai Senin."),
    "Yang bersangkutan sudah pensiun dan pindah ke Medan. Silakan kontak keluarganya di 0813-1212-1212.",
    "Could you send the answer to my new address budi@warga.example? The old one is no longer in use.",
    "I have read your message. Monday at ten is fine for me.",
    "My request was logged as Q-22119. Nobody has called since.",
    "We are closed on Sundays, so your inspector may come any other day.",
    "Saya tunggu balasannya sampai hari Jumat, kalau tidak saya ke Ombudsman.",
    "Saya baru kembali dari haji dan tanah saya sudah dipatok orang. Kepada siapa saya melapor.",
    "Laporan saya ditutup dengan alasan sudah dihubungi. Saya tidak pernah dihubungi petugas.",
    "Saya kirim ulang pesan saya karena yang kemarin belum dibaca. Lokasi di Gang Mawar.",
    "Email Anda saya terima. Saya tidak setuju laporan ditutup.",
    "Tolong sampaikan ke Bu Ratna, ratna@dinas.example, bahwa air kembali mengalir sejak Selasa.",
    "Pak, status laporan di aplikasi berubah menjadi dikerjakan, di lapangan sepi.",
    "Saya sedang mendampingi ibu di rumah sakit. Kamar kelas tiga penuh dan kami disuruh bayar.",
    "Saya menjabat ketua RT 02, melaporkan drainase buntu. Email balasan bisa ke alamat ini.",
    "Kantor pertanahan tutup terus, berkas sertifikat tanah saya dari 2024.",
    "Petugas sudah menghubungi saya dan berjanji datang besok. Saya tunggu.",
    "Terima kasih, lampu sudah menyala sejak Selasa. Laporan boleh ditutup.",
    "Permintaan saya soal salinan anggaran sudah lewat 10 hari kerja.",
    "Polsek menolak laporan saya, disuruh ke call center 110.",
    "Saya tidak bisa klik tautan yang Bapak kirim. Mohon dikirim lewat WA.",
    "Saya ke Surabaya sampai Kamis, surveinya Jumat saja.",
    "Emailnya sudah saya baca Bu. Fotokopi KK menyusul besok.",
    "Maaf, saya baru buka email. Ya, setuju dijadwalkan hari Rabu.",
    "Guru SMK Contoh meminta sumbangan, katanya untuk kesiswaan.",
    "Mohon maaf mengganggu di luar jam kerja. Ada pohon tumbang di Jl. Sawo.",
    "Kami tidak menerima balasan apa pun sejak 1 Desember.",
    "Saya transmigran di Papua, sinyal terbatas, mohon menara BTS.",
    "Anda bisa cek sendiri di lapangan, jalan itu rusak parah.",
    "My deputy head teacher demands money for exam forms.",
    "We received your letter. The drain was cleaned but the smell remains.",
    "I have been assigned reference FS-4471. What happens next?",
    "Your staff closed my ticket without visiting.",
    "I'm in training camp until Wednesday, so please come on Thursday.",
    ("Terima kasih atas surat Saudara. Keterangan yang diminta: luas tanah 200 m2, atas nama almarhum ayah."),
    "Saya setuju data saya diteruskan ke Dinas Sosial.",
    "Nomor 5518822 itu nomor pelanggan PDAM saya, tagihannya dua kali lipat.",
    "Dokter spesialis cuti sampai Januari, obat ibu habis.",
    "Jawaban saya: rumah menghadap barat, cat hijau. Bisa dihubungi di 0812-4545-4545.",
    "Balasan ini saya kirim dari email anak karena email saya tidak bisa dibuka.",
    "Terima kasih Pak atas balasannya. Saya sedang di kantor, nanti sore saya balas lengkap.",
    "Baik, email Bapak sudah saya terima. Saya akan lengkapi berkas minggu depan.",
    "Mohon maaf baru membalas email Bapak. Saya baru pulang dari rumah sakit.",
    "Saya jarang buka email, tolong telepon saja ke 0812-1010-1010.",
    "Saya jarang membuka email. Kalau ada perkembangan WA saya saja.",
    "Saya tidak bisa membalas panjang karena sedang kerja. Intinya belum beres.",
    "Email saya yang lama sudah tidak aktif. Gunakan alamat ini: budi.baru@warga.example.",
    ("Laporan sudah saya kirim lewat portal dengan nomor 8812345. Silakan dicek di https://lapor.example/8812345"),
    "Ini nomor tiket yang Bapak minta: INC0012345.",
    "Nomor tiket INC0012345",
    "Status di portal: selesai. Di lapangan nihil.",
    "Saya tidak di rumah sampai Kamis. Kunci pagar ada di ketua RT, silakan masuk.",
    "Saya dirawat di RSUD sampai Senin, jadi tidak bisa membaca surat panggilan. Mohon diundur.",
    "Saya akan kembali tanggal 5 dan akan mengirim dokumen yang diminta.",
    "Untuk informasi lebih lanjut bisa menghubungi ketua kelompok tani, Pak Sarmin 0812-2020-2020.",
    "Untuk data lengkap silakan hubungi bendahara sekolah di smp2@sekolah.example.",
    "Saya sudah pindah tugas ke Palu, urusan tanah ini dikuasakan kepada adik, rudi@warga.example.",
    "Saya pensiunan PNS. SK pensiun salah nama. Alamat email ini aktif terus.",
    "Saya menunggu jawaban Anda paling lambat hari Jumat.",
    "Apabila tidak ada jawaban, surat ini akan kami teruskan ke Ombudsman.",
    "Kami akan meneruskan laporan ini ke media.",
    "Terima kasih sudah menghubungi saya kemarin. Petugasnya ramah.",
    "I got your message. I will reply in full when I get back from work.",
    "I can't open the link in your email, please send the form as a file.",
    "I am in hospital until Monday and cannot read the notice you sent. Please give me more time.",
    "I no longer live at that address. Please update the record.",
    "Please contact my daughter at rina@mail.example, she has the photos.",
    "Your message says the case is closed, but nobody came.",
    "Anda salah kirim surat. Itu bukan nama saya.",
    "Data saya sudah diperbaiki, terima kasih. Nomor NIK masih keliru satu angka.",
    "Jadwal sidang saya hari Senin sampai Rabu, jadi baru bisa ke kantor Kamis.",
    "Ya, saya bersedia dihubungi lewat email atau telepon kapan saja pada jam kerja.",
    "Untuk keperluan mendesak warga RT 4 tidak ada ambulans.",
    "Kantor kami (koperasi) buka jam kerja, petugas bisa datang kapan pun.",
]


@pytest.mark.parametrize("text", MACHINES + MACHINES_ON_A_CASE)
def test_a_machine_on_a_case_is_known_by_what_it_speaks_of(text: str) -> None:
    assert sign(text, OURS) in ("text", "evidence")
    assert sign(text, "Halo", b"In-Reply-To: <1@x>") in ("text", "evidence")
    assert sign(text, "Halo", recipients=TOKEN) in ("text", "evidence")


@pytest.mark.parametrize("text", MACHINES)
def test_a_machine_that_writes_first_is_known_by_more(text: str) -> None:
    assert sign(text, "Halo") in ("text", "evidence")


@pytest.mark.parametrize("text", MACHINES_ON_A_CASE)
def test_in_a_first_mail_less_evidence_is_a_persons(text: str) -> None:
    assert sign(text, "Halo") == ""


@pytest.mark.parametrize("text", PEOPLE)
def test_a_person_who_says_nearly_the_same_is_heard(text: str) -> None:
    for subject in (OURS, "Laporan", ""):
        assert sign(text, subject) == "", subject
    assert sign(text, OURS, b"In-Reply-To: <1@x>", TOKEN) == ""


@pytest.mark.parametrize("text", MACHINES[:40:4])
@pytest.mark.parametrize(
    "more",
    [
        "Atap dapur rubuh semalam.",
        "Airnya makin keruh.",
        "Kapan petugas datang?",
        "Fotonya saya kirim besok.",
        "Rumah saya di gang buntu.",
        "The well has run dry.",
    ],
)
def test_one_sentence_of_ones_own_in_a_first_mail_and_a_person_wrote_it(text: str, more: str) -> None:
    assert sign(f"{text}\n\n{more}", "Laporan") == ""
    assert sign(f"{more} {text}", "Laporan") == ""


@pytest.mark.parametrize("subject", ["Fwd: Laporan Anda", "Fw: x", "Terusan: x"])
def test_what_is_passed_on_was_sent_by_a_person(subject: str) -> None:
    assert robot_evidence.adds_up("Laporan Anda", MACHINES[9], False)
    assert not robot_evidence.adds_up(subject, MACHINES[9], False)
    passed_on = f"---------- Forwarded message ---------\nDari: Dinas\n\n{MACHINES[9]}"
    assert not robot_evidence.adds_up("Laporan Anda", passed_on, False)


def test_a_subject_with_a_matter_of_its_own_is_a_persons_report() -> None:
    assert robot_evidence.adds_up("Halo", MACHINES[9], False)
    assert not robot_evidence.adds_up("Pengaduan saya dibiarkan, sampah menumpuk", MACHINES[9], False)


def test_every_family_is_told_by_some_machine() -> None:
    said = {family for text in MACHINES for family in robot_evidence._weigh(text, 1)[0]}
    assert said >= {family for family, _, _ in robot_families.FAMILIES}


def test_every_kind_of_word_is_asked_for_by_some_family() -> None:
    asked = {name for _, wanted, unwanted in robot_families.FAMILIES for name in (*wanted, *unwanted)}
    assert asked == set(robot_families.WORDS)


@pytest.mark.parametrize(
    "piece", ["email anda ", "tiket 1 ", "tidak ", "anda. ", "x@y.z ", "akses ke ", "hubungi ", "#1 ", "s.d. ", "jika "]
)
def test_a_hostile_text_costs_little(piece: str) -> None:
    started = perf_counter()
    sign((piece * 1_500)[:1_500], OURS)
    sign((piece * 100_000)[:100_000], OURS)
    assert perf_counter() - started < 0.25
