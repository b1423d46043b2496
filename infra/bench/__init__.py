"""`make bench`: what a mail, a start, a sweep and a case cost. One module a question; ratios are of one run."""
