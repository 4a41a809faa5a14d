import type { PageWords } from './zh.ts'

/** The words of the rehearsal's page. */
export const en: PageWords = {
  lang: 'en',
  title: 'Rehearsal',
  span: (from, days) => `${days} days from ${from}`,
  facts: (customers, groups, version) => `${customers} customers, ${groups} groups; content ${version}`,
  nothingReal:
    'A rehearsal: the real customers and the real rules, played through in a database of its own. Nothing was sent, nothing was changed.',
  behaviour: (seed, replies, orders, joins) =>
    `Simulated behaviour (seed ${seed}): ${replies} replies, ${orders} orders, ${joins} new friends`,
  calendar: 'Calendar',
  weekdays: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
  people: (count) => `${count} people`,
  posts: (count) => `${count} posts`,
  attention: 'Worth a look',
  allWell: 'Nothing.',
  empty: (title) => `Nobody would get «${title}»`,
  collided: (day, one, other, both, lost) =>
    `${day}: «${one}» and «${other}» want the same ${both} people; ${lost} of them get only the first`,
  cannotCarry: (account, count) =>
    `At its pace the account ${account} cannot send it all: ${count} expire before their turn`,
  runsLate: (account, count) => `${count} sends of the account ${account} wait for more than a quarter of an hour`,
  unapproved: (title) => `Nobody has approved «${title}» yet; here it counts as approved`,
  missed: (title, at, reason) => `«${title}» does not go out at ${at}: ${reason}`,
  runs: 'Runs',
  journeys: 'Journeys',
  columns: {
    at: 'At',
    campaign: 'Campaign',
    audience: 'Audience',
    sent: 'Sent',
    rest: 'Not sent',
    window: 'From, to',
    journey: 'Journey',
    entered: 'Entered',
    ended: 'Ended',
    account: 'Account',
    busiest: 'Busiest hours',
    reason: 'Reason',
    count: 'Count',
  },
  waits: 'Put off',
  accounts: 'Accounts',
  perHour: (count) => `its pace allows about ${count} an hour`,
  perPerson: 'Marketing messages a person gets',
  messages: (count) => String(count),
  samples: 'Samples (names and the like are examples)',
  variant: (id) => `Variant ${id}`,
  nothing: 'none',
  reasons: {},
}
