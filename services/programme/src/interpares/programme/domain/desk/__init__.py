"""The chapter on the work of the office: who does what, who is reminded, who signs, what was taken over."""
