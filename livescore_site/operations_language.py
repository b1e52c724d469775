"""The operations pages are English, whatever the language of the desk.

Their sentences are the record of what was asked of LSports and answered, which its support reads too; a page of which
half is in another language would serve nobody.
"""

from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import activate, deactivate

OPERATIONS = "/admin/"


class EnglishOperations(MiddlewareMixin):
    """Switches to English for the time of a request to the operations pages."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith(OPERATIONS):
            activate("en")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith(OPERATIONS):
            deactivate()
        return response
