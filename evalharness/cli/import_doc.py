"""`evalharness import`: a preparation document becomes questions, sample attempts and a rubric draft."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

import click

from evalharness.cli import visible
from evalharness.cli.options import PATHS, drafting_options
from evalharness.cli.screen import print_wrapped, say
from evalharness.console.paths import seen
from evalharness.errors import InputError
from evalharness.importing.writing import as_data, limit_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalharness.documents.nouns import FoundQuestion
    from evalharness.drafting.workflow import Asking
    from evalharness.importing.workflow import AskingLabels, Prepared, Source
    from evalharness.world import World


@click.command("import")
@click.argument("document", type=PATHS)
@click.option("--into", type=PATHS, metavar="DIR", help="Where the question folders go.  [default: cases]")
@click.option("--rubric", default="", metavar="ID", help="Grade by this rubric and draft none.")
@click.option("--plan", is_flag=True, help="Write what each line was taken for into DOC.labels.yaml, to correct it.")
@click.option("--labels", type=PATHS, metavar="FILE", help="Apply such a file.  [default: DOC.labels.yaml, if there]")
@click.option("--dry-run", is_flag=True, help="Show what was found and what would be written; write nothing.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), help="How to show it.  [default: text]")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--with-model", is_flag=True, help="Let a model label the lines and draft texts for a rubric draft.")
@click.option("--question", default="", metavar="ID", help="The question that a transcript answers.")
@click.option("--speaker", default="", metavar="NAME", help="Who answers in a transcript.  [default: you]")
@drafting_options
@click.pass_context
def import_doc(
    context: click.Context,
    /,
    document: Path,
    into: Path | None,
    rubric: str,
    plan: bool,
    labels: Path | None,
    dry_run: bool,
    form: str | None,
    yes: bool,
    with_model: bool,
    question: str,
    speaker: str,
    **settings: Any,
) -> None:
    """Make cases out of a preparation document.

    Reads Markdown, text, web pages, Word (.docx), PDF, CSV and TSV, org and mail, also mis-decoded ones and what was
    pasted from a chat tool; '-' is standard input. Finds questions, stories, sample answers, follow-up questions,
    questions to ask them, missions, outlines, advice and time hints; shows what it left out and why. Sample answers
    become a first attempt marked 'source: sample'. Nothing is overwritten: importing a grown document again adds
    what is new.

    With --with-model a model says what each line is, and its words are never used: only line numbers and roles. It
    also drafts the levels and checklist items of a rubric draft, each marked 'draft by MODEL:' until you decide on it.

    \b
    Examples:
      evalharness import prep.md --dry-run           look first
      evalharness import page.html --into cases/fernhollow
      evalharness import prep.docx --plan            correct prep.docx.labels.yaml, then import again
      evalharness import prep.md --rubric culture-dialogue --yes
      evalharness import prep.md --with-model --dry-run    what it would ask and cost; asks nothing
      evalharness import talk.vtt                    a mock interview, cut by your questions
      evalharness import talk.vtt --question why-us --speaker Priya
    """
    from evalharness.cli.beginning import in_a_project
    from evalharness.cli.import_talk import is_transcript, take
    from evalharness.cli.watch import watcher
    from evalharness.importing import workflow as importing
    from evalharness.world import real_world

    if not dry_run and not plan:
        in_a_project(real_world())
    planned = importing.labels_beside(document).is_file()  # somebody corrects what its lines were taken for
    as_document = any((into, rubric, plan, labels, with_model, form, planned))
    if is_transcript(document, named=bool(question or speaker), as_document=as_document):
        context.exit(take(document, question=question, speaker=speaker, dry_run=dry_run, yes=yes))
    _refuse_idle(settings, with_model=with_model, form=form, dry_run=dry_run)
    with watcher() as looking:
        world = real_world(looking)
        source = importing.read_source(document, labels=labels, world=world)
        if plan:
            say(f"wrote {importing.write_plan(source, world=world)}")
            print_wrapped(f"next: correct it, then evalharness import {shlex.quote(str(document))}", err=True)
            return
        prepared = importing.prepare(source, into=into, rubric=rubric, again=with_model, world=world)
        labelling = importing.plan_labels(source, settings, world) if with_model and not prepared.standing else None
        asking = _plan(prepared, settings, world) if with_model else None
    if form == "json":
        click.echo(json.dumps(as_data(prepared.document, prepared.choice), ensure_ascii=False, indent=2))
    else:
        show(prepared)
        _show_asked(labelling, asking, with_model=with_model)
    if dry_run:
        print_wrapped(f"nothing was {'asked and nothing was ' if with_model else ''}written (--dry-run)", err=True)
        return
    if not prepared.files:
        what = "nothing was written" if prepared.differing else "nothing is new in this document; nothing was written"
        print_wrapped(what)
        return
    if not yes and not _agreed(prepared, asking):
        print_wrapped("nothing was written")
        return
    code = 0
    if labelling:
        prepared, asking, code = _relabelled(source, labelling, prepared, settings, into, rubric, world)
    if not prepared.standing:
        print_wrapped(f"wrote {_count(len(importing.write(prepared)), 'file')}")
    code = (_draft(prepared, asking, world) if asking else 0) or code
    print_wrapped(_next(prepared), err=True)
    context.exit(code)


def _show_asked(labelling: AskingLabels | None, asking: Asking | None, *, with_model: bool) -> None:
    """Print what a model is asked, where one is."""
    if labelling:
        print_wrapped(visible(_labels_asked(labelling)))
    if with_model:
        print_wrapped(_asked(asking))


def _agreed(prepared: Prepared, asking: Asking | None) -> bool:
    """Return whether the person at the terminal wants these files; raises `InputError` where there is nobody to ask."""
    if not sys.stdin.isatty():
        raise InputError(
            "nothing was written: there is no terminal to ask on",
            hint="add --yes, or --dry-run to look only",
            slug="not-asked",
        )
    return click.confirm(_question(prepared, asking), err=True)


def _labels_asked(asking: AskingLabels) -> str:
    from evalharness.graders.sending.hosted import describe_estimate

    lines = sum(map(len, asking.windows))
    return (
        f"{asking.config.model} is asked what each of {_count(lines, 'line')} is: {describe_estimate(asking.estimate)}"
    )


def _relabelled(
    source: Source,
    asking: AskingLabels,
    prepared: Prepared,
    settings: dict[str, Any],
    into: Path | None,
    rubric: str,
    world: World,
) -> tuple[Prepared, Asking | None, int]:
    """Let the model label the lines and return what its labels make of the document; else what the votes made."""
    from evalharness.cli.watch import watcher
    from evalharness.importing import workflow as importing

    with watcher() as looking:
        world = replace(world, watcher=looking)
        labelled, outcome = importing.ask_labels(source, asking, world)
        spent = f" (${outcome.spent:.4f})" if outcome.spent else ""
        if outcome.failed:
            print_wrapped(visible(f"no labels by a model{spent}: {outcome.failed}"), err=True)
            print_wrapped("the lines keep what they were taken for without a model", err=True)
        else:
            print_wrapped(visible(f"{labelled.by} labelled the lines{spent}:"))
            prepared = importing.prepare(labelled, into=into, rubric=rubric, again=True, world=world)
            show(prepared)
        return prepared, _plan(prepared, settings, world), outcome.exit_code


def _refuse_idle(settings: dict[str, Any], *, with_model: bool, form: str | None, dry_run: bool) -> None:
    """Raise for options that would have no effect."""
    idle = [] if with_model else [name for name, value in settings.items() if value is not None]
    if idle:
        flag = {"max_usd": "budget"}.get(idle[0], idle[0]).replace("_", "-")
        raise InputError(
            f"--{flag} has no effect without --with-model", hint="add it, or leave the flag out", slug="usage"
        )
    if form == "json" and not dry_run:
        raise InputError("--format json shows what was found, for --dry-run only", hint="add --dry-run", slug="usage")


def _next(prepared: Prepared) -> str:
    if not prepared.document.questions:
        return "next: evalharness brief shows them"
    read = "read the texts marked 'draft', then " if prepared.drafts else ""
    return f"next: {read}evalharness lint && evalharness run"


def _plan(prepared: Prepared, settings: dict[str, Any], world: World) -> Asking | None:
    from evalharness.drafting.workflow import plan

    return plan(prepared, settings, world)


def _asked(asking: Asking | None) -> str:
    from evalharness.drafting.workflow import describe

    if asking is None:
        return "no model is asked: this rubric exists already, so there is nothing to draft"
    return visible(describe(asking))


def _question(prepared: Prepared, asking: Asking | None) -> str:
    files = "Write this file" if len(prepared.files) == 1 else f"Write these {len(prepared.files)} files"
    if asking is None:
        return f"{files}?"
    return "Ask the model for its rubric?" if prepared.standing else f"{files}, and then ask the model?"


def _draft(prepared: Prepared, asking: Asking, world: World) -> int:
    """Ask the model, put its texts into the rubric that stands by now, and return the exit code."""
    from evalharness.cli.watch import watcher
    from evalharness.drafting.workflow import ask, put

    try:
        with watcher() as looking:
            outcome = ask(prepared, asking, replace(world, watcher=looking))
    except KeyboardInterrupt:
        print_wrapped("the imported files are written, without a model's drafts; the same command asks again", err=True)
        raise
    spent = "" if not outcome.spent else f" (${outcome.spent:.4f})"
    for kept in outcome.drafted.kept:
        print_wrapped(visible(f"not used: {kept.criterion}, {kept.place}: {kept.why}"))
    if outcome.failed:
        print_wrapped(visible(f"no drafts by a model{spent}: {outcome.failed}"), err=True)
        if outcome.hint:
            print_wrapped(visible(f"hint: {outcome.hint}"), err=True)
        print_wrapped("the imported files are written, with a rubric made from the document's structure", err=True)
        return outcome.exit_code
    changed = put(prepared, outcome)
    left = [name for name in outcome.files if not any(file.as_posix().endswith(name) for file in changed)]
    new = outcome.drafted.new
    more = f" and {_count(new, 'new item')}" if new else ""
    drafted = len(outcome.drafted.texts) - new
    print_wrapped(visible(f"{outcome.model} drafted {drafted} of {asking.texts} texts{more}{spent}"))
    for name in left:
        print_wrapped(visible(f"{name} was changed meanwhile and left as it is"), err=True)
    return outcome.exit_code


def show(prepared: Prepared) -> None:
    """Print what was found with its lines, what was left out, and what would be written."""
    for text in (*_found(prepared), *_left_out(prepared), *_to_write(prepared)):
        say(text[: len(text) - len(text.lstrip(" "))] + visible(text))


def _found(prepared: Prepared) -> Iterator[str]:
    document = prepared.document
    held = _count(len(document.questions), "question")
    if not document.questions:
        held = f"{_count(len(document.to_ask), 'question')} to ask them, and none that they ask"
    yield f"{document.title or prepared.source.name}: {held}"
    if prepared.source.by.endswith(".yaml"):
        yield f"  lines labelled by {prepared.source.by}"
    if prepared.source.counts:
        yield f"  line numbers count {prepared.source.counts}"
    for question, limit in zip(document.questions, prepared.limits, strict=True):
        yield f"  line {question.line}: {question.text}"
        usual = " (the usual one)" if limit and not limit_of(question, document) else ""
        yield f"      {_parts(question, limit)}{usual}"
        for answer in question.answers:
            yield f"      line {answer.line}: {_begun(answer.text)}"
        yield from (f"      noted beside it: {_begun(note)}" for note in question.notes)
    for tag in document.tags:
        yield f"  line {tag.line}: mission {tag.id}: {tag.title}{' -> ' + tag.experience if tag.experience else ''}"
    for section in document.sections:
        yield f"  line {section.line}: section '{section.title}' with {_count(len(section.items), 'point')}"
    for asked in document.to_ask:
        yield f"  line {asked.line}: to ask {asked.to or 'them'} at the end: {asked.text}"
    about = {
        "company": document.company,
        "interviewer": ", ".join(text for text in (document.interviewer, document.role) if text),
        "interests": ", ".join(document.interests),
        "facts": "; ".join(document.facts),
    }
    yield from (f"  {name}: {text}" for name, text in about.items() if text)
    yield from (f"  advice: {advice}" for advice in document.advice)


def _left_out(prepared: Prepared) -> Iterator[str]:
    document = prepared.document
    for left, what in ((document.notes, "not written"), (document.ignored, "ignored")):
        if left:
            yield f"{what}, {_count(len(left), 'line')}:"
        yield from (f"  line {line.line}: {line.text[:70]} ({line.why})" for line in left)
    if prepared.source.guessed:
        yield f"  look at this: nobody is named in it; who asks and who answers is guessed {prepared.source.guessed}"
    yield from (f"  look at this: {problem}" for problem in document.problems)
    yield from (f"  known already, left as it is: {text}" for text in prepared.known)
    yield from (f"  gains what is new: {name}" for name in prepared.renewed)
    yield from (f"  differs from the document, left as it is: {name}" for name in prepared.differing)
    if prepared.differing:
        yield "  to take the document's text: evalharness undo, then import again (undo keeps files that you changed)"


def _to_write(prepared: Prepared) -> Iterator[str]:
    rubrics = prepared.choice.rubrics
    for rubric in dict.fromkeys(rubrics):
        yield f"rubric '{rubric}': {rubrics.count(rubric)} of {len(rubrics)}"
    if prepared.why:
        yield f"because {prepared.why}"
    if prepared.files:
        yield "these are there already:" if prepared.standing else "would write:"
    yield from (f"  {seen(Path(prepared.root) / name, Path.cwd())}" for name in prepared.files)


def _parts(question: FoundQuestion, limit: float | None) -> str:
    paragraphs = sum(len(answer.paragraphs) for answer in question.answers)
    told = [
        f"{_count(len(question.answers), 'answer')} ({_count(paragraphs, 'paragraph')})"
        if question.answers
        else "no answer"
    ]
    if question.follow_ups:
        told.append(_count(len(question.follow_ups), "follow-up question"))
    if question.tags:
        told.append(f"missions {', '.join(question.tags)}")
    if limit:
        told.append(f"time limit {limit:g} s")
    return ", ".join(told)


def _begun(text: str) -> str:
    return shorten(" ".join(text.split()), 70, placeholder=" ...")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
