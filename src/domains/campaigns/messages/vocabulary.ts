/** Words of the grammar that people write in their own language. */

/** A first line such as «等 3s», «wait 3s»: how long to wait before the message. */
export const waitLine = /^(?:等|wait)[ \t\u3000]+(?<time>[\d.].*)$/iu
