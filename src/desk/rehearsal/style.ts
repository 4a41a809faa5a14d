/** How the rehearsal's page looks; light and dark, on paper too. */
export const css = `
:root { color-scheme: light dark; --ink: #1f2a2e; --soft: #68787d; --line: #dfe6e6; --paper: #fbfcfb; --card: #fff; --drop: #e3f1ec; --drop-ink: #17614a; --journey: #fbeedd; --journey-ink: #85540f; --bar: #7fb8a4; --full: #d97f5a }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eceb; --soft: #94a3a6; --line: #2e393c; --paper: #131a1c; --card: #1a2326; --drop: #1d3a31; --drop-ink: #a5dcc7; --journey: #3b2f1c; --journey-ink: #ecc98e; --bar: #3f7f6a; --full: #b3603c } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 1180px; padding: 32px 24px 64px; background: var(--paper); color: var(--ink); font: 14px/1.6 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
h1 { margin: 0 0 4px; font-size: 26px; font-weight: 650 }
h1 small, h3 small { margin-left: 12px; color: var(--soft); font-size: 14px; font-weight: 400 }
h2 { margin: 32px 0 10px; font-size: 17px }
h3 { margin: 14px 0 6px; font-size: 14px }
header p { margin: 0; color: var(--soft) }
.note { margin-top: 6px !important }
.calendar { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: 6px }
.weekday { color: var(--soft); font-size: 12px; padding-left: 4px }
.day { min-height: 92px; padding: 6px; border: 1px solid var(--line); border-radius: 8px; background: var(--card) }
.day > b { color: var(--soft); font-size: 12px; font-weight: 500 }
.day.outside { opacity: .35; background: none }
.chip { margin-top: 4px; padding: 3px 6px; border-radius: 5px; font-size: 12px; line-height: 1.4; background: var(--drop); color: var(--drop-ink) }
.chip.journey { background: var(--journey); color: var(--journey-ink) }
.chip span { opacity: .75 }
.chip em { display: block; font-style: normal; opacity: .8 }
.attention ul { margin: 0; padding-left: 20px }
table { width: 100%; border-collapse: collapse; background: var(--card) }
th, td { padding: 6px 10px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top }
th { color: var(--soft); font-weight: 500; font-size: 12px }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 32px }
.hour { display: grid; grid-template-columns: 96px 1fr 56px; gap: 8px; align-items: center; font-size: 12px }
.hour i { height: 10px; border-radius: 3px; background: var(--bar) }
.hour.full i { background: var(--full) }
.samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 20px }
.bubble { margin: 0 0 6px; padding: 8px 12px; border-radius: 3px 12px 12px; background: var(--card); border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere }
@media (max-width: 760px) { .calendar { grid-template-columns: 1fr } .weekday, .day.outside { display: none } .day { min-height: 0 } .pair { grid-template-columns: 1fr } table { display: block; overflow-x: auto } }
@media print { body { max-width: none } section { break-inside: avoid } }
`
