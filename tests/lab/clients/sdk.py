"""The docker SDK as any program uses it: `python sdk.py NAME`, with the secret on standard input."""

import json
import sys

import docker

name, secret = sys.argv[1], sys.stdin.read().strip()
image = f"{name}/do-sdk"
client = docker.from_env()
signed_in = client.login(name, secret, reauth=True)["Status"]
client.images.get("docker-is-cool").tag(image, "v1")
lines = list(client.images.push(image, tag="v1", stream=True, decode=True))
client.images.remove(f"{image}:v1")
pulled = client.images.pull(image, tag="v1")
told = {
    "signed_in": signed_in,
    "errors": [line["errorDetail"]["message"] for line in lines if "errorDetail" in line],
    "digest": client.images.get_registry_data(f"{image}:v1").id,
    "said": [line["status"] for line in lines if "digest: sha256:" in line.get("status", "")],
    "runs": client.containers.run(pulled, remove=True).decode("utf-8"),
    "found": [one["name"] for one in client.images.search("nginx", limit=1)],
}
client.images.remove(f"{image}:v1")
print(json.dumps(told))
