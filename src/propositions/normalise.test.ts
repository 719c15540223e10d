import { describe, expect, test } from 'vitest'
import { fold, sentencesOf, stem, stemsOf } from './normalise.ts'
import { canonical, leagueOf } from './phrases.ts'

describe('fold', () => {
  test.each([
    ['$110,000', '$110000'],
    ['$110k', '$110000'],
    ['$250 million', '$250000000'],
    ['>250m', '>250000000'],
    ['100k jobs', '100000 jobs'],
    ['25 basis points', '25 bps'],
    ['55 per cent', '55%'],
    ['2026–27', '2026-27'],
    ['“Yes”', '"yes"'],
    ['Jokić', 'jokic'],
    ['3:00 p.m.', '3:00 pm'],
    ['the U.S.', 'the us'],
    ['three times', '3 times'],
    ['≥3.0%', '>=3.0%'],
    ['28 degrees Celsius', '28 °c'],
    ['a 60m race', 'a 60m race'],
  ])('spells "%s" as "%s"', (text, want) => {
    expect(fold(text)).toBe(want)
  })
})

describe('sentencesOf', () => {
  test('ends a sentence at its dot, and not inside a number or after an abbreviation', () => {
    expect(sentencesOf('Ohio St. wins by 4.5 or more. Otherwise, No.\n\nNew paragraph')).toEqual([
      'Ohio St. wins by 4.5 or more.',
      'Otherwise, No.',
      'New paragraph',
    ])
  })
})

describe('stem', () => {
  test.each([
    ['wins', 'win'],
    ['winning', 'win'],
    ['released', 'releas'],
    ['releases', 'releas'],
    ['relegation', 'relegat'],
    ['deliveries', 'delivery'],
    ['2.0', '2'],
  ])('of "%s" is "%s"', (word, want) => {
    expect(stem(word)).toBe(want)
  })

  test('keeps words apart that must not meet', () => {
    const apart = [
      ['nominated', 'named'],
      ['house', 'hours'],
      ['senate', 'sent'],
      ['album', 'albums cover'],
    ]
    for (const [a = '', b = ''] of apart) expect(stemsOf(a)).not.toEqual(stemsOf(b))
  })
})

describe('canonical', () => {
  test.each([
    ['Los Angeles L at Boston', 'nba', 'nba-lakers at nba-celtics'],
    ['Lakers vs. Boston Celtics', 'nba', 'nba-lakers vs nba-celtics'],
    ['New York Y vs New York M', 'mlb', 'mlb-yankees vs mlb-mets'],
    ['New York R at New York I', 'nhl', 'nhl-rangers at nhl-islanders'],
    ['Chicago WS', 'mlb', 'mlb-whitesox'],
  ] as const)('names the teams of "%s"', (text, league, want) => {
    expect(canonical(fold(text), league)).toBe(want)
  })

  test('names no team where the league is not known', () => {
    expect(leagueOf(fold('Giants vs. Panthers'))).toBeUndefined()
    expect(leagueOf(fold('an NFL game and an MLB game'))).toBeUndefined()
    expect(leagueOf(fold('a professional football game'))).toBe('nfl')
  })
})
