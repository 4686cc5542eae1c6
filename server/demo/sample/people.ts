import type { Charset } from './charset.ts'

/** The languages of the sample mail; the first subtag of what Content-Language says. */
export type Language = 'en' | 'de' | 'fr' | 'es' | 'nl' | 'pt' | 'ja'

/** The program somebody writes with: it decides how quoted text, signatures and MIME look. */
export type Client = 'outlook' | 'gmail' | 'apple' | 'plain'

/** Somebody who writes in the demo. */
export type Person = {
  name: string
  address: string
  organization: string
  title: string
  phone: string
  language: Language
  client: Client
  charset: Charset
  /** IANA name; the Date header and quoted dates are in it. */
  zone: string
  /** One of us: sends from the desk's address. */
  member: boolean
}

/** "Name <address> | title | organization | phone", then language, client, zone and charset. */
function person(line: string, language: Language, client: Client, zone: string, charset: Charset = 'utf-8'): Person {
  const [who = '', title = '', organization = '', phone = ''] = line.split(' | ')
  const [, name = '', address = ''] = /^(.*) <(.*)>$/.exec(who) ?? []
  return {
    name,
    address,
    organization,
    title,
    phone,
    language,
    client,
    charset,
    zone,
    member: address.endsWith('@northwind.example'),
  }
}

const PACIFIC = 'America/Los_Angeles'
const CENTRAL = 'America/Chicago'
const EASTERN = 'America/New_York'
const PARIS = 'Europe/Paris'
const BERLIN = 'Europe/Berlin'
const MADRID = 'Europe/Madrid'
const LONDON = 'Europe/London'

export const people = {
  jane: person(
    'Jane Doe <jane@northwind.example> | Proposal Manager | Northwind | +1 206 555 0140',
    'en',
    'outlook',
    PACIFIC,
  ),
  omar: person(
    'Omar Kaya <omar@northwind.example> | Solutions Engineer | Northwind | +1 206 555 0143',
    'en',
    'apple',
    PACIFIC,
  ),
  mia: person(
    'Mia Lund <mia@northwind.example> | Contracts and Pricing | Northwind | +1 206 555 0147',
    'en',
    'outlook',
    PACIFIC,
    'windows-1252',
  ),

  dana: person(
    'Dana Whitfield <dana.whitfield@portoftacoma.example> | Senior Contracts Officer | Port of Tacoma | +1 253 555 0119',
    'en',
    'outlook',
    PACIFIC,
    'windows-1252',
  ),
  hector: person(
    'Hector Salas <hector.salas@portoftacoma.example> | Fleet Superintendent | Port of Tacoma | +1 253 555 0162',
    'en',
    'outlook',
    PACIFIC,
  ),
  reception: person(
    'Visitor Desk <visitors@portoftacoma.example> | Administration Building | Port of Tacoma | +1 253 555 0100',
    'en',
    'plain',
    PACIFIC,
  ),
  sam: person(
    'Sam Ortiz <sam.ortiz@harborfreightforwarding.example> | Risk and Insurance | Harbor Freight Forwarding | +1 310 555 0188',
    'en',
    'gmail',
    PACIFIC,
  ),
  priya: person(
    'Priya Raman <priya.raman@harborfreightforwarding.example> | Director of Operations | Harbor Freight Forwarding | +1 310 555 0171',
    'en',
    'gmail',
    PACIFIC,
  ),
  walt: person(
    'Walt Jensen <walt.jensen@harborfreightforwarding.example> | Chief Financial Officer | Harbor Freight Forwarding | +1 310 555 0170',
    'en',
    'apple',
    PACIFIC,
  ),
  ravi: person(
    'Ravi Menon <rmenon@kerncounty.example> | Communications Systems Manager | County of Kern | +1 661 555 0133',
    'en',
    'outlook',
    PACIFIC,
  ),
  gloria: person(
    'Gloria Tafoya <gtafoya@kerncounty.example> | Purchasing Agent | County of Kern | +1 661 555 0150',
    'en',
    'outlook',
    PACIFIC,
    'iso-8859-1',
  ),
  lea: person(
    'Lea Brandt <lea.brandt@bluewatershipping.example> | Legal Counsel | Bluewater Shipping | +1 504 555 0126',
    'en',
    'outlook',
    CENTRAL,
  ),
  tomas: person(
    'Tomás Rojas <tomas.rojas@bluewatershipping.example> | VP Vessel Operations | Bluewater Shipping | +1 504 555 0120',
    'en',
    'apple',
    CENTRAL,
  ),
  ines: person(
    'Ines Carvalho <ines.carvalho@marais-logistique.example> | Responsable achats | Marais Logistique | +33 1 55 55 01 32',
    'en',
    'gmail',
    PARIS,
  ),
  karen: person(
    'Karen Oyelaran <koyelaran@dot.bigsky.example> | Procurement Specialist | Big Sky Department of Transportation | +1 406 555 0175',
    'en',
    'outlook',
    'America/Denver',
  ),
  bill: person(
    'Bill Sorensen <bsorensen@dot.bigsky.example> | Maintenance Chief | Big Sky Department of Transportation | +1 406 555 0181',
    'en',
    'outlook',
    'America/Denver',
    'windows-1252',
  ),
  denise: person(
    'Denise Park <denise.park@lakeviewschools.example> | Transportation Coordinator | Lakeview School District 41 | +1 847 555 0114',
    'en',
    'gmail',
    CENTRAL,
  ),
  sourcing: person(
    'Sourcing <sourcing@tri-rivers-energy.example> | Strategic Sourcing | Tri-Rivers Energy | +1 412 555 0100',
    'en',
    'plain',
    EASTERN,
  ),
  marcus: person(
    'Marcus Bell <marcus.bell@tri-rivers-energy.example> | Category Manager, Field Devices | Tri-Rivers Energy | +1 412 555 0155',
    'en',
    'outlook',
    EASTERN,
  ),
  helen: person(
    'Helen Frost <helen@frostandsons.example> | Owner | Frost & Sons Haulage | +44 113 496 0142',
    'en',
    'apple',
    LONDON,
  ),
  grace: person(
    'Grace Lim <grace.lim@antennaworks.example> | Key Account Manager | Antenna Works | +65 5550 0167',
    'en',
    'gmail',
    'Asia/Singapore',
  ),
  colin: person(
    'Colin Mayhew <colin.mayhew@ridgetab.example> | Channel Manager | RidgeTab Devices | +1 512 555 0109',
    'en',
    'outlook',
    CENTRAL,
  ),
  tina: person(
    'Tina Abbott <tabbott@stonebridge-insurance.example> | Account Executive | Stonebridge Insurance Brokers | +1 206 555 0193',
    'en',
    'outlook',
    PACIFIC,
  ),
  noel: person(
    'Noël Okafor <nokafor@unitedbuyers.example> | Contract Analyst | United Buyers Cooperative | +1 614 555 0178',
    'en',
    'outlook',
    EASTERN,
    'windows-1252',
  ),
  ana: person(
    'Ana Petrović <ana.petrovic@skybridge-ground.example> | Procurement Lead | Skybridge Ground Handling | +44 161 496 0110',
    'en',
    'outlook',
    LONDON,
  ),
  peter: person(
    'Peter Halloran <phalloran@ironpeakmining.example> | Contracts Superintendent | Iron Peak Mining | +61 8 5550 0129',
    'en',
    'outlook',
    'Australia/Perth',
  ),
  yolanda: person(
    'Yolanda Reyes <yreyes@valleytransit.example> | Procurement Officer | Valley Transit Authority | +1 916 555 0136',
    'en',
    'outlook',
    PACIFIC,
  ),
  ruth: person(
    'Ruth Eklund <reklund@cityofalder.example> | Buyer II | City of Alder | +1 360 555 0148',
    'en',
    'plain',
    PACIFIC,
    'iso-8859-1',
  ),
  dev: person(
    'Dev Malhotra <dev@goldenhopbrewing.example> | Logistics Manager | Golden Hop Brewing | +1 971 555 0184',
    'en',
    'gmail',
    PACIFIC,
  ),
  sofia: person(
    'Sofia Lindqvist <sofia.lindqvist@meridianwater.example> | Information Security | Meridian Water | +1 303 555 0157',
    'en',
    'outlook',
    'America/Denver',
  ),
  callum: person(
    'Callum Reid <creid@islesferries.example> | Tender Coordinator | Isles Ferries | +44 1475 496 013',
    'en',
    'plain',
    LONDON,
    'iso-8859-1',
  ),
  accounts: person(
    'Accounts Payable <ap@westmarkfoods.example> | Accounts Payable | Westmark Foods | +1 509 555 0102',
    'en',
    'plain',
    PACIFIC,
  ),
  luis: person(
    'Luis Barrera <lbarrera@sunriseambulance.example> | Operations Chief | Sunrise Ambulance | +1 602 555 0115',
    'en',
    'apple',
    'America/Phoenix',
  ),
  nora: person(
    'Nora Byrne <nora.byrne@hibernian-telecoms.example> | Bid Coordinator | Hibernian Telecoms | +353 1 555 0144',
    'en',
    'outlook',
    'Europe/Dublin',
  ),
  lars: person(
    'Lars Moe <lars.moe@portofeverett.example> | Equipment Manager | Port of Everett | +1 425 555 0164',
    'en',
    'outlook',
    PACIFIC,
  ),

  jens: person(
    'Jens Hölzl <j.hoelzl@stadtwerke-lindau.example> | Vergabestelle | Stadtwerke Lindau | +49 8382 5550 14',
    'de',
    'outlook',
    BERLIN,
  ),
  petra: person(
    'Petra Müßig <p.muessig@alpenspedition.example> | Leiterin Disposition | Alpenspedition Kober | +49 8321 5550 30',
    'de',
    'plain',
    BERLIN,
    'iso-8859-1',
  ),
  uwe: person(
    'Uwe Gräber <u.graeber@bauhof-nord.example> | Fuhrparkleiter | Bauhof Nord Zweckverband | +49 461 5550 22',
    'de',
    'outlook',
    BERLIN,
    'windows-1252',
  ),
  camille: person(
    'Camille Roussel <camille.roussel@terminaux-fos.example> | Chargée de sûreté | Terminaux de Fos | +33 4 55 55 01 77',
    'fr',
    'outlook',
    PARIS,
  ),
  bruno: person(
    'Bruno Lefèvre <b.lefevre@voirie-grandlac.example> | Service des marchés | Voirie du Grand Lac | +33 4 55 55 02 10',
    'fr',
    'gmail',
    PARIS,
  ),
  sylvie: person(
    'Sylvie Maître <sylvie.maitre@transports-ardoise.example> | Assistante de direction | Transports Ardoise | +33 2 55 55 03 41',
    'fr',
    'apple',
    PARIS,
  ),
  elena: person(
    'Elena Ibáñez <eibanez@aguasdelebro.example> | Contratación | Aguas del Ebro | +34 976 555 018',
    'es',
    'outlook',
    MADRID,
    'windows-1252',
  ),
  rodrigo: person(
    'Rodrigo Peña <rodrigo.pena@transandina.example> | Jefe de flota | Transandina Cargo | +56 2 5550 0127',
    'es',
    'gmail',
    'America/Santiago',
  ),
  joost: person(
    'Joost van der Velde <j.vandervelde@waterschap-merwe.example> | Inkoopadviseur | Waterschap Merwe | +31 78 555 0121',
    'nl',
    'outlook',
    'Europe/Amsterdam',
  ),
  femke: person(
    'Femke Dijkstra <femke.dijkstra@koerier-noord.example> | Privacy officer | Koerier Noord | +31 50 555 0160',
    'nl',
    'gmail',
    'Europe/Amsterdam',
  ),
  paulo: person(
    'Paulo Azevedo <paulo.azevedo@portodeleixo.example> | Gestão de contratos | Porto de Leixo | +351 22 555 0139',
    'pt',
    'outlook',
    'Europe/Lisbon',
    'iso-8859-1',
  ),
  tanaka: person(
    '田中 優子 <y.tanaka@minato-unyu.example> | 購買部 | 港運輸株式会社 | 03-5550-0118',
    'ja',
    'plain',
    'Asia/Tokyo',
    'iso-2022-jp',
  ),
  sato: person(
    '佐藤 健 <k.sato@hokuto-kensetsu.example> | 機材管理課 | 北斗建設 | 011-555-0134',
    'ja',
    'gmail',
    'Asia/Tokyo',
  ),
} satisfies Record<string, Person>

export type PersonKey = keyof typeof people

/** The person who has this address, if the demo knows one. */
export function personAt(address: string): Person | undefined {
  return Object.values(people).find((person) => person.address === address.toLowerCase())
}
