"""Talks that somebody noted, subtitled or chatted: who asks is seen by the turns, whatever the people are called."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evalharness.cli import main
from evalharness.documents.formats import read_lines
from evalharness.errors import InputError
from evalharness.importing import read

TALK = (
    (
        "So what brought you to this role?",
        "I ran the cold chain of a depot for six years, and the part I liked was the audits.",
    ),
    (
        "Tell me about a time you had to stop something that was already moving.",
        "A truck was leaving for Olomouc at five. The logger showed four degrees, but the seal was warm. I pulled it.",
    ),
    ("And how did your boss take it?", "He was cross for a day, and then he made the test part of the checklist."),
    (
        "What is hardest about working with you?",
        "I ask for the number before I agree, and two of us found that rude. I now say why I want it.",
    ),
    ("Great. Do you have any questions for us?", "Who decides when a launch is stopped?"),
)
ASKED = [
    "What brought you to this role?",
    "Tell me about a time you had to stop something that was already moving.",
    "What is hardest about working with you?",
]
OPENINGS = ["I ran the cold chain", "A truck was leaving", "I ask for the number"]


def turns(form: str, one: str = "", other: str = "") -> str:
    """Return the talk, `form` for each turn: with its {who}, {h} and {m} on a clock, and what is {said}."""
    said = [(who, text) for pair in TALK for who, text in zip((one, other), pair, strict=True)]
    lines = (form.format(who=who, h=10 + n // 60, m=n % 60, said=text) for n, (who, text) in enumerate(said, start=1))
    return "".join(lines)


def found(text: str, name: str = "talk.txt") -> tuple[list[str], list[str], list[str]]:
    """Return the questions, how their answers begin, and what is asked back.

    What goes on with an answer ("And how did your boss take it?") may be a question of its own or a part of the talk.
    """
    document = read(text, name)
    kept = [question for question in document.questions if not question.text.lower().startswith("and how did")]
    answers = [" ".join(answer.text for answer in question.answers) for question in kept]
    return [question.text for question in kept], answers, [passage.text for passage in document.to_ask]


NOTES = {
    "short names": turns("{who}: {said}\n", "Int", "Me"),
    "letters": turns("{who}: {said}\n", "A", "B"),
    "small letters": turns("{who}: {said}\n", "rk", "jm"),
    "initials and a dash": "prep call sunday\n" + turns("{who} - {said}\n", "RK", "JM"),
    "a clock and blanks": turns("[{h}:{m:02}] {who}  {said}\n", "Solveig", "Piet"),
    "dashes alone": turns("- {said}\n"),
    "blank lines alone": "Mock with Beate\n\n" + turns("{said}\n\n"),
    "no marks of questions": turns("{who}: {said}\n", "Int", "Me").replace("?", "").lower(),
}


@pytest.mark.parametrize("text", NOTES.values(), ids=NOTES)
def test_notes_of_a_talk_are_read_by_its_turns(text: str) -> None:
    """Names, letters, dashes or nothing in front: what matters is that one asks and the next one tells."""
    questions, answers, asked_back = found(text)

    assert [q.lower().rstrip("?") for q in questions] == [q.lower().rstrip("?") for q in ASKED]
    assert all(a.lower().startswith(o.lower()) for a, o in zip(answers, OPENINGS, strict=True))
    assert [text.lower().rstrip("?") for text in asked_back] == ["who decides when a launch is stopped"]


def test_of_several_people_one_answers() -> None:
    """A panel asks by turns; whoever says most beside them is the candidate."""
    said = turns("{who}: {said}\n", "Ruth", "Me").split("Ruth: Tell")
    text = "Tomas: Tell".join(said) + "Ines: The old wing. Thank you for coming.\n"

    assert found(text)[0] == ASKED
    assert found(text)[2] == ["Who decides when a launch is stopped?"]


def test_in_another_language_what_is_answered_at_length_was_asked() -> None:
    """No verb of it needs to be known: somebody says a sentence, and the other one tells much more."""
    asked = ["¿Por qué quiere trabajar aquí?", "Cuénteme de un error que haya cometido.", "¿Qué le cuesta más?"]
    told = [
        "Llevo nueve años en urgencias y me gustó enseñar a los nuevos.",
        "Di el alta a un paciente sin mirar la última analítica y lo llamé a casa a los veinte minutos, y volvió.",
        "Irme a mi hora, y lo hablo con mi jefa cada viernes en la sala.",
    ]
    text = "".join(f"E: {one}\nY: {other}\n" for one, other in zip(asked, told, strict=True))

    assert [q.lstrip("¿") for q in found(text)[0]] == [q.lstrip("¿") for q in asked]


@pytest.mark.parametrize(
    "text",
    [
        "Problem: who was hurt\nParts: what was rejected\nTests: drills\n" * 2,
        "Mission: Care\nStory: I sat with the night shift.\nMission: Candour\nStory: I rang the depot.\n",
        "- Why us?\n- What changed last year?\n- Who covers nights?\n- What do you measure?\n- Who left?\n",
    ],
)
def test_labels_and_lists_are_no_conversation(text: str) -> None:
    """Words that come again in front of lines are people only where one asks and the other tells."""
    assert not any(line.label in {"Interviewer asks", "Candidate says"} for line in read_lines(text.encode(), "a.txt"))


CHATS = {
    "whatsapp on the web": turns("[10:{m:02}, 4/5/2026] {who}: {said}\n", "Anna", "Bruno"),
    "whatsapp on android": "04/05/2026, 10:00 - Messages are end-to-end encrypted. Only people in it read them.\n"
    + turns("04/05/2026, 10:{m:02} - {who}: {said}\n", "Anna", "Bruno Vell"),
    "whatsapp on a phone": turns("[04.05.26, 10:{m:02}:41] {who}: {said}\n", "Anna", "Bruno")
    + "[04.05.26, 10:59:00] Anna: \u200eimage omitted\n",
    "slack": turns("{who}\n  10:{m:02} AM\n{said}\n:+1:\n1\n", "Anna Kova\u010d", "Bruno S\u00e1"),
    "slack on one line": turns("{who}  10:{m:02} AM\n{said} (edited)\n", "Anna Kova\u010d", "Bruno S\u00e1"),
    "discord": turns("{who} \u2014 Today at 18:{m:02}\n{said}\n", "mira", "odd"),
    "telegram": turns("{who}, [5 Apr 2026 at 18:{m:02}:11]:\n{said}\n\n", "Mira", "Odd"),
    "teams": turns("[4/5/2026 10:{m:02} AM] {who}\n{said}\n", "Anna Kovac", "Bruno Sa"),
    "messages": turns("{who}\nMon, May 5 at 6:{m:02} PM\n{said}\n", "Mira", "Odd"),
    "a room of IRC": turns("[18:{m:02}] <{who}> {said}\n", "mira", "odd"),
    "links and pictures between": turns("[10:{m:02}, 4/5/2026] {who}: {said}\n[10:{m:02}, 4/5/2026] {who}: https://example.org/a\n"
    "[10:{m:02}, 4/5/2026] {who}: <Media omitted>\n[10:{m:02}, 4/5/2026] {who}: \U0001f44d\n", "Anna", "Bruno"),
}  # fmt: skip


@pytest.mark.parametrize("text", CHATS.values(), ids=CHATS)
def test_the_chat_of_a_messenger_is_a_talk(text: str) -> None:
    """Times, names, links, reactions and notices of the program are no words of anybody."""
    questions, answers, asked_back = found(text)

    assert questions == ASKED
    assert all(answer.startswith(opening) for answer, opening in zip(answers, OPENINGS, strict=True))
    assert asked_back == ["Who decides when a launch is stopped?"]
    assert not re.search(r"10:|18:|edited|omitted|example|:\+1:|encrypted", " ".join(answers))


def test_an_interview_that_an_assistant_played_is_a_talk() -> None:
    """The first prompt sets the scene; what the assistant says of an answer is no part of it."""
    said = turns("**{who}:** {said}\n\n", "Claude responded", "You said").replace("**Claude", "Strong.\n\n**Claude", 0)
    questions, answers, _ = found(f"**You said:** Be my interviewer, please. One question at a time.\n\n{said}", "a.md")

    assert questions == ASKED
    assert all(answer.startswith(opening) for answer, opening in zip(answers, OPENINGS, strict=True))


def test_the_replies_of_an_assistant_are_the_document() -> None:
    """What it was asked, its offers and what it says of itself are none of it; questions for them stay apart."""
    told = "\u201cI lost the feeling in two fingers in my first year, and I had stored the solvent myself.\u201d"
    more = "\u201cI ask them which rule they would drop, and half the time they are right.\u201d"
    text = (
        "New chat\nYou said:\ngive me 2 interview questions with good answers\nChatGPT said:\n"
        "Here are two questions with sample answers:\n\n"
        f"1. Why does safety matter to you?\n{told}\n\n2. How do you win over others?\n{more}\n\n"
        "Would you like me to tailor these to your CV?\nYou said:\nyes, and what could I ask them?\nChatGPT said:\n"
        "Absolutely! Here are questions you could ask the interviewer:\n\n- Which near miss changed how you work?\n"
        "- Who can stop an experiment?\n\nLet me know if you'd like more!\nChatGPT can make mistakes.\n"
    )
    document = read(text, "chat.txt")

    assert [q.text for q in document.questions] == ["Why does safety matter to you?", "How do you win over others?"]
    assert [len(q.answers) for q in document.questions] == [1, 1]
    assert [p.text for p in document.to_ask] == ["Which near miss changed how you work?", "Who can stop an experiment?"]
    assert {i.line for i in document.ignored} >= {2, 4, 14, 16}
    answered = " ".join(answer.text for q in document.questions for answer in q.answers)
    assert not re.search("give me 2|Would you like|yes, and what|can make mistakes", answered)


def cues(texts: list[str], *, srt: bool) -> str:
    """Return subtitles of these texts, four seconds each."""
    mark = "," if srt else "."
    body = "\n\n".join(
        (f"{n}\n" if srt else "") + f"00:{4 * n // 60:02}:{4 * n % 60:02}{mark}000 --> "
        f"00:{(4 * n + 4) // 60:02}:{(4 * n + 4) % 60:02}{mark}000\n{text}"
        for n, text in enumerate(texts, start=1)
    )
    return f"{body}\n" if srt else f"WEBVTT\nKind: captions\n\n{body}\n"


def in_cues(mark: str, words: int = 7) -> list[str]:
    """Return the talk cut into short lines, `mark` in front of each turn."""
    found: list[str] = []
    for said in (text for pair in TALK for text in pair):
        parts = said.split()
        lines = [" ".join(parts[at : at + words]) for at in range(0, len(parts), words)]
        found += [f"{mark}{lines[0]}", *lines[1:]]
    return found


@pytest.mark.parametrize("srt", [True, False], ids=["srt", "vtt"])
@pytest.mark.parametrize("mark", [">> ", "&gt;&gt; ", "- ", ""])
def test_captions_without_names_are_cut_by_marks_or_by_what_asks(mark: str, srt: bool) -> None:
    """A mark of turns, or else sentences that ask; times and numbers are no words."""
    text = cues(in_cues(mark), srt=srt)
    questions, answers, asked_back = found(text, "talk.srt" if srt else "talk.vtt")

    assert questions == ASKED
    assert all(answer.startswith(opening) for answer, opening in zip(answers, OPENINGS, strict=True))
    assert asked_back == ["Who decides when a launch is stopped?"]
    assert "-->" not in " ".join(answers)


def test_dashes_where_two_people_share_a_cue_are_not_all_turns() -> None:
    """Then the other cues say nothing of who speaks, and what asks decides."""
    lines = ["Thanks for coming. What went wrong in the first year?", "We priced the bread by what it cost us.",
             "I changed it in March and wrote the reason down.", "- Did people complain?\n- Two did. One works here.",
             "Tell me about the person you learned most from.", "My first boss, who counted what was left every night.",
             "- Great. Any questions for me?\n- Yes. Who decides on a recipe here?"]  # fmt: skip
    questions, _, asked_back = found(cues(lines, srt=True), "a.srt")

    assert questions == ["What went wrong in the first year?", "Tell me about the person you learned most from."]
    assert asked_back == ["Who decides on a recipe here?"]


def test_a_clock_over_each_line_is_captions_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a video page shows beside the picture is pasted so; as a talk it keeps its clock."""
    text = "".join(f"{n // 6}:{n * 10 % 60:02}\n{line}\n" for n, line in enumerate(in_cues("", words=9)))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evalharness.yaml").write_text("author: me\n")
    (tmp_path / "page.txt").write_text(text)

    assert found(text)[0] == ASKED
    assert main(["import", "page.txt", "--dry-run"]) == 0
    assert "spoken" in capsys.readouterr().out


def test_automatic_captions_know_no_sentences(tmp_path: Path) -> None:
    """Where nothing ends a sentence, a question is what asks in a cue, with the word or two that the next one adds."""
    lines = ["hi everyone so today", "okay let's start tell me about yourself", "so i'm a process engineer and",
             "i make paper mills use less water", "next question what is your biggest", "weakness",
             "i take over when a meeting is slow", "and i've learned to wait a little"]  # fmt: skip

    assert found(cues(lines, srt=True), "a.srt")[0] == ["Tell me about yourself", "What is your biggest weakness"]


def test_an_import_of_captions_says_that_it_guesses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a talk with its clock and as a document: nobody is named, and whoever imports it is told so."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evalharness.yaml").write_text("author: me\n")
    (tmp_path / "talk.srt").write_text(cues(in_cues(">> "), srt=True))

    assert main(["import", "talk.srt", "--dry-run"]) == 0
    spoken = " ".join(capsys.readouterr().out.split())
    assert main(["import", "talk.srt", "--into", "cases/mock", "--dry-run"]) == 0
    document = " ".join(capsys.readouterr().out.split())
    assert "who asks and who answers is guessed by the marks of turns" in spoken
    assert "new question" in spoken
    assert "who asks and who answers is guessed by the marks of turns" in document


def test_broken_captions_are_refused_with_their_line() -> None:
    """As a document just as well as a talk."""
    with pytest.raises(InputError, match=r"talk\.srt, line 6: "):
        read_lines(
            b"1\n00:00:01,000 --> 00:00:02,000\nWhy us?\n\n2\n00:00:61,000 --> 00:00:04,000\nBecause.\n", "talk.srt"
        )


def test_a_name_above_its_clock_is_who_speaks() -> None:
    """As Teams writes it when a transcript is copied: a name, below it the clock, below that what is said."""
    found = read(turns("{who}\n0:{m:02d}\n{said}\n\n", "Jordan Lee", "Priya Nair"), "teams.txt")

    assert [question.text for question in found.questions][:1] == ASKED[:1]
    assert all(not question.text.startswith(("Jordan", "Priya", "0:")) for question in found.questions)


@pytest.mark.parametrize("name", ["export.csv", "talk.tsv"])
def test_rows_of_who_and_what_are_a_talk(name: str) -> None:
    """A column of a few names by turns, and one of what they say; the other cells are no content."""
    mark = "\t" if name.endswith("tsv") else ","
    rows = [mark.join(["role", "time", "message"])]
    for n, (asked, said) in enumerate(TALK):
        rows += [f'assistant{mark}10:{n:02d}{mark}"{asked}"', f'user{mark}10:{n:02d}{mark}"{said}"']
    found = read("\n".join(rows) + "\n", name)

    assert {question.text for question in found.questions} >= {ASKED[1]}
    assert all("10:0" not in answer.text for question in found.questions for answer in question.answers)


def test_a_table_of_questions_and_their_kinds_is_no_talk() -> None:
    """A kind comes again, too, but each of its rows asks."""
    rows = "".join(
        f"{('tech', 'soft')[n % 2]},Why do you want to weld number {n}?,I like seam {n} best\n" for n in range(8)
    )
    lines = read_lines(f"kind,question,answer\n{rows}".encode(), "sheet.csv")

    assert {line.kind for line in lines} == {"cell"}


def test_me_and_a_chat_tool_take_turns_over_several_lines() -> None:
    """Each line up to the next name is said by the one before."""
    text = (
        "me: ask me two things for a welder\n\ngpt: Sure.\n\nWhy welding?\n\n"
        "me: my uncle let me hold the torch at nine\n\ngpt: Lovely.\n\nWhat was your worst seam?\n\n"
        "me: a boiler in 2018, it wept in the test\nI ground it out the same night\n"
    )
    lines = read_lines(text.encode(), "chat.txt")

    assert {line.text: line.speaker for line in lines}["Why welding?"] == "gpt"
    assert {line.text: line.speaker for line in lines}["I ground it out the same night"] == "me"
