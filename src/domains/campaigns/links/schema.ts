/** Tracked links: a path of our own that leads on, one for each reader, and says nothing of whose it is. */

/** A link as it is kept. `source`: what it was sent with, such as the batch of a run. */
export type TrackedLink = { token: string; source: string; url: string; personId: string; customerId: string; at: Date }

/** What asks for a link. */
export type Visit = { method: string; userAgent: string; purpose: string }

export type Clicked = { token: string; at: string }

/** The slice event that notes a click. */
export const clicked = 'campaigns.clicked'

/** The path below the base address. */
export const linkPath = '/l/'
