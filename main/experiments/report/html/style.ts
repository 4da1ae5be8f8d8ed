/** How the report's page looks: light or dark as the reader's system is, and readable on paper. */

export const style = `
:root { color-scheme: light dark; --ink: light-dark(#1c2024, #e6e9ed); --quiet: light-dark(#5b6470, #9aa4b0);
  --page: light-dark(#ffffff, #16191d); --card: light-dark(#f6f7f9, #1f2429); --line: light-dark(#d8dde3, #363d45);
  --yes: light-dark(#0b6b3a, #5fd38d); --no: light-dark(#a32020, #ff8d85); --accent: light-dark(#0b5cad, #7ab8ff) }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 76rem; padding: 2rem 1.5rem 4rem; color: var(--ink); background: var(--page);
  font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .5rem; padding-top: .6rem; border-top: 1px solid var(--line) }
h3 { font-size: 1rem; margin: 1.6rem 0 .3rem }
p { margin: .3rem 0 .8rem; max-width: 62rem }
a { color: var(--accent) }
.quiet, figcaption, .legend { color: var(--quiet); font-size: .86rem }
nav ul { columns: 2 22rem; padding-left: 1.1rem; margin: .4rem 0 }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .6rem 0 }
th, td { padding: .35rem .7rem; text-align: right; vertical-align: top; white-space: nowrap }
thead th { border-top: 2px solid var(--ink); border-bottom: 1px solid var(--ink); vertical-align: bottom }
tbody:last-of-type tr:last-child > * { border-bottom: 2px solid var(--ink) }
tbody + tbody tr:first-child > * { border-top: 1px solid var(--line) }
th[scope=row], thead th:first-child, th[scope=rowgroup] { text-align: left }
th[scope=row] { font-weight: 400 }
th[scope=rowgroup] { font-style: italic; font-weight: 400; color: var(--quiet) }
td small { display: block; color: var(--quiet); font-size: .74rem; line-height: 1.35 }
td.self > span { color: var(--quiet) }
td .second { text-decoration: underline; text-underline-offset: 3px }
td sup { color: var(--accent); font-size: .8em; line-height: 0 }
td.none { color: var(--quiet) }
.words th, .words td { text-align: left; white-space: normal; min-width: 4rem }
.words td:first-child { min-width: 17rem }
.words td small { font-size: .8rem }
.yes { color: var(--yes); font-weight: 600 } .no { color: var(--no); font-weight: 600 }
figure { margin: 1.2rem 0 2rem }
figure svg { max-width: 100%; height: auto }
details { margin: .6rem 0 } summary { cursor: pointer }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem; overflow-x: auto;
  font-size: .8rem }
code { font-size: .85em; overflow-wrap: anywhere }
@media print { body { max-width: none; padding: 0 } nav { display: none } h2 { break-after: avoid }
  table, figure { break-inside: avoid } }
`
