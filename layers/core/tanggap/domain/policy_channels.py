"""How an agency writes on platforms, out of its policy: approved templates, the tag for what a human wrote, and which
letters go by mail where an address is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .policy_reader import Reader
from .words import CHAT, Channel, Purpose

#: A template that tells of a case takes its number and the address of the tracking page, in this order.
PARAMETERS = ("number", "link")
_EVERY = "*"
#: What Meta takes as a template's name, and as its language (`id`, `en`, `en_US`).
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
#: Fields of each channel.
FIELDS: Mapping[Channel, tuple[str, ...]] = {
    Channel.WHATSAPP: ("mail_first", "templates"),
    Channel.MESSENGER: ("mail_first", "human_agent"),
    Channel.INSTAGRAM: ("mail_first", "human_agent"),
    Channel.TELEGRAM: ("mail_first",),
}
TEMPLATE_FIELDS = ("name", "language")


@dataclass(frozen=True, slots=True)
class Template:
    """An approved utility template at Meta, which knows it by name and language."""

    name: str
    language: str = "id"


@dataclass(frozen=True, slots=True)
class ChannelRule:
    """Letters by purpose, `*` for each that is not named."""

    templates: Mapping[str, Template] = field(default_factory=dict)
    mail_first: frozenset[str] = frozenset()
    human_agent: bool = False


_NONE = ChannelRule()


@dataclass(frozen=True, slots=True)
class ChannelRules:
    channels: Mapping[Channel, ChannelRule] = field(default_factory=dict)

    def of(self, channel: Channel) -> ChannelRule:
        return self.channels.get(channel, _NONE)

    def template(self, channel: Channel, purpose: Purpose) -> Template | None:
        known = self.of(channel).templates
        return known.get(purpose) or known.get(_EVERY)

    def mail_comes_first(self, channel: Channel, purpose: Purpose) -> bool:
        return not self.of(channel).mail_first.isdisjoint((purpose, _EVERY))


DEFAULT_CHANNELS = ChannelRules()


def read_channels(reader: Reader, raw: Mapping[str, Any]) -> ChannelRules:
    found: dict[Channel, ChannelRule] = {}
    table = reader.table(raw, "channels")
    for key in table:
        if key not in {*CHAT}:
            reader.fault(f"channels.{key}", f"is not a channel of messages: {', '.join(sorted(CHAT))}")
            continue
        channel, place = Channel(key), f"channels.{key}."
        given = reader.table(table, key, "channels.")
        for name in sorted(given.keys() - set(FIELDS[channel])):
            reader.fault(f"{place}{name}", "is not a part of it")
        found[channel] = ChannelRule(
            _templates(reader, given, place), _purposes(reader, given, place), _flag(reader, given, place)
        )
    return ChannelRules(found)


def _templates(reader: Reader, given: Mapping[str, Any], place: str) -> dict[str, Template]:
    found: dict[str, Template] = {}
    for purpose, row in reader.table(given, "templates", place).items():
        at = f"{place}templates.{purpose}"
        if not _is_letter(purpose):
            reader.fault(at, "is not a letter to reporters")
        elif not isinstance(row, dict):
            reader.fault(at, "must be an object with name and language")
        else:
            for name in sorted(row.keys() - set(TEMPLATE_FIELDS)):
                reader.fault(f"{at}.{name}", "is not a part of it")
            name, language = row.get("name"), row.get("language", "id")
            if not (isinstance(name, str) and _NAME.fullmatch(name)):
                reader.fault(f"{at}.name", "must be 1 to 512 of a-z, 0-9 and _, as Meta approved it")
            elif not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
                reader.fault(f"{at}.language", "must be a language code of Meta's, such as id or en_US")
            else:
                found[purpose] = Template(name, language)
    return found


def _purposes(reader: Reader, given: Mapping[str, Any], place: str) -> frozenset[str]:
    value = given.get("mail_first", [])
    if not isinstance(value, list) or not all(isinstance(one, str) and _is_letter(one) for one in value):
        reader.fault(f"{place}mail_first", "must be a list of letters to reporters, or of * for all")
        return frozenset()
    return frozenset(value)


def _flag(reader: Reader, given: Mapping[str, Any], place: str) -> bool:
    value = given.get("human_agent", False)
    if not isinstance(value, bool):
        reader.fault(f"{place}human_agent", "must be true or false")
        return False
    return value


def _is_letter(name: str) -> bool:
    from .letters_to_reporters import TO_REPORTERS

    return name == _EVERY or name in set(map(str, TO_REPORTERS))
