"""The operations pages for packages: their list, their buttons, the record of calls, the people."""

from . import calls, packages, people, phones

__all__ = ["calls", "packages", "people", "phones"]
