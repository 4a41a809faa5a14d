/** Places of the country: areas, provinces, cities and districts, by official names. */
export { type KnownPlace, type Place, placeAt, resolvePlace } from './decide.ts'
