/** One spelling for everything that means the same on paper; punctuation stays where it is. */
import { Converter } from 'opencc-js/t2cn'

// The package's declarations do not resolve under NodeNext.
const convert = Converter({ from: 't', to: 'cn' }) as unknown as (text: string) => string

/** Traditional characters as simplified ones; everything else as it is. */
export function simplified(text: string): string {
  return convert(text)
}

/** Full and half width, upper and lower case, traditional and simplified alike. */
export function plainSpelling(text: string): string {
  return simplified(text.normalize('NFKC').toLowerCase().normalize('NFKC'))
}
