/** Members: who is who, which groups there are and who is in them, and where words are exchanged. */
import type { Effect } from '../../kernel/effect.ts'
import type { Event } from '../../kernel/event.ts'
import type { Slice } from '../../kernel/slice.ts'
import {
  handleContactsRead,
  handleFriendshipConfirmed,
  handleFriendshipRequested,
  handleRoomInvited,
} from './friends/index.ts'
import { accountsKind } from './accounts/schema.ts'
import { groupRules } from './groups/index.ts'
import { applyRecordInteraction, interactionKinds, interactionRules, recallInteractions } from './interactions/index.ts'
import { placeholders } from './lent/index.ts'
import { goals, onShopTold, shopTold, triggers } from './journeys/index.ts'
import { rights } from './rights/index.ts'
import { conversationSettings, membersSettings, type On } from './schema.ts'
import {
  handleGroupListRead,
  handleGroupRead,
  handleMemberJoined,
  handleMemberLeft,
  handleTopicChanged,
  handleWelcomeDue,
  welcomeEvent,
} from './stays/index.ts'
import { applyAskQuestion, applyCloseQuestion, handleMessageRecalled } from './threads/index.ts'

export { accountProblem, accountsIn, accountsKind } from './accounts/schema.ts'
export { foreseeMeeting } from './foresee.ts'
export { countMembersIn, findGroupPlaces, type GroupPlace, listGroupPlaces } from './group-places/repo.ts'
export { findRule, groupRules } from './groups/index.ts'
export {
  type InteractionRow,
  interactionRules,
  observeInteractions,
  recordInteractions,
} from './interactions/index.ts'
export {
  type DayWithin,
  daysWithin,
  nobody,
  oneOrMore,
  type ShopTold,
  tellOf,
  TimeOfDay,
  WholeDays,
} from './journeys/index.ts'
export {
  claimKey,
  concealed,
  contactGrave,
  keyKinds,
  keysOf,
  normalKey,
  type Resolved,
  type Resolving,
  resolveCustomers,
  type RowOfKeys,
} from './links/index.ts'
export { appoint, listSameCustomers, meet, namesUs } from './people/index.ts'
export { type KnownPlace, mayNamePlace, type Place, placeAt, resolvePlace, zonesOf } from './places/index.ts'
export * as privacy from './privacy/index.ts'
export {
  type Consent,
  type MayReceive,
  mayReceive,
  type Offer,
  permits,
  Preferences,
  type PrivacySettings,
  privacySettings,
} from './privacy/index.ts'
export { type DirectPlace, directPlaces, type Unreachable } from './reach/index.ts'
export {
  buryPerson,
  type CustomerShown,
  deleteDueLink,
  findCustomers,
  findLinkable,
  type FoundCustomer,
  linkedInto,
  listDueLinks,
  lockPersons,
  recordLink,
  recordUnlink,
  showCustomer,
} from './rights/index.ts'
export * from './schema.ts'
export { moveSpeakers, wasHeard } from './speaker/index.ts'
export { type Clause, clausesOf, type Meant, meantAt, type Stance, stanceOf } from './speech/index.ts'
export {
  type Asker,
  askerOf,
  attachFile,
  heardAs,
  isStale,
  questionOf,
  recordMessage,
  threadOf,
} from './threads/index.ts'

/** What members does with everything but messages and other slices' events, which the route takes. */
export async function handle(on: On, event: Event): Promise<Effect[]> {
  const { what } = event
  switch (what.kind) {
    case 'MessageRecalled':
      recallInteractions(on, { ...event, what })
      return handleMessageRecalled(on, { ...event, what })
    case 'MemberJoined':
      return handleMemberJoined(on, { ...event, what })
    case 'MemberLeft':
      return handleMemberLeft(on, { ...event, what })
    case 'TopicChanged':
      return handleTopicChanged(on, { ...event, what })
    case 'GroupRead':
      return handleGroupRead(on, { ...event, what })
    case 'GroupListRead':
      return handleGroupListRead(on, { ...event, what })
    case 'ContactsRead':
      return handleContactsRead(on, { ...event, what })
    case 'FriendshipRequested':
      return handleFriendshipRequested(on, { ...event, what })
    case 'FriendshipConfirmed':
      return handleFriendshipConfirmed(on, { ...event, what })
    case 'RoomInvited':
      return handleRoomInvited(on, { ...event, what })
    case 'MessageReceived':
    case 'OwnMessageSeen':
    case 'SliceEvent':
      return []
    default:
      return what satisfies never
  }
}

export const slice: Slice = {
  name: 'members',
  kinds: [accountsKind, groupRules, interactionRules],
  settings: [membersSettings, conversationSettings],
  replies: {
    'members.welcome': {
      title: 'Welcomes who has joined a group; the newcomers are mentioned',
      placeholders: ['names', 'group'],
    },
    'members.greet-friend': { title: 'Greets a new friend in a direct message', placeholders: ['name'] },
    'members.refuse-invitation': {
      title: 'Refuses an invitation to a group, in a direct message',
      placeholders: ['name', 'topic'],
    },
  },
  applies: {
    AskQuestion: applyAskQuestion,
    CloseQuestion: applyCloseQuestion,
    RecordInteraction: applyRecordInteraction,
  },
  interactionKinds,
  placeholders,
  events: { [welcomeEvent]: handleWelcomeDue, [shopTold]: onShopTold },
  triggers,
  goals,
  rights,
}
