"""Does a reporter say that a matter is not settled? Listed cues, for a mark and for who is told: they decide nothing. A
cue that is missed costs neither the reopening nor a deadline."""

from __future__ import annotations

import re
from itertools import pairwise

from .thanks import SETTLED


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Before a word of being settled at most so many others: "belum juga ada yang diperbaiki".
REACH = 4
#: Indonesian and its slang, Javanese, Sundanese, English.
NOT = _words(
    "belum blm blom blum tidak tdk tak gak gk ga nggak enggak ndak bukan kurang durung dereng ora mboten boten teu"
    " acan tacan not never isnt hasnt wasnt havent"
)
#: What is denied, besides what thanks.SETTLED lists.
ENOUGH = SETTLED | _words(
    "puas memuaskan sesuai sesai tuntas selesei kelar dibenerin dibenarkan diganti diangkut digubris tersentuh datang"
    " tindakan tindaklanjut perubahan perbaikan hasil solusi jawaban berubah berfungsi kerja kerjaan rampung pareng"
    " didandosi didandani diropea benten satisfied resolved fixed solved done answered working"
)
#: Words that follow each other and say it alone.
PAIRS = frozenset(
    tuple(pair.split())
    for pair in (
        *("masih rusak", "masih sama", "masih mati", "masih bocor", "masih banjir", "masih menumpuk", "masih bau"),
        *("masih seperti", "masih begitu", "masih gelap", "masih macet", "tetap rusak", "tetap sama", "tetap mati"),
        *("rusak lagi", "mati lagi", "bocor lagi", "banjir lagi", "kambuh lagi", "terulang lagi", "tasih risak"),
        *("cuma janji", "hanya janji", "janji doang", "janji saja", "keberatan atas", "still broken", "still not"),
        *("isih rusak", "isih podo", "isih padha"),
    )
)
ALONE = _words("kecewa mengecewakan bohong omdo unsatisfied dissatisfied disappointed")
_WRAPPED = 50  # characters
_WORD = re.compile(r"[a-z]+|[.!?;\n]")


def says_unsettled(text: str) -> bool:
    """`text`: what the reporter wrote, quotes cut."""
    words = _WORD.findall(_flowing(text).lower().replace("'", "").replace("\u2019", ""))
    if any(pair in PAIRS for pair in pairwise(words)):
        return True
    denied = -REACH - 2  # where something was last denied within this sentence
    for place, word in enumerate(words):
        if not word.isalpha():
            denied = -REACH - 2
        elif word in ALONE and place - denied > 2:  # "tidak kecewa"
            return True
        elif word in NOT:
            denied = place
        elif word in ENOUGH and place - denied <= REACH + 1:
            return True
    return False


def _flowing(text: str) -> str:
    """A line that a program wrapped goes on in the next one."""
    return "".join(line + (" " if len(line) >= _WRAPPED else "\n") for line in text.split("\n"))
