"""Pieces for lessons: what a cell shows to be played with, and a form of each that reads well anywhere."""

from checks.widgets.name import nome as nome
from checks.widgets.push import enviar as enviar
from checks.widgets.quiz import multipla as multipla
from checks.widgets.quiz import pergunta as pergunta
from checks.widgets.repository import repositorio as repositorio
from checks.widgets.timeline import linha_do_tempo as linha_do_tempo
