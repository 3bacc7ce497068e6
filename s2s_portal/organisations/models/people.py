"""People, and the roles they hold."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from s2s_portal.organisations.choices import Role
from s2s_portal.organisations.models.establishments import Establishment, Zone


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this e-mail address, however it is capitalised."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, full_name: str, password: str | None = None) -> "User":
        """A new user who can sign in, if `password` is given; otherwise one who cannot yet."""
        user = self.model(email=self.normalize_email(email).lower(), full_name=full_name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail address. People are deactivated, never deleted."""

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=200)
    telephone = models.CharField(max_length=30, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="organisations_user_one_per_email",
                violation_error_message="Somebody with this e-mail address is already here.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


class Membership(models.Model):
    """One role that a person holds, and the zones it holds in (advisers and teachers)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role)
    zones = models.ManyToManyField(Zone, blank=True, related_name="+")
    home_school = models.ForeignKey(
        Establishment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="A teacher's own school.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="organisations_membership_one_per_role"),
            models.CheckConstraint(
                name="organisations_membership_role_known", condition=models.Q(role__in=Role.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} as {self.get_role_display()}"
