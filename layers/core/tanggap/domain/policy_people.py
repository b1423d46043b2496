"""Who answers and who is told: units, roles, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .policy_reader import Reader, is_address

#: Roles that every policy has; a ladder's audience is one of them, a role of the policy's own, or an address.
DESK, UNIT_HEAD, DEPUTY = "desk", "unit_head", "deputy"
COORDINATOR, LEADERSHIP, INSPECTORATE = "coordinator", "leadership", "inspectorate"
ROLES = (DESK, UNIT_HEAD, DEPUTY, COORDINATOR, LEADERSHIP, INSPECTORATE)


@dataclass(frozen=True, slots=True)
class Unit:
    id: str
    name: str
    head: tuple[str, ...] = ()
    liaisons: tuple[str, ...] = ()
    #: In the head's place where a step says so, or where there is no head.
    deputies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleOf:
    """A role of the agency's own. `deputy`: the role that is told where this one has nobody."""

    name: str
    addresses: tuple[str, ...]
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Absence:
    """From `since` to `until`, both included, what is for `address` goes to `deputy`."""

    address: str
    deputy: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class People:
    coordinator: tuple[str, ...]
    leadership: tuple[str, ...]
    inspectorate: tuple[str, ...]
    units: Mapping[str, Unit]
    roles: Mapping[str, RoleOf]
    absences: tuple[Absence, ...] = ()

    def audience(self, name: str, unit: str | None, on: date | None = None) -> tuple[str, ...]:
        """The addresses of a role, or the address itself. Without a unit the coordinator stands in for desk and unit
        head; nobody named means the coordinator as well, since a step must reach somebody. `on`: the day, where
        absences count."""
        found = self._named(name, unit) or self.coordinator
        if on is not None:
            found = tuple(dict.fromkeys(self._present(address, on) for address in found))
        return found

    def _named(self, name: str, unit: str | None) -> tuple[str, ...]:
        if "@" in name:
            return (name,)
        chosen = self.units.get(unit or "")
        table: dict[str, tuple[str, ...]] = {
            DESK: chosen.liaisons if chosen else (),
            UNIT_HEAD: (chosen.head or chosen.deputies) if chosen else (),
            DEPUTY: (chosen.deputies or chosen.head) if chosen else (),
            COORDINATOR: self.coordinator,
            LEADERSHIP: self.leadership,
            INSPECTORATE: self.inspectorate,
        }
        seen: set[str] = set()
        while name in self.roles and name not in seen and not self.roles[name].addresses:
            seen.add(name)
            name = self.roles[name].deputy
        return self.roles[name].addresses if name in self.roles else table.get(name, ())

    def _present(self, address: str, on: date) -> str:
        seen: set[str] = set()
        while address not in seen:
            seen.add(address)
            away = (one.deputy for one in self.absences if one.address == address and one.since <= on <= one.until)
            address = next(away, address)
        return address

    @property
    def everybody(self) -> Iterator[str]:
        yield from (*self.coordinator, *self.leadership, *self.inspectorate)
        for unit in self.units.values():
            yield from (*unit.head, *unit.liaisons, *unit.deputies)
        for role in self.roles.values():
            yield from role.addresses


def read_people(reader: Reader, raw: Mapping[str, Any]) -> People:
    return People(
        coordinator=reader.addresses(raw, "coordinator", "", needed=True),
        leadership=reader.addresses(raw, "leadership", ""),
        inspectorate=reader.addresses(raw, "inspectorate", ""),
        units=_units(reader, raw),
        roles=_roles(reader, raw),
        absences=_absences(reader, raw),
    )


def _units(reader: Reader, raw: Mapping[str, Any]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for index, row in enumerate(reader.rows(raw, "units")):
        place = f"units[{index}]."
        unit = Unit(
            reader.identifier(row, place, units),
            reader.text(row, "name", place),
            reader.addresses(row, "head", place, needed=True),
            reader.addresses(row, "liaisons", place, needed=True),
            reader.addresses(row, "deputies", place),
        )
        if unit.id:
            units[unit.id] = unit
    return units


def _roles(reader: Reader, raw: Mapping[str, Any]) -> dict[str, RoleOf]:
    roles: dict[str, RoleOf] = {}
    rows = reader.rows(raw, "roles")
    known = {*ROLES, *(key for row in rows if isinstance(key := row.get("id"), str))}
    for index, row in enumerate(rows):
        place = f"roles[{index}]."
        key, deputy = reader.identifier(row, place, {**roles, **dict.fromkeys(ROLES)}), row.get("deputy", "")
        if deputy and not (isinstance(deputy, str) and deputy in known):
            reader.fault(f"{place}deputy", f"is no role of this policy; there are: {', '.join(sorted(known))}"[:300])
        role = RoleOf(reader.text(row, "name", place), reader.addresses(row, "addresses", place), str(deputy))
        if not role.addresses and not deputy:
            reader.fault(place[:-1], "needs addresses, or a deputy")
        if key:
            roles[key] = role
    for index, row in enumerate(rows):
        if circle := _circle(str(row.get("id")), {key: role.deputy for key, role in roles.items()}):
            reader.fault(f"roles[{index}].deputy", f"goes round in a circle: {circle}; one of them must end it")
    return roles


def _circle(start: str, deputies: Mapping[str, str]) -> str:
    """The way from a role back to itself; empty where there is none."""
    way = [start]
    while (following := deputies.get(way[-1], "")) and len(way) <= len(deputies):
        way.append(following)
        if following == start:
            return " > ".join(way)
    return ""


def _absences(reader: Reader, raw: Mapping[str, Any]) -> tuple[Absence, ...]:
    found: list[Absence] = []
    for index, row in enumerate(reader.rows(raw, "absences")):
        place = f"absences[{index}]."
        since, until = (reader.date(place + name, row.get(name)) for name in ("from", "until"))
        address, deputy = (str(row.get(name, "")).strip().lower() for name in ("address", "deputy"))
        for name, value in (("address", address), ("deputy", deputy)):
            if not is_address(value):
                reader.fault(place + name, "must be an e-mail address")
        if since and until and since > until:
            reader.fault(place + "until", "lies before its from")
        if since and until:
            found.append(Absence(address, deputy, since, until))
    _circles(reader, found)
    return tuple(found)


def _circles(reader: Reader, absences: list[Absence]) -> None:
    """Deputies who are away on the same day and stand in for each other. A circle begins on the day on which the last
    of its people leaves, so those days are enough."""
    told: set[int] = set()
    for day in sorted({one.since for one in absences}):
        away: dict[str, int] = {}
        for index, one in enumerate(absences):
            if one.since <= day <= one.until:
                away.setdefault(one.address, index)  # the first is the one that counts
        deputies = {address: absences[index].deputy for address, index in away.items()}
        for address, index in away.items():
            if index not in told and (way := _circle(address, deputies)):
                told.add(index)
                reader.fault(f"absences[{index}].deputy", f"goes round in a circle on {day.isoformat()}: {way}")
