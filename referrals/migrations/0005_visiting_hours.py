from django.db import migrations, models


class Migration(migrations.Migration):
    """One more word for why a time does not suit. No database keeps the list: nothing is rewritten."""

    dependencies = [
        ("referrals", "0004_s2s_work"),
    ]

    operations = [
        migrations.AlterField(
            model_name="bookingflag",
            name="cause",
            field=models.CharField(
                choices=[
                    ("IN_THE_PAST", "The time has passed"),
                    ("ENDS_BEFORE_START", "It ends before it begins"),
                    ("TOO_LONG", "A visit lasts one day at most"),
                    ("OUT_OF_HOURS", "Before or after the hours of visits"),
                    ("AFTER_RUN_OFF", "After the contract's last day for visits"),
                    ("NOT_A_WORKING_DAY", "A weekend, bank holiday or closure"),
                    ("SETTING_CLOSED", "The school or setting is closed"),
                    ("PUPILS_AWAY", "No children are in"),
                    ("OUT_OF_TERM", "Outside the school's terms"),
                    ("TEACHER_AWAY", "The teacher is away"),
                    ("TEACHER_LEFT", "The teacher has left"),
                    ("OVERLAP", "The teacher has another visit then"),
                    ("NO_AGREEMENT", "No parental agreement"),
                    ("OVER_HARD_CAP", "More visits than a request may have"),
                    ("OVER_SOFT_CAP", "More visits than usual"),
                    ("TOO_LITTLE_TRAVEL", "Too little time to travel"),
                    ("TERMS_UNKNOWN", "Term dates are not entered"),
                ],
                max_length=20,
            ),
        ),
    ]
