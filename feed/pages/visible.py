"""What no page is sent: characters that show nothing and change how that is seen which stands beside them.

A name that turns its line around would show the price behind it as another number.
"""

import re

#: Controls other than tab and line ends; embeddings, overrides and isolates of text's direction. Marks of a single
#: letter's direction stay: they reach no further than their own text.
UNSEEN = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """The text without them."""
    return UNSEEN.sub("", text)
