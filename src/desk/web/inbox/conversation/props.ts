/** What the parts of a case share. */
import type { CaseLine, Me, SeatLine } from '../../../api.ts'
import type { Acts } from '../use-acts.ts'

export type DialogName = 'transfer' | 'escalate' | 'resolve' | 'take-over'
export type CaseProps = {
  me: Me
  line: CaseLine
  team: readonly SeatLine[]
  acts: Acts
  dialog: DialogName | null
  onDialog: (dialog: DialogName | null) => void
}
