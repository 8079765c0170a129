"""The columns that users rely on are there, first and in the promised order; more may follow."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

MARTS = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "marts" / "_marts.yml"

YEARLY = """
    admin_unit_code admin_unit_name province_code province_name indicator_code indicator_name_vi indicator_name_en
    unit direction year actual_value actual_kind actual_as_of obs_status previous_actual_value change_from_previous
    target_value target_comparator target_scope target_basis final_target_value final_target_year baseline_value
    baseline_year gap_to_target attainment_pct trajectory_ratio linear_pace_ratio cagr_ratio progress_status
    observation_document_id target_document_id conflict_count
"""
KNOWN = "admin_unit_code admin_unit_name level indicator_code year actual_value target_value"
PROMISED = {
    "mart_province_indicator_yearly": YEARLY,
    "mart_district_indicator_yearly": YEARLY,
    "mart_commune_indicator_yearly": YEARLY,
    "as_of": KNOWN,
    "as_published": KNOWN,
    "dim_admin_unit": """
        admin_unit_key admin_unit_code name level parent_key valid_from valid_to change_type legal_basis
        latitude longitude
    """,
    "bridge_admin_unit_successor": "old_admin_unit_key new_admin_unit_key share share_basis",
    "mart_dii_score_yearly": """
        admin_unit_code admin_unit_name year criterion value points max_points is_assessable is_confirmed
    """,
    "mart_reporting_compliance": "admin_unit_code obligation_code due_on received_on status days_late",
}


@pytest.mark.parametrize("table", sorted(PROMISED))
def test_the_promised_columns_come_first(table: str) -> None:
    (entry,) = (
        model
        for model in yaml.safe_load(MARTS.read_text(encoding="utf-8"))["models"]
        if model["name"] == table
    )
    promised = PROMISED[table].split()
    assert [column["name"] for column in entry["columns"]][: len(promised)] == promised
