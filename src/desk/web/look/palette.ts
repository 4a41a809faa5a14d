/** One calm theme: paper, ink and a quiet teal. Every pair of text and ground passes WCAG AA (4.5:1); axe says so. */
export type Shade = 'light' | 'dark'

type Palette = Readonly<
  Record<
    | 'ground'
    | 'surface'
    | 'raised'
    | 'sunken'
    | 'line'
    | 'edge'
    | 'text'
    | 'soft'
    | 'accent'
    | 'accentFill'
    | 'onAccent'
    | 'accentGround'
    | 'mine'
    | 'noteGround'
    | 'noteText'
    | 'good'
    | 'warn'
    | 'warnGround'
    | 'bad'
    | 'badGround'
    | 'badFill',
    string
  >
>

export const palettes: Readonly<Record<Shade, Palette>> = {
  light: {
    ground: '#f4f3f0',
    surface: '#ffffff',
    raised: '#ffffff',
    sunken: '#f7f6f3',
    line: '#e6e4df',
    edge: '#8b8880',
    text: '#1f2320',
    soft: '#5a5f5b',
    accent: '#0b6351',
    accentFill: '#0b6351',
    onAccent: '#ffffff',
    accentGround: '#e5f1ed',
    mine: '#d9ede6',
    noteGround: '#fdf6e0',
    noteText: '#6b4b00',
    good: '#1d6b2f',
    warn: '#8a4b00',
    warnGround: '#fdf0dc',
    bad: '#b3261e',
    badGround: '#fdeceb',
    badFill: '#b3261e',
  },
  dark: {
    ground: '#121413',
    surface: '#1a1d1b',
    raised: '#232725',
    sunken: '#151816',
    line: '#303532',
    edge: '#7d857f',
    text: '#e9ece9',
    soft: '#a9b1ab',
    accent: '#6fd0b4',
    accentFill: '#177a64',
    onAccent: '#ffffff',
    accentGround: '#16332c',
    mine: '#1d443a',
    noteGround: '#362d14',
    noteText: '#f0d48a',
    good: '#7fd592',
    warn: '#f2b866',
    warnGround: '#3a2a12',
    bad: '#ff9d94',
    badGround: '#43201d',
    badFill: '#b8352c',
  },
}
