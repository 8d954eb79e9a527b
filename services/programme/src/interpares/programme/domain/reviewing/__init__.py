"""The chapter on documents whose versions peers review: entered, reviewed, and what keeps whom from reviewing."""
