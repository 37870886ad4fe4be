"""A person of the practice hub; the user name is the Docker ID."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from hub.accounts.names import LONGEST_NAME


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username, email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_confirmed(self, username: str, email: str, password: str) -> User:
        """An account whose e-mail needs no code: for demonstrations and tests."""
        user = self.create_user(username, email, password)
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        return user


class User(AbstractBaseUser):
    username = models.CharField("Docker ID", max_length=LONGEST_NAME, unique=True)
    email = models.EmailField("e-mail", unique=True)
    is_active = models.BooleanField("ativa", default=True)
    default_private = models.BooleanField("repositórios novos são privados", default=False)
    date_joined = models.DateTimeField("criada em", default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    objects: ClassVar[UserManager] = UserManager()
    emailaddress_set: Any  # allauth's: the addresses, and whether each is verified

    class Meta:
        verbose_name = "conta"
        verbose_name_plural = "contas"

    @property
    def is_confirmed(self) -> bool:
        """Whether the code sent by e-mail was typed."""
        return bool(self.emailaddress_set.filter(verified=True).exists())
