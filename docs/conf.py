"""docs/*.md -> a site; `python -m scripts.build_site` builds it; warnings are errors, nothing is fetched."""

project = "evalharness"
author = "The evalharness maintainers"

extensions = ["myst_parser", "sphinx_copybutton"]
source_suffix = {".md": "markdown"}
nitpicky = True

# A link to a heading is checked against the anchors that code hosts make of headings, too.
myst_heading_anchors = 4

html_theme = "furo"
html_title = "evalharness"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False

# The button copies what is typed, not what is printed.
copybutton_prompt_text = "$ "
copybutton_line_continuation_character = "\\"
