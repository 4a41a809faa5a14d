/** The words of the page, in the language that was chosen. */
import { createContext, useContext } from 'react'
import { en } from './locale/en.ts'
import { zh } from './locale/zh.ts'

export type Language = 'zh' | 'en'
export type Words = typeof zh

export const languages: Record<Language, Words> = { zh, en }
/** What WeChat joins names with. */
export const between = '、'

const chosen = 'zhanggui.simulator.language'

export function rememberedLanguage(): Language {
  return localStorage.getItem(chosen) === 'en' ? 'en' : 'zh'
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(chosen, language)
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
}

export const WordsContext = createContext<Words>(zh)
export const useWords = (): Words => useContext(WordsContext)
