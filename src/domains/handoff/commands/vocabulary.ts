/** Words of commands where content names none. */
export const usualWords = {
  accept: ['接'],
  decline: ['不接'],
  transfer: ['转'],
  resolve: ['结'],
  note: ['备注'],
  draft: ['草稿'],
  list: ['列表'],
  recall: ['撤回'],
  resend: ['重发'],
  away: ['离开'],
  back: ['回来'],
  take: ['接管'],
  escalate: ['升级'],
  keep: ['存问答'],
}
