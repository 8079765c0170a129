"""sdmx/: the yearly figures as SDMX-CSV 2.0, and the data structure they follow as SDMX-ML 3.0.

Codes and descriptions come from the marts and from dbt's description of them; what is written here is
only which column plays which part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.release.columns import Table
from pipelines.release.database import MARTS
from pipelines.release.errors import ReleaseError
from pipelines.warehouse.connection import connect, first_line, first_row, has_table, literal

if TYPE_CHECKING:
    from pysdmx.model import Code, Codelist, Component

SDMX = "sdmx"
DATA = f"{SDMX}/data.csv"
STRUCTURE = f"{SDMX}/structure.xml"
AGENCY = "HATANGSO"
VERSION = "1.0"
DATAFLOW = "DF_INDICATOR"
LEVELS = ("province", "district", "commune")
YEARLY_MART = "mart_{}_indicator_yearly"
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
NO_MOMENT = datetime(1970, 1, 1)  # noqa: DTZ001 - Vietnamese time without a zone, as receipts are recorded

# Which column of the yearly marts each component holds. A code list follows for columns with a closed list.
ATTRIBUTES = {
    "UNIT_MEASURE": "unit",
    "OBS_STATUS": "obs_status",
    "FIGURE_KIND": "actual_kind",
    "COMPARATOR": "target_comparator",
    "TARGET_SCOPE": "target_scope",
    "TARGET_BASIS": "target_basis",
    "PROGRESS_STATUS": "progress_status",
    "DOCUMENT_ID": "observation_document_id",
}
REQUIRED_ATTRIBUTES = frozenset({"UNIT_MEASURE", "OBS_STATUS"})
# SDMX allows no signs in codes.
COMPARATOR_CODES = {"=": "EQ", ">=": "GE", "<=": "LE", ">": "GT", "<": "LT"}
# Names of the standard list CL_OBS_STATUS. I is used for targets that stand between two stated ones.
OBS_STATUS_NAMES = {
    "A": "Normal value",
    "E": "Estimated value",
    "I": "Value imputed by a receiving agency",
    "L": "Missing value; data exist but were not collected",
    "M": "Missing value; data cannot exist",
    "P": "Provisional value",
    "V": "Unvalidated value",
}
FIGURES = {"ACTUAL": "What was observed", "TARGET": "What was planned for the year"}
NO_DOCUMENT = "Document the figure was read from, by the SHA-256 of its bytes; empty for national targets"

OBSERVATIONS = """
    select
        'A' as "FREQ", admin_unit_key as "REF_AREA", indicator_code as "INDICATOR", 'ACTUAL' as "FIGURE",
        year as "TIME_PERIOD", actual_value as "OBS_VALUE", unit as "UNIT_MEASURE", obs_status as "OBS_STATUS",
        actual_kind as "FIGURE_KIND", null as "COMPARATOR", null as "TARGET_SCOPE", null as "TARGET_BASIS",
        progress_status as "PROGRESS_STATUS", observation_document_id as "DOCUMENT_ID"
    from marts.{mart}
    where actual_value is not null
    union all
    select
        'A', admin_unit_key, indicator_code, 'TARGET', year, target_value, unit,
        if(target_basis = 'stated', 'A', 'I'), 'target',
        case target_comparator {comparators} end, target_scope, target_basis, null, target_document_id
    from marts.{mart}
    where target_value is not null
"""


def write_sdmx(database: Path, folder: Path, release: str, tables: Mapping[str, Table]) -> int:
    """Write ``sdmx/data.csv`` and ``sdmx/structure.xml``; returns the number of observations, 0 without yearly marts.

    One observation per unit x indicator x actual or target x year that has a value.
    Raises ``ReleaseError`` where the figures cannot be written.
    """
    with connect(database, read_only=True) as connection:
        marts = [
            mart
            for level in LEVELS
            if has_table(connection, MARTS, mart := YEARLY_MART.format(level)) and mart in tables
        ]
        if not marts:
            return 0
        (folder / SDMX).mkdir()
        try:
            rows = _write_data(connection, folder / DATA, marts)
            _write_structure(connection, folder / STRUCTURE, release, tables, marts)
        except duckdb.Error as error:
            sentence = f"The SDMX files could not be written: {first_line(error)}."
            raise ReleaseError(sentence) from error
    return rows


def _write_data(connection: duckdb.DuckDBPyConnection, path: Path, marts: Iterable[str]) -> int:
    comparators = " ".join(
        f"when {literal(sign)} then {literal(code)}" for sign, code in COMPARATOR_CODES.items()
    )
    observations = " union all ".join(
        f"({OBSERVATIONS.format(mart=mart, comparators=comparators)})" for mart in marts
    )
    connection.execute("set threads to 1")
    row = first_row(
        connection.execute(
            f"""
        copy (
            select
                'dataflow' as "STRUCTURE", '{AGENCY}:{DATAFLOW}({VERSION})' as "STRUCTURE_ID", 'I' as "ACTION", *
            from ({observations})
            order by all
        ) to {literal(str(path))} (format csv, header)
        """  # noqa: S608 - made of constants
        )
    )
    return int(row[0]) if row else 0


def _write_structure(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    release: str,
    tables: Mapping[str, Table],
    marts: list[str],
) -> None:
    # pysdmx takes half a second to load, and most nights write no release.
    from pysdmx.io import write_sdmx as write_message
    from pysdmx.io.format import Format
    from pysdmx.model import (
        Agency,
        Components,
        Concept,
        ConceptScheme,
        Dataflow,
        DataStructureDefinition,
        Organisation,
    )
    from pysdmx.model.message import Header

    yearly = tables[marts[0]]
    codelists = _codelists(connection, tables, yearly, marts)
    components = _components(yearly, codelists)
    concepts = ConceptScheme(
        id="CS_INDICATOR",
        agency=AGENCY,
        version=VERSION,
        name="Concepts of the indicators of digital infrastructure",
        items=[component.concept for component in components if isinstance(component.concept, Concept)],
    )
    structure = DataStructureDefinition(
        id="DSD_INDICATOR",
        agency=AGENCY,
        version=VERSION,
        name="Indicators of digital infrastructure by unit and year",
        description=yearly.description,
        components=Components(components),
    )
    dataflow = Dataflow(
        id=DATAFLOW,
        agency=Agency(AGENCY),
        version=VERSION,
        name="Indicators of digital infrastructure by unit and year",
        structure=structure,
    )
    received = first_row(connection.execute("select max(received_at) from raw.documents"))
    header = Header(
        id=release,
        # Not the present time: the same content gives the same bytes.
        prepared=(received[0] if received and received[0] else NO_MOMENT).replace(tzinfo=VIETNAM),
        sender=Organisation(id=AGENCY),
    )
    write_message(
        [*codelists.values(), concepts, structure, dataflow],
        Format.STRUCTURE_SDMX_ML_3_0,
        output_path=str(path),
        header=header,
    )


def _codelists(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], yearly: Table, marts: list[str]
) -> dict[str, Codelist]:
    """The code list of each component that has one."""
    from pysdmx.model import Code, Codelist

    def codelist(name: str, title: str, codes: Iterable[Code]) -> Codelist:
        return Codelist(id=f"CL_{name}", agency=AGENCY, version=VERSION, name=title, items=list(codes))

    lists = {
        "FREQ": codelist("FREQ", "Frequency", [Code("A", name="Annual")]),
        "REF_AREA": codelist("REF_AREA", "Administrative units", _areas(connection, marts)),
        "INDICATOR": codelist("INDICATOR", "Indicators", _indicators(connection)),
        "FIGURE": codelist("FIGURE", "Actual or target", _named(FIGURES)),
        "OBS_STATUS": codelist("OBS_STATUS", "Observation status", _named(OBS_STATUS_NAMES)),
        "UNIT_MEASURE": codelist(
            "UNIT_MEASURE", "Units", _plain(tables["dim_indicator"].column("unit").allowed)
        ),
        "COMPARATOR": codelist(
            "COMPARATOR", "Comparators", [Code(code, name=sign) for sign, code in COMPARATOR_CODES.items()]
        ),
        "FIGURE_KIND": codelist(
            "FIGURE_KIND", "Kinds of figures", _plain([*yearly.column("actual_kind").allowed, "target"])
        ),
    }
    for component, column in ATTRIBUTES.items():
        allowed = yearly.column(column).allowed
        if component not in lists and allowed:
            lists[component] = codelist(component, column.replace("_", " "), _plain(allowed))
    return lists


def _plain(values: Iterable[str]) -> list[Code]:
    return _named({value: value.replace("_", " ") for value in values})


def _named(names: Mapping[str, str]) -> list[Code]:
    from pysdmx.model import Code

    return [Code(code, name=name) for code, name in names.items()]


def _areas(connection: duckdb.DuckDBPyConnection, marts: Iterable[str]) -> list[Code]:
    """The units that have a figure, and the provinces above them."""
    from pysdmx.model import Code

    used = " union ".join(
        f"select admin_unit_key from marts.{mart} union select province_key from marts.{mart}"  # noqa: S608
        for mart in marts
    )
    rows = connection.execute(
        f"""
        select admin_unit_key, name, level, valid_from, valid_to
        from marts.dim_admin_unit
        where admin_unit_key in ({used})
        order by admin_unit_key
        """  # noqa: S608 - the marts are named above
    ).fetchall()
    return [
        Code(key, name=name, description=f"{level}, {valid_from} to {valid_to or 'now'}")
        for key, name, level, valid_from, valid_to in rows
    ]


def _indicators(connection: duckdb.DuckDBPyConnection) -> list[Code]:
    from pysdmx.model import Code

    rows = connection.execute(
        """
        select indicator_code, indicator_name_en, indicator_name_vi
        from marts.dim_indicator order by indicator_code
        """
    ).fetchall()
    return [Code(code, name=english or code, description=vietnamese) for code, english, vietnamese in rows]


def _components(yearly: Table, codelists: Mapping[str, Codelist]) -> list[Component]:
    from pysdmx.model import Component, Concept, DataType, Role

    def component(name: str, role: Role, dtype: DataType, description: str, required: bool) -> Component:
        codes = codelists.get(name)
        return Component(
            id=name,
            required=required,
            role=role,
            concept=Concept(
                name,
                name=name.replace("_", " ").capitalize(),
                description=description,
                dtype=dtype,
                urn=f"urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept={AGENCY}:CS_INDICATOR({VERSION}).{name}",
            ),
            local_dtype=dtype,
            local_codes=codes,
            attachment_level="O" if role is Role.ATTRIBUTE else None,
        )

    described = {column.name: column.description for column in yearly.columns}
    dimensions = {
        "FREQ": "Frequency: every figure stands for a year",
        "REF_AREA": described["admin_unit_key"],
        "INDICATOR": described["indicator_code"],
        "FIGURE": f"{FIGURES['ACTUAL']}, or {FIGURES['TARGET'].lower()}",
    }
    components = [
        component(name, Role.DIMENSION, DataType.STRING, text, required=True)
        for name, text in dimensions.items()
    ]
    components.append(
        component("TIME_PERIOD", Role.DIMENSION, DataType.PERIOD, described["year"], required=True)
    )
    value = f"{described['actual_value']} / {described['target_value']}"
    components.append(component("OBS_VALUE", Role.MEASURE, DataType.DOUBLE, value, required=True))
    for name, column in ATTRIBUTES.items():
        text = NO_DOCUMENT if name == "DOCUMENT_ID" else described[column]
        components.append(
            component(name, Role.ATTRIBUTE, DataType.STRING, text, required=name in REQUIRED_ATTRIBUTES)
        )
    return components
