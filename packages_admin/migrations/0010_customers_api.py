"""The rest of TRADE's Customers API: who may ask, order and suspend; names that LSports told; what we suspended."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from packages_admin.roles import grant, make_permissions

OPERATOR = ["ask_package", "order_package", "suspend_package", "view_suppliername", "view_suspension"]


def may_ask(apps, schema_editor):
    make_permissions(apps)
    grant(apps, "operator", [f"packages_admin.{permission}" for permission in OPERATOR])


class Migration(migrations.Migration):

    dependencies = [
        ('packages_admin', '0009_recoveries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='package',
            options={'ordering': ['name'], 'permissions': [('use_operations', 'Can enter the operations pages'), ('activate_package', 'Can activate a package'), ('deactivate_package', 'Can deactivate a package'), ('refresh_package', "Can ask for a package's status"), ('snapshot_package', 'Can ask for a snapshot'), ('ask_package', 'Can ask for metadata, subscriptions and suspensions'), ('order_package', 'Can order and cancel fixtures, leagues and competitions'), ('suspend_package', 'Can suspend markets at LSports')]},
        ),
        migrations.AddField(
            model_name='package',
            name='call_paths',
            field=models.JSONField(blank=True, default=dict, help_text='Of the Customers API, where LSports has others: {"quota": "/Package/GetPackageQuota"}.', verbose_name='other paths'),
        ),
        migrations.AddField(
            model_name='package',
            name='language',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="LSports' number of the desk's language"),
        ),
        migrations.AlterField(
            model_name='packagecall',
            name='action',
            field=models.CharField(choices=[('activate', 'activate'), ('deactivate', 'deactivate'), ('status', 'status'), ('snapshot', 'snapshot'), ('sports', 'sports'), ('locations', 'locations'), ('leagues', 'leagues'), ('markets', 'markets'), ('competitions', 'competitions'), ('incidents', 'incidents'), ('venues', 'venues'), ('cities', 'cities'), ('states', 'states'), ('participants', 'participants'), ('seasons', 'seasons'), ('tours', 'tours'), ('translations', 'translations'), ('quota', 'quota'), ('schedule', 'schedule'), ('ordered', 'ordered'), ('ordered_details', 'ordered_details'), ('order_fixtures', 'order_fixtures'), ('cancel_fixtures', 'cancel_fixtures'), ('order_leagues', 'order_leagues'), ('cancel_leagues', 'cancel_leagues'), ('order_competitions', 'order_competitions'), ('cancel_competitions', 'cancel_competitions'), ('suspensions', 'suspensions'), ('suspend', 'suspend'), ('resume', 'resume')], max_length=20),
        ),
        migrations.CreateModel(
            name='SupplierName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('number', models.BigIntegerField()),
                ('language', models.PositiveIntegerField(default=0)),
                ('name', models.TextField()),
                ('details', models.JSONField(default=dict)),
                ('stated_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['kind', 'name', 'number'],
                'default_permissions': ['view'],
                'constraints': [models.UniqueConstraint(models.F('kind'), models.F('number'), models.F('language'), name='supplier_name_once')],
            },
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sport', models.BigIntegerField(blank=True, null=True)),
                ('location', models.BigIntegerField(blank=True, null=True)),
                ('competition', models.BigIntegerField(blank=True, null=True, verbose_name='league or competition')),
                ('fixture', models.BigIntegerField(blank=True, null=True)),
                ('market', models.BigIntegerField(blank=True, null=True)),
                ('line', models.CharField(blank=True, max_length=100)),
                ('by_name', models.CharField(max_length=200, verbose_name='who')),
                ('at', models.DateTimeField()),
                ('resumed_by_name', models.CharField(blank=True, max_length=200, verbose_name='resumed by')),
                ('resumed_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suspensions', to='packages_admin.package')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'default_permissions': ['view'],
            },
        ),
        migrations.RunPython(may_ask, migrations.RunPython.noop),
    ]
