/** Taking back a message of ours: one call, one outcome. */
import type { TakenBack } from '../../kernel/ports.ts'
import { isLineFailure } from './failures.ts'
import type { Line } from './line.ts'
import { pb } from './wire.ts'

/** `unknown` when the line failed meanwhile: the platform may have done it all the same. Never rejects. */
export async function recallOne(line: Line, messageId: string, deadlineMs: number): Promise<TakenBack> {
  const request = new pb.MessageRecallRequest()
  request.setId(messageId)
  try {
    return (await line.call('messageRecall', request, deadlineMs)).getSuccess() ? 'done' : 'refused'
  } catch (error) {
    return isLineFailure(error) ? 'unknown' : 'refused'
  }
}
