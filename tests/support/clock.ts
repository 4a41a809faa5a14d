/** A clock that stands still until the test moves it (law 9). */
export { type VirtualClock, virtualClock } from '../../src/kernel/virtual-clock.ts'
