/**
 * The policy allows only styles that carry the page's nonce. antd gets it by ConfigProvider; what Modal and its kin add by
 * themselves is caught where elements are made.
 */
export const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? ''

export function wearNonce(): void {
  const make = document.createElement.bind(document)
  document.createElement = ((tag: string, options?: ElementCreationOptions) => {
    const element = make(tag, options)
    if (tag === 'style' && nonce !== '') element.setAttribute('nonce', nonce)
    return element
  }) as typeof document.createElement
}
