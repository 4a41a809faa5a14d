/** Words that we recognise and never say: behind them, or around them, stands what leads to a person. */

/** Names as they are given. Somebody who calls for an adviser gives none. */
export const givenName =
  /(?<label>(?:收件人|联系人|收货人|姓名)\s*[:：是]\s*)(?!\*)[^\s,，。;；?？!！]{2,20}|(?<called>我叫|(?:我的)?名字(?:是|叫)\s*)(?![你您人客顾个了他她外快谁什不])[\p{sc=Han}]{2,4}/giu

/** Accounts behind their label: letters and digits, or a mark between. */
export const givenAccount = /(?<label>(?:微信号?|v信|vx|wx|qq号?|账号|卡号)\s*[:：是]?\s*)(?!\*)[a-z0-9_-]{5,40}/giu

/** An address behind its label. */
export const givenAddress = /(?<label>地址\s*[:：]\s*)[^\s*,，。;；?？!！][^,，。;；?？!！\n\u2028]{1,59}/giu

/** A street with a number, as an address has it. */
export const street =
  /[\p{sc=Han}]{2,12}(?:路|街|大道|巷|弄|胡同|小区|花园|公寓|大厦|村|镇)[\p{sc=Han}]{0,8}\s*[\dA-Za-z-]{1,8}\s*(?:号|栋|幢|座|弄|单元|室|楼)(?:[\s\dA-Za-z-]{0,8}(?:号|栋|幢|座|单元|室|楼))*/gu

/** Digits in words: a phone that shall not look like one. */
export const spokenDigits = /[零〇一二三四五六七八九幺两]{7,}/gu
