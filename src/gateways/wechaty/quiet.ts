/**
 * Silences the loggers of the Wechaty packages. Import this before any of them.
 *
 * Their verbose levels print tokens and message text, and even their errors quote the token (gRPC code 16), so
 * WECHATY_LOG must not turn them on (law 11). What matters of what they would say, the supervisor logs itself.
 */
import { log } from 'wechaty-puppet'

log.level('silent')
