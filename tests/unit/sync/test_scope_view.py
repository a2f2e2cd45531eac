"""People to choose from are found by a pasted list of addresses, however long it is."""

from __future__ import annotations

from tests.unit.sync.world import World
from wizard.core.cancel import Cancel
from wizard.sync.scope_view import find_people


class Looks(Cancel):
    """Counts how often the database looks whether to stop: once every so many of its steps."""

    count = 0

    @property
    def stopped(self) -> bool:
        self.count += 1
        return False


def steps(world: World, addresses: int) -> int:
    looks = Looks()
    pasted = ", ".join(f"alias{number}@halden-freight.example" for number in range(addresses))
    with world.database.read(cancel=looks) as reading:
        found, total = find_people(reading, pasted, 200)
    assert len(found) == total == addresses
    return looks.count


def test_a_long_list_of_addresses_costs_little_more_than_a_short_one(world: World) -> None:
    for number in range(1000):
        world.directory.hire(
            f"id{number}", aliases=(f"Alias{number}@Halden-Freight.example", f"x{number}@b.test")
        )
    world.preview()
    assert steps(world, 400) < 5 * steps(world, 4)
