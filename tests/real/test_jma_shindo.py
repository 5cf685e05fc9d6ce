"""Three years of the Japan Meteorological Agency's seismic intensities, every record and every field.

Judges: a parse of the same files by somebody else (10 columns of every station record); the counts that
the hypocentre records declare; and Python's own slices and codec for all the other fields.
"""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from migrate.frames import OFFSET, RECORD
from migrate.read import Reader

YEARS = ("i2010", "i2016", "i2020")
STRIDE = 96 + 2


@pytest.fixture(scope="module")
def folder(realdata):
    return realdata / "jma_shindo"


@pytest.fixture(scope="module")
def layout(catalog):
    return catalog.layout("jma/shindo")


@pytest.fixture(scope="module")
def read(layout, folder):
    return {year: list(Reader(layout).batches(folder / f"{year}.dat")) for year in YEARS}


@pytest.fixture(scope="module")
def frames(read, layout):
    return {year: joined(batches, layout) for year, batches in read.items()}


@pytest.fixture(scope="module")
def somebody_elses(folder):
    """Sorted by station in their order; within a station by year, then as in the file."""
    return pl.read_csv(folder / "stations_2010_2016_2020.csv.gz", infer_schema=False)


def joined(batches, layout):
    return {name: pl.concat([batch.frames[name] for batch in batches]) for name in layout.types}


def told(frame):
    """Station records in the words of the other parse.

    Year and month are those of the hypocentre record before it. The other parse takes the seconds from bytes
    15-16 and 18, where the book has them in 15-17: the tenth is lost and a blank stands for it.
    """
    dated = frame["station"].sort(RECORD).join_asof(
        frame["hypocentre"].select(RECORD, "year", "month").sort(RECORD), on=RECORD
    )
    return dated.select(
        station="station_no",
        intensity="intensity",
        year="year",
        month="month",
        day="day",
        hour="hour",
        minute="minute",
        second=pl.col("second").str.head(2) + ". ",
        intensity_equip="measured_intensity",
        acceleration_max_comb="acceleration",
    )


def events(frame):
    """A run of hypocentre records and the station records behind it, a row an event."""
    kinds = [frame[name].select(RECORD, kind=pl.lit(name)) for name in ("hypocentre", "station")]
    counts = frame["hypocentre"].select(RECORD, declared=pl.col("station_count").str.strip_chars().cast(pl.Int64))
    begins = (pl.col("kind") == "hypocentre") & (pl.col("kind").shift() != "hypocentre").fill_null(True)
    return (
        pl.concat(kinds)
        .sort(RECORD)
        .join(counts, on=RECORD, how="left", maintain_order="left")
        .group_by(begins.cum_sum().alias("event"), maintain_order=True)
        .agg(
            hypocentres=(pl.col("kind") == "hypocentre").sum(),
            stations=(pl.col("kind") == "station").sum(),
            first=pl.col("declared").first(),
            others=pl.col("declared").slice(1).drop_nulls().len(),
        )
    )


def sliced(lines, field):
    """A field of the lines (bytes as latin-1 characters) by Python's own slices and codec."""
    cells = pl.Series(field.name, lines).str.slice(field.at, field.bytes)
    text = {cell: cell.encode("latin-1").decode("cp932").rstrip(" \u3000") for cell in cells.unique()}
    return cells.replace_strict(text).replace("", None)


def test_every_record_is_read_and_nothing_is_wrong_with_any(read, frames, folder):
    for year in YEARS:
        size = (folder / f"{year}.dat").stat().st_size
        assert size > 0
        assert sum(frame.height for frame in frames[year].values()) * STRIDE == size
        assert sum(len(batch.block) for batch in read[year]) * STRIDE == size
        assert [batch.issues.rows() + batch.faults.rows() for batch in read[year]] == [[]] * len(read[year])


def test_the_first_byte_tells_the_record_types_apart(frames, folder):
    for year in YEARS:
        with (folder / f"{year}.dat").open("rb") as file:
            firsts = [line[:1] for line in file]
        at = [i for i, first in enumerate(firsts, 1) if first in b"ABD"]
        assert frames[year]["hypocentre"][RECORD].to_list() == at
        assert frames[year]["station"].height == len(firsts) - len(at) > 0


def test_numbers_and_offsets_say_where_a_record_lies(frames):
    for year in YEARS:
        for frame in frames[year].values():
            assert (frame[OFFSET] == (frame[RECORD] - 1) * STRIDE).all()


def test_every_station_row_equals_somebody_elses_parse(frames, somebody_elses):
    ours = pl.concat([told(frames[year]) for year in YEARS]).sort("station", maintain_order=True)
    theirs = somebody_elses.sort("station", maintain_order=True)
    assert ours.height == theirs.height > 200_000
    assert ours.width == theirs.width == 10
    assert_frame_equal(ours, theirs)


def test_every_field_equals_pythons_own_slices_and_codec(frames, layout, folder):
    compared = 0
    for year in YEARS:
        lines = (folder / f"{year}.dat").read_bytes().decode("latin-1").split("\r\n")[:-1]
        for name, record in layout.types.items():
            frame = frames[year][name]
            mine = pl.Series(lines).gather(frame[RECORD] - 1)
            for field in record.read.values():
                assert frame[field.name].equals(sliced(mine, field), check_names=True), (year, field.name)
                compared += frame.height
    assert compared > 5_000_000


def test_the_fillers_of_the_book_are_blank_in_the_file(frames, layout, folder):
    fillers = [field for field in layout.types["station"].fields if field.type == "filler"]
    for year in YEARS:
        lines = (folder / f"{year}.dat").read_bytes().decode("latin-1").split("\r\n")[:-1]
        mine = pl.Series(lines).gather(frames[year]["station"][RECORD] - 1)
        for field in fillers:
            assert mine.str.slice(field.at, field.bytes).unique().to_list() == [" " * field.bytes]


def test_a_repeated_group_keeps_its_components_apart(frames):
    for year in YEARS:
        stations = frames[year]["station"]
        assert [stations[f"axis_{n}"].unique().to_list() for n in (1, 2, 3)] == [["N"], ["E"], ["Z"]]


def test_hypocentres_declare_how_many_stations_follow(frames):
    found = pl.concat([events(frames[year]) for year in YEARS])
    assert found["stations"].sum() == sum(frames[year]["station"].height for year in YEARS)
    assert found.filter(pl.col("first") != pl.col("stations")).is_empty()
    assert found["first"].null_count() == 0


def test_where_an_event_has_several_hypocentres_only_the_first_declares(frames):
    found = pl.concat([events(frames[year]) for year in YEARS])
    several = found.filter(pl.col("hypocentres") > 1)
    assert several.height > 0
    assert several["others"].sum() == 0


def test_the_size_of_a_batch_never_shows(frames, layout, folder):
    for size in (997, 1_000_000):
        again = joined(list(Reader(layout).batches(folder / "i2020.dat", size)), layout)
        for name, frame in again.items():
            assert_frame_equal(frame, frames["i2020"][name])
