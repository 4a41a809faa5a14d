/** What a browser remembers for whoever uses it: looks and language, nothing of customers. */
type Name = 'locale' | 'theme'

export function recall(name: Name): string | null {
  try {
    return localStorage.getItem(`desk-${name}`)
  } catch {
    // Storage may be forbidden; then each visit begins with the defaults.
    return null
  }
}

export function remember(name: Name, value: string): void {
  try {
    localStorage.setItem(`desk-${name}`, value)
  } catch {
    // As above: the choice holds until the page is closed.
  }
}
