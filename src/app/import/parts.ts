/** What rows of all kinds of files have in common: dates, keys, places. */
import type { RowOfKeys } from '../../domains/members/index.ts'
import type { Cells } from './cells.ts'
import { type DateReader, type Local, readFormat } from './moment.ts'

/** The place that an address or a place's name leads to; null when it names none, or several. */
export type PlaceOf = (text: string) => { area: string | null; province: string | null; city: string | null } | null

export type KeyFields = 'phone' | 'unionid' | 'member'

/** The keys of a row. A row without any is refused. */
export function keysOf<F extends string>(cells: Cells<F | KeyFields>): RowOfKeys['keys'] {
  const keys = (['phone', 'unionid', 'member'] as const).flatMap((kind) => {
    const value = cells.text(kind)
    return value === null ? [] : [{ kind, value }]
  })
  if (keys.length === 0) cells.tell(null, 'whose it is cannot be told: no phone, unionid or member number')
  return keys
}

/** Why a row of these keys was refused when it was looked up. */
export function refusalOf(refused: 'forgotten' | 'no-key'): string {
  return refused === 'forgotten'
    ? 'the customer had her data deleted; nothing of the row is kept'
    : 'whose it is cannot be told: the phone is masked, incomplete or no phone number, and there is no other key'
}

/** Reads dates in any of these formats, as wall-clock times; undefined when there is none, or it has been told of. */
export function dateReader(
  formats: readonly string[],
): <F extends string>(cells: Cells<F>, field: F) => Local | undefined {
  const readers = formats
    .map((format) => readFormat(format))
    .filter((reader): reader is DateReader => reader !== undefined)
  return (cells, field) => {
    const text = cells.text(field)
    if (text === null) return undefined
    for (const read of readers) {
      const local = read(text)
      if (local) return local
    }
    cells.tell(field, `«${text.slice(0, 40)}» is no date as ${formats.join(' or ')}`)
    return undefined
  }
}

/**
 * The place of a row: what its columns for province and city say, by official names where they are known, else what the
 * address says. The same few places come again and again, so they are remembered.
 */
export function placeReader(placeOf: PlaceOf) {
  const known = new Map<string, ReturnType<PlaceOf>>()
  return (province: string | null, city: string | null, address: string | null): NonNullable<ReturnType<PlaceOf>> => {
    if (province === null && city === null) {
      return (address === null ? null : placeOf(address)) ?? { area: null, province: null, city: null }
    }
    const written = `${province ?? ''}${city ?? ''}`
    let place = known.get(written)
    if (place === undefined) {
      place = placeOf(written)
      if (known.size >= 10_000) known.clear()
      known.set(written, place)
    }
    return place?.province
      ? { area: place.area, province: place.province, city: place.city ?? city }
      : { area: null, province, city }
  }
}
