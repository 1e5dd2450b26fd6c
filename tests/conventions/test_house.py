"""The settings and the ladder name the same house."""

from qunxing.config import settings
from tools import messages

NO_APPS = {"cli", "config"}


def test_settings_list_the_apps_as_the_ladder_does() -> None:
    floors = {app: floor for floor, apps in enumerate(messages.ladder()) for app in apps}
    house = [name.removeprefix("qunxing.") for name in settings.HOUSE]
    assert [floors[app] for app in house] == sorted(floors[app] for app in house)
    assert set(house) == set(floors) - NO_APPS
