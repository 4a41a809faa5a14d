/**
 * The policy allows only styles that carry the page's nonce. antd gets it by ConfigProvider; what Modal and its kin add by
 * themselves is caught where elements are made.
 */
export const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? ''

type Make = (tag: string, options?: ElementCreationOptions) => HTMLElement

export function wearNonce(): void {
  const page: { createElement: Make } = document
  const make = page.createElement.bind(document)
  page.createElement = (tag, options) => {
    const element = make(tag, options)
    if (tag === 'style' && nonce !== '') element.setAttribute('nonce', nonce)
    return element
  }
}
