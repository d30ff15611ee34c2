"""progress -> the terminal, Markdown, JSON, `PROGRESS.md` and its charts.  Pure: text in, text out."""
