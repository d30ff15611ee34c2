"""What a grader sends and how a reply is read: the same words for every program and server that is asked."""
