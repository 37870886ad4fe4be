"""Whose an image is, in Docker Hub's own groups (*Trusted content* in the filter of its search)."""

from __future__ import annotations

from django.db.models import TextChoices

from checks.reference import OFFICIAL


class Trust(TextChoices):
    OFFICIAL = "official", "Imagem oficial"
    VERIFIED = "verified", "Editor verificado"
    SPONSORED = "sponsored", "Código aberto patrocinado"
    COMMUNITY = "community", "Da comunidade"

    @property
    def english(self) -> str:
        """The badge's name on the real hub; the community has none."""
        return _ENGLISH.get(self, "")

    @property
    def says(self) -> str:
        """What the badge means, in one or two sentences."""
        return _SAYS[self]


_ENGLISH = {
    Trust.OFFICIAL: "Docker Official Image",
    Trust.VERIFIED: "Verified Publisher",
    Trust.SPONSORED: "Docker-Sponsored Open Source",
}
_SAYS = {
    Trust.OFFICIAL: "Faz parte da coleção que a equipe das imagens oficiais da Docker revê e publica. "
    "O nome dela não tem barra.",
    Trust.VERIFIED: "Quem publica é uma empresa que a Docker verificou.",
    Trust.SPONSORED: "Quem publica é um projeto de código aberto que a Docker patrocina.",
    Trust.COMMUNITY: "Quem publica é uma pessoa com conta, e ninguém conferiu por você. "
    "Leia a descrição e veja quando foi atualizada.",
}


def trust_of(namespace: str) -> Trust:
    """Of what is really here: nobody on the practice hub was verified or is sponsored."""
    return Trust.OFFICIAL if namespace == OFFICIAL else Trust.COMMUNITY
