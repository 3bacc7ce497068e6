"""Lines of tables that become cards on a phone: what each kind of cell says, and that nothing gets out of its cell."""

import pytest
from django.template.loader import render_to_string

from tests.core.markup import shape

COLUMNS = [{"label": "Reference"}, {"label": "Name & kind"}, {"label": "Places", "numeric": True}]
NASTY = '"><script>alert(1)</script>'


def table(*rows):
    """The page's lines of a stacked table, from its body on."""
    html = render_to_string("components/stacked_table.html", {"caption": "Requests", "columns": COLUMNS, "rows": rows})
    return html[html.index("<tbody") :]


def test_a_line_names_its_columns_and_links_its_header():
    drawn = table(
        [
            {"text": "EY-7K4M-2Q", "url": "/requests/EY-7K4M-2Q/", "nowrap": True, "hint": "Early years"},
            {"text": "Marram Primary", "hint": "School"},
            0,
        ]
    )
    expected = """<tbody class="govuk-table__body" role="rowgroup"><tr class="govuk-table__row" role="row">
      <th scope="row" role="rowheader" class="govuk-table__header"><span class="app-stacked__value">
        <span class="app-nowrap"><a href="/requests/EY-7K4M-2Q/" class="govuk-link">EY-7K4M-2Q</a></span>
        <span class="app-stacked__hint">Early years</span></span></th>
      <td role="cell" class="govuk-table__cell">
        <span class="app-stacked__label" aria-hidden="true">Name &amp; kind</span>
        <span class="app-stacked__value">Marram Primary<span class="app-stacked__hint">School</span></span></td>
      <td role="cell" class="govuk-table__cell govuk-table__cell--numeric">
        <span class="app-stacked__label" aria-hidden="true">Places</span><span class="app-stacked__value">0</span></td>
    </tr></tbody></table>"""
    assert shape(drawn) == shape(expected)


def test_a_status_is_a_tag():
    assert '<strong class="govuk-tag govuk-tag--blue">Sent</strong>' in table(
        ["A", {"text": "Sent", "colour": "blue"}, ""]
    )


def test_an_empty_cell_takes_no_room_on_a_phone():
    drawn = table(["A", "", "1"])
    assert drawn.count("app-stacked__empty") == 1
    assert 'class="govuk-table__cell app-stacked__empty"' in drawn


def test_a_line_can_be_ticked():
    tick = {"name": "schools", "value": "GIAS:900001", "checked": True}
    drawn = table([{"text": "Marram Primary", "hint": "NR29 9ZZ", "tick": tick}, "", ""])
    expected = """<tbody class="govuk-table__body" role="rowgroup"><tr class="govuk-table__row" role="row">
      <th scope="row" role="rowheader" class="govuk-table__header"><div class="app-stacked__value">
        <div class="govuk-checkboxes govuk-checkboxes--small app-stacked__tick"><div class="govuk-checkboxes__item">
          <input class="govuk-checkboxes__input" id="schools-GIAS:900001" name="schools" type="checkbox"
            value="GIAS:900001" checked>
          <label class="govuk-label govuk-checkboxes__label" for="schools-GIAS:900001">Marram Primary</label>
        </div></div>
        <span class="app-stacked__hint">NR29 9ZZ</span></div></th>"""
    assert shape(drawn[: drawn.index("<td")]) == shape(expected)
    tick["checked"] = False
    assert "checked" not in table([{"text": "Marram Primary", "tick": tick}, "", ""])


def test_nothing_gets_out_of_its_cell():
    drawn = table(
        [
            {"text": NASTY, "url": NASTY, "hint": NASTY},
            {"text": NASTY, "colour": NASTY},
            NASTY,
        ],
        [{"text": NASTY, "tick": {"name": NASTY, "value": NASTY}}, "", ""],
    )
    assert "<script" not in drawn
    assert drawn.count("&quot;&gt;&lt;script&gt;") == 6 + 7


def test_a_line_that_is_longer_or_shorter_than_its_heading_is_a_mistake():
    for cells in (["A", "B"], ["A", "B", "C", "D"]):
        with pytest.raises(ValueError, match="zip"):
            table(cells)


def test_line_breaks_are_kept_and_a_link_says_what_it_is_about_to_screen_readers():
    drawn = table(["A", "Name: Tern\nStatus: <Open>", {"text": "End", "about": "R&D", "url": "/end/"}])
    assert "Name: Tern<br>Status: &lt;Open&gt;" in drawn
    assert '<a href="/end/" class="govuk-link">End<span class="govuk-visually-hidden">: R&amp;D</span></a>' in drawn
