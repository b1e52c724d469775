"""The form of a package. Its password goes in and never comes out."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from feed.models import FeedSource
from packages_admin.ages import ago
from packages_admin.deactivation import is_held_by_two
from packages_admin.models import Package, PackageQueue
from packages_admin.models.package import ADDRESS_FIELDS
from packages_admin.products import PRODUCTS, Action

#: Changing one of these makes it another package at LSports, of which we know nothing yet.
IDENTITY = ("product", "package_id")
STATE_COLUMNS = ("state", "is_wanted", "state_since", "state_asked_at", "off_asked_at", "reactivate_at")
HELD = "It feeds what is in play: deactivate it first, which takes two people."
ANEW = "Enter the password again: it is only valid for the address, user and product that it was entered for."


class PackageForm(forms.ModelForm):
    """A package with a write-only password; empty fields say what they stand for."""

    new_password = forms.CharField(
        label="Password",
        required=False,
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Package
        exclude = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password = self.fields.get("new_password")
        if password is not None:
            password.required = not self.instance.password
            password.help_text = password_note(self.instance)
        if self.instance.product:
            self.show_defaults()

    def show_defaults(self) -> None:
        """Show in each empty field what holds while it is empty."""
        product = PRODUCTS[self.instance.product]
        shown = {
            "api_base": product.api_base,
            "snapshot_base": product.snapshot_base,
            "amqp_host": product.amqp_host,
            "amqp_port": product.amqp_port,
            "virtual_hosts": ", ".join(product.virtual_hosts),
            **{f"{action}_path": product.paths[action] for action in Action},
        }
        for name, text in shown.items():
            if name in self.fields:
                self.fields[name].widget.attrs["placeholder"] = text

    def clean(self) -> dict[str, Any]:
        """The name must be no other feed's, unless its queue belongs to no package any more."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance.password and set(ADDRESS_FIELDS) & set(self.changed_data) and not cleaned.get("new_password"):
            self.add_error("new_password", ANEW)
        if self.is_another and is_held_by_two(Package.objects.get(pk=self.instance.pk)):
            self.add_error(next(name for name in IDENTITY if name in self.changed_data), HELD)
        if "name" in cleaned and "product" in cleaned:
            draft = Package(
                name=cleaned["name"], product=cleaned["product"], virtual_hosts=cleaned.get("virtual_hosts", "")
            )
            wanted = [draft.source_name(host) for host in draft.hosts()]
            linked = PackageQueue.objects.all()
            is_taken = Q(pk__in=linked.values("source")) | ~Q(kind=FeedSource.Kind.QUEUE)
            if self.instance.pk:
                is_taken = ~Q(pk__in=linked.filter(package=self.instance).values("source"))
            taken = FeedSource.objects.filter(is_taken, name__in=wanted).first()
            if taken is not None:
                raise ValidationError({"name": f"There is already a feed called “{taken}”."})
        return cleaned

    def save(self, commit: bool = True) -> Package:
        if self.cleaned_data.get("new_password"):
            self.instance.set_password(self.cleaned_data["new_password"], timezone.now())
        if self.is_another:
            self.instance.forget_state()
        saved: Package = super().save(commit)
        return saved

    @property
    def is_another(self) -> bool:
        return bool(self.instance.pk and set(IDENTITY) & set(self.changed_data))

    def columns_to_write(self) -> set[str]:
        """The columns of an existing package that this form changed."""
        columns = set(self.changed_data) - {"new_password"}
        if "new_password" in self.changed_data:
            columns |= {"password", "password_changed_at", "password_for"}
        return columns | (set(STATE_COLUMNS) if self.is_another else set())


def password_note(package: Package) -> str:
    if not package.password:
        return "Stored encrypted; it is never shown again."
    since = f", set {ago(package.password_changed_at, timezone.now())}" if package.password_changed_at else ""
    return f"A password is stored{since}. Leave this empty to keep it, or enter a new one to replace it."
