/** Cities by which people name a time zone, as the four languages write them, where the IANA database names another. */
const OTHERS: Record<string, string> = {
  'washington, d.c.': 'America/New_York',
  'washington dc': 'America/New_York',
  'washington, dc': 'America/New_York',
  'new york': 'America/New_York',
  'nueva york': 'America/New_York',
  boston: 'America/New_York',
  atlanta: 'America/New_York',
  houston: 'America/Chicago',
  dallas: 'America/Chicago',
  austin: 'America/Chicago',
  seattle: 'America/Los_Angeles',
  'los angeles': 'America/Los_Angeles',
  ottawa: 'America/Toronto',
  montréal: 'America/Toronto',
  montreal: 'America/Toronto',
  londres: 'Europe/London',
  bruxelles: 'Europe/Brussels',
  brüssel: 'Europe/Brussels',
  bruselas: 'Europe/Brussels',
  genève: 'Europe/Zurich',
  genf: 'Europe/Zurich',
  zürich: 'Europe/Zurich',
  berne: 'Europe/Zurich',
  wien: 'Europe/Vienna',
  vienne: 'Europe/Vienna',
  münchen: 'Europe/Berlin',
  frankfurt: 'Europe/Berlin',
  hamburg: 'Europe/Berlin',
  bonn: 'Europe/Berlin',
  berlín: 'Europe/Berlin',
  parís: 'Europe/Paris',
  barcelona: 'Europe/Madrid',
  luxemburg: 'Europe/Luxembourg',
  kopenhagen: 'Europe/Copenhagen',
  lisbonne: 'Europe/Lisbon',
  lisboa: 'Europe/Lisbon',
  lissabon: 'Europe/Lisbon',
  roma: 'Europe/Rome',
  rom: 'Europe/Rome',
  bogotá: 'America/Bogota',
  'ciudad de méxico': 'America/Mexico_City',
  'mexico city': 'America/Mexico_City',
  'buenos aires': 'America/Argentina/Buenos_Aires',
  'sao paulo': 'America/Sao_Paulo',
  alger: 'Africa/Algiers',
  tunis: 'Africa/Tunis',
  dakar: 'Africa/Dakar',
  abidjan: 'Africa/Abidjan',
  'new delhi': 'Asia/Kolkata',
  beijing: 'Asia/Shanghai',
  'hong kong': 'Asia/Hong_Kong',
}
/** The zones whose own cities people say. */
const ZONES =
  'America/Denver America/Chicago America/Phoenix America/Toronto America/Vancouver America/Halifax America/Bogota America/Lima America/Santiago America/Montevideo America/Caracas Europe/London Europe/Dublin Europe/Paris Europe/Berlin Europe/Madrid Europe/Rome Europe/Brussels Europe/Amsterdam Europe/Luxembourg Europe/Vienna Europe/Zurich Europe/Lisbon Europe/Copenhagen Europe/Stockholm Europe/Oslo Europe/Helsinki Europe/Warsaw Europe/Prague Europe/Budapest Europe/Athens Europe/Istanbul Europe/Bucharest Asia/Dubai Asia/Singapore Asia/Tokyo Asia/Shanghai Asia/Seoul Africa/Nairobi Africa/Johannesburg Africa/Lagos Africa/Cairo Africa/Casablanca Australia/Sydney Australia/Melbourne Australia/Brisbane Australia/Perth Pacific/Auckland'
const CITIES: Record<string, string> = {
  ...Object.fromEntries(ZONES.split(' ').map((zone) => [zone.slice(zone.indexOf('/') + 1).toLowerCase(), zone])),
  ...OTHERS,
}

/** An expression for the name of one of them, the longer names first. */
export const CITY = Object.keys(CITIES)
  .sort((a, b) => b.length - a.length)
  .map((name) => name.replaceAll('.', '\\.'))
  .join('|')

/** The zone of a name that CITY found. */
export const zoneOfCity = (name: string): string => CITIES[name.toLowerCase()]!
