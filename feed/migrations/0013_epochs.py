"""Breaks of what a source sends, what it has confirmed since."""

import django.db.models.deletion
from django.db import migrations, models



def begin_chains(apps, schema_editor):
    """The last heartbeat that is known is the chain's last link: what was lost since then is a break."""
    source = apps.get_model("feed", "FeedSource")
    source.objects.update(link_at=models.F("heartbeat_sent_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('feed', '0012_status_revision'),
    ]

    operations = [
        migrations.AddField(
            model_name='bet',
            name='epoch',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='feedsource',
            name='break_due',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
        migrations.AddField(
            model_name='feedsource',
            name='epoch',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='feedsource',
            name='epoch_from',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='feedsource',
            name='link_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='feedsource',
            name='stray_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='Break',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('epoch', models.BigIntegerField()),
                ('reason', models.CharField(max_length=300)),
                ('link_at', models.DateTimeField(null=True)),
                ('noticed_at', models.DateTimeField()),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='breaks', to='feed.feedsource')),
            ],
            options={
                'ordering': ['-noticed_at', '-id'],
                'constraints': [models.UniqueConstraint(models.F('source'), models.F('epoch'), name='break_once_an_epoch')],
            },
        ),
        migrations.RunPython(begin_chains, migrations.RunPython.noop),
    ]
