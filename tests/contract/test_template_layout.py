"""The layout of the tree and of template.yaml: names match folders, layers import downwards, what is named exists."""

from __future__ import annotations

import ast
import dataclasses
import sys
from pathlib import Path

import pytest

from tanggap.entrypoints import settings
from tests.contract.stack import FUNCTIONS_FOLDER, ROOT, TEMPLATE, functions

PACKAGE = ROOT / "layers" / "core" / "tanggap"

#: What would bring a clock, chance, the environment or the outside into the rules.
NOT_IN_THE_DOMAIN = frozenset(
    {"os", "random", "uuid", "secrets", "socket", "subprocess", "urllib", "http", "threading"}
)
PRESENT_MOMENT = frozenset({"now", "utcnow", "today", "time", "monotonic", "time_ns", "perf_counter", "getenv"})
TOP_LEVEL_FOLDERS = frozenset({"functions", "infra", "layers", "events", "tests"})

#: CONTRACT.md, "Stack outputs (at least)".
OUTPUTS = [
    "ApiUrl",
    "CasesTable",
    "VaultTable",
    "ArrivalsBucket",
    "ArrivalsQueueUrl",
    "ArrivalsDeadLetterQueueUrl",
    "IntakeFunction",
    "WebhooksFunction",
    "PortalFunction",
    "DeliverFunction",
    "EscalateFunction",
    "LedgerFunction",
    "UserPoolId",
    "UserPoolClientId",
    "IntakeAddress",
    "AlarmsTopic",
    "Dashboard",
]

SHARED_VARIABLES = frozenset({"LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"})


def modules(folder: str) -> list[Path]:
    return sorted((PACKAGE / folder).rglob("*.py"))


def imports(path: Path) -> list[tuple[int, str]]:
    """Each import as (how many dots, module)."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [(0, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.level, node.module or ""))
    return found


@pytest.mark.parametrize("path", modules("domain"), ids=lambda path: path.stem)
def test_the_domain_imports_the_standard_library_and_itself_alone(path: Path) -> None:
    for level, module in imports(path):
        depth = len(path.relative_to(PACKAGE / "domain").parts)
        if level:
            assert level <= depth, f"{path.name} reaches out of the domain: {'.' * level}{module}"
        else:
            top = module.split(".")[0]
            assert top in sys.stdlib_module_names, f"{path.name} imports {module}"
            assert top not in NOT_IN_THE_DOMAIN, f"{path.name} imports {module}"


@pytest.mark.parametrize("path", modules("domain"), ids=lambda path: path.stem)
def test_the_domain_never_asks_what_time_it_is(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in PRESENT_MOMENT:
            owner = ast.unparse(node.func.value)
            assert owner not in {"datetime", "date", "time", "os", "datetime.datetime"}, (
                f"{path.name}: {ast.unparse(node)}"
            )


@pytest.mark.parametrize("path", modules("application"), ids=lambda path: path.stem)
def test_a_use_case_knows_ports_and_rules_but_no_adapter_and_no_sdk(path: Path) -> None:
    for level, module in imports(path):
        if level >= 2:
            assert module.split(".")[0] == "domain", f"{path.name} imports {'.' * level}{module}"
        elif level == 0:
            assert module.split(".")[0] in sys.stdlib_module_names, f"{path.name} imports {module}"


def test_the_top_level_has_no_other_folders() -> None:
    seen = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "__"))}
    assert seen <= TOP_LEVEL_FOLDERS


def test_each_function_is_named_as_its_folder() -> None:
    for function in functions().values():
        assert function.properties["CodeUri"] == f"functions/{function.folder}"
        assert function.environment["POWERTOOLS_SERVICE_NAME"] == function.folder
    folders = {path.name for path in FUNCTIONS_FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == {function.folder for function in functions().values()}


@pytest.mark.parametrize("function", functions().values(), ids=lambda function: function.folder)
def test_each_handler_exists(function) -> None:
    module, _, name = function.properties["Handler"].partition(".")
    source = (ROOT / function.properties["CodeUri"] / f"{module}.py").read_text()
    defined = {
        node.name: [argument.arg for argument in node.args.args]
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
    }
    assert defined[name] == ["event", "context"]


@pytest.mark.parametrize("function", functions().values(), ids=lambda function: function.folder)
def test_each_function_is_given_the_variables_that_its_settings_name_and_no_others(function) -> None:
    kind = getattr(settings, function.folder.capitalize())
    wanted = {field.name.upper() for field in dataclasses.fields(kind)}
    assert set(function.environment) - SHARED_VARIABLES == wanted
    assert set(function.environment) >= SHARED_VARIABLES


@pytest.mark.parametrize(
    "path",
    [*PACKAGE.rglob("*.py"), *FUNCTIONS_FOLDER.rglob("*.py")],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_no_variable_is_read_that_the_template_does_not_give(path: Path) -> None:
    given = {name for function in functions().values() for name in function.environment}
    for node in ast.walk(ast.parse(path.read_text())):
        key: ast.expr | None = None
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
            key = node.slice
        elif isinstance(node, ast.Call) and node.args and ast.unparse(node.func).endswith(("environ.get", "getenv")):
            key = node.args[0]
        if isinstance(key, ast.Constant):
            # AWS_… variables are Lambda's own.
            assert key.value in given or str(key.value).startswith("AWS_"), f"{path.name} reads {key.value}"


@pytest.mark.parametrize("name", OUTPUTS)
def test_each_output_of_the_contract_exists(name: str) -> None:
    assert name in TEMPLATE["Outputs"]


def test_a_function_output_is_the_name_by_which_it_is_invoked() -> None:
    for name, output in TEMPLATE["Outputs"].items():
        if name.endswith("Function"):
            assert output["Value"] == {"Ref": name}


def test_every_parameter_is_used_and_explained() -> None:
    text = (ROOT / "template.yaml").read_text()
    interface = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]
    grouped = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    assert sorted(grouped) == sorted(TEMPLATE["Parameters"]) == sorted(interface["ParameterLabels"])
    for name in TEMPLATE["Parameters"]:
        assert f"!Ref {name}" in text or f"${{{name}}}" in text, name


def test_no_machine_path_and_no_account_stands_in_the_template() -> None:
    text = (ROOT / "template.yaml").read_text()
    assert "000000000000" not in text
    assert "arn:aws:" not in text, "a partition of its own breaks where AWS's name is another"
