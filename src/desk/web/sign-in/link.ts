/** The token of a login link stands in the fragment: it goes to no server and no log, and leaves the address at once. */
export function takeLinkToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('link')
  if (token !== null) history.replaceState(null, '', location.pathname + location.search)
  return token
}
