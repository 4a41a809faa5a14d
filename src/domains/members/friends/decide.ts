/** Whose friendship and whose invitations are accepted. */
import { matchesGlob } from '../groups/index.ts'
import type { MembersSettings, Role } from '../schema.ts'

/** Whether a friend request is accepted; with `keyword` its greeting must hold one of them, in whatever case or width. */
export function acceptsFriend({ friendship }: MembersSettings, role: Role, hello: string): boolean {
  if (role === 'bot' || role === 'self') return false
  switch (friendship.accept) {
    case 'all':
      return true
    case 'none':
      return false
    case 'keyword':
      return friendship.keywords.some((keyword) => matchesGlob(`*${keyword.replaceAll('*', '')}*`, hello))
    default:
      return friendship.accept satisfies never
  }
}

/** `ignore`: neither accepted nor answered; another bot would answer back. */
export function answerInvitation(
  { invitations }: MembersSettings,
  inviter: { contactId: string; role: Role },
  topic: string,
): 'accept' | 'refuse' | 'ignore' {
  if (invitations.inviters.includes(inviter.contactId)) return 'accept'
  if (invitations.topics.some((glob) => matchesGlob(glob, topic))) return 'accept'
  return inviter.role === 'bot' || inviter.role === 'self' ? 'ignore' : 'refuse'
}
