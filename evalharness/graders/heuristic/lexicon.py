"""the word lists the signals and the cleaning read, all declared here; no list holds a number word.

Numbers taken out of an answer must lower only criteria that declare `quantities`, so nothing here may
depend on one.
"""

from __future__ import annotations

from evalharness.text.numerals import word_set

REASON = """
because | so that | in order to | the reason | which is why | that is why | that's why | therefore | as
a result | due to | which meant | this meant | that meant | it meant | led to | caused by | given that |
root cause | for that reason | to avoid | to prevent | to make sure | to protect | otherwise | which let
| which allowed | that let | so we could | so i could | since the | since we | since i | the cause was |
it turned out | turns out | what drove | as long as
"""

TRADE_OFF = """
trade off | trade offs | tradeoff | tradeoffs | traded | at the cost of | at the expense of | in
exchange for | in return | gave up | give up | giving up | given up | the price was | the price of | the
downside | the catch was | drawback* | sacrific* | compromis* | cost us | cost me | costs us | we
accepted | i accepted | we lost | i lost | rather than | instead of | alternative* | we considered | i
considered | we rejected | i rejected | ruled out | decided against | on the other hand | even though |
although | whereas | despite | tension between | balance between | chose ... over | chosen ... over |
choose ... over | prefer* ... over | favoured ... over | favored ... over | the other option | worth the
| not worth | it hurt | at the risk of | the risk was | on the flip side | the opportunity cost | we
paid | i paid | slower but | slower to | harder to | what we lost | what i lost | in favour of | in
favor of
"""

# What is paid and is no price; `PAID` counts only where none of these follows it as what was paid.
PAID = frozenset({"we paid", "i paid"})
NO_PRICE = word_set("attention heed homage regard respect respects tribute visit visits compliment compliments lip")

REFLECTION = """
i learned | i learnt | i realised | i realized | i've learned | i have learned | looking back | in
hindsight | in retrospect | i would do | i'd do | i was wrong | i had assumed | i assumed | taught me |
what surprised me | surprised me | i keep asking | i wonder | i used to think | i used to believe |
changed my mind | i still think about | i still wonder | i still ask | i've come to | i have come to | i
came to see | i underestimated | i overestimated | i should have | next time | do differently | done
differently | the lesson | made me think | made me realise | made me realize | made me wonder | i'm not
sure | i am not sure | i struggled | i noticed | i find myself | thinking about it | my mistake | my
assumption | i regret | i don't know | i had not seen | i hadn't seen | i hadn't noticed | i began to
see | what i missed | i missed | i keep coming back | i'm still learning | humbl* | i question | i've
started to | part of me | uncomfortable
"""

CONNECTIVE = """
because | however | therefore | although | though | moreover | furthermore | thus | hence | consequently
| nevertheless | nonetheless | meanwhile | additionally | besides | likewise | similarly | otherwise |
instead | whereas | while | since | unless | until | yet | so | but | and | or | nor | also | then |
finally | in addition | for example | for instance | in contrast | on the contrary | by contrast | in
conclusion | to sum up | in summary | even so | after all | as well as | that said | in other words | in
fact | of course | above all | in particular | in short | overall | accordingly | subsequently |
alternatively | conversely | still | rather | indeed | namely | specifically | notably | importantly |
despite | in spite of | regardless | provided that | as long as | on the other hand | on balance |
ultimately | in general | notwithstanding | whereby | thereby | thereafter | henceforth | albeit | lest
| inasmuch | insofar | as such | to that end | with that in mind | if | when | even though | even if |
given that | as a result | due to | in order to | so that
"""


def _phrases(table: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in table.split("|"))


MARKERS = {
    "reason": _phrases(REASON),
    "trade_off": _phrases(TRADE_OFF),
    "reflection": _phrases(REFLECTION),
}
CONNECTIVES = _phrases(CONNECTIVE)

# What holds a sentence together, connectives aside.  A word list has none of these.
GLUE = word_set(
    """
    a an the this that these those my your his her its our their i you he she it we they me him us them
    who whom whose which what is are was were be been being am do does did done have has had having will
    would can could may might must shall should not no never to of in on at by for from with without
    into onto over under about between through during before after against around across behind near off
    out up down within i'm i've i'd i'll we're we've we'd we'll it's that's there there's he's she's
    they're they've don't didn't doesn't wasn't weren't isn't aren't couldn't wouldn't won't can't
    hadn't haven't how why where as than each every some any all both such myself ourselves themselves
    itself
    """
)

ACTIONS = word_set(
    """
    added agreed analysed analyzed argued asked assigned audited automated backed benchmarked blocked
    bought brought built called came cancelled canceled caught challenged changed chaired chased checked
    chose cleaned coached coded collected compared computed configured convinced coordinated created cut
    debugged decided defined delayed deleted delivered deployed described designed detected developed
    diagnosed disabled discovered documented drafted drew drove dug enabled ended ensured enforced
    escalated established estimated evaluated examined explained explored extended extracted facilitated
    filed finished fixed flagged followed forced found founded froze gathered gave generated got guided
    halted handed handled held helped hired identified implemented improved initiated insisted inspected
    installed instrumented integrated interviewed introduced invented invited isolated joined kept
    killed labelled labeled launched learned led listed listened logged looked made managed mapped
    measured mentored merged met migrated modelled modeled monitored moved named negotiated noticed
    opened optimised optimized ordered organised organized owned paid paired parsed partitioned paused
    persuaded phoned picked piloted planned prepared presented prevented prioritised prioritized
    profiled programmed promised proposed prototyped proved published pulled pushed put questioned
    raised ran read rebuilt received recommended recorded recovered recruited redesigned reduced
    refactored refused rejected released removed renamed reorganised repaired replaced replayed reported
    reproduced requested researched resolved restored reversed reviewed rewrote rolled sampled sat saved
    scaled scheduled scoped scrapped sent separated served set shared shipped showed signed simplified
    simulated sketched slowed solved split spent spoke sponsored staged standardised standardized
    started stopped streamlined studied suggested supervised supported surveyed swapped switched talked
    taught tested threw timed told took traced tracked trained translated travelled tried tuned turned
    typed unblocked uncovered updated upgraded validated verified versioned visited volunteered walked
    warned watched went withdrew won wrapped wrote
    """
)
PRESENT = word_set(
    """
    build call change choose create decide design draft fix lead make measure own propose push review
    run ship start stop teach test track write
    """
)

# What the grader says to add, by kind of signal.  Whoever pastes it says nothing.
WISHES = {
    "reason": "give the reason for one step",
    "trade_off": "say what was given up, or which other way was open and why you did not take it",
    "reflection": "say what you learned, or would do differently",
    "question": "ask a question that begins with how, what or why",
    "ownership": "tell what you did yourself, step by step",
    "quantity": "give another number, and say what was counted",
    "baseline": "give a number, and what it was before",
    "before": "say beside a number what it was before",
    "company": "take up a fact about this company, and say what it has to do with your story",
    "interviewer": "take up what this interviewer works on or cares about",
    "more": "say more of what this criterion looks for",
    "length": "say more in your own words",
    "fillers": "leave out fillers and hedges",
    "event": "tell one thing that happened, and what you did in it",
}
HINTS = tuple(WISHES.values())

# How long and how often: in every text, and nobody's story.
TIMES = word_set(
    """
    second seconds minute minutes hour hours day days week weeks month months quarter quarters year years percent
    percentage ms times daily weekly monthly yearly ago last next
    """
)

# May stand between "I" and its verb.
SKIPPED = word_set(
    """
    also then personally myself had have finally just actually therefore and still once soon later
    always often was the person who
    """
)

PROPER_NAMES_NOT = word_set(
    """
    i january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday english german french spanish europe european
    america american africa asia god internet python java kafka postgres postgresql redis kubernetes
    docker linux github google amazon microsoft slack grafana prometheus terraform kotlin rust
    typescript javascript spark flink snowflake elasticsearch mongodb cassandra mysql okay yes no well
    so but and the
    """
)
