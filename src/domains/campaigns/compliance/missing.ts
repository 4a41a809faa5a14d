/** What direct marketing has to say and does not. It stands at no place of the text. */
import type { Told } from './pieces.ts'
import type { ComplianceBrand } from './schema.ts'

export function unsigned({ laws: { marketing: law } }: ComplianceBrand): Told {
  return {
    ...missing('sender', law, 'nothing says who writes, and this goes to customers as marketing'),
    expected: 'The name of the brand or the persona in one of the texts: {{ brand }}',
  }
}

export function endless({ laws: { marketing: law } }: ComplianceBrand): Told {
  return {
    ...missing('opt-out', law, 'nothing says how to refuse such messages, and this goes to customers as marketing'),
    expected: 'A line that says how, in words that privacy knows (see `optOut` of compliance/brand.yaml)',
  }
}

function missing(rule: 'sender' | 'opt-out', law: string, message: string): Omit<Told, 'expected'> {
  return { rule, law, severity: 'error', index: 0, length: 0, message: law === '' ? message : `${message}: ${law}` }
}
