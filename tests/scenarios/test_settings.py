from typing import Any

import pytest

from dawnwatch import Config, ConfigError
from metropulse.settings import ScenarioSettings


def config(**scenario: Any) -> Config:
    return Config.from_dict({"scenario": scenario})


def test_overrides_win_and_none_is_none() -> None:
    got = ScenarioSettings.of(config(seed=3, mobile_share=0.5), mobile_share=0.8, seed=None)
    assert (got.seed, got.mobile_share, got.night_share) == (3, 0.8, 0.63)


def test_injection_seed_follows_the_seed_unless_given() -> None:
    assert ScenarioSettings.of(config(seed=3)).seed_of_injection == 3
    assert ScenarioSettings.of(config(seed=3, injection_seed=0)).seed_of_injection == 0


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ({"mobil_share": 0.6}, "unknown key 'scenario.mobil_share'. Did you mean 'mobile_share'?"),
        ({"zzz": 1}, "unknown key 'scenario.zzz'. Known keys: seed, injection_seed,"),
        ({"mobile_share": 1.2}, "scenario.mobile_share: should be less than 1; got 1.2"),
        ({"night_share": float("nan")}, "scenario.night_share: should be"),
        ({"holdout": "by_rider"}, "scenario.holdout: should be 'random' or 'by_unit'; got 'by_rider'"),
        ({"seed": -1}, "scenario.seed: should be greater than or equal to 0; got -1"),
        ({"seed": True}, "scenario.seed: should be a valid integer; got True"),
        ({"train_share": 1}, "scenario.train_share: should be less than or equal to 0.95"),
        ({"a": 1, "b": 2}, "(and 1 more)"),
    ],
)
def test_faults_are_one_clear_line(scenario: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ScenarioSettings.of(config(**scenario))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
