"""What a project configures.  Every default of the program that a user can change stands here once."""

from __future__ import annotations

from typing import Literal

import msgspec

from evalharness.model.noun import Noun


class Price(Noun):
    """List price of one model in USD for a million tokens; None: not stated, follows from `input`."""

    input: float
    output: float
    cache_write: float | None = None
    cache_write_1h: float | None = None
    cache_read: float | None = None


class Requires(Noun):
    """`gate.requires`: what a grader has to show before a gate may block on its levels.

    `labels` are attempts that people labelled and this grader graded.  Its levels may be `margin` further from a
    person's than a second person's are, and in no criterion may fewer than `within_one` (a share) be within one level.
    `min_qwk` asks for a quadratic weighted kappa in each criterion instead; it shrinks where answers are alike.
    """

    labels: int = 30
    within_one: float = 0.8
    margin: float = 0.25
    min_qwk: float | None = None


class RequiresFor(Noun):
    """What an override asks for otherwise; None: as the gate does."""

    labels: int | None = None
    within_one: float | None = None
    margin: float | None = None
    min_qwk: float | None = None


class GateFor(Noun):
    """What is asked otherwise of one rubric, or under one path (`*` matches anything); None: as everywhere."""

    rubric: str = ""
    path: str = ""
    min_score: float | None = None
    floors: bool | None = None
    no_regression: bool | None = None
    too_close: str | None = None
    requires: RequiresFor | None = None


class Gate(Noun):
    """What is asked of the results; None: nothing.  `min_score` is a total, 1 to 5.

    `floors` asks for the floor of every criterion that has one, `no_regression` that no attempt is worse than the
    one before it; `max_ungraded` attempts may be without a score.  `too_close` and `deleted` (an attempt that a
    change takes away) are `pass`, `warn` or `fail`.  Where `requires` is not met the gate is advisory: shown, and
    failing nothing.  Of `overrides` the last one that fits wins.
    """

    min_score: float | None = None
    floors: bool = False
    no_regression: bool = False
    max_ungraded: int = 0
    too_close: str = "warn"
    deleted: str = "warn"
    requires: Requires | None = None
    overrides: tuple[GateFor, ...] = ()


class AnchorChecks(Noun):
    """When the recorded anchors are graded again: with `every_run`, or only when somebody asks for it."""

    every_run: bool = False


class Juror(Noun):
    """One grader of a jury, with what it is asked otherwise; empty: its own default."""

    grader: str
    model: str = ""
    effort: str = ""
    mode: str = ""
    base_url: str = ""
    command: str = ""


class RetryPolicy(Noun):
    """How often and how long a request to a busy server is repeated.  All times in seconds.

    `call` is the deadline of one request until enough replies have come to know better, `total` that of all its
    repeats; a server that asks to wait longer than `longest_wait` stops the run.  `scale` shortens or stretches every
    back-off (a test server needs none), `poll` is the time between two looks at a batch.
    """

    attempts: int = 8
    total: float = 600.0
    call: float = 90.0
    longest_wait: float = 300.0
    scale: float = 1.0
    poll: float = 30.0


class AssumedNoise(Noun):
    """How much the levels of one text are assumed to vary until it is measured: `sd` levels, right within `spread`.

    The factor `spread` holds in two of three cases.
    """

    sd: float = 0.35
    spread: float = 3.3


MOST_SAMPLES = 5  # of one criterion of one attempt, where nothing else is said


class Config(Noun):
    """Settings of a project, as `evalharness.yaml` gives them or by default.

    `interview` is the day of the next interview (YYYY-MM-DD), `max_usd` in US dollars.  `cases`, `rubrics`, `reports`
    are folders relative to the project root.
    `model`, `effort` and `mode` are empty where nothing was said: each grader has defaults of its own (`filled`).
    `concurrency` is how many calls are under way at most; auto: as many as the grader and the server take well.
    `command` and `timeout` (seconds a call) are those of the grader `command`;
    `together` asks a chat for a whole set of answers at once, `replies` is a folder to import its replies from.
    `graders` are those of a jury; what looks at one grader's levels looks at those of the first.
    `gateways` names the API behind a host, so that grades made through any of them are of one grader.
    `redact` holds (name, what stands for it) in the order in which they are replaced.
    `language` is that of answers whose question names none; `transcribe` is the command that writes down a recording.
    `record`, `replies`, `batch` and `wait` come from flags only.
    """

    author: str = "me"
    interview: str = ""
    language: str = ""
    transcribe: str = ""
    grader: str = "auto"
    graders: tuple[Juror, ...] = ()
    model: str = ""
    effort: str = ""
    mode: str = ""
    samples: int = 1
    max_samples: int = MOST_SAMPLES
    concurrency: int | Literal["auto"] = "auto"
    max_usd: float = 5.0
    base_url: str = ""
    command: str = ""
    timeout: float = 300.0
    together: bool = False
    cases: str = "cases"
    rubrics: str = "rubrics"
    reports: str = "reports"
    prices: dict[str, Price] = {}
    gateways: dict[str, str] = {}
    gate: Gate = Gate()
    anchors: AnchorChecks = AnchorChecks()
    noise: AssumedNoise | None = None
    redact: tuple[tuple[str, str], ...] = ()
    retry: RetryPolicy = RetryPolicy()
    record: str = ""
    replies: str = ""
    batch: bool = False
    wait: bool = True

    @property
    def samples_read(self) -> int:
        """Return up to which sample stored grades are read, and more are proposed, whatever a run may buy by itself."""
        return max(self.samples, self.max_samples, MOST_SAMPLES)

    @property
    def chair(self) -> Config:
        """Return the configuration of one grader: that of a jury's first, where no other grader was named."""
        if not self.graders or self.grader != "auto":
            return self
        given = {name: value for name, value in msgspec.structs.asdict(self.graders[0]).items() if value}
        return msgspec.structs.replace(self, **given)

    def filled(self, *, model: str = "", effort: str = "", mode: str = "") -> Config:
        """Return the configuration with a grader's own defaults where nothing was said."""
        return msgspec.structs.replace(
            self, model=self.model or model, effort=self.effort or effort, mode=self.mode or mode
        )
