"""Cases that are answered and closed."""

from __future__ import annotations

from tanggap.domain.words import Status
from tests.support.world import COORDINATOR, World


def settled(world: World) -> str:
    """A case that was answered and closed by the coordinator."""
    number = world.new_case()
    world.desk.verify(COORDINATOR, number, "accept", "")
    world.desk.assign(COORDINATOR, number, "pu", None, "")
    world.desk.reply(COORDINATOR, number, "Sudah kami perbaiki.", (), True)
    world.desk.set_status(COORDINATOR, number, Status.CLOSED, "Selesai.")
    world.pump()
    return number
