"""Static files, also those that were collected after this process began.

While a new version is installed, a page that a process of the new version made may ask one of the old version for its
files: behind one proxy they are one desk.
"""

from django.http import HttpRequest, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, which knows the files of its start, and looks for another one where it is asked for it."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        url = request.path_info
        if url.startswith(self.static_prefix) and url not in self.files and (found := self.later(url)):
            self.files[url] = found
        answer: HttpResponseBase = super().__call__(request)
        return answer

    def later(self, url: str) -> object | None:
        """The file in the collected folder that has this address by now."""
        if not self.static_root:
            return None
        self.directories = [(f"{self.static_root}/", self.static_prefix)]
        found: object | None = self.find_file(url)
        return found
