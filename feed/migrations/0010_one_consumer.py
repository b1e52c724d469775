"""One consumer at a time for each source."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feed", "0009_room_for_markets")]

    operations = [
        migrations.AddField(
            model_name="feedsource",
            name="consumer",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
