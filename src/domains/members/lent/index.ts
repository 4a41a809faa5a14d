/** What texts for many may say of their reader: her name and where she lives, as far as members knows them. */
import type { Placeholder } from '../../../kernel/slice.ts'
import { type KnownPlace, resolvePlace } from '../places/index.ts'
import { listPlaces } from '../places/repo.ts'
import { listNames } from './repo.ts'
import { example } from './vocabulary.ts'

const name: Placeholder = {
  title: 'Her name, as the platform shows it; else as the shop or an import says it. Never a remark of ours',
  example: example.name,
  values: (db, personIds) => listNames(db, personIds),
}

/** By the profile of what the shop, an import or the platform says; ambiguous and foreign names are nobody's place. */
function place(level: Exclude<keyof KnownPlace, 'district'>, title: string): Placeholder {
  return {
    title,
    example: example[level],
    async values(db, personIds) {
      const written = await listPlaces(db, personIds)
      return new Map([...written].flatMap(([id, text]) => entry(id, resolvePlace(text)?.[level])))
    },
  }
}

function entry(id: string, value: string | null | undefined): [string, string][] {
  return value ? [[id, value]] : []
}

export const placeholders: Readonly<Record<string, Placeholder>> = {
  name,
  city: place('city', 'The city that she lives in, by its full name'),
  province: place('province', 'The province that she lives in, by its full name'),
  region: place('area', 'The part of the country that she lives in'),
}
