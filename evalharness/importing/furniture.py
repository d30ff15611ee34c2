"""blocks -> the same blocks, with a reason on each that belongs to a web page or chat tool and not to the document."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from evalharness.importing.labels import asks, label_of
from evalharness.importing.nouns import Block
from evalharness.importing.tag_lines import tag_list
from evalharness.importing.times import seconds_in

_MENU = frozenset(
    " ".join(
        """
    home | about | about us | contact | contact us | blog | pricing | products | product | careers | jobs | docs |
    documentation | help | support | faq | menu | search | login | log in | sign in | sign up | sign out | log out |
    register | subscribe | newsletter | share | tweet | print | save | like | reply | privacy | terms | cookies |
    settings | profile | account | my account | next | previous | back | close | open menu | toggle menu | toggle
    navigation | back to top | top | read more | learn more | show more | see more | load more | view all | see all
    | get started | start free trial | try it free | download | features | solutions | resources | community |
    events | news | press | partners | enterprise | customers | topics | categories | tags | archive | archives |
    courses | tutorials | guides | interviews | companies | company | team | explore | discover | trending | popular
    | follow | follow us | copy | copy code | copy link | edit | regenerate | good response | bad response | thumbs
    up | thumbs down | new chat | more | less | skip to content | skip to main content | skip navigation | table of
    contents | on this page | in this article | advertisement | sponsored | accept | accept all | reject all |
    manage preferences | manage cookies | dashboard | library | upgrade | twitter | linkedin | facebook | instagram
    | youtube | github | rss | english | comments | add a comment | write | stories | membership | notifications |
    bookmark | listen | cancel | ok | got it
    """.split()
    ).split(" | ")
)
_CLICK = re.compile(r"(?i)yes|no|not really|thumbs (?:up|down)|\d+")
CHAT, FEEDBACK, MAIL = "chat tool", "feedback", "head of a mail"
LEAST_HEAD = 3
_MAIL_HEAD = re.compile(r"(?i)(from|to|cc|bcc|sent|date|subject|reply-to): ?\S")
_RULES = tuple(
    (why, re.compile(rule, re.IGNORECASE))
    for why, rule in (
        (
            "cookie note",
            r"\bcookies?\b.*\b(?:use|accept|consent|polic\w+|experience|site|preferences|browser)\b|\b(?:use"
            r"|accept|reject|manage)\b.{0,30}\bcookies?\b",
        ),
        (
            "footer",
            r"(?:^|\s)(?:\u00a9|\(c\)|copyright)\s|all rights reserved|terms of (?:service|use)|privacy "
            r"(?:policy|notice)|^imprint$|^powered by\b",
        ),
        (
            "sign-in",
            r"^(?:please )?(?:sign|log) ?(?:in|up)\b|^(?:already|not yet) (?:have an account|a member)|create "
            r"(?:a|an|your) (?:free )?account|^(?:forgot|reset) (?:your )?password|^continue with (?:google"
            r"|email|apple|github)|^join (?:\d|for free|now|over)",
        ),
        (
            MAIL,
            r"^on .{6,60},? .{2,60} wrote:$|^-+ ?(?:original|forwarded) message ?-+$",
        ),
        (
            "newsletter",
            r"\bsubscribe (?:to|now|for)\b|\bour (?:weekly |monthly |free )?newsletter\b|^enter your e-?mail"
            r"|\bunsubscribe\b|\bin your inbox\b",
        ),
        (
            "sharing",
            r"^share (?:this|on|via|article|post|with your)\b|^(?:tweet|pin|e-?mail) this\b|^\d[\d.,k]* "
            r"(?:likes?|shares?|comments?|claps?|views?|reads?|replies|votes?|followers)\b|^(?:leave|post|write) "
            r"a (?:comment|reply)|^follow (?:us|me) on",
        ),
        (
            FEEDBACK,
            r"^was this (?:\w+ )?(?:helpful|useful)|^(?:rate|did you (?:find|like)) this\b|^(?:thanks|thank you) "
            r"for (?:reading|your feedback)|^report (?:a|an|this) (?:problem|issue|error)",
        ),
        (
            "page header",
            r"^retrieved from\b"
            r"|^(?:published|posted|updated|last (?:updated|modified|edited)|written by|by [A-Z][a-z]+ "
            r"[A-Z][a-z]+ ?[|\u00b7\u2022,-])\b|^\d+[ -]min(?:ute)?s?[ -]read\b|\b\d+[ -]min(?:ute)?s? read$"
            r"|\bpage \d+ (?:of|/) \d+$"
            r"|^(?:exported|printed) (?:from|on|with|by)\b|^(?:reading time|home) ?[:>\u203a\u00bb/|]",
        ),
        (
            "advertisement",
            r"^(?:advertisement|sponsored(?: (?:by|content))?|ad)\b ?:?|^(?:get|try|start|book|buy) (?:\w+ "
            r"){0,4}(?:free|today|now|demo|trial|plan|premium|% off)\b.{0,40}$|^upgrade to\b|\bpromo code\b",
        ),
        (
            "link to other pages",
            r"^(?:next|previous|prev)(?: (?:article|post|page|lesson|chapter"
            r"|up))?\s?[:\u2192\u2190\u00bb\u00ab>]|^(?:see|read|view|show|learn|load) (?:more|all|also"
            r"|next)\b.{0,60}$|^you (?:may|might) also (?:like|enjoy)|^(?:skip|jump|back|return) to (?:\w+ "
            r"){0,3}(?:content|top|navigation|main|page|home|list|overview)\b",
        ),
        (
            CHAT,
            r"^(?:you|chatgpt|claude|gemini|copilot|assistant|user|the assistant) said:?$|^(?:chatgpt|claude"
            r"|gemini|copilot|assistant|user|ai)(?: \d[\w.]*)?:?$|^(?:regenerate|stop generating|copy code"
            r"|thought for .*|searched .*|reasoned .*|model: .*|message \w+)$|\bcan make mistakes\b|^(?:chatgpt"
            r"|claude|gemini) is\b",
        ),
        (
            CHAT,
            r"^(?:would you like (?:me|a|to)|do you want me|want me to|let me know (?:if|which|whether|how)|if "
            r"you(?:'d| would|\u2019d)? (?:like|want),? I|shall I|should I (?:also|now|go|turn|add|write)|I can "
            r"(?:also|now)|happy to|feel free to|(?:hope|glad) (?:this|that|these|to)|good luck)\b",
        ),
        (
            CHAT,
            r"^(?:sure|certainly|of course|absolutely|great(?: question)?|got it|perfect|thanks)[!,.:\u2014-].*"
            r"|^(?:here (?:is|are)|here's|below (?:is|are)|these are) (?:\w+[ -]){0,6}(?:questions?|answers?"
            r"|prep\w*|versions?|notes?|sheet|guide|set|draft|conversation|walk-?through)\b.*[:.]$",
        ),
    )
)
_OFFER = re.compile(
    r"(?i)(?:would you like me|do you want me|want me to|shall I|if you(?:'d|\u2019d| would)? (?:like|want),? I)\b"
)
_RELATED = re.compile(
    r"(?i)^(?:related|similar|recommended|popular|trending|further|more|latest|recent|featured|suggested"
    r"|other)\b.{0,50}$|^(?:you (?:may|might) (?:also )?(?:like|enjoy)|"
    r"what to read next|keep reading|read (?:next|also)|see also|up next|from our blog|sponsored"
    r"|comments(?: \(\d+\))?|\d+ (?:comments|responses)|about the author|(?:on this|in this) (?:page"
    r"|article)|table of contents|contents)\b.{0,40}$"
)
_RELATED_WORDS = re.compile(
    r"(?i)\b(?:articles?|posts?|links?|reading|stories|guides?|from|pages?|topics?|like|enjoy|next|also"
    r"|blog|comments?|responses|author|page|contents|resources|questions|interview "
    r"guides|content|searches)\b|^related$|^recommended"
)


def marked(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return `blocks`, each that is furniture with the reason."""
    reasons = [block.skip or _why(block) for block in blocks]
    _mail_heads(blocks, reasons)
    _menus(blocks, reasons)
    _related(blocks, reasons)
    return tuple(msgspec.structs.replace(b, skip=why) if why else b for b, why in zip(blocks, reasons, strict=True))


def is_menu_word(text: str) -> bool:
    """Return whether `text` is a word that menus and buttons are made of."""
    return text.strip(" \t.\u2026>\u2192\u203a\u00bb:|*-").lower() in _MENU


def _why(block: Block) -> str:
    text = block.text.strip(" \t.\u2026>\u2192\u203a\u00bb:|*-")
    if block.kind in {"rule", "row"} and not (block.kind == "row" and _is_menu(block.text)):
        return ""
    if (is_menu_word(text) and not block.heads) or _is_menu(block.text):
        return "menu"
    if (
        len(block.text.split()) > 45
        or (block.number and asks(block.text))
        or ((label := label_of(block.text)) and label.kind != "tone")
    ):
        return ""
    if block.kind == "heading" and asks(block.text):
        return ""
    found = next((why for why, rule in _RULES if rule.search(block.text.strip())), "")
    if found == CHAT and len(block.text.split()) > 8 and seconds_in(block.text) is not None:
        return found if _OFFER.match(block.text) else ""
    return found


def _is_menu(text: str) -> bool:
    """Return whether a line is a row of menu words or a path of pages ("Home > Guides > Interviews")."""
    pieces = [piece.strip() for piece in re.split(r"[|\u00b7\u2022>\u203a\u00bb/\t]|\s{2,}", text) if piece.strip()]
    if len(pieces) < 2:
        return False
    known = sum(piece.lower().strip(" .") in _MENU for piece in pieces)
    short = all(len(piece.split()) <= 7 for piece in pieces)
    return short and (known >= 2 or (known >= 1 and len(pieces) >= 3 and len(text) < 120)) and known * 3 >= len(pieces)


def _mail_heads(blocks: Sequence[Block], reasons: list[str]) -> None:
    """Mark the lines that head a mail, three at least in a row; the subject stays, for it is a title."""
    run: list[tuple[int, str]] = []
    for at in range(len(blocks) + 1):
        found = _MAIL_HEAD.match(blocks[at].text) if at < len(blocks) else None
        if found:
            run.append((at, found[1].lower()))
            continue
        for place, name in run if len(run) >= LEAST_HEAD else ():
            reasons[place] = MAIL if name != "subject" else reasons[place]
        run = []


def _menus(blocks: Sequence[Block], reasons: list[str]) -> None:
    """Mark short lines that stand between menu words: a menu has entries of its own.

    What a chat tool offers in a list is part of the offer.
    """
    offers = False
    for at, block in enumerate(blocks):
        if at and block.kind == "item" and reasons[at - 1] == CHAT and not reasons[at]:
            offers = offers or (blocks[at - 1].text.endswith(":") and bool(_OFFER.match(blocks[at - 1].text)))
            reasons[at] = CHAT if offers else ""
        else:
            offers = False
        if at and reasons[at - 1] == FEEDBACK and not reasons[at] and _CLICK.fullmatch(block.text):
            reasons[at] = FEEDBACK
        around = [reasons[i] for i in (at - 1, at + 1) if 0 <= i < len(blocks)]
        if not reasons[at] and len(around) == 2 and all(around) and _is_entry(block):
            reasons[at] = "between furniture"


def _is_entry(block: Block) -> bool:
    words = len(block.text.split())
    plain_line = block.kind in {"para", "item"} and not block.bold and not block.quote
    return (
        plain_line
        and words <= 4
        and not asks(block.text)
        and not label_of(block.text)
        and not tag_list(block.text)
        and seconds_in(block.text) is None
    )


def _related(blocks: Sequence[Block], reasons: list[str]) -> None:
    """Mark "Related articles" and the short lines under it, up to the next heading, answer or long paragraph."""
    inside: Block | None = None
    for at, block in enumerate(blocks):
        short = len(block.text.split()) <= 16 and not block.quote and block.kind in {"para", "item"}
        if block.kind in {"heading", "para", "item"} and _opens_related(block):
            inside, reasons[at] = block, reasons[at] or "related pages"
        elif inside and (reasons[at] or (short and not label_of(block.text) and not _answered(blocks, at))):
            reasons[at] = reasons[at] or "related pages"
        elif inside and block.kind == "heading" and inside.kind == "heading" and block.level > inside.level:
            reasons[at] = "related pages"
        elif block.kind != "rule":
            inside = None


def _opens_related(block: Block) -> bool:
    short = len(block.text.split()) <= 7 and not block.text.rstrip().endswith((".", "?"))
    return short and bool(_RELATED.match(block.text)) and bool(_RELATED_WORDS.search(block.text))


def _answered(blocks: Sequence[Block], at: int) -> bool:
    """Return whether an answer label or a quotation follows directly."""
    after = blocks[at + 1] if at + 1 < len(blocks) else None
    label = label_of(after.text) if after else None
    return after is not None and (
        after.quote or (label is not None and label.kind in {"answer", "tags"}) or tag_list(after.text) is not None
    )
