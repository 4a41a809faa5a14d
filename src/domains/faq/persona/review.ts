/** What is wrong with a persona that its schema cannot see: rules that contradict each other, and examples that break them. */
import type { Finding, Pointer } from '../../../kernel/content.ts'
import { Mood } from '../answers/schema.ts'
import { emojiIn, lengthOf, plainEmoji } from './polish.ts'
import type { Persona } from './schema.ts'

type Words = Pick<Finding, 'severity' | 'message' | 'expected'>
type Tell = (at: Pointer, words: Words) => void

export function review(persona: Persona, tell: Tell): void {
  tellReplacements(persona, tell)
  tellMoods(persona, tell)
  tellLevels(persona, tell)
  tellCourtesies(persona, tell)
  tellExamples(persona, tell)
  if (persona.character === '') {
    tell(['character'], {
      severity: 'warning',
      message: `nothing is said about who «${persona.id}» is`,
      expected: 'Below the keys: who she is, how she speaks, and examples',
    })
  }
}

function tellReplacements({ replace, banned }: Persona, tell: Tell): void {
  for (const [word, replacement] of Object.entries(replace)) {
    const target = typeof replacement === 'string' ? replacement : replacement.with
    const wrong = banned.find((one) => target.includes(one))
    if (wrong !== undefined) {
      tell(['replace', word], {
        severity: 'warning',
        message: `«${word}» is replaced by «${target}», which says the banned word «${wrong}»`,
        expected: 'A word that she may say',
      })
    }
    const again = Object.keys(replace).find((one) => target.includes(one))
    if (again !== undefined) {
      tell(['replace', word], {
        severity: 'warning',
        message: `«${word}» is replaced by «${target}», in which «${again}» would be replaced again`,
        expected: 'A word that is itself not replaced',
      })
    }
  }
}

function tellMoods(persona: Persona, tell: Tell): void {
  const missing = Mood.options.filter((mood) => persona.moods[mood] === undefined)
  if (missing.length > 0) {
    tell(['moods'], {
      severity: 'warning',
      message: `nothing is said about how to speak to customers who are ${missing.join(', ')}`,
      expected: `A tone for each of ${Mood.options.join(', ')}`,
    })
  }
  for (const mood of Mood.options) {
    const offer = persona.moods[mood]?.offersHuman
    if (offer === undefined) continue
    const at = ['moods', mood, 'offersHuman']
    tellLine(offer, at, persona, tell)
    if (/\d/u.test(offer)) {
      tell(at, {
        severity: 'warning',
        message: 'the line that offers a human holds a number, which no entry of the answer says',
        expected: 'A line without figures: it stands below answers to anything',
      })
    }
  }
}

function tellLevels(persona: Persona, tell: Tell): void {
  for (const [level, { address }] of Object.entries(persona.levels)) {
    if (address === undefined || !persona.address.never.includes(address)) continue
    tell(['levels', level, 'address'], {
      severity: 'warning',
      message: `«${address}» stands among the forms of address that she never uses`,
      expected: 'Another form of address, or take it out of `address.never`',
    })
  }
}

function tellCourtesies(persona: Persona, tell: Tell): void {
  for (const [index, { kind, words, patterns, says }] of persona.courtesies.entries()) {
    if (words.length + patterns.length === 0) {
      tell(['courtesies', index], {
        severity: 'warning',
        message: `the courtesy «${kind}» has neither words nor patterns: it is never recognised`,
        expected: 'What customers say, under `words`',
      })
    }
    for (const [place, line] of says.entries()) tellLine(line, ['courtesies', index, 'says', place], persona, tell)
  }
}

function tellExamples(persona: Persona, tell: Tell): void {
  for (const example of examplesOf(persona)) tellLine(example, ['character'], persona, tell)
}

/** Whatever she says keeps her own rules; no placeholder is filled in. */
function tellLine(line: string, at: Pointer, { banned, length, emoji }: Persona, tell: Tell): void {
  const warn = (message: string, expected: string) => tell(at, { severity: 'warning', message, expected })
  const shown = [...line].length > 30 ? `${[...line].slice(0, 30).join('')}…` : line
  const wrong = banned.find((word) => line.includes(word))
  if (wrong !== undefined) warn(`«${shown}» says the banned word «${wrong}»`, 'Words that she may say')
  if (lengthOf(line) > length.characters) {
    warn(`«${shown}» has ${lengthOf(line)} characters`, `At most ${length.characters}, as \`length\` says`)
  }
  const allowed = emoji.allowed.map(plainEmoji)
  const strange = emojiIn(line).find((one) => !allowed.includes(plainEmoji(one)))
  if (strange !== undefined) warn(`«${shown}» has the emoji ${strange}`, 'One of `emoji.allowed`')
  else if (emojiIn(line).length > emoji.atMost) {
    warn(`«${shown}» has ${emojiIn(line).length} emoji`, `At most ${emoji.atMost}, as \`emoji.atMost\` says`)
  }
  if (/\{\{|\{%/u.test(line)) {
    tell(at, {
      severity: 'error',
      message: `«${shown}» holds a placeholder, which customers would read as it stands`,
      expected: 'Plain words: placeholders are for replies.yaml',
    })
  }
}

/** What she says in the examples of the page: lines that begin with her name and a colon, up to the next empty line or speaker. */
export function examplesOf({ name, character }: Persona): string[] {
  const examples: string[] = []
  let open = false
  for (const raw of character.split('\n')) {
    const line = raw.replace(/^[\s>*-]+/u, '').replaceAll('**', '')
    const [, speaker, said = ''] = /^([^\s：:#]{1,20})[：:]\s*(.*)$/u.exec(line) ?? []
    if (speaker === name) examples.push(said)
    else if (open && speaker === undefined && line !== '' && !raw.startsWith('#')) {
      examples.push(`${examples.pop() ?? ''}\n${line}`)
      continue
    }
    open = speaker === name
  }
  return examples.map((example) => example.trim()).filter((example) => example !== '')
}
