/** Names that columns go by in the sheets of Chinese shops, and in English. They are matched, never shown to customers. */
export const columnNames = {
  questions: ['问题', '问法', '标准问题', '相似问法', '相似问题', 'question', 'questions'],
  answer: ['答案', '回答', '回复', '标准答案', 'answer', 'reply'],
  tags: ['标签', '关键词', '分类', 'tags', 'tag', 'keywords'],
  validUntil: ['有效期', '有效期至', '截止日期', 'valid until', 'validuntil', 'expires'],
  id: ['编号', '序号', 'id', 'no', 'number'],
} as const
