"""Let a destroyed key leave the table's pages soon, not when the table has grown."""

from typing import ClassVar

from django.db import migrations

OFTEN = """
ALTER TABLE vault_datakey SET (
    autovacuum_vacuum_threshold = 1,
    autovacuum_vacuum_scale_factor = 0
)
"""
USUAL = """
ALTER TABLE vault_datakey RESET (
    autovacuum_vacuum_threshold,
    autovacuum_vacuum_scale_factor
)
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("vault", "0001_initial")]

    operations: ClassVar = [migrations.RunSQL(OFTEN, USUAL)]
