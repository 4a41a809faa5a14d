/** Places of the country: areas, provinces, cities and districts, by official names; and the clocks of places anywhere. */
import type { Queryable } from '../../../kernel/work.ts'
import { listPlaces } from './repo.ts'
import { zoneOfPlace } from './zones.ts'

export { type KnownPlace, mayNamePlace, type Place, placeAt, resolvePlace } from './decide.ts'

/** By person, for those of whom it is known: the time zone (IANA) that she lives in. */
export async function zonesOf(db: Queryable, personIds: readonly string[]): Promise<Map<string, string>> {
  const places = await listPlaces(db, personIds)
  return new Map(
    [...places].flatMap(([id, text]): [string, string][] => {
      const zone = zoneOfPlace(text)
      return zone === null ? [] : [[id, zone]]
    }),
  )
}
