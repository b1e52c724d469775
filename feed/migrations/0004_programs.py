"""Programs: their tokens; and the web processes that they and the pages are connected to."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feed', '0003_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WebProcess',
            fields=[
                ('id', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('pages', models.PositiveIntegerField(default=0)),
                ('programs', models.PositiveIntegerField(default=0)),
                ('topics', models.PositiveIntegerField(default=0)),
                ('clocks', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='SubscriberToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Which program it is for, and whose it is.', max_length=100, unique=True)),
                ('start', models.CharField(editable=False, max_length=20)),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('contents', models.CharField(choices=[('all', 'scores and prices'), ('scores', 'scores only'), ('prices', 'prices only')], default='all', max_length=10)),
                ('sports', models.JSONField(blank=True, default=list, help_text="LSports' sport ids, [] for all.")),
                ('leagues', models.JSONField(blank=True, default=list, help_text="LSports' league ids, [] for all.")),
                ('most_connections', models.PositiveIntegerField(default=4, help_text='At the same time, in each web process.')),
                ('most_fixtures', models.PositiveIntegerField(default=1000, help_text='That one connection may follow.')),
                ('most_requests_per_minute', models.PositiveIntegerField(default=120, help_text='Over REST, in each web process.')),
                ('expires_at', models.DateTimeField(blank=True, help_text='UTC; empty: never.', null=True)),
                ('made_at', models.DateTimeField(editable=False)),
                ('revoked_at', models.DateTimeField(editable=False, null=True)),
                ('last_used_at', models.DateTimeField(editable=False, null=True)),
                ('made_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
                'permissions': [('revoke_subscribertoken', "Can revoke a subscriber's token")],
            },
        ),
    ]
