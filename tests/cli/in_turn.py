"""Several commands out of one start of Python: `python in_turn.py CODES 'run' 'report latest' ...`.

What a start makes of the streams and the environment is made once; each command is a fork of that, and ends as a
process of its own does.  How each of them ended is written to the file CODES.
"""

import os
import sys
from pathlib import Path

from evalharness.__main__ import main
from tests.pages.serving import warm_rooms

codes, *lines = sys.argv[1:]
warm_rooms()
ended = []
for line in lines:
    child = os.fork()
    if child == 0:
        sys.argv = ["evalharness", *line.split()]
        main()
    ended.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
Path(codes).write_text("\n".join(map(str, ended)), encoding="utf-8")
