"""The pages for what does not work: they say what is so and what to do, and need neither the database nor a user."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return page("403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, in the words of whoever did not find it."""
    told = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return page("404.html", 404, told=told)


def failed(request: HttpRequest) -> HttpResponse:
    """500."""
    return page("500.html", 500)


def page(template: str, status: int, **context: str) -> HttpResponse:
    return HttpResponse(render_to_string(template, context, using="desk"), status=status)
