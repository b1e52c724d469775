"""What traders set up for themselves, and alerts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('feed', '0002_postgresql_storage'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Desk',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='desk', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('odds', models.CharField(choices=[('decimal', 'Decimal (2.50)'), ('fractional', 'Fractional (3/2)'), ('american', 'American (+150)'), ('hong_kong', 'Hong Kong (1.50)'), ('malay', 'Malay (-0.67)'), ('indonesian', 'Indonesian (1.50)')], default='decimal', max_length=12)),
                ('zone', models.CharField(blank=True, max_length=60)),
                ('theme', models.CharField(choices=[('auto', 'Match the system'), ('dark', 'Dark'), ('light', 'Light'), ('contrast', 'High contrast')], default='auto', max_length=10)),
                ('colours', models.CharField(choices=[('safe', 'Blue longer, orange shorter (colour-blind safe)'), ('classic', 'Green longer, red shorter'), ('swapped', 'Orange longer, blue shorter')], default='safe', max_length=10)),
                ('motion', models.CharField(choices=[('auto', 'Match the system'), ('reduced', 'No flashes, no movement')], default='auto', max_length=10)),
                ('density', models.CharField(choices=[('compact', 'Compact'), ('normal', 'Normal'), ('roomy', 'Roomy')], default='normal', max_length=10)),
                ('spoken', models.CharField(choices=[('off', 'Nothing'), ('scores', 'Goals, cards and ends of periods'), ('all', 'Goals, cards, ends of periods and suspended markets')], default='scores', max_length=10)),
                ('has_shortcuts', models.BooleanField(default=True)),
                ('has_sound', models.BooleanField(default=False)),
                ('has_notifications', models.BooleanField(default=False)),
                ('hidden_columns', models.JSONField(default=list)),
                ('bookmakers', models.JSONField(default=dict)),
                ('favourites', models.JSONField(default=list)),
                ('pinned_markets', models.JSONField(default=list)),
                ('views', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='AlertRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('price_passes', 'A price passes a value'), ('price_moves', 'A price moves by more than a percentage within a time'), ('bookmakers_move', 'Several bookmakers move the same price within a time'), ('suspended', 'A market stays suspended for a time'), ('incident', 'A goal or a red card'), ('coverage_lost', 'Coverage of a fixture is lost')], max_length=20)),
                ('fixture_id', models.BigIntegerField(blank=True, null=True)),
                ('only_favourites', models.BooleanField(default=False)),
                ('market_id', models.BigIntegerField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, max_length=100)),
                ('amount', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True)),
                ('seconds', models.PositiveIntegerField(default=60)),
                ('bookmakers', models.PositiveIntegerField(default=3)),
                ('repeat_seconds', models.PositiveIntegerField(default=300)),
                ('has_sound', models.BooleanField(default=False)),
                ('is_on', models.BooleanField(default=True)),
                ('made_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alert_rules', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FixtureNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=500)),
                ('written_at', models.DateTimeField()),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fixture', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='feed.fixture')),
            ],
            options={
                'ordering': ['written_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fixture_id', models.BigIntegerField()),
                ('about', models.CharField(max_length=200)),
                ('text', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(null=True)),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='feed.alertrule')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['rule', '-at'], name='alert_of_rule')],
            },
        ),
    ]
