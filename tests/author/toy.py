"""The sources of a sound unit."""

LESSON = "# Lição\n\nTexto.\n\n```python\n!docker image ls\n```\n"
EXERCISE = """\
# Exercício

```python
ex = 1
```

```python tags=["exercise"]
!docker tag ___
```

```python tags=["solution"]
!docker tag a b
```

```python tags=["check"]
ex.verificar()
```
"""
