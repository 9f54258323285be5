// Amounts as the product keeps them: a whole number of the currency's smallest unit, and how a person reads it.

/** Currencies whose smallest unit is not a hundredth (ISO 4217, list one). ICU's own digits differ from ISO for some. */
const digitsByCurrency: ReadonlyMap<string, number> = new Map([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV'].map(digits(0)),
  ...['XAF', 'XOF', 'XPF'].map(digits(0)),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map(digits(3)),
  ...['CLF', 'UYW'].map(digits(4)),
])

/** "JPY 480", "EUR 12.50". `minor` is a whole number, not negative. */
export function formatMoney(minor: number, currency: string): string {
  const places = digitsByCurrency.get(currency) ?? 2
  const text = String(minor).padStart(places + 1, '0')
  const whole = text.slice(0, text.length - places)
  return `${currency} ${places === 0 ? whole : `${whole}.${text.slice(-places)}`}`
}

function digits(count: number) {
  return (currency: string): [string, number] => [currency, count]
}
