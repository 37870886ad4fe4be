"""The grades as a file, in every format of checks.gradebooks, each found by its name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from checks.classroom.grade import Gradebook
from checks.classroom.person import Person
from checks.gradebooks import FORMATS, BadBase, Format, Options
from hub.classroom.book import gradebook
from hub.classroom.forms import RulesForm
from hub.classroom.teacher import only_teacher

DELIMITERS = {",": "vírgula", ";": "ponto e vírgula", "\t": "tabulação"}
NO_BASE = "Escolha primeiro o arquivo CSV que o Canvas exportou."
_WITH_BASE = frozenset({"canvas"})
_NAMES = {",": "virgula", ";": "ponto-e-virgula", "\t": "tabulacao"}


@dataclass(frozen=True)
class Offer:
    """A format, and what the teacher should know before the file is imported."""

    format: Format
    notes: tuple[str, ...]
    left_out: tuple[Person, ...]

    @classmethod
    def of(cls, format_: Format, book: Gradebook, options: Options) -> Offer:
        return cls(format_, format_.notes(book, options), format_.left_out(book, options))

    @property
    def takes_base(self) -> bool:
        return self.format.name in _WITH_BASE


@only_teacher
@require_http_methods(["GET", "HEAD", "POST"])
def offers(request: HttpRequest) -> HttpResponse:
    """POST tries the rules that were typed, without a file."""
    return _offers(request)


def _offers(request: HttpRequest, problem: str = "") -> HttpResponse:
    rules = RulesForm(_typed(request))
    is_wrong = bool(problem) or not rules.is_valid()
    book, options = _book(rules), _options(request)
    page = {
        "rules": rules,
        "has_rules": any(_typed(request).get(name) for name in rules.fields),
        "offers": [Offer.of(one, book, options) for one in FORMATS.values()],
        "delimiters": [(_NAMES[one], label, one == options.delimiter) for one, label in DELIMITERS.items()],
        "options": options,
        "people": len(book.rows),
        "problem": problem,
    }
    return render(request, "classroom/exports.html", page, status=400 if is_wrong else 200)


def _book(rules: RulesForm) -> Gradebook:
    """By rules that make no sense nothing is counted, and their page says why."""
    if not rules.is_valid():
        return gradebook()
    return gradebook(rules.cleaned_data["policy"], zero=rules.cleaned_data["zero"])


@only_teacher
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, name: str) -> HttpResponse:
    """By the rules that were typed: the page sends them as they are, with a file that the format fills
    (`base`); an address may have them too."""
    format_ = FORMATS.get(name)
    if format_ is None:
        raise Http404
    rules = RulesForm(_typed(request))
    if not rules.is_valid():
        return _offers(request)
    base = request.FILES.get("base")
    if _typed(request).get("com") == "base" and base is None:
        return _offers(request, NO_BASE)
    options = replace(_options(request), base=base.read() if base else None)
    try:
        content = format_.write(_book(rules), options)
    except BadBase as bad:
        return _offers(request, str(bad))
    file_name = f"notas-{name}-{timezone.localtime():%Y-%m-%d}{format_.suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)


def _options(request: HttpRequest) -> Options:
    typed, by_name = _typed(request), {name: one for one, name in _NAMES.items()}
    return Options(
        delimiter=by_name.get(typed.get("separador", ""), ","),
        bom=typed.get("bom") == "1",
        decimal_comma=typed.get("decimal") == "1",
    )


def _typed(request: HttpRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET
