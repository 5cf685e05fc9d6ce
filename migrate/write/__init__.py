"""Rows in, files out: `OUTPUTS["csv"]`. A new form of output is one module and one line here."""

from migrate.write.csv import CsvFile
from migrate.write.parquet import ParquetFile
from migrate.write.xml import XmlFile
from migrate.write.xsd import xsd

OUTPUTS: dict[str, type[CsvFile] | type[ParquetFile] | type[XmlFile]] = {
    "csv": CsvFile,
    "parquet": ParquetFile,
    "xml": XmlFile,
}
"""Form by name -> its writer: `of(path, table)`, `write(rows, lines, coded)`, `close()`, `sha256`."""

BESIDE = {"xml": ("xsd", xsd)}
"""Form by name -> what is written once beside it: its suffix, and its text made of table and code lists."""
