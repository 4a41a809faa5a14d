/** What a manager reads where the texts of a campaign are shown before there is a reader. */
export const example = { name: '小林', city: '杭州市', province: '浙江省', area: '华东' } as const
