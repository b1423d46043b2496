"""The layers: what is pinned, what Lambda would load, and that building is repeatable."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from infra.build.layers import artefacts, build_dependencies, local_folders, package_template, zip_folder
from infra.build.template import PATH, read
from tests.contract.stack import ROOT, functions, of_type

LOCK = ROOT / "layers" / "dependencies" / "requirements.txt"
CACHE = ROOT / ".local" / "build"
AARCH64 = 183  # e_machine, ELF's table of machines
LIMIT = 20_000_000  # bytes unpacked


def pinned(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", path.read_text(), re.MULTILINE))


@pytest.fixture(scope="module")
def for_aws() -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    target = CACHE / "dependencies-aws"
    build_dependencies(target, "aws")
    return target


@pytest.fixture(scope="module")
def for_here() -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    target = CACHE / "dependencies-host"
    build_dependencies(target, "host")
    return target


def test_the_layer_holds_what_is_named_and_nothing_that_lambda_brings() -> None:
    assert set(pinned(LOCK)) == {
        *("aws-lambda-powertools", "jmespath", "typing-extensions", "chalice", "pynamodb", "nh3")
    }


def test_each_package_is_pinned_by_hash() -> None:
    text = LOCK.read_text()
    for name, version in pinned(LOCK).items():
        entry = re.search(
            rf"^{name}=={re.escape(version)}[^\n]*\n((?:    --hash=sha256:[0-9a-f]{{64}}[ \\\n]*)+)", text, re.M
        )
        assert entry is not None, name


def test_the_functions_run_the_versions_that_the_tests_ran() -> None:
    outside = pinned(ROOT / "requirements.txt") | pinned(ROOT / "requirements-dev.txt")
    for name, version in pinned(LOCK).items():
        assert outside.get(name, version) == version, name


def test_what_is_compiled_in_the_aws_build_is_compiled_for_arm(for_aws: Path) -> None:
    libraries = sorted(for_aws.rglob("*.so"))
    assert libraries, "nothing to look at proves nothing"
    for library in libraries:
        head = library.read_bytes()[:20]
        assert head[:4] == b"\x7fELF"
        assert struct.unpack("<H", head[18:20])[0] == AARCH64, library.name
        assert library.name.endswith((".abi3.so", ".cpython-313-aarch64-linux-gnu.so")), library.name


def test_the_layer_is_small(for_aws: Path) -> None:
    size = sum(path.stat().st_size for path in for_aws.rglob("*") if path.is_file())
    assert size < LIMIT, f"{size:,} bytes unpacked"


def test_every_package_loads_from_the_layer(for_here: Path) -> None:
    """Without the SDK, which is Lambda's own: chalice, nh3, jmespath; and powertools as far as it needs none."""
    names = ("chalice.app", "nh3", "jmespath", "aws_lambda_powertools", "aws_lambda_powertools.metrics")
    lines = [f"import {name}; assert {name}.__file__.startswith({str(for_here)!r}), {name}.__file__" for name in names]
    script = "\n".join([f"import sys; sys.path.insert(0, {str(for_here)!r})", *lines])
    subprocess.run([sys.executable, "-I", "-c", script], check=True, timeout=60)


def test_the_layer_brings_no_sdk_and_no_command_line(for_aws: Path) -> None:
    found = {path.name for path in for_aws.iterdir()}
    assert not found & {"boto3", "botocore", "bin", "pip", "setuptools"}
    assert {path.name for path in (for_aws / "chalice").iterdir()} - {"__pycache__"} == {
        *("__init__.py", "app.py", "py.typed")
    }


def test_compiled_files_do_not_depend_on_the_time_of_the_build(for_here: Path) -> None:
    for path in (for_here / "chalice").rglob("*.pyc"):
        flags = struct.unpack("<L", path.read_bytes()[4:8])[0]
        assert flags == 0b01, "hash-based and unchecked"


def test_a_zip_depends_on_names_and_contents_alone(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "inner").mkdir(parents=True)
    (source / "__pycache__").mkdir()
    (source / "a.py").write_text("a = 1\n")
    (source / "inner" / "b.py").write_text("b = 2\n")
    (source / "__pycache__" / "a.pyc").write_bytes(b"of somebody else")
    zip_folder(source, tmp_path / "one.zip", "python/")
    (source / "a.py").touch()
    zip_folder(source, tmp_path / "two.zip", "python/")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert zipfile.ZipFile(tmp_path / "one.zip").namelist() == ["python/a.py", "python/inner/b.py"]


def test_each_folder_of_the_template_becomes_one_zip_and_a_second_build_makes_nothing_new(tmp_path: Path) -> None:
    text = PATH.read_text()
    wanted = {one.properties["CodeUri"] for one in functions().values()} | {
        one["ContentUri"] for one in of_type("AWS::Serverless::LayerVersion").values()
    }
    assert set(local_folders(text)) == wanted
    without_pip = text.replace("ContentUri: layers/dependencies", "ContentUri: s3://bucket/there-already.zip")
    first = artefacts(without_pip, tmp_path)
    times = {path: made.stat().st_mtime_ns for path, made in first.items()}
    assert artefacts(without_pip, tmp_path) == first
    assert {path: made.stat().st_mtime_ns for path, made in first.items()} == times
    assert "python/tanggap/domain/words.py" in zipfile.ZipFile(first["layers/core"]).namelist()
    assert "app.py" in zipfile.ZipFile(first["functions/intake"]).namelist()


def test_packaging_changes_nothing_but_where_the_code_is() -> None:
    text = PATH.read_text()
    packaged = package_template(text, {path: f"s3://bucket/{path}.zip" for path in local_folders(text)})
    before, after = read(text), read(packaged)
    for resource in (*before["Resources"].values(), *after["Resources"].values()):
        for key in ("CodeUri", "ContentUri"):
            resource.get("Properties", {}).pop(key, None)
    assert before == after
    assert packaged.count("!Ref") == text.count("!Ref")
    with pytest.raises(yaml.constructor.ConstructorError):
        yaml.safe_load(packaged)  # the short tags are still there


def test_a_folder_without_an_upload_is_an_error() -> None:
    with pytest.raises(KeyError):
        package_template(PATH.read_text(), {})


@pytest.mark.parametrize("layer", ["CoreLayer", "DependenciesLayer"])
def test_the_sam_cli_finds_how_to_build_a_layer(layer: str) -> None:
    declared = read()["Resources"][layer]
    assert declared["Metadata"] == {"BuildMethod": "makefile", "BuildArchitecture": "arm64"}
    assert declared["Properties"]["CompatibleArchitectures"] == ["arm64"]
    makefile = (ROOT / declared["Properties"]["ContentUri"] / "Makefile").read_text()
    assert f"build-{layer}:" in makefile
    assert "python3.13" in makefile, "what another Python compiles, Lambda's does not load"


def test_a_name_that_stands_twice_in_the_template_is_seen() -> None:
    with pytest.raises(ValueError, match="repeated"):
        read("Resources: {A: {Type: x}, A: {Type: y}}")


def test_two_who_build_at_once_leave_a_whole_layer(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from infra.build.layers import build_dependencies; "
        "build_dependencies(Path(sys.argv[1]), 'host')"
    )
    builds = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "layer")],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    assert [build.wait(timeout=120) for build in builds] == [0, 0]
    subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path[0:0] = [{str(tmp_path / 'layer')!r}]; import chalice.app"],
        check=True,
        timeout=60,
    )
    assert (tmp_path / "layer.made-from").is_file()
