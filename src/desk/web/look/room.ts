/** Whether there is room for what is nice to see at once; on a phone it is folded. */
export const hasRoom = (): boolean => matchMedia('(min-width: 720px) and (min-height: 700px)').matches
