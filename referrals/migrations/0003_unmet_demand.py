from django.db import migrations, models


class Migration(migrations.Migration):
    """An index for counting what was refused in a period and stream. Only an index: SQLite keeps the table as it is."""

    dependencies = [
        ("referrals", "0002_waiting_and_cohorts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                fields=["period", "stream", "draft_key", "id", "rule", "zone", "primary_need", "at"],
                name="referrals_decision_unmet",
            ),
        ),
    ]
