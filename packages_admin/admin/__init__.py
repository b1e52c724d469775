"""The operations pages for packages: their list, their buttons, the record of calls, the people."""

from . import calls, packages, people

__all__ = ["calls", "packages", "people"]
