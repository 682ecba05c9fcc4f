"""Give each talk a level with its reasons."""


import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('conversations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='assessment', serialize=False, to='conversations.conversation')),
                ('level', models.CharField(choices=[('acute', 'Acuut'), ('urgent', 'Urgent'), ('elevated', 'Verhoogd'), ('routine', 'Gewoon')], default='routine', max_length=8)),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('level__in', ['acute', 'urgent', 'elevated', 'routine'])), name='level_is_known')],
            },
        ),
    ]
