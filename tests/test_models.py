"""Models for programs are made of both documents: they compile, hold what is sent, and the examples fit them."""

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from pydantic import TypeAdapter

from tests.api_documents import ASYNCAPI, DOCS, MESSAGES, OPENAPI

ROOT = DOCS.parent
BIN = ROOT / "node_modules" / ".bin"
NODE = shutil.which("node")
WITHOUT_NODE = pytest.mark.skipif(NODE is None or not (BIN / "tsc").exists(), reason="needs node and `npm install`")
BOTH = pytest.mark.parametrize("name", ["openapi", "asyncapi"])
STRICT = "--noEmit --allowJs --checkJs --strict --target es2022 --module esnext --moduleResolution bundler"


def run(*words: object, cwd: Path) -> None:
    done = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def python_models(name: str, kind: str, folder: Path) -> Path:
    path = folder / "desk_models.py"
    maker = [sys.executable, "-m", "datamodel_code_generator", "--target-python-version", "3.11"]
    options = ["--input-file-type", name, "--output-model-type", kind, "--formatters", "builtin"]
    run(*maker, "--input", DOCS / f"{name}.yaml", "--output", path, *options, cwd=folder)
    return path


def imported(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("desk_models", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["desk_models"] = module
    spec.loader.exec_module(module)
    return module


@BOTH
def test_python_models_are_made_and_compile(name: str, tmp_path: Path):
    document = {"openapi": OPENAPI, "asyncapi": ASYNCAPI}[name]
    models = imported(python_models(name, "pydantic_v2.BaseModel", tmp_path))
    assert set(document["components"]["schemas"]) <= set(dir(models))


def test_python_models_hold_every_message_and_refuse_another(tmp_path: Path):
    models = imported(python_models("asyncapi", "pydantic_v2.BaseModel", tmp_path))
    messages = TypeAdapter(models.FromDesk)
    for name, message in MESSAGES.items():
        for example in message["examples"] if name not in ("subscribe", "ack") else ():
            messages.validate_python(example["payload"])
            with pytest.raises(ValueError, match="validation error"):
                messages.validate_python({**example["payload"], "surprise": 1})


def test_the_python_example_fits_its_models(tmp_path: Path):
    python_models("asyncapi", "typing.TypedDict", tmp_path)
    example = shutil.copy(DOCS / "examples" / "stream_client.py", tmp_path)
    run(sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", example, cwd=tmp_path)


def typescript_models(name: str, folder: Path) -> Path:
    """openapi-typescript reads the schemas of AsyncAPI too, under another first line."""
    described, path = folder / "described.yaml", folder / "desk_models.ts"
    document = (DOCS / f"{name}.yaml").read_text(encoding="utf-8")
    described.write_text(document.replace("asyncapi: 3.1.0", "openapi: 3.1.0", 1), encoding="utf-8")
    run(BIN / "openapi-typescript", described, "--default-non-nullable=false", "-o", path, cwd=ROOT)
    return path


@WITHOUT_NODE
def test_typescript_models_of_rest_compile(tmp_path: Path):
    run(BIN / "tsc", *STRICT.split(), typescript_models("openapi", tmp_path), cwd=ROOT)


@WITHOUT_NODE
def test_the_javascript_example_fits_its_models(tmp_path: Path):
    typescript_models("asyncapi", tmp_path)
    example = shutil.copy(DOCS / "examples" / "stream_client.js", tmp_path)
    run(BIN / "tsc", *STRICT.split(), "--lib", "es2022,dom", example, cwd=ROOT)


@WITHOUT_NODE
def test_a_wrong_use_of_the_models_does_not_compile(tmp_path: Path):
    typescript_models("asyncapi", tmp_path)
    wrong = (
        (DOCS / "examples" / "stream_client.js").read_text(encoding="utf-8").replace("source.suspended", "source.open")
    )
    (tmp_path / "stream_client.js").write_text(wrong, encoding="utf-8")
    with pytest.raises(AssertionError, match="'open' does not exist"):
        run(BIN / "tsc", *STRICT.split(), "--lib", "es2022,dom", tmp_path / "stream_client.js", cwd=ROOT)


@WITHOUT_NODE
def test_the_stream_is_described_in_valid_asyncapi():
    path = ROOT / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.1.0.json"
    Draft7Validator(json.loads(path.read_text(encoding="utf-8"))).validate(ASYNCAPI)
