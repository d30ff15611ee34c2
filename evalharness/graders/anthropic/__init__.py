"""Grader `anthropic`: a model behind the Messages API, or any server that speaks the same protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from evalharness.graders.anthropic.credential import Credential, find_credential, find_host
from evalharness.graders.anthropic.grader import AnthropicGrader
from evalharness.graders.receiving.bodies import Secrets
from evalharness.graders.sending.record import recorder
from evalharness.graders.surroundings import Paying
from evalharness.model.config import Config

DEFAULTS: Final = {"model": "claude-sonnet-5-5", "effort": "medium", "mode": "per_criterion"}


def make(config: Config, world: Paying) -> AnthropicGrader:
    """Return the grader; raises before anything is sent where host or credential are not fit to use."""
    config = config.filled(**DEFAULTS)
    host = find_host(config.base_url, world.environment)
    credential = find_credential(world.environment, host)
    secrets = Secrets((credential.api_key, credential.auth_token))
    record = recorder(Path(config.record), secrets) if config.record else None
    return AnthropicGrader(config, host, credential, say=world.say, record=record, purse=world.purse)


def without_sending(config: Config, world: Paying) -> AnthropicGrader:
    """Return the grader for looking only (`prompt`, `--plan`): no credential is needed."""
    config = config.filled(**DEFAULTS)
    host = find_host(config.base_url, world.environment)
    return AnthropicGrader(config, host, Credential(), say=world.say)
