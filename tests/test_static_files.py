"""Static files that are collected while a web process runs: a newer version's, which its pages ask any process for."""

from pathlib import Path
from typing import Any

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse
from django.test import RequestFactory

from livescore_site.static_files import StaticFiles

OLD, NEW = "/static/board.0123456789ab.css", "/static/css/board.ba9876543210.css"


def answer(files: StaticFiles, url: str) -> tuple[int, bytes]:
    response = files(RequestFactory().get(url))
    if not isinstance(response, FileResponse):
        return response.status_code, getattr(response, "content", b"")
    with response.file_to_stream as file:  # to close the response would close what other tests have of the database
        return response.status_code, file.read()


@pytest.fixture
def files(tmp_path: Path, settings: Any) -> StaticFiles:
    settings.STATIC_ROOT = tmp_path / "static"
    (tmp_path / "static" / "css").mkdir(parents=True)
    (tmp_path / "static" / "board.0123456789ab.css").write_text("old")
    (tmp_path / "private").write_text("secret")

    def nothing(request: HttpRequest) -> HttpResponse:
        return HttpResponse("no page", status=404)

    return StaticFiles(nothing)


def test_a_file_that_is_collected_later_is_served_as_well(files: StaticFiles, tmp_path: Path) -> None:
    assert answer(files, OLD) == (200, b"old")
    assert answer(files, NEW) == (404, b"no page")
    (tmp_path / "static" / "css" / "board.ba9876543210.css").write_text("new")
    assert answer(files, NEW) == (200, b"new")
    assert answer(files, OLD) == (200, b"old")


@pytest.mark.parametrize("url", ["/static/../private", "/static//../private", "/static/css", "/static/", "/static/%00"])
def test_nothing_else_is_served(files: StaticFiles, url: str) -> None:
    assert answer(files, url) == (404, b"no page")
