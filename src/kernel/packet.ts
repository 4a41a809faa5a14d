/** Sends what `send` asks for, at once and in that order, in one packet instead of one a statement. */
export function inOnePacket<T>(db: object, send: () => T): T {
  const { stream } = (db as { connection?: { stream?: { cork?(): void; uncork?(): void } } }).connection ?? {}
  stream?.cork?.()
  try {
    return send()
  } finally {
    stream?.uncork?.()
  }
}
