"""A package of ours at LSports: what it is, how it is reached, and what state it is known to be in."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from feed.models import FeedSource
from packages_admin.destinations import HOST_REFUSED, address_fault, is_allowed, is_loopback
from packages_admin.products import CALL_PATHS, OTHER_PATHS, PRODUCTS, Action, Call, Product, call_paths_fault
from packages_admin.secrets import OtherAddress, Sealed, SealedField, no_password
from packages_admin.texts import is_one_line

from .address import QueueAddress

if TYPE_CHECKING:
    from .queue import PackageQueue

#: Where a password goes, and as whom: it is for these values alone, and is entered again when one of them changes.
ADDRESS_FIELDS = ("product", "user_name", "api_base", "snapshot_base", "amqp_host", "amqp_port", "amqp_tls")


class PackageQuerySet(models.QuerySet["Package"]):
    """Questions about packages that read as English."""

    def consumable(self) -> "PackageQuerySet":
        """Those whose queues are to be read: LSports said that they are active, and has not said otherwise since."""
        return self.filter(state=Package.State.ACTIVE)

    def with_snapshot_left(self) -> "PackageQuerySet":
        """Those whose snapshot has parts that are still to be asked for."""
        return self.exclude(snapshot_left=[])

    def to_reactivate(self) -> "PackageQuerySet":
        """Those that LSports switched off although we want them on, and that may be switched on without asking."""
        return self.filter(auto_reactivate=True, is_wanted=True, state=Package.State.INACTIVE, off_asked_at=None)

    def to_come_back(self, now: datetime) -> "PackageQuerySet":
        """Those that a person deactivated until a time that has come."""
        return self.filter(state=Package.State.INACTIVE, reactivate_at__lte=now)

    def in_doubt(self) -> "PackageQuerySet":
        """Those for which a deactivation was sent, without an answer from LSports whether they are off."""
        return self.exclude(off_asked_at=None)


class Package(models.Model):
    """A package under LSports' id, with the credentials that open its API and its queues.

    An empty address, path, port or virtual host means: as documented for the product (`packages_admin.products`).
    `password_for` has the values of ADDRESS_FIELDS that the password was entered for. `is_wanted` is what was last
    asked for and confirmed, `off_asked_at` set while a deactivation was asked for and is not yet known to be done.
    `state` is what LSports last said, `state_since` when that state was first heard and `state_asked_at` when it was
    last. `call_lease_until` and `call_lease_holder` keep two calls for one package apart, in whatever process; a lease
    that a crash left behind runs out by itself. `snapshot_left` are the paths of a full snapshot that are still to be
    asked for, one after the other as LSports' limit allows.
    """

    class ProductName(models.TextChoices):
        HYPER = "hyper", "Hyper Livescore"
        TRADE_IN_PLAY = "trade_in_play", "TRADE in-play"
        TRADE_PRE_MATCH = "trade_pre_match", "TRADE pre-match"

    class State(models.TextChoices):
        UNKNOWN = "unknown", "unknown"
        ACTIVE = "active", "active"
        INACTIVE = "inactive", "inactive"

    name = models.CharField(max_length=60, unique=True)
    product = models.CharField(max_length=20, choices=ProductName)
    package_id = models.PositiveBigIntegerField("package id", validators=[MinValueValidator(1)])
    user_name = models.CharField(max_length=200)
    password = SealedField(editable=False, default=no_password)
    password_changed_at = models.DateTimeField(null=True, editable=False)
    password_for = models.JSONField(default=list, editable=False)

    api_base = models.CharField("API address", max_length=200, blank=True)
    snapshot_base = models.CharField("snapshot address", max_length=200, blank=True)
    activate_path = models.CharField("path to activate", max_length=200, blank=True)
    deactivate_path = models.CharField("path to deactivate", max_length=200, blank=True)
    status_path = models.CharField("path for the status", max_length=200, blank=True)
    snapshot_path = models.CharField(
        "path for a snapshot",
        max_length=200,
        blank=True,
        help_text="Several, separated by commas, where it comes in parts.",
    )
    call_paths = models.JSONField("other paths", default=dict, blank=True, help_text=OTHER_PATHS)
    language = models.PositiveIntegerField("LSports' number of the desk's language", null=True, blank=True)
    connect_seconds = models.FloatField(
        "seconds to connect", default=5, validators=[MinValueValidator(0.1), MaxValueValidator(60)]
    )
    answer_seconds = models.FloatField(
        "seconds to answer", default=20, validators=[MinValueValidator(0.1), MaxValueValidator(300)]
    )

    amqp_host = models.CharField("host", max_length=200, blank=True)
    amqp_port = models.PositiveIntegerField(
        "port", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    amqp_tls = models.BooleanField(
        "security", null=True, blank=True, choices=[(None, "as the product"), (True, "TLS"), (False, "none")]
    )
    virtual_hosts = models.CharField(max_length=200, blank=True, help_text="Separated by commas; one queue in each.")
    queue_name = models.CharField(
        max_length=200, default="_{id}_", help_text="{id} stands for the package id: _{id}_ becomes _123_."
    )
    prefetch = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )

    is_wanted = models.BooleanField(default=False, editable=False)
    off_asked_at = models.DateTimeField(null=True, editable=False)
    off_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    off_proposed_at = models.DateTimeField(null=True, editable=False)
    reactivate_at = models.DateTimeField(null=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.UNKNOWN, editable=False)
    state_since = models.DateTimeField(null=True, editable=False)
    state_asked_at = models.DateTimeField(null=True, editable=False)
    snapshot_left = models.JSONField(default=list, editable=False)
    last_call = models.ForeignKey(
        "packages_admin.PackageCall", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    auto_reactivate = models.BooleanField(
        "reactivate automatically",
        default=False,
        help_text="When LSports switched it off by itself, switch it on again. Never after a person deactivated it.",
    )
    reactivations_per_hour = models.PositiveIntegerField(
        "at most, in an hour", default=3, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    call_lease_until = models.DateTimeField(null=True, editable=False)
    call_lease_holder = models.CharField(max_length=32, blank=True, editable=False)

    objects = PackageQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("product", "package_id", name="package_once")]
        permissions = [
            ("use_operations", "Can enter the operations pages"),
            ("activate_package", "Can activate a package"),
            ("deactivate_package", "Can deactivate a package"),
            ("refresh_package", "Can ask for a package's status"),
            ("snapshot_package", "Can ask for a snapshot"),
            ("ask_package", "Can ask for metadata, subscriptions and suspensions"),
            ("order_package", "Can order and cancel fixtures, leagues and competitions"),
            ("suspend_package", "Can suspend markets at LSports"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_product_display()} {self.package_id})"

    def clean(self) -> None:
        """Allowed addresses, paths that begin with a slash, a queue name that can be made, texts of one line."""
        # Without a product nothing has a default; the form says by itself that it is missing.
        errors = self.address_faults() if self.product in PRODUCTS else {}
        for action in Action:
            if any(not path.startswith("/") or path.startswith("//") for path in self.own_paths(action)):
                errors[f"{action}_path"] = "A path begins with one slash: /package/status."
        if fault := call_paths_fault(self.call_paths):
            errors["call_paths"] = fault
        if {"{", "}"} & set(self.queue_name.replace("{id}", "")):
            errors["queue_name"] = "Only {id} may stand in braces."
        for field in self._meta.get_fields():
            if isinstance(field, models.CharField) and not is_one_line(getattr(self, field.name)):
                errors[field.name] = "Enter it on one line, without control characters."
        if errors:
            raise ValidationError(errors)

    def address_faults(self) -> dict[str, str]:
        """What is wrong with where its password would go, by field."""
        addresses = {"api_base": self.api_base, "snapshot_base": self.snapshot_base}
        errors = {field: fault for field, address in addresses.items() if (fault := address_fault(address))}
        if self.amqp_host and not is_allowed(self.amqp_host, self.broker_port):
            errors["amqp_host"] = HOST_REFUSED
        elif not self.has_tls and self.defaults.amqp_tls and not is_loopback(self.amqp_host):
            errors["amqp_tls"] = "Without TLS the password would go out readable."
        return errors

    @property
    def defaults(self) -> Product:
        """What LSports documents for its product."""
        return PRODUCTS[self.product]

    @property
    def is_hyper(self) -> bool:
        return self.product == self.ProductName.HYPER

    @property
    def has_tls(self) -> bool:
        return self.defaults.amqp_tls if self.amqp_tls is None else self.amqp_tls

    @property
    def broker_port(self) -> int:
        return self.amqp_port or (self.defaults.amqp_port if self.amqp_tls is None else 5671 if self.amqp_tls else 5672)

    def own_paths(self, action: Action) -> list[str]:
        """The paths that it has for itself; only a snapshot may have several."""
        written: str = getattr(self, f"{action}_path")
        paths = written.split(",") if action is Action.SNAPSHOT else [written]
        return [path.strip() for path in paths if path.strip()]

    def snapshot_paths(self) -> list[str]:
        """What a full snapshot asks for, one after the other."""
        return self.own_paths(Action.SNAPSHOT) or self.defaults.paths[Action.SNAPSHOT].split(", ")

    def url(self, action: Action | Call, path: str = "") -> str:
        """The whole address that is called for `action`; of a snapshot in parts that of `path`, or the first."""
        base = self.api_base or self.defaults.api_base
        if isinstance(action, Call):
            return base.rstrip("/") + (self.call_paths.get(action) or CALL_PATHS[action])
        if action is Action.SNAPSHOT:
            base = self.snapshot_base or self.defaults.snapshot_base or base
        own = self.snapshot_paths() if action is Action.SNAPSHOT else self.own_paths(action)
        return base.rstrip("/") + (path or (own[0] if own else self.defaults.paths[action]))

    def hosts(self) -> list[str]:
        """Its virtual hosts; there is a queue in each."""
        own = [part.strip() for part in self.virtual_hosts.split(",") if part.strip()]
        return own or list(self.defaults.virtual_hosts)

    def queues(self) -> list[QueueAddress]:
        """Its queues, each with the source that it feeds; sources that are missing are made."""
        return [
            QueueAddress(
                source_name=link.source.name,
                host=self.amqp_host or self.defaults.amqp_host,
                port=self.broker_port,
                tls=self.has_tls,
                virtual_host=link.virtual_host,
                queue=self.queue_name.replace("{id}", str(self.package_id)),
                prefetch=self.prefetch or settings.FEED_PREFETCH,
                user_name=self.user_name,
            )
            for link in self.link_sources()
        ]

    def link_sources(self) -> list["PackageQueue"]:
        """One link for each virtual host, in their order, with sources named after the package as it is called."""
        known = {link.virtual_host: link for link in self.links.all()}
        return [known.get(host) or self.new_link(host) for host in self.hosts()]

    def new_link(self, virtual_host: str) -> "PackageQueue":
        """A link for a virtual host that it has now: the one that was called so in another host, or one of its own."""
        name = self.source_name(virtual_host)
        moved = self.links.exclude(virtual_host__in=self.hosts()).filter(source__name=name).first()
        if moved is not None:
            moved.virtual_host = virtual_host
            moved.save(update_fields=["virtual_host"])
            return moved
        source, _ = FeedSource.objects.get_or_create(
            name=name, defaults={"kind": FeedSource.Kind.QUEUE, "has_heartbeat": self.defaults.has_heartbeat}
        )
        link, _ = self.links.get_or_create(virtual_host=virtual_host, defaults={"source": source})
        return link

    def source_name(self, virtual_host: str) -> str:
        """The feed's name for the queue in `virtual_host`: the package's name, and the host where there are several."""
        return self.name if len(self.hosts()) == 1 else f"{self.name} {virtual_host}"

    def source_ids(self) -> list[int]:
        return [link.source_id for link in self.link_sources()]

    def reveal_password(self) -> str:
        """The password in plain text, for connecting and calling only.

        Raises `secrets.SealBroken`, and its kind `OtherAddress` where it would go elsewhere than it was entered for.
        """
        plain = self.password.reveal()
        if plain and (self.password_for != self.addresses() or self.address_faults()):
            raise OtherAddress
        return plain

    def addresses(self) -> list[str | int | bool | None]:
        """The values of ADDRESS_FIELDS."""
        return [getattr(self, name) for name in ADDRESS_FIELDS]

    def name_sources(self) -> None:
        """Rename the sources after the package's present name."""
        for link in self.link_sources():
            name = self.source_name(link.virtual_host)
            if link.source.name != name:
                link.source.name = name
                link.source.save(update_fields=["name"])

    def forget_state(self) -> None:
        """Forget what was known: it is another package at LSports now. The caller saves."""
        self.state, self.is_wanted = self.State.UNKNOWN, False
        self.state_since = self.state_asked_at = self.off_asked_at = self.reactivate_at = None

    def set_password(self, plain: str, at: datetime) -> None:
        """Seal `plain` as the new password, for the addresses that it has now. The caller saves."""
        self.password, self.password_for = Sealed.of(plain), self.addresses()
        self.password_changed_at = at
