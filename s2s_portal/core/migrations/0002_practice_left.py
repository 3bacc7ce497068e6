from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="rehearsalclock",
            name="moved_from",
            field=models.DateTimeField(help_text="The practice moment that was left by the newest jump.", null=True),
        ),
    ]
