"""Grader `openai`: a model behind chat completions, as OpenAI, OpenRouter, vLLM, llama.cpp and LM Studio speak them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from evalharness.errors import GradingStopped, InputError
from evalharness.graders.openai.grader import OpenAIGrader
from evalharness.graders.receiving.bodies import Secrets
from evalharness.graders.sending.host import Host, check_key, host_of
from evalharness.graders.sending.record import recorder
from evalharness.graders.surroundings import Paying
from evalharness.model.config import Config

DEFAULT_URL: Final = "https://api.openai.com/v1"
DEFAULTS: Final = {"mode": "per_criterion"}
KEY: Final = "OPENAI_API_KEY"


def make(config: Config, world: Paying) -> OpenAIGrader:
    """Return the grader; raises before anything is sent where host, key or model are not fit to use."""
    config, host = _checked(config, world)
    key = _key(world.environment, host)
    record = recorder(Path(config.record), Secrets((key,))) if config.record else None
    return OpenAIGrader(config, host, key, say=world.say, record=record, purse=world.purse)


def without_sending(config: Config, world: Paying) -> OpenAIGrader:
    """Return the grader for looking only: no key is needed."""
    config, host = _checked(config, world)
    return OpenAIGrader(config, host, "", say=world.say)


def _checked(config: Config, world: Paying) -> tuple[Config, Host]:
    url = config.base_url or world.environment.get("OPENAI_BASE_URL", "").strip() or DEFAULT_URL
    if not config.model:
        raise InputError(
            "the grader 'openai' needs a model",
            hint="name it with --model, as the server calls it",
            slug="grader-setting",
        )
    return config.filled(**DEFAULTS), host_of(url.rstrip("/"), key=KEY, example=DEFAULT_URL)


def _key(environment: Mapping[str, str], host: Host) -> str:
    key = environment.get(KEY, "").strip()
    if key:
        check_key(KEY, key)
        return key
    if host.local:
        return ""
    raise GradingStopped(
        f"there is no {KEY}, so nothing can be sent",
        hint=f"set {KEY}, or name a server on this machine with --base-url http://127.0.0.1:PORT/v1",
    )
