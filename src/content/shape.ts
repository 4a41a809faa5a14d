/** What a schema expects at a place, read from its JSON Schema: known keys, and a value in words. */
import { z } from 'zod'
import type { Pointer } from '../kernel/content.ts'
import { typeWords } from './messages.ts'

/** The part of JSON Schema that zod writes and that is of use here. */
export type Shape = {
  type?: string
  description?: string
  properties?: Record<string, Shape>
  required?: string[]
  additionalProperties?: boolean | Shape
  items?: Shape | boolean
  prefixItems?: Shape[]
  anyOf?: Shape[]
  oneOf?: Shape[]
  allOf?: Shape[]
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  examples?: unknown[]
  $ref?: string
  $defs?: Record<string, Shape>
}

const shapes = new WeakMap<z.ZodType, Shape>()

/** The JSON Schema of what a person writes (before defaults and transformations). */
export function shapeOf(schema: z.ZodType): Shape {
  let shape = shapes.get(schema)
  if (!shape) {
    shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape
    shapes.set(schema, shape)
  }
  return shape
}

/** A key that no schema knows: where it stands, and which keys are known there. */
export type UnknownKey = { at: Pointer; key: string; known: string[] }

/** Every unknown key of the data, however deep. Schemas need not be strict for that; loose ones know every key. */
export function unknownKeys(root: Shape, data: unknown): UnknownKey[] {
  const found: UnknownKey[] = []
  const walk = (shape: Shape, value: unknown, at: Pointer): void => {
    if (Array.isArray(value)) {
      value.forEach((item: unknown, index) => {
        const inner = itemShape(root, shape, index)
        if (inner) walk(inner, item, [...at, index])
      })
    } else if (isBlock(value)) {
      const blocks = alternatives(root, shape).filter((one) => one.type === 'object' && fits(one, value))
      const known = [...new Set(blocks.flatMap((block) => Object.keys(block.properties ?? {})))]
      const open = blocks.length === 0 || blocks.some((block) => isOpen(block))
      for (const [key, inner] of Object.entries(value)) {
        const next = blocks.map((block) => keyShape(block, key)).find((one) => one !== undefined)
        if (next) walk(next, inner, [...at, key])
        else if (!open) found.push({ at, key, known })
      }
    }
  }
  walk(root, data, [])
  return found
}

/** What is expected at a pointer, in words: what the field is for (its own description), and the form of its value. */
export function expectedAt(
  root: Shape,
  at: Pointer,
): { purpose: string | undefined; form: string; plainText: boolean } {
  let here: Shape[] = [root]
  let purpose: string | undefined
  for (const step of at) {
    here = here
      .flatMap((shape) => alternatives(root, shape))
      .map((shape) => (typeof step === 'number' ? itemShape(root, shape, step) : keyShape(shape, step)))
      .filter((shape) => shape !== undefined)
    purpose = here.find((shape) => shape.description)?.description
  }
  const forms = here.flatMap((shape) => alternatives(root, shape))
  const words = [...new Set(forms.map((shape) => formOf(shape, purpose)))]
  return {
    purpose,
    form: words.length === 0 ? sentence(typeWords.something) : typeWords.either(words),
    plainText: forms.some((shape) => shape.type === 'string' && !shape.pattern && !shape.format && !shape.enum),
  }
}

function formOf(shape: Shape, purpose: string | undefined): string {
  if (shape.enum) return sentence(typeWords.either(shape.enum.map((choice) => `\`${String(choice)}\``)))
  if (shape.const !== undefined) return `\`${JSON.stringify(shape.const)}\``
  if (shape.format === 'date') return typeWords.date
  if (shape.examples) return typeWords.suchAs(shape.examples.map(String))
  // A description that stands beside a pattern tells what the pattern asks for.
  if (shape.pattern) return shape.description ?? purpose ?? typeWords.form(shape.pattern)
  const words: Record<string, string> = {
    string: sentence(typeWords.text),
    number: sentence(typeWords.number),
    integer: sentence(typeWords.wholeNumber),
    boolean: sentence(typeWords.yesNo),
    array: typeWords.listHint,
    object: typeWords.blockHint,
  }
  return words[shape.type ?? ''] ?? sentence(typeWords.something)
}

/** The shapes that a value may have: references followed, unions opened. */
function alternatives(root: Shape, shape: Shape): Shape[] {
  const target = shape.$ref === undefined ? shape : referred(root, shape.$ref)
  const inner = target.anyOf ?? target.oneOf ?? target.allOf
  return inner ? inner.flatMap((one) => alternatives(root, one)) : [target]
}

function referred(root: Shape, reference: string): Shape {
  return reference === '#' ? root : (root.$defs?.[reference.slice('#/$defs/'.length)] ?? {})
}

function itemShape(root: Shape, shape: Shape, index: number): Shape | undefined {
  for (const one of alternatives(root, shape)) {
    const item = one.prefixItems?.[index] ?? one.items
    if (typeof item === 'object') return item
  }
  return undefined
}

function keyShape(shape: Shape, key: string): Shape | undefined {
  if (shape.properties && Object.hasOwn(shape.properties, key)) return shape.properties[key]
  return typeof shape.additionalProperties === 'object' ? shape.additionalProperties : undefined
}

function isOpen(shape: Shape): boolean {
  return shape.additionalProperties !== undefined && shape.additionalProperties !== false
}

/** Of a union told apart by a key: whether the block has the shape's own value there, so others are left out. */
function fits(shape: Shape, block: Record<string, unknown>): boolean {
  return Object.entries(shape.properties ?? {}).every(
    ([key, property]) => property.const === undefined || !Object.hasOwn(block, key) || block[key] === property.const,
  )
}

export function isBlock(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
