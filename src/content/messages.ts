/**
 * Every sentence that `check` says about content, in one place so that it can be translated.
 *
 * The reader is a community manager, not an engineer: say what stands there, then what to write instead. Names of
 * keys, files and placeholders stand in `backticks`, what the person wrote in "quotes".
 */

/** `message`: what is wrong. `expected`: what was expected, or what to do. */
export type Words = { message: string; expected: string }

const say = (message: string, expected: string): Words => ({ message, expected })
const orNear = (near: string | undefined, otherwise: string): string =>
  near === undefined ? otherwise : `Did you mean \`${near}\`?`
const listed = (names: readonly string[], most = 12): string => {
  const shown = names.slice(0, most).map((name) => `\`${name}\``)
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ')
}
const oneOf = (names: readonly string[], nothing: string): string =>
  names.length === 0 ? nothing : names.length === 1 ? listed(names) : `One of ${listed(names)}`
const utf8 = 'Save the file as UTF-8 (in the editor: Save as, Encoding, UTF-8)'

/** Files and folders. */
export const fileWords = {
  noFolder: (dir: string) =>
    say(`the content folder ${dir} is not there`, 'A folder with settings.yaml and replies.yaml: see --content'),
  noFile: (title: string) => say(`the file is missing: ${title}`, 'Create the file'),
  unreadable: (reason: string) => say(`the file cannot be read (${reason})`, 'A file that this program may read'),
  linkOutside: () => say('the link leads out of the content folder', 'Copy the file itself into the content folder'),
  linkBroken: () => say('the link leads nowhere', 'A file, or no link'),
  notAFile: () => say('this is neither a file nor a folder', 'Remove it from the content folder'),
  tooLarge: (size: number, most: number) =>
    say(`the file is too large: ${megabytes(size)}`, `At most ${megabytes(most)}; split it or make it smaller`),
  emptyMedia: () => say('the file is empty', 'A picture or file with something in it'),
  utf16: () => say('the file is saved as UTF-16 («Unicode»)', utf8),
  gbk: () => say('the file seems to be saved as GBK («ANSI»)', utf8),
  notUtf8: () => say('here the file is not readable as UTF-8 text', utf8),
  control: (code: number) =>
    say(
      `an invisible control character stands here (U+${code.toString(16).toUpperCase().padStart(4, '0')})`,
      'Delete it and type the text again',
    ),
  unknownFile: (near: string | undefined, known: readonly string[]) =>
    say('nothing reads a file of this name', orNear(near, `Known are ${listed(known)}`)),
  spreadsheet: () =>
    say('spreadsheets are not read from here', 'Bring it in with `zhanggui import faq <file>` and move it elsewhere'),
  strayMedia: () => say('nothing reads a file of this name', 'Put pictures and files into `media/`'),
}

/** YAML and front matter. */
export const formWords = {
  braces: () => say('a text that begins with {{ needs quotes', 'Put the whole text in double quotes: "{{ name }} …"'),
  wideColon: () => say('a full-width colon ： stands after the key', 'A plain colon and a space: `key: value`'),
  colon: () => say('the text has a colon in it', 'Put the whole text in double quotes'),
  badStart: (char: string) => say(`a text cannot begin with ${char} here`, 'Put the whole text in double quotes'),
  tab: () => say('a tab stands where spaces are expected', 'Indent with spaces'),
  unclosed: () => say('a quote or bracket that was opened is not closed', 'Close it, with plain " or \' quotes'),
  indent: () => say('the line is indented wrongly', 'Indent it like the lines of the same list or block'),
  severalDocuments: () => say('a second document begins here (---)', 'One document per file: remove the line ---'),
  unreadable: (reason: string) =>
    say(
      `the text cannot be understood here (${reason})`,
      'Look at the indentation, quotes and colons of this line and the one before',
    ),
  tooDeep: () => say('the file is nested too deeply', 'A few levels at most'),
  aliasBomb: () => say('the file repeats itself with * too often', 'Write the texts out'),
  noAnchor: (name: string) => say(`\`*${name}\` refers to nothing`, `Write \`&${name}\` at an earlier value`),
  tag: (tag: string) => say(`${tag} means nothing here`, 'Put a text that begins with ! in double quotes'),
  keyForm: () => say('a key must be a word', '`key: value`'),
  duplicateKey: (key: string, line: number) =>
    say(`\`${key}\` stands here a second time (first in line ${line})`, 'Keep one of the two'),
  emptyPage: () => say('the file is empty', 'Three dashes, the keys, three dashes, then the text'),
  noFrontMatter: () => say('the file does not begin with its keys', 'A first line of three plain dashes: ---'),
  dashes: () => say('this line looks like three dashes but is not', 'Exactly three plain dashes: ---'),
  openFrontMatter: () => say('the keys at the top are not closed', 'A line of three plain dashes after them: ---'),
  bodyKey: (key: string) => say(`\`${key}\` stands among the keys`, 'Write that text below the second ---'),
  notAList: (found: string) =>
    say(`the file holds ${found}, not a list`, 'Every entry begins with `- ` at the start of a line'),
  notABlock: (found: string) => say(`${found} stands here`, 'Keys and values: `key: value`'),
}

/** Values that do not fit. `field` is the way to the value, `value` what stands there. */
export const valueWords = {
  unknownKey: (key: string, near: string | undefined, known: readonly string[]) =>
    say(`nobody knows the key \`${key}\``, orNear(near, `Known here are ${listed(known)}`)),
  missing: (field: string, expected: string) => say(`\`${field}\` is missing`, expected),
  empty: (field: string, expected: string) => say(`${field} is empty`, expected),
  wrongType: (field: string, found: string, expected: string) => say(`${field} is ${found}`, expected),
  wrongChoice: (field: string, value: string, near: string | undefined, choices: readonly string[]) =>
    say(
      `${field} is ${value}`,
      near === undefined ? oneOf(choices, 'nothing') : `Did you mean \`${near}\`? Known are ${listed(choices)}`,
    ),
  unfit: (field: string, value: string, expected: string) => say(`${field} is ${value}`, expected),
  few: (field: string, unit: string, least: string) => say(`${field} has too few ${unit}`, `At least ${least}`),
  many: (field: string, unit: string, most: string) => say(`${field} has too many ${unit}`, `At most ${most}`),
  low: (field: string, value: string, least: string) => say(`${field} is ${value}, too small`, `At least ${least}`),
  high: (field: string, value: string, most: string) => say(`${field} is ${value}, too large`, `At most ${most}`),
}

/** Kinds of values in words. */
export const typeWords = {
  text: 'text',
  quoteIt: (value: string) => `Text: put it in quotes, "${value}"`,
  number: 'a number',
  wholeNumber: 'a whole number',
  yesNo: 'true or false',
  list: 'a list',
  items: 'items',
  characters: 'characters',
  listOf: (length: number) => `a list of ${length}`,
  notGiven: 'not given',
  listHint: 'A list: every item on a line of its own that begins with `- `',
  block: 'a block of keys',
  blockHint: 'A block of keys, each on a line of its own: `key: value`',
  nothing: 'empty',
  date: 'A date such as 2026-12-31',
  something: 'a value',
  suchAs: (examples: readonly string[]) => `Such as ${examples.join(', ')}`,
  form: (pattern: string) => `A text of the form ${pattern}`,
  item: (field: string, place: number) => (field === '' ? `item ${place}` : `item ${place} of \`${field}\``),
  field: (field: string) => `\`${field}\``,
  whole: 'the entry',
  either: (parts: readonly string[]) => parts.join(', or '),
}

/** Replies and templates. */
export const templateWords = {
  unknownReply: (key: string, near: string | undefined, known: readonly string[]) =>
    say(`nobody says the reply \`${key}\``, orNear(near, `Known here are ${listed(known)}`)),
  missingReply: (key: string, title: string, placeholders: readonly string[]) =>
    say(`the reply \`${key}\` is missing: ${title}`, `Text${placeholderHint(placeholders)}`),
  replyForm: (key: string, found: string) =>
    say(`the reply \`${key}\` is ${found}`, 'Text, or a list of wordings to choose from'),
  emptyReply: (key: string) => say(`the reply \`${key}\` is empty`, 'The words that are sent'),
  unknownPlaceholder: (name: string, near: string | undefined, known: readonly string[]) =>
    say(`nothing fills the placeholder \`${name}\` here`, orNear(near, oneOf(known, 'No placeholders'))),
  unknownFilter: (name: string, near: string | undefined) =>
    say(`nobody knows the filter \`${name}\``, orNear(near, 'A filter of Liquid, such as `default` or `join`')),
  unknownTag: (name: string, near: string | undefined) =>
    say(`nobody knows the tag \`${name}\``, orNear(near, 'A tag of Liquid, such as `if` or `for`, in the right order')),
  unclosed: () => say('a placeholder is opened with {{ or {% and not closed', 'Close it with }} or %}'),
  broken: (reason: string) => say(`the placeholder cannot be understood (${reason})`, 'For example {{ name }}'),
  cannotRender: (reason: string) =>
    say(`the text cannot be filled in (${reason})`, 'A simpler text with its placeholders'),
  silentFor: (example: readonly string[]) =>
    say(`the text says nothing for ${example.join(', ')}`, 'Words for every state, or an {% else %}'),
  mayBeMissing: (name: string) =>
    say(
      `\`${name}\` may be missing: some readers have none, and the text would have a hole there`,
      `Other words for them: {{ ${name} | default: "…" }}, or {% if ${name} %} … {% endif %} around it`,
    ),
  unfitFor: (reason: string, example: readonly string[]) =>
    say(`the text cannot be filled in (${reason}) for ${example.join(', ')}`, 'Only what its placeholders hold'),
}

function placeholderHint(placeholders: readonly string[]): string {
  return placeholders.length === 0 ? '' : `, which may use ${placeholders.map((name) => `{{ ${name} }}`).join(' ')}`
}

/** What spans several entries or files. */
export const crossWords = {
  duplicateId: (id: string, where: string) =>
    say(`the id "${id}" is taken by ${where}`, 'An id that nothing else uses'),
  unknownReference: (title: string, id: string, near: string | undefined, known: readonly string[]) =>
    say(`"${id}" is not in ${title}`, orNear(near, oneOf(known, `There is nothing in ${title} yet`))),
  missingMedia: (path: string, near: string | undefined) =>
    say(
      `the file ${path} is not in the content folder`,
      orNear(near, 'Put the file there: names count upper and lower case'),
    ),
  mediaOutside: (path: string) => say(`${path} is not in media/`, 'A path such as media/picture.png'),
}

/** Spreadsheets of questions and answers. */
export const importWords = {
  noFile: () => say('there is no such file, or it may not be read', 'The path of an .xlsx file'),
  notASheet: () =>
    say('the file is not a spreadsheet that can be read', 'An .xlsx file: in Excel or WPS, Save as, .xlsx'),
  noRows: () => say('the sheet has no rows', 'A row of column names, then one row per entry'),
  noColumn: (title: string, names: readonly string[]) =>
    say(`no column holds ${title}`, `A column named ${oneOf(names, '')}`),
  unknownColumn: (name: string, near: string | undefined) =>
    say(`the column "${name}" is left out`, orNear(near, 'No column that is known')),
  noQuestion: () => say('the row has no question', 'At least one question'),
  noAnswer: () => say('the row has no answer', 'The answer'),
  badDate: (value: string) => say(`"${value}" is not a date`, 'A date such as 2026-12-31'),
  badId: (value: string) => say(`"${value}" cannot be an id`, 'Letters, digits, - and _ only'),
  sameId: (id: string, row: number) =>
    say(`the id "${id}" stands in row ${row} already`, 'An id of its own, or one row for both'),
  exists: (path: string) => say(`${path} is there already and differs`, 'Import with --replace to overwrite it'),
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}
