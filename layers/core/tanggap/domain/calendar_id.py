"""Days off in Indonesia: public holidays and joint leave (cuti bersama), as decreed.

Made by infra/calendar/generate.py from `holidays` 0.109; change that, not this.
"(perkiraan)" in a name: the date still depends on a sighting of the moon.
"""

from __future__ import annotations

from datetime import date

from .calendar import DayOff

#: The last date for which both lists are decreed.
KNOWN_UNTIL = date(2027, 12, 31)

DAYS_OFF: dict[date, DayOff] = {
    date(2026, 1, 1): DayOff("Tahun Baru Masehi"),
    date(2026, 1, 16): DayOff("Isra Mikraj Nabi Muhammad"),
    date(2026, 2, 16): DayOff("Cuti Bersama Tahun Baru Imlek", joint_leave=True),
    date(2026, 2, 17): DayOff("Tahun Baru Imlek"),
    date(2026, 3, 18): DayOff("Cuti Bersama Hari Suci Nyepi", joint_leave=True),
    date(2026, 3, 19): DayOff("Hari Suci Nyepi"),
    date(2026, 3, 20): DayOff("Cuti Bersama Hari Raya Idul Fitri", joint_leave=True),
    date(2026, 3, 21): DayOff("Hari Raya Idul Fitri"),
    date(2026, 3, 22): DayOff("Hari kedua Idul Fitri"),
    date(2026, 3, 23): DayOff("Cuti Bersama Hari Raya Idul Fitri", joint_leave=True),
    date(2026, 3, 24): DayOff("Cuti Bersama Hari Raya Idul Fitri", joint_leave=True),
    date(2026, 4, 3): DayOff("Wafat Yesus Kristus"),
    date(2026, 4, 5): DayOff("Kebangkitan Yesus Kristus"),
    date(2026, 5, 1): DayOff("Hari Buruh Internasional"),
    date(2026, 5, 14): DayOff("Kenaikan Yesus Kristus"),
    date(2026, 5, 15): DayOff("Cuti Bersama Kenaikan Yesus Kristus", joint_leave=True),
    date(2026, 5, 27): DayOff("Hari Raya Idul Adha"),
    date(2026, 5, 28): DayOff("Cuti Bersama Hari Raya Idul Adha", joint_leave=True),
    date(2026, 5, 31): DayOff("Hari Raya Waisak"),
    date(2026, 6, 1): DayOff("Hari Lahir Pancasila"),
    date(2026, 6, 16): DayOff("Tahun Baru Islam"),
    date(2026, 8, 17): DayOff("Hari Kemerdekaan Republik Indonesia"),
    date(2026, 8, 25): DayOff("Maulid Nabi Muhammad"),
    date(2026, 12, 24): DayOff("Cuti Bersama Hari Raya Natal", joint_leave=True),
    date(2026, 12, 25): DayOff("Hari Raya Natal"),
    date(2027, 1, 1): DayOff("Tahun Baru Masehi"),
    date(2027, 1, 5): DayOff("Isra Mikraj Nabi Muhammad"),
    date(2027, 2, 5): DayOff("Cuti Bersama Tahun Baru Imlek", joint_leave=True),
    date(2027, 2, 6): DayOff("Tahun Baru Imlek"),
    date(2027, 3, 8): DayOff("Hari Suci Nyepi"),
    date(2027, 3, 9): DayOff("Cuti Bersama Hari Raya Idul Fitri", joint_leave=True),
    date(2027, 3, 10): DayOff("Hari Raya Idul Fitri (perkiraan)"),
    date(2027, 3, 11): DayOff("Hari kedua Idul Fitri (perkiraan)"),
    date(2027, 3, 12): DayOff("Cuti Bersama Hari Raya Idul Fitri", joint_leave=True),
    date(2027, 3, 15): DayOff("Cuti Bersama Hari Raya Idul Fitri", joint_leave=True),
    date(2027, 3, 25): DayOff("Cuti Bersama Wafat Yesus Kristus", joint_leave=True),
    date(2027, 3, 26): DayOff("Wafat Yesus Kristus"),
    date(2027, 3, 28): DayOff("Kebangkitan Yesus Kristus"),
    date(2027, 5, 1): DayOff("Hari Buruh Internasional"),
    date(2027, 5, 6): DayOff("Kenaikan Yesus Kristus"),
    date(2027, 5, 17): DayOff("Hari Raya Idul Adha (perkiraan)"),
    date(2027, 5, 18): DayOff("Cuti Bersama Hari Raya Idul Adha", joint_leave=True),
    date(2027, 5, 19): DayOff("Cuti Bersama Hari Raya Waisak", joint_leave=True),
    date(2027, 5, 20): DayOff("Hari Raya Waisak"),
    date(2027, 6, 1): DayOff("Hari Lahir Pancasila"),
    date(2027, 6, 6): DayOff("Tahun Baru Islam"),
    date(2027, 8, 15): DayOff("Maulid Nabi Muhammad"),
    date(2027, 8, 17): DayOff("Hari Kemerdekaan Republik Indonesia"),
    date(2027, 12, 24): DayOff("Cuti Bersama Hari Raya Natal", joint_leave=True),
    date(2027, 12, 25): DayOff("Hari Raya Natal"),
    date(2027, 12, 26): DayOff("Isra Mikraj Nabi Muhammad"),
}
