"""The life of a repository as its owner leads it in the browser; what docker says of it, and others see."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hub_pages import create_repository, part, press, says, typed_name
from tests.browser.learner import Learner, learner_in
from tests.browser.looks import look
from tests.real_lab import Lab
from tests.receiver import listening

pytestmark = pytest.mark.browser
PATIENCE = 20  # seconds


@pytest.fixture(scope="module")
def ana(lab: Lab, browser: Browser) -> Iterator[Learner]:
    with learner_in(lab, browser) as one:
        yield one


@pytest.fixture(scope="module")
def bia(lab: Lab, browser: Browser) -> Iterator[Learner]:
    with learner_in(lab, browser) as one:
        yield one


def settings(who: Learner, repository: str) -> Page:
    who.opens(f"/repositories/{who.name}/{repository}/configuracoes")
    return who.page


def other_image(who: Learner, image: str) -> None:
    """Another image under that name, in the engine alone."""
    made = who.lab.run(["bash", "-c", f"tar -c -C /etc hostname | docker import - {image}"])
    assert made.returncode == 0, made.stderr


def test_the_plan_has_one_private_repository(bia: Learner) -> None:
    page = bia.page
    create_repository(page, bia.name, "diario", "Só meu", private=True)
    bia.opens("/repositories/novo/")
    page.get_by_label("Nome do repositório").fill("rascunhos")
    page.get_by_role("radio", name="Privado").check()
    press(page, "Criar")
    says(page, f"O plano gratuito tem 1 repositório privado, e o seu é {bia.name}/diario.")
    expect(page.get_by_label("Nome do repositório")).to_have_value("rascunhos")
    look(page, "segundo-privado")
    page.get_by_role("radio", name="Público").check()
    press(page, "Criar")
    page.get_by_role("heading", name=f"{bia.name}/rascunhos").wait_for()
    hide_instead_of_another(bia)


def hide_instead_of_another(bia: Learner) -> None:
    """`rascunhos` takes the place of `diario`."""
    page = bia.page
    hide = part(settings(bia, "rascunhos"), "Visibilidade")
    typed_name(hide, "diario")
    expect(hide).to_contain_text("O nome deste repositório é rascunhos.")
    typed_name(hide, "rascunhos")
    expect(hide.get_by_text("O plano gratuito tem 1 repositório privado")).to_be_in_viewport()
    look(page, "segundo-privado-configuracoes")
    typed_name(part(settings(bia, "diario"), "Visibilidade"), "diario")
    says(page, "diario agora é público.")
    typed_name(part(settings(bia, "rascunhos"), "Visibilidade"), "rascunhos")
    says(page, "rascunhos agora é privado.")


def test_what_becomes_private_is_there_for_its_owner_alone(ana: Learner, bia: Learner) -> None:
    ana.logs_in()
    image = ana.pushes("carta")
    bia.opens(f"/search?q={ana.name}/carta")
    bia.page.get_by_role("link", name=f"{ana.name}/carta").click()
    says(bia.page, f"docker pull {ana.name}/carta")
    bia.logs_in()
    bia.docker("pull", "-q", image)

    page = settings(ana, "carta")
    typed_name(part(page, "Visibilidade"), "carta")
    says(page, f"{ana.name}/carta agora é privado.")
    bia.page.reload()
    says(bia.page, "Não achamos esta página")
    bia.opens(f"/search?q={ana.name}/carta")
    says(bia.page, "Repositórios privados de outras pessoas nunca aparecem na busca.")
    bia.opens(f"/u/{ana.name}")
    expect(bia.page.get_by_role("link", name=f"{ana.name}/carta")).to_have_count(0)
    assert "pull access denied" in bia.refused("pull", image)
    ana.logs_in()
    ana.docker("pull", "-q", image)
    ana.opens(f"/r/{ana.name}/carta")
    says(page, "outra pessoa que abre este endereço lê que a página não existe")


def test_an_archived_repository_takes_nothing_until_it_is_active_again(ana: Learner) -> None:
    ana.logs_in()
    image = ana.pushes("museu")
    page = settings(ana, "museu")
    archive = part(page, "Arquivar o repositório")
    typed_name(archive, "museo")
    expect(archive).to_contain_text("O nome deste repositório é museu.")
    typed_name(archive, "museu")
    says(page, f"{ana.name}/museu foi arquivado: quem o usa ainda baixa, e ninguém mais envia.")
    expect(page.get_by_role("button", name=re.compile("^Tornar"))).to_have_count(0)
    ana.opens(f"/repositories/{ana.name}/museu/tags")
    expect(page.get_by_text("arquivado", exact=False).first).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    other_image(ana, f"{ana.name}/museu:novo")
    said = ana.refused("push", f"{ana.name}/museu:novo")
    assert f"repository is archived: O repositório {ana.name}/museu está arquivado" in said
    ana.docker("pull", "-q", image)

    press(settings(ana, "museu"), "Reativar")
    says(page, f"{ana.name}/museu foi reativado: dá para enviar e mudar de novo.")
    ana.docker("push", "-q", f"{ana.name}/museu:novo")


def test_a_repository_is_deleted_by_typing_its_name(ana: Learner) -> None:
    ana.logs_in()
    image = ana.pushes("rabisco")
    page = settings(ana, "rabisco")
    delete = part(page, "Apagar o repositório")
    press(page, "Apagar o repositório")
    expect(delete).to_contain_text("Preencha este campo.")
    typed_name(delete, "rabiscos")
    expect(delete.get_by_text("O nome deste repositório é rabisco.")).to_be_in_viewport()
    expect(delete.get_by_role("textbox")).to_be_focused()
    look(page, "apagar-nome-errado")
    typed_name(delete, "rabisco")
    says(page, f"O repositório {ana.name}/rabisco foi apagado, com todas as imagens.")
    expect(page.get_by_role("link", name=f"{ana.name}/rabisco")).to_have_count(0)
    assert "not found" in ana.refused("pull", image)
    ana.opens(f"/repositories/{ana.name}/rabisco")
    says(page, "Não achamos esta página")


def test_a_tag_that_a_rule_holds_neither_moves_nor_goes(ana: Learner) -> None:
    ana.logs_in()
    image = ana.pushes("livro", "v1")
    page = settings(ana, "livro")
    protect(page)

    other_image(ana, image)
    assert f"tag is immutable: A tag v1 de {ana.name}/livro é imutável" in ana.refused("push", image)
    other_image(ana, f"{ana.name}/livro:v2")
    ana.docker("push", "-q", f"{ana.name}/livro:v2")
    ana.opens(f"/repositories/{ana.name}/livro/tags")
    page.get_by_role("checkbox", name="v1").check()
    press(page, "Apagar as marcadas")
    says(page, "Nada foi apagado agora.")
    expect(page.get_by_role("alert")).to_contain_text("imutável")
    look(page, "tag-imutavel")


def protect(page: Page) -> None:
    """All that begins with v and a number, at the third try; the repository has v1."""
    rules = part(page, "Tags imutáveis")
    rules.get_by_role("radio", name="Algumas tags").check()
    press(page, "Salvar a proteção")
    expect(rules).to_contain_text("Escreva pelo menos uma regra, ou escolha outra opção.")
    rules.get_by_role("textbox").fill("[v")
    press(page, "Salvar a proteção")
    expect(rules.locator(".error")).to_be_visible()
    look(page, "regra-errada")
    rules.get_by_role("textbox").fill("^v[0-9]\n^estavel$")
    press(page, "Conferir as regras")
    expect(rules.get_by_role("status")).to_contain_text("^v[0-9] combina com: v1")
    expect(rules.get_by_role("status")).to_be_in_viewport()
    expect(rules.get_by_role("status")).to_contain_text("^estavel$ não combina com nenhuma tag")
    look(page, "regras-conferidas")
    press(page, "Salvar a proteção")
    says(page, "A proteção das tags foi salva.")


def test_a_webhook_hears_of_a_push(ana: Learner) -> None:
    ana.logs_in()
    ana.pushes("sino")
    page = ana.page
    ana.opens(f"/repositories/{ana.name}/sino")
    page.get_by_role("link", name="Webhooks").click()
    with listening() as (url, got):
        make_webhook(page, "ftp://exemplo.com")
        says(page, "O endereço precisa começar com http:// ou https://")
        make_webhook(page, ana.lab.hub_url)
        says(page, "Este endereço é do próprio hub de treino. Use outra porta.")
        look(page, "webhook-errado")
        make_webhook(page, url)
        says(page, "O webhook está pronto: o próximo push é contado a ele.")
        make_webhook(page, url)
        says(page, "Já há um webhook com este nome neste repositório.")

        ana.pushes("sino", "v1")
        ana.opens(f"/repositories/{ana.name}/sino/webhooks")
        in_the_end(page, "entregue")
    told = [(one["repository"]["repo_name"], one["push_data"]["tag"]) for one in got]
    assert told == [(f"{ana.name}/sino", "v1")]
    press(page, "Remover")
    says(page, "O webhook «aviso» foi removido.")


def make_webhook(page: Page, url: str) -> None:
    page.get_by_label("Nome do webhook").fill("aviso")
    page.get_by_label("Endereço que recebe").fill(url)
    press(page, "Criar")


def in_the_end(page: Page, words: str) -> None:
    """A page that does not refresh by itself has them after a while."""
    deadline = time.monotonic() + PATIENCE
    while words not in page.get_by_role("main").inner_text():
        assert time.monotonic() < deadline, page.get_by_role("main").inner_text()
        page.wait_for_timeout(200)
        page.reload()
