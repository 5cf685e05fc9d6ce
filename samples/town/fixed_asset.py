"""固定資産税 of 令和7年度: plots, buildings, business assets, joint owners, and the year's levies.

Who owns is drawn in `fixed_asset_owners`, what they own in `fixed_asset_land`, `fixed_asset_building` and
`fixed_asset_depreciable`; `fixed_asset_levy` adds it up and divides the tax into four terms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from town.core import standard
from town.fixed_asset_building import buildings
from town.fixed_asset_depreciable import assets
from town.fixed_asset_faults import FAULTS
from town.fixed_asset_land import lands
from town.fixed_asset_levy import levies, to_collect
from town.fixed_asset_owners import holders, joint_owners

if TYPE_CHECKING:
    from town.core import Town

__all__ = ["FAULTS", "facts"]


def facts(town: Town) -> None:
    """Fill the five tables of 固定資産税, and the year's levies."""
    members = joint_owners(town)
    owners = holders(town, members)
    plots = lands(town, owners)
    houses = buildings(town, plots)
    declared = assets(town, owners)
    due = levies(town, plots, houses, declared)
    made = {
        "fa_land": plots, "fa_building": houses, "fa_depreciable": declared, "fa_joint_owner": members, "fa_levy": due,
    }  # fmt: skip
    for table, rows in made.items():
        town.add(table, rows.select(c.name for c in standard(table) if c.name in rows.columns))
    town.levy(to_collect(due))
