"""What a document asks for becomes a rubric draft, with texts by a model where one is asked."""
