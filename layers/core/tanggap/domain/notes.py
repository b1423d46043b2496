"""What a citizen is told of their mail that we could not read or keep, in a letter's words."""

from __future__ import annotations

from .inbound import Inbound

#: Doubts that the citizen can do something about, in a letter's words.
_NOTES = {
    "too_many_files": "Catatan        : sebagian lampiran melebihi batas; silakan kirim terpisah.",
    "too_many_parts": "Catatan        : surel terdiri atas terlalu banyak bagian; silakan kirim lampiran terpisah.",
    "read_in_part": "Catatan        : surel hanya terbaca sebagian; mohon kirim ulang lampirannya, satu per surel.",
    "encrypted": "Catatan        : surel terenkripsi tidak dapat kami baca; mohon kirim tanpa enkripsi.",
    "not_opened": "Catatan        : sebagian lampiran tidak dapat kami buka; mohon kirim sebagai berkas biasa.",
    "text_cut": "Catatan        : teks sangat panjang; bagian akhirnya hanya tersimpan sebagai arsip.",
}


def notes(inbound: Inbound) -> str:
    lines = [_NOTES[doubt] for doubt in dict.fromkeys(inbound.doubts) if doubt in _NOTES]
    if inbound.left_out:
        lines.append(f"Belum tersimpan : {_named(inbound)}")
    return "\n".join(lines) + ("\n" if lines else "")


def _named(inbound: Inbound) -> str:
    """What was left out, by name as far as there is one. Of too many parts not all are counted either."""
    named = [name for name in inbound.left_out if name != "?"]
    others = inbound.left_out_count - len(named)
    count = f"lebih dari {others}" if "too_many_parts" in inbound.doubts else str(others)
    if not named:
        return f"{count} lampiran"
    return ", ".join(named) + (f", dan {count} lainnya" if others else "")
