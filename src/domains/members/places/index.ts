/** Places of the country: areas, provinces, cities and districts, by official names. */
export { type KnownPlace, mayNamePlace, type Place, placeAt, resolvePlace } from './decide.ts'
