"""Puts in the registry what no Docker client would: `python craft.py KIND NAMESPACE/REPOSITORY`, in the lab.

It starts from what the learner pushed as `latest`, and signs in with what `docker login` stored.
"""

import gzip
import hashlib
import json
import os
import sys
import urllib.request
from pathlib import Path
from typing import Any

Document = dict[str, Any]
INDEX = "application/vnd.oci.image.index.v1+json"
DOCKER, OCI = (
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
)
ACCEPT = f"{INDEX}, {OCI}, {DOCKER}"
ATTESTATION = {"vnd.docker.reference.type": "attestation-manifest"}


class Repository:
    def __init__(self, name: str) -> None:
        self.base = f"https://registry-1.docker.io/v2/{name}"
        stored = json.loads((Path(os.environ["DOCKER_CONFIG"]) / "config.json").read_text(encoding="utf-8"))
        basic = stored["auths"]["https://index.docker.io/v1/"]["auth"]
        asked = f"https://auth.docker.io/token?service=registry.docker.io&scope=repository:{name}:pull,push"
        answer = self._ask("GET", asked, authorization=f"Basic {basic}")
        self.bearer = f"Bearer {json.loads(answer.read())['token']}"

    @staticmethod
    def _ask(method: str, url: str, body: bytes | None = None, **headers: str) -> Any:
        request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310
        return urllib.request.urlopen(request, timeout=20)  # noqa: S310

    def ask(self, method: str, url: str, body: bytes | None = None, **headers: str) -> Any:
        return self._ask(method, url, body, authorization=self.bearer, **headers)

    def manifest(self, tag: str = "latest") -> Document:
        """Of the image, also when an engine sent it in an index, with an attestation beside it."""
        found: Document = json.loads(self.ask("GET", f"{self.base}/manifests/{tag}", accept=ACCEPT).read())
        images = [one["digest"] for one in found.get("manifests", ()) if "annotations" not in one]
        return self.manifest(images[0]) if images else found

    def config(self, manifest: Document) -> Document:
        url = f"{self.base}/blobs/{manifest['config']['digest']}"
        found: Document = json.loads(self.ask("GET", url).read())
        return found

    def put_blob(self, body: bytes, media_type: str) -> Document:
        """Its descriptor."""
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        place = self.ask("POST", f"{self.base}/blobs/uploads/", b"").headers["Location"]
        joint = "&" if "?" in place else "?"
        self.ask(
            "PUT", f"{place}{joint}digest={digest}", body, **{"content-type": "application/octet-stream"}
        )
        return {"mediaType": media_type, "digest": digest, "size": len(body)}

    def put(self, document: Document, tag: str = "") -> Document:
        """A manifest or an index, under a tag or its own digest; its descriptor."""
        body = json.dumps(document).encode()
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        kind = document["mediaType"]
        self.ask("PUT", f"{self.base}/manifests/{tag or digest}", body, **{"content-type": kind})
        return {"mediaType": kind, "digest": digest, "size": len(body)}

    def put_config(self, config: Document, manifest: Document) -> Document:
        """In the words of the manifest it is for."""
        return self.put_blob(json.dumps(config).encode(), manifest["config"]["mediaType"])


def another_config(ours: Repository, manifest: Document) -> None:
    """The learner's layers under the configuration of somebody else's image."""
    config = {**ours.config(manifest), "config": {"Cmd": ["/outra"]}}
    ours.put({**manifest, "config": ours.put_config(config, manifest)}, "latest")


def borrowed_config(ours: Repository, manifest: Document) -> None:
    """The right configuration over layers that are not its own."""
    ours.put({**manifest, "layers": manifest["layers"][:1]}, "latest")


def wrong_layers(ours: Repository, manifest: Document) -> None:
    """The right configuration over as many layers as it names, the last one another's."""
    other = gzip.compress(b"outra camada".ljust(10_240, b"\0"))
    kind = manifest["layers"][-1]["mediaType"]
    ours.put({**manifest, "layers": [*manifest["layers"][:-1], ours.put_blob(other, kind)]}, "latest")


def swapped_layers(ours: Repository, manifest: Document) -> None:
    """Its own layers, in another order."""
    ours.put({**manifest, "layers": manifest["layers"][::-1]}, "latest")


def attestations(ours: Repository, manifest: Document) -> None:
    """An index without any image."""
    ours.put(_index(_attestation(ours, manifest)), "latest")


def other_platform(ours: Repository, manifest: Document) -> None:
    """The same layers, for another processor."""
    ours.put(_for_arm(ours, manifest), "latest")


def index(ours: Repository, manifest: Document) -> None:
    """An index of two platforms and an attestation; one of them is the learner's image."""
    arm = {**ours.put(_for_arm(ours, manifest)), "platform": {"os": "linux", "architecture": "arm64"}}
    own = {**ours.put(manifest), "platform": {"os": "linux", "architecture": _architecture(ours, manifest)}}
    ours.put(_index(arm, own, _attestation(ours, manifest)), "latest")


def _architecture(ours: Repository, manifest: Document) -> str:
    return str(ours.config(manifest)["architecture"])


def _for_arm(ours: Repository, manifest: Document) -> Document:
    other = "arm64" if _architecture(ours, manifest) == "amd64" else "amd64"
    config = {**ours.config(manifest), "architecture": other}
    return {**manifest, "config": ours.put_config(config, manifest)}


def _attestation(ours: Repository, manifest: Document) -> Document:
    config = {"architecture": "unknown", "os": "unknown", "rootfs": {"type": "layers", "diff_ids": []}}
    described = ours.put({**manifest, "config": ours.put_config(config, manifest), "layers": []})
    platform = {"os": "unknown", "architecture": "unknown"}
    return {**described, "platform": platform, "annotations": ATTESTATION}


def _index(*manifests: Document) -> Document:
    return {"schemaVersion": 2, "mediaType": INDEX, "manifests": list(manifests)}


KINDS = {
    one.__name__: one
    for one in (
        another_config,
        borrowed_config,
        wrong_layers,
        swapped_layers,
        attestations,
        other_platform,
        index,
    )
}

if __name__ == "__main__":
    repository = Repository(sys.argv[2])
    KINDS[sys.argv[1]](repository, repository.manifest())
