"""The files of a unit just started: short, complete and ready to be proved."""

_UNIT = """\
title = "$quoted"
points = 10
after = $after
minutes = 15
by_hand = ["account", "login"]

[[check]]
rule = "pushed"
image = "{docker_id}/$id:latest"
same_as = "docker-is-cool:latest"
points = 10
hints = [
    "A imagem precisa do seu Docker ID antes do nome: `docker tag docker-is-cool SEU_DOCKER_ID/$id`.",
    "Depois do `docker tag`, envie com `docker push SEU_DOCKER_ID/$id`.",
]
"""

_LESSON = """\
# $title

Antes de começar: o que você fez na unidade anterior?

```python
from checks import quem_sou

docker_id = quem_sou()
```

Mostre aqui, passo a passo, o que a pessoa fará depois no exercício.

```python
!docker image ls docker-is-cool
```
"""

_EXERCISE = """\
# Exercício: $title

```python
from checks import exercicio, quem_sou

docker_id = quem_sou()
ex = exercicio("$id")
ex
```

Dê à imagem `docker-is-cool` o nome `$id`, com o seu Docker ID antes, e envie-a para o Docker Hub.

```python tags=["exercise"]
!docker tag docker-is-cool ___
!docker push ___
```

```python tags=["solution"]
!docker tag docker-is-cool {docker_id}/$id
!docker push {docker_id}/$id
```

Verifique o seu trabalho:

```python tags=["check"]
ex.verificar()
```
"""

_PASSES = """\
{
  "learner": "ana",
  "account": {"exists": true, "confirmed": true},
  "images": {
    "cool": {"platform": "linux/amd64", "diff_ids": ["sha256:$layer"], "run": {"cmd": ["/hello"]}}
  },
  "engine": {"docker-is-cool:latest": "cool", "ana/$id:latest": "cool"},
  "registry": {"ana/$id:latest": {"image": "cool", "digest": "sha256:$digest", "public": true}}
}
"""

_FAILS = """\
{
  "learner": "ana",
  "account": {"exists": true, "confirmed": true},
  "images": {
    "cool": {"platform": "linux/amd64", "diff_ids": ["sha256:$layer"], "run": {"cmd": ["/hello"]}},
    "other": {"platform": "linux/amd64", "diff_ids": ["sha256:$other_layer"], "run": {"cmd": ["/hello"]}}
  },
  "engine": {"docker-is-cool:latest": "cool", "ana/$id:latest": "cool"},
  "registry": {"ana/$id:latest": {"image": "other", "digest": "sha256:$digest", "public": true}}
}
"""

DIGESTS = {"layer": "1" * 64, "other_layer": "2" * 64, "digest": "a" * 64}

FILES = {
    "unit.toml": _UNIT,
    "lesson.md": _LESSON,
    "exercise.md": _EXERCISE,
    "cases/passa-enviada.json": _PASSES,
    "cases/falha-outra-imagem.json": _FAILS,
}
