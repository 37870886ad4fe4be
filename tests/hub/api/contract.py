"""The documented contract, made ready for Schemathesis: the part the hub has, mended where it errs."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

_TOKENS, _TOKEN = "/v2/access-tokens", "/v2/access-tokens/{uuid}"
_REPOSITORIES = "/v2/namespaces/{namespace}/repositories"
_REPOSITORY = f"{_REPOSITORIES}/{{repository}}"
_TAGS, _TAG = f"{_REPOSITORY}/tags", f"{_REPOSITORY}/tags/{{tag}}"
_IMMUTABLE, _VERIFY = f"{_REPOSITORY}/immutabletags", f"{_REPOSITORY}/immutabletags/verify"
_SIGN_IN = ("/v2/auth/token", "/v2/users/login", "/v2/users/2fa-login")
PATHS = (*_SIGN_IN, _TOKENS, _TOKEN, _REPOSITORIES, _REPOSITORY, _TAGS, _TAG, _IMMUTABLE, _VERIFY)
# What is really there, so that half of what is asked is found: the documentation says any text.
ANA, BIA, PASSWORD = "ana2026", "bia2026", "barco-de-papel"
KNOWN = {"namespace": [ANA, BIA], "repository": ["app", "segredo"], "tag": ["latest", "v1"]}
KEPT, TO_DELETE = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"

UNDOCUMENTED = "undocumented"  # how the operationId of one begins

Schema = dict[str, Any]


def contract(file: Path) -> Schema:
    """The documentation's own file, less what the hub has not, and mended where it contradicts itself."""
    whole: Schema = yaml.safe_load(file.read_text(encoding="utf-8"))
    schema = copy.deepcopy(whole) | {"paths": {path: copy.deepcopy(whole["paths"][path]) for path in PATHS}}
    _name_what_is_there(schema)
    _mend_answers(schema)
    _mend_requests(schema)
    return schema


def _name_what_is_there(schema: Schema) -> None:
    parts, paths = schema["components"], schema["paths"]
    for name, values in KNOWN.items():
        parts["parameters"][name]["schema"] = _some_of(values)
    paths[_TOKEN]["parameters"][0]["schema"] = _some_of([KEPT])
    uuid = {"in": "path", "name": "uuid", "required": True, "schema": _some_of([TO_DELETE])}
    paths[_TOKEN]["delete"]["parameters"] = [uuid]
    parts["schemas"]["repo_creation_request"]["properties"]["namespace"] = _some_of([ANA])
    new = paths[_REPOSITORIES]["post"]["requestBody"]["content"]["application/json"]
    new["example"] = {"namespace": ANA, "name": "novo", "description": "curta", "registry": "docker.io"}
    asked = paths["/v2/auth/token"]["post"]["requestBody"]["content"]["application/json"]["schema"][
        "properties"
    ]
    asked["identifier"]["example"], asked["secret"]["example"] = ANA, PASSWORD
    asked = parts["schemas"]["UsersLoginRequest"]["properties"]
    asked["username"]["example"], asked["password"]["example"] = ANA, PASSWORD


def _some_of(values: list[str]) -> Schema:
    return {"anyOf": [{"enum": values}, {"type": "string"}]}


def _mend_answers(schema: Schema) -> None:
    parts = schema["components"]["schemas"]
    # The live service, and Docker's own client (docker/hub-mcp, src/repos.ts): a list, and a boolean.
    parts["tag"]["properties"]["images"] = {"type": "array", "items": {"$ref": "#/components/schemas/image"}}
    parts["tag"]["properties"]["v2"] = {"type": "boolean"}
    # Its own example is null, as in every other list.
    for link in ("next", "previous"):
        parts["getAccessTokensResponse"]["properties"][link]["nullable"] = True
    paths = schema["paths"]
    # 404 is documented for GET and DELETE of a token, and forgotten for PATCH.
    paths[_TOKEN]["patch"]["responses"]["404"] = _answer("NotFound")
    for _, _, operation in operations(schema):
        # The chapter on rate limiting says it for every operation.
        operation["responses"]["429"] = _answer("Error", "schemas")
        # A token that is not good is refused everywhere; for tags the documentation forgets to say so.
        if operation.get("security") != []:
            operation["responses"].setdefault("401", _answer("Unauthorized"))
    for path in (_TOKENS, _TOKEN):
        for method in _methods(paths[path]):
            # "token issued from personal access token is not allowed": docker/hub-feedback issue 2478.
            paths[path][method]["responses"]["403"] = _answer("Forbidden")


def _mend_requests(schema: Schema) -> None:
    paths = schema["paths"]
    # A misspelled name of the scheme: elsewhere it is bearerAuth.
    paths[_REPOSITORIES]["post"]["security"] = [{"bearerAuth": []}]
    # Tags of a public repository are for anyone, as the repository is: nobody signs in to read them.
    for path in (_TAGS, _TAG):
        for method in _methods(paths[path]):
            paths[path][method]["security"] = [{"bearerAuth": []}, {}]
    # The pattern is that of a repository's name; its own example, `v.*`, does not match it.
    del schema["components"]["schemas"]["immutable_tags_verify_request"]["properties"]["regex"]["pattern"]
    # Known methods without a documented form, so no surprise: they are not asked, only not refused with 405.
    for path, methods in {_REPOSITORY: ("patch", "delete"), _TAG: ("delete",)}.items():
        for method in methods:
            paths[path][method] = {"operationId": f"{UNDOCUMENTED} {method} {path}", "responses": {}}


def operations(schema: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Path, method and content of each that is documented."""
    for path, item in schema["paths"].items():
        for method in _methods(item):
            if not item[method].get("operationId", "").startswith(UNDOCUMENTED):
                yield path, method, item[method]


def _methods(item: Schema) -> list[str]:
    return [method for method in item if method != "parameters"]


def _answer(name: str, kind: str = "responses") -> Schema:
    reference = {"$ref": f"#/components/{kind}/{name}"}
    if kind == "responses":
        return reference
    return {"description": name, "content": {"application/json": {"schema": reference}}}
