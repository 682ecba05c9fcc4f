"""Give the chain its head, before the first entry: number 0 and a hash of zeros."""

from typing import ClassVar

from django.db import migrations

START = "INSERT INTO audit_head (id, number, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'))"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0002_guard")]

    operations: ClassVar = [migrations.RunSQL(START, migrations.RunSQL.noop)]
