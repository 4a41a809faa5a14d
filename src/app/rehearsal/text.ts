/** A rehearsal as lines for the terminal. */
import { titlesOf } from '../../desk/rehearsal/page.ts'
import type { PersonShown, Rehearsal } from '../../desk/rehearsal/schema.ts'
import { minuteIn } from '../../kernel/zone.ts'

export function linesOf(shown: Rehearsal): string[] {
  const { from, days, zone, customers, groups, runs, journeys, accounts } = shown
  const titles = titlesOf(shown)
  const nameOf = (source: string): string => titles.get(source) ?? source
  return [
    `${days} days from ${from}, ${customers} customers, ${groups} groups. Nothing was sent.`,
    '',
    ...runs.map(
      ({ slot, title, state, reason, audience, outcomes }) =>
        `${minuteIn(zone, slot)}  ${title}  ${state === 'missed' ? `missed: ${reason ?? ''}` : `${audience}: ${countsOf(outcomes)}`}`,
    ),
    ...(runs.length === 0 ? ['No campaign is due in these days.'] : []),
    '',
    ...journeys.map(({ title, entered, sent, notSent }) =>
      [`${title}  ${entered} entered, ${sent} sent`, countsOf(notSent)].filter(Boolean).join(', '),
    ),
    '',
    ...accounts.map(
      ({ account, sent, perHour, busiest, expired, late }) =>
        `${account}  ${sent} sent, busiest ${busiest[0] ? `${busiest[0].hour} with ${busiest[0].sent} of ${perHour}` : 'never'}, ${late} late, ${expired} expired`,
    ),
    '',
    ...attention(shown, nameOf),
  ]
}

function attention({ empty, collisions, accounts, runs }: Rehearsal, nameOf: (source: string) => string): string[] {
  const unapproved = [...new Set(runs.filter(({ needsApproval }) => needsApproval).map(({ title }) => title))]
  return [
    ...empty.map((source) => `! ${nameOf(source)} reaches nobody.`),
    ...collisions.map(
      ({ day, one, other, both, lost }) =>
        `! ${day}: ${nameOf(one)} and ${nameOf(other)} want the same ${both} people; ${lost} get only the first.`,
    ),
    ...accounts
      .filter(({ expired }) => expired > 0)
      .map(({ account, expired }) => `! ${account} cannot send it all at its pace: ${expired} expire first.`),
    ...unapproved.map((title) => `  ${title} is not approved yet.`),
  ]
}

function countsOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}

export function personLines({ customerId, lines }: PersonShown, zone: string): string[] {
  const told = lines.map(({ at, title, outcome, reason, text }) =>
    [
      `${minuteIn(zone, at)}  ${title}  ${outcome === 'sent' ? 'gets it' : [outcome, reason].filter(Boolean).join(': ')}`,
      ...(outcome === 'sent' && text ? text.split('\n').map((line) => `    ${line}`) : []),
    ].join('\n'),
  )
  return [`The customer ${customerId}:`, ...(told.length > 0 ? told : ['Nothing is meant for her in these days.'])]
}
