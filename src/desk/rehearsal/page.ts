/** A rehearsal as one page that needs nothing else: to be kept, mailed, printed, or shown in a frame of the desk. */
import { dayAfter, dayIn, minuteIn, weekdayOf } from '../../kernel/zone.ts'
import { en } from './locale/en.ts'
import { type PageWords, zh } from './locale/zh.ts'
import type { AccountShown, DayCell, JourneyShown, Rehearsal, RunShown } from './schema.ts'
import { css } from './style.ts'

/** Everything that comes from content or customers goes through this. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

type On = { shown: Rehearsal; words: PageWords }

/** The whole page. The same rehearsal gives the same bytes. */
export function pageOf(shown: Rehearsal, lang: 'zh' | 'en' = 'zh'): string {
  const words = lang === 'zh' ? zh : en
  const on = { shown, words }
  const { from, days, brand } = shown
  const heading = `${escaped(brand)} · ${words.title}`
  return `<!doctype html>
<html lang="${words.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${heading} ${escaped(words.span(from, days))}</title>
<style>${css}</style>
</head>
<body>
<header>
<h1>${heading}<small>${escaped(words.span(from, days))}</small></h1>
<p>${escaped(words.facts(shown.customers, shown.groups, shown.contentVersion.slice(0, 12)))}</p>
${shown.behaviour ? `<p>${escaped(behaviourIn(on))}</p>` : ''}
<p class="note">${escaped(words.nothingReal)}</p>
</header>
<section><h2>${words.calendar}</h2>${calendarOf(on)}</section>
<section class="attention"><h2>${words.attention}</h2>${attentionOf(on)}</section>
<section><h2>${words.runs}</h2>${runsOf(on)}</section>
<section><h2>${words.journeys}</h2>${journeysOf(on)}</section>
<section class="pair"><div><h2>${words.accounts}</h2>${shown.accounts.map((one) => accountOf(one, on)).join('')}</div>
<div><h2>${words.waits}</h2>${waitsOf(on)}<h2>${words.perPerson}</h2>${perPersonOf(on)}</div></section>
<section><h2>${words.samples}</h2>${samplesOf(on)}</section>
</body>
</html>
`
}

function behaviourIn({ shown: { behaviour }, words }: On): string {
  return behaviour ? words.behaviour(behaviour.seed, behaviour.replies, behaviour.orders, behaviour.joins) : ''
}

/** Weeks as rows, from Monday on. */
function calendarOf(on: On): string {
  const { from, days, zone } = on.shown
  const first = dayAfter(from, 1 - weekdayOf(from))
  const last = dayAfter(from, days - 1)
  const cells: string[] = []
  for (let day = first; day <= last || weekdayOf(day) !== 1; day = dayAfter(day, 1)) {
    const inside = day >= from && day <= last
    const sources = on.shown.calendar.filter((cell) => cell.day === day)
    const chips = sources.map((cell) => chipOf(cell, zone, on)).join('')
    cells.push(
      `<div class="day${inside ? '' : ' outside'}"><b>${Number(day.slice(5, 7))}-${Number(day.slice(8))}</b>${chips}</div>`,
    )
  }
  const heads = on.words.weekdays.map((name) => `<div class="weekday">${name}</div>`).join('')
  return `<div class="calendar">${heads}${cells.join('')}</div>`
}

function chipOf({ title, sent, persons, kind, firstAt }: DayCell, zone: string, { words }: On): string {
  const at = minuteIn(zone, firstAt).slice(11)
  const count = sent === persons ? words.people(persons) : `${words.people(persons)} · ${words.posts(sent)}`
  return `<div class="chip ${kind}"><span>${at}</span> ${escaped(title)}<em>${count}</em></div>`
}

function attentionOf(on: On): string {
  const { words, shown } = on
  const titles = titlesOf(shown)
  const titleOf = (source: string): string => titles.get(source) ?? source
  const lines = [
    ...shown.empty.map((source) => words.empty(titleOf(source))),
    ...shown.collisions.map(({ day, one, other, both, lost }) =>
      words.collided(day, titleOf(one), titleOf(other), both, lost),
    ),
    ...shown.accounts.flatMap(({ account, expired, late }) => [
      ...(expired > 0 ? [words.cannotCarry(account, expired)] : []),
      ...(late > 0 ? [words.runsLate(account, late)] : []),
    ]),
    ...shown.runs
      .filter(({ state }) => state === 'missed')
      .map(({ title, slot, reason }) => words.missed(title, minuteIn(shown.zone, slot), named(reason ?? '', words))),
    ...[...new Set(shown.runs.filter((run) => run.needsApproval).map(({ title }) => title))].map(words.unapproved),
  ]
  if (lines.length === 0) return `<p>${words.allWell}</p>`
  return `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`
}

/** Titles by source, `drop:<id>` or `journey:<id>`. */
export function titlesOf({ runs, journeys }: Pick<Rehearsal, 'runs' | 'journeys'>): Map<string, string> {
  return new Map([
    ...runs.map(({ campaign, title }) => [`drop:${campaign}`, title] as const),
    ...journeys.map(({ id, title }) => [`journey:${id}`, title] as const),
  ])
}

function named(reason: string, { reasons }: PageWords): string {
  return reasons[reason] ?? reason
}

function table(heads: readonly string[], rows: readonly (readonly string[])[], { words }: On): string {
  if (rows.length === 0) return `<p>${words.nothing}</p>`
  const cells = (tag: 'td' | 'th', row: readonly string[]): string =>
    row.map((cell) => `<${tag}>${cell}</${tag}>`).join('')
  return `<table><thead><tr>${cells('th', heads)}</tr></thead><tbody>${rows
    .map((row) => `<tr>${cells('td', row)}</tr>`)
    .join('')}</tbody></table>`
}

function countsOf(counts: Readonly<Record<string, number>>, words: PageWords, without: readonly string[] = []): string {
  return Object.entries(counts)
    .filter(([name]) => !without.includes(name))
    .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    .map(([name, count]) => `${escaped(named(name, words))} ${count}`)
    .join('，')
}

function runsOf(on: On): string {
  const { at, campaign, audience, sent, rest, window } = on.words.columns
  return table(
    [at, campaign, audience, sent, rest, window],
    on.shown.runs.map((run) => runRow(run, on)),
    on,
  )
}

function runRow(
  { slot, title, audience, outcomes, firstAt, lastAt }: RunShown,
  { words, shown: { zone } }: On,
): string[] {
  const span =
    firstAt && lastAt
      ? `${minuteIn(zone, firstAt).slice(5)} – ${minuteIn(zone, lastAt).slice(dayIn(zone, firstAt) === dayIn(zone, lastAt) ? 11 : 5)}`
      : ''
  return [
    minuteIn(zone, slot),
    escaped(title),
    String(audience),
    String(outcomes['sent'] ?? 0),
    countsOf(outcomes, words, ['sent']),
    span,
  ]
}

function journeysOf(on: On): string {
  const { journey, entered, sent, rest, ended } = on.words.columns
  return table(
    [journey, entered, sent, rest, ended],
    on.shown.journeys.map((one) => journeyRow(one, on)),
    on,
  )
}

function journeyRow({ title, entered, sent, notSent, ended }: JourneyShown, { words }: On): string[] {
  return [escaped(title), String(entered), String(sent), countsOf(notSent, words), countsOf(ended, words)]
}

function accountOf({ account, sent, busiest, perHour }: AccountShown, { words }: On): string {
  const most = Math.max(perHour, ...busiest.map((hour) => hour.sent))
  const bars = busiest.map(
    ({ hour, sent: count, full }) =>
      `<div class="hour${full ? ' full' : ''}"><span>${hour.slice(5)}</span><i style="width:${Math.round((count / most) * 100)}%"></i><b>${count}</b></div>`,
  )
  return `<h3>${escaped(account)}<small>${words.posts(sent)}，${words.perHour(perHour)}</small></h3>${bars.join('')}`
}

function waitsOf(on: On): string {
  const { words, shown } = on
  const titles = titlesOf(shown)
  const rows = shown.deferrals.map(({ source, reason, count }) => [
    escaped(titles.get(source) ?? source),
    escaped(named(reason, words)),
    String(count),
  ])
  return table([words.columns.campaign, words.columns.reason, words.columns.count], rows, on)
}

function perPersonOf({ words, shown: { perPerson } }: On): string {
  const most = Math.max(1, ...perPerson.map(({ persons }) => persons))
  return perPerson
    .map(
      ({ messages, persons }) =>
        `<div class="hour"><span>${words.messages(messages)}</span><i style="width:${Math.round((persons / most) * 100)}%"></i><b>${persons}</b></div>`,
    )
    .join('')
}

function samplesOf({ words, shown }: On): string {
  const titles = titlesOf(shown)
  const one = ({ source, variant, messages }: Rehearsal['samples'][number]): string =>
    `<article><h3>${escaped(titles.get(source) ?? source)}<small>${words.variant(escaped(variant))}</small></h3>${messages
      .map((text) => `<p class="bubble">${escaped(text)}</p>`)
      .join('')}</article>`
  return `<div class="samples">${shown.samples.map(one).join('')}</div>`
}
