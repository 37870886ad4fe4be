"""A person of the practice hub; the user name is the Docker ID."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from hub.accounts.names import LONGEST_NAME


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username, email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    @transaction.atomic
    def create_confirmed(self, username: str, email: str, password: str) -> User:
        """An account whose e-mail needs no code: for demonstrations and tests."""
        user = self.create_user(username, email, password)
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        return user

    def by_login(self, login: str) -> User | None:
        """Whom a person means who types a Docker ID or a confirmed e-mail, in any letters. One that nobody
        confirmed is no login: where it is somebody else's too, only theirs would be, which told it apart."""
        login = login.lower()
        if "@" in login:
            return self.filter(emailaddress__email=login, emailaddress__verified=True).first()
        return self.filter(username=login).first()

    def by_email(self, email: str) -> User | None:
        """Whose an e-mail is: of the account that has confirmed it, or else of the first that named it."""
        named = self.filter(emailaddress__email=email.lower())
        return named.order_by("-emailaddress__verified", "emailaddress__pk").first()


class User(AbstractBaseUser):
    username = models.CharField("Docker ID", max_length=LONGEST_NAME, unique=True)
    email = models.EmailField("e-mail")  # of one account only once it is confirmed: see UserManager.by_email
    is_active = models.BooleanField("ativa", default=True)
    default_private = models.BooleanField("repositórios novos são privados", default=False)
    date_joined = models.DateTimeField("criada em", default=timezone.now, editable=False)
    # Goes up when two-factor is switched on or off: what was signed in before then is signed out.
    sign_in_epoch = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    objects: ClassVar[UserManager] = UserManager()
    emailaddress_set: Any  # allauth's: the addresses, and whether each is verified

    class Meta:
        verbose_name = "conta"
        verbose_name_plural = "contas"

    @property
    def standing(self) -> str:
        """What all that remembers a sign-in holds on to: another password or another epoch ends it."""
        return f"{self.pk}\0{self.password}\0{self.sign_in_epoch}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        return salted_hmac(
            "hub.accounts.session", self.standing, secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def is_confirmed(self) -> bool:
        """Whether the code sent by e-mail was typed."""
        return bool(self.emailaddress_set.filter(verified=True).exists())


class WrongPassword(models.Model):
    """One wrong password from one address for one account; all three but the address are fingerprints."""

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=45)
    password = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "address", "password"], name="one_row_for_a_mistake")
        ]
        indexes = [models.Index(fields=["address", "at"], name="mistakes_of_an_address")]

    def __str__(self) -> str:
        return f"uma senha errada, de {self.address}"


class CachedValue(models.Model):
    """The table of Django's cache in the database, as `createcachetable` would make it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "hub_cache"

    def __str__(self) -> str:
        return self.cache_key
