/** The laws of the house that ESLint can see. Each has its cases in tests/unit/house-rules.test.ts. */
import type { Rule } from 'eslint'

type Node = { type: string }
type MemberExpression = Extract<Rule.Node, { type: 'MemberExpression' }>

/** Law 9: time comes in as `now`, randomness through the Ids port. */
const noClock: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      time: 'Law 9: take `now` or a Clock; only kernel/clock.ts reads the machine’s clock.',
      chance: 'Law 9: take randomness from the Ids port; only kernel/ids.ts makes it.',
    },
  },
  create: (context) => ({
    NewExpression(node) {
      if (isNamed(node.callee, 'Date') && node.arguments.length === 0) context.report({ node, messageId: 'time' })
    },
    CallExpression(node) {
      if (isNamed(node.callee, 'Date')) context.report({ node, messageId: 'time' })
    },
    MemberExpression(node) {
      if (isMember(node, 'Date', 'now') || isMember(node, 'Temporal', 'Now'))
        context.report({ node, messageId: 'time' })
      if (isMember(node, 'Math', 'random')) context.report({ node, messageId: 'chance' })
    },
  }),
}

/** A default would bring the machine's clock back in by the side door. */
const noDefaultNow: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { now: 'Law 9: `{{ name }}` has no default; whoever calls says what time it is.' },
  },
  create: (context) => ({
    AssignmentPattern(node) {
      const name = node.left.type === 'Identifier' ? node.left.name : ''
      if (/^(now|today|clock)$/.test(name)) context.report({ node, messageId: 'now', data: { name } })
    },
  }),
}

const noEnvironment: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { env: 'Only src/env.ts reads the environment: it checks and lists what is wrong in one place.' },
  },
  create: (context) => ({
    MemberExpression(node) {
      if (isMember(node, 'process', 'env')) context.report({ node, messageId: 'env' })
    },
    ImportDeclaration(node) {
      if (!/^(node:)?process$/.test(String(node.source.value))) return
      const taken = node.specifiers.find(
        (specifier) => specifier.type === 'ImportSpecifier' && isNamed(specifier.imported, 'env'),
      )
      if (taken) context.report({ node: taken, messageId: 'env' })
    },
  }),
}

/** Law 7: every word that a customer reads comes from content/. */
const noCustomerWords: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      words: 'Law 7: words that people read stand in content/ (or the desk’s locale files); src/ holds keys.',
    },
  },
  create(context) {
    const look = (node: Rule.Node, text: string) => {
      if (/\p{Script=Han}/u.test(text)) context.report({ node, messageId: 'words' })
    }
    return {
      Literal(node) {
        if (typeof node.value === 'string') look(node, node.value)
      },
      TemplateElement: (node) => look(node, node.value.raw),
      JSXText: (node: Rule.Node & { value: string }) => look(node, node.value),
    } as Rule.RuleListener
  },
}

export const house = {
  meta: { name: 'house' },
  rules: {
    'no-clock': noClock,
    'no-default-now': noDefaultNow,
    'no-environment': noEnvironment,
    'no-customer-words': noCustomerWords,
  },
}

function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && 'name' in node && node.name === name
}

function isMember(node: MemberExpression, object: string, property: string): boolean {
  const key = node.computed && node.property.type === 'Literal' ? node.property.value : undefined
  return isNamed(node.object, object) && (key === property || (!node.computed && isNamed(node.property, property)))
}
