"""The faults page: which faults are on, and a button for each. Plain HTML, served by the sandbox itself."""

from html import escape

from .distribution import Distribution
from .faults import KINDS, Kind

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Faults of the simulated supplier</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
  table {{ border-collapse: collapse; width: 100%; }}
  th, td {{ text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #8884; }}
  form {{ display: inline-flex; gap: .4rem; margin: 0; }}
  input {{ width: 7rem; }}
  .on td:first-child::before {{ content: "● "; color: #d33; }}
</style>
<h1>Faults of the simulated supplier</h1>
<p>{fixtures} fixtures, {sent} messages sent, {active} of {packages} packages active.</p>
<table>
<thead><tr><th>Fault</th><th>What it does</th><th>Switch</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
"""
OFF = """<form method="post" action="/faults/start">
<input type="hidden" name="fault" value="{name}">
<label>{number} <input name="number" value="{usual:g}" inputmode="decimal"></label><button>Start</button></form>"""
ON = """<form method="post" action="/faults/stop"><input type="hidden" name="fault" value="{name}">
{number}: {value:g} <button>Stop</button></form>"""


def faults_page(distribution: Distribution) -> str:
    packages = distribution.packages.by_id.values()
    return PAGE.format(
        fixtures=len(distribution.supplier.coverages),
        sent=distribution.supplier.sent,
        active=sum(package.active for package in packages),
        packages=len(packages),
        rows="\n".join(row(kind, distribution.faults.number(kind.name)) for kind in KINDS.values()),
    )


def row(kind: Kind, value: float) -> str:
    form = (ON if value else OFF).format(name=kind.name, number=escape(kind.number), usual=kind.usual, value=value)
    return f"<tr{' class=on' if value else ''}><td>{kind.name}</td><td>{escape(kind.does)}</td><td>{form}</td></tr>"
