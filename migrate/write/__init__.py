"""Rows in, files out: `OUTPUTS["csv"]`. A new form of output is one module and one line here."""

from migrate.write.csv import CsvFile
from migrate.write.parquet import ParquetFile

OUTPUTS: dict[str, type[CsvFile] | type[ParquetFile]] = {"csv": CsvFile, "parquet": ParquetFile}
"""Form by name -> its writer: `of(path, table)`, `write(rows, lines)`, `close()`."""
